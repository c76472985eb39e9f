"""A photo file's own structure: size by header before any decoder sees it, what is embedded, what trails behind.

Each walk is bounded by the file's length and by MAX_PARTS; structure that makes no sense ends the walk.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sixfaces.media.boxes import walk_bytes

MAX_PARTS = 10_000

_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker that ends entropy-coded data: neither a stuffed byte nor a restart."""

_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_FRAME_STARTS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_EOI, _SOS, _APP1, _APP2, _APP11 = 0xD9, 0xDA, 0xE1, 0xE2, 0xEB

_MOTION = (b"MotionPhoto", b"MicroVideo", b"MotionPhoto_Data")
_GAIN_MAP = b"hdrgm:Version"


@dataclass(frozen=True, slots=True)
class PhotoBytes:
    """`size` is (width, height) where the header is ours to read (not of HEIC and AVIF).

    `complete` says whether the end is there.
    """

    size: tuple[int, int] | None
    complete: bool
    trailing_bytes: int
    embedded: tuple[str, ...]


def structure(data: bytes, format_: str) -> PhotoBytes:
    """The structure of a photo of `format_` (`jpeg`, `png`, `webp`, `heic`, `avif`)."""
    if format_ == "jpeg":
        return _jpeg(data)
    if format_ == "png":
        return _png(data)
    if format_ == "webp":
        return _webp(data)
    return _iso(data)


def _jpeg(data: bytes) -> PhotoBytes:
    """Up to the end-of-image marker of the first picture; phones append video, previews and maps behind it."""
    end: int | None = None
    size: tuple[int, int] | None = None
    embedded: list[str] = []
    for marker, start, stop in _segments(data):
        payload = data[start : min(stop, start + 65_536)]
        if marker == _EOI:
            end = stop
        elif marker in _FRAME_STARTS and size is None and len(payload) >= 5:
            size = int.from_bytes(payload[3:5], "big"), int.from_bytes(payload[1:3], "big")
        elif marker == _APP1 and any(word in payload for word in _MOTION):
            embedded.append("motion_photo")
        elif marker == _APP2 and payload.startswith(b"MPF\0"):
            embedded.append("mpf")
        elif marker == _APP11 and b"jumb" in payload[:64]:
            embedded.append("c2pa")
        if marker == _APP1 and _GAIN_MAP in payload:
            embedded.append("gain_map")
    trailing = data[end:] if end is not None else b""
    if b"MotionPhoto_Data" in trailing or trailing[4:8] == b"ftyp":
        embedded.append("motion_photo")
    return PhotoBytes(size, end is not None, len(trailing), tuple(dict.fromkeys(embedded)))


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, stop) of each segment's payload; entropy-coded data is passed over."""
    at = 2
    for _ in range(MAX_PARTS):
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 2 > len(data) or data[at] != 0xFF:
            return
        marker, at = data[at + 1], at + 2
        if marker == _EOI:
            yield marker, at, at
            return
        if marker in _STANDALONE:
            continue
        stop = at + max(2, int.from_bytes(data[at : at + 2], "big"))
        yield marker, at + 2, min(stop, len(data))
        at = stop
        if marker == _SOS:
            found = _SCAN_END.search(data, at)
            if found is None:
                return
            at = found.start()


def _png(data: bytes) -> PhotoBytes:
    size: tuple[int, int] | None = None
    if data[12:16] == b"IHDR" and len(data) >= 24:
        size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = 8
    for _ in range(MAX_PARTS):
        if at + 12 > len(data):
            break
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return PhotoBytes(size, True, max(0, len(data) - at), ())
    return PhotoBytes(size, False, 0, ())


def _webp(data: bytes) -> PhotoBytes:
    """The canvas is read here because libwebp sets aside two of them as soon as a file is opened."""
    stated = 8 + int.from_bytes(data[4:8], "little")
    kind, body = data[12:16], data[20:30]
    size: tuple[int, int] | None = None
    if kind == b"VP8X" and len(body) == 10:
        size = 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    elif kind == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        size = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 " and len(body) == 10:
        size = int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    moving = kind == b"VP8X" and bool(body[:1]) and bool(body[0] & 2)
    trailing = max(0, len(data) - stated - (stated & 1))
    return PhotoBytes(size, len(data) >= stated, trailing, ("animation",) if moving else ())


def _iso(data: bytes) -> PhotoBytes:
    boxes, trailing = walk_bytes(data)
    top = {box.path for box in boxes if "/" not in box.path}
    embedded = ["motion_photo"] if "mpvd" in top else []
    whole = all(box.offset + box.size <= len(data) and not box.cut for box in boxes)
    return PhotoBytes(None, whole and {"meta", "mdat"} <= top, trailing, tuple(embedded))
