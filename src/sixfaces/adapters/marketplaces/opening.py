"""From bytes to text: which encoding a file is in, found by reading all of it once and holding none of it."""

import codecs
import io
from typing import BinaryIO, NamedTuple

from sixfaces.adapters.marketplaces import refusing

CHUNK = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")


class Opened(NamedTuple):
    """The file's text, and whether it ends within a character."""

    text: io.TextIOWrapper
    is_cut: bool


def opened(file: BinaryIO, encodings: tuple[str, ...]) -> Opened:
    """In the first encoding in which all of the file can be read. Raises ImportFileError."""
    file.seek(0)
    head = file.read(4)
    if not head:
        raise refusing.nothing()
    if head.startswith(_SPREADSHEETS):
        raise refusing.spreadsheet()
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    for name in (marked,) if marked else encodings:
        fits = _fits(file, name)
        if fits is not None:
            file.seek(0)
            errors = "strict" if fits else "ignore"  # there is nothing to ignore but half a character at the end
            return Opened(io.TextIOWrapper(file, encoding=name, errors=errors, newline=""), not fits)
    raise refusing.bad_encoding(encodings)


def _fits(file: BinaryIO, name: str) -> bool | None:
    """None: it does not. False: but for half a character at its end."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
