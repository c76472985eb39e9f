"""Pictures within a page: as data URIs, if they are what they should be."""

import base64

LARGEST_PICTURE = 1_500_000

MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""A picture comes from the process that decoded foreign bytes: it is inlined only if it is what it should be."""


def data_uri(data: bytes) -> str | None:
    """The picture as a data URI; None if it is none, or too large."""
    mime = next((mime for magic, mime in MAGIC.items() if data.startswith(magic)), None)
    if mime is None or len(data) > LARGEST_PICTURE:
        return None
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
