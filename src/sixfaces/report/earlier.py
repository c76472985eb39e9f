"""Pictures of other cases in a report's page: their place is left open, and filled when the page is read.

So a page holds no picture of another case: who reads it is shown what they may see of it, and what was erased is gone.
"""

import re
from collections.abc import Callable

from markupsafe import Markup

from sixfaces.domain.report import UseView
from sixfaces.domain.reuse import Box
from sixfaces.report.page_pictures import data_uri

_PLACE = re.compile(rb"<!--earlier ([0-9a-f]{64}) ([a-z]+/[a-z0-9-]+\.jpg) ([0-9.]+) ([0-9.]+) ([0-9.]+) ([0-9.]+)-->")
_NAME = re.compile(r"[a-z]+/[a-z0-9-]+\.jpg")

NO_PICTURE = (
    '<span class="blank"><span lang="zh">图片不可显示</span> <span lang="en">picture not to be shown</span></span>'
)

OtherPicture = Callable[[str, str], bytes | None]
"""The bytes of a picture of these bytes' (SHA-256) record by its name; None where it may not be shown, or is gone."""


def earlier(use: UseView) -> Markup:
    """The open place of the other picture."""
    if not _NAME.fullmatch(use.other_picture):
        return Markup(NO_PICTURE)
    numbers = " ".join(f"{value:.4f}" for value in use.other_box)
    return Markup(f"<!--earlier {use.other_exhibit} {use.other_picture} {numbers}-->")


def frame(box: Box) -> Markup:
    """The part of a picture that agrees."""
    x, y, wide, high = box
    return Markup(
        '<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect x="{x:.4f}" y="{y:.4f}" width="{wide:.4f}" height="{high:.4f}"/></svg>'
    )


def filled(page: bytes, read: OtherPicture) -> bytes:
    """The page with the pictures that may be shown in their places."""

    def put(found: re.Match[bytes]) -> bytes:
        sha256, name = (part.decode() for part in found.groups()[:2])
        x, y, wide, high = (float(part) for part in found.groups()[2:])
        data = read(sha256, name)
        uri = data_uri(data) if data is not None else None
        if uri is None:
            return NO_PICTURE.encode()
        return f'<span class="framed"><img src="{uri}" alt="{name}">{frame((x, y, wide, high))}</span>'.encode()

    return _PLACE.sub(put, page)
