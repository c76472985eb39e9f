"""Puts the index of an MP4 file in front of its media, so that a browser shows it before it has all of it.

A muxer that writes to memory leaves the index (`moov`) at the end. Moved to the front it shifts all media by its own
size, so the tables of chunk offsets in it grow by that.
"""

import struct
from collections.abc import Iterator

_FOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_LIMIT_32 = 2**32


def moov_first(data: bytes) -> bytes:
    """The same file with `moov` before `mdat`; the same bytes where it is there already, or is not found."""
    boxes = list(boxes_of(data, 0, len(data)))
    kinds = [kind for kind, _, _ in boxes]
    if kinds.count(b"moov") != 1 or b"mdat" not in kinds or kinds.index(b"moov") < kinds.index(b"mdat"):
        return data
    _, start, end = boxes[kinds.index(b"moov")]
    moov = bytearray(data[start:end])
    if not all(_shifted(moov, 0, len(moov), by=len(moov))):
        return data
    at = boxes[kinds.index(b"mdat")][1]
    return data[:at] + bytes(moov) + data[at:start] + data[end:]


def boxes_of(data: bytes | bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first and last byte of each box."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1 and at + 16 <= end:
            size = struct.unpack_from(">Q", data, at + 8)[0]
        if size < 8 or at + size > end:
            return
        yield kind, at, at + size
        at += size


def _shifted(data: bytearray, at: int, end: int, *, by: int) -> Iterator[bool]:
    """Move all chunk offsets; False for each that has no room for it."""
    for kind, start, stop in list(boxes_of(data, at, end)):
        if kind in _FOLDERS:
            yield from _shifted(data, start + 8, stop, by=by)
        elif kind in (b"stco", b"co64"):
            form, width = (">I", 4) if kind == b"stco" else (">Q", 8)
            count = struct.unpack_from(">I", data, start + 12)[0]
            for place in range(start + 16, start + 16 + width * count, width):
                offset = struct.unpack_from(form, data, place)[0] + by
                yield width == 8 or offset < _LIMIT_32
                struct.pack_into(form, data, place, offset % _LIMIT_32 if width == 4 else offset)
