"""Words found in foreign files, made fit for a record: no control characters, bounded, never a place or a serial."""

import re
import unicodedata

LONGEST = 200
_WHITE = re.compile(r"\s+")
_COORDINATES = re.compile(r"[+-]\d{1,3}(?:\.\d+)?[+-]\d{1,3}(?:\.\d+)?(?:[+-]\d+(?:\.\d+)?)?/?")


def plain(text: str, *, most: int = LONGEST) -> str:
    """`text` on one line, without characters that steer a terminal or a page's direction, at most `most` long.

    ISO 6709 coordinates such as `+51.5-0.24/` are struck out: some recorders hide them in other tags.
    """
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    line = _WHITE.sub(" ", _COORDINATES.sub("(place)", kept)).strip()
    return line if len(line) <= most else f"{line[: most - 1]}…"
