"""Puts the picture of an MP4 file in its own place: turned by quarters and perhaps mirrored, and nothing else.

A recorder may write any matrix beside a track: scaled, or moved away. Players follow it or do not, and leaves know of
quarter turns only; so a clip says the nearest of these, with the picture's corner where the canvas begins.
"""

import math
import struct

from sixfaces.media.mp4_front import boxes_of

_ONE = 1 << 16
_FOLDERS = (b"moov", b"trak")


def in_its_place(data: bytes) -> bytes:
    """The same file with the matrices of its tracks made so; the same bytes where they are so already."""
    out = bytearray(data)
    _put(out, 0, len(out))
    return bytes(out)


def _put(data: bytearray, at: int, end: int) -> None:
    for kind, start, stop in list(boxes_of(data, at, end)):
        if kind in _FOLDERS:
            _put(data, start + 8, stop)
        elif kind == b"tkhd" and stop - start in {8 + 84, 8 + 96}:
            told = struct.unpack_from(">9i2I", data, stop - 44)
            struct.pack_into(">9i", data, stop - 44, *_placed(told[:9], told[9:]))


def _placed(matrix: tuple[int, ...], size: tuple[int, ...]) -> tuple[int, ...]:
    """The matrix of the nearest quarter turn. One that begins where it was recorded, unmoved, stays unmoved."""
    a, b, _, c, d, _, x, y, _ = matrix
    mirror = -1 if a * d - b * c < 0 else 1
    angle = math.pi / 2 * round(math.atan2(mirror * b, mirror * a) / (math.pi / 2))
    cos, sin = round(math.cos(angle)), round(math.sin(angle))
    a, b, c, d = mirror * cos, mirror * sin, -sin, cos
    corner = max(0, -(a * size[0] + c * size[1])), max(0, -(b * size[0] + d * size[1]))
    x, y = (0, 0) if (x, y) == (0, 0) else corner
    return a * _ONE, b * _ONE, 0, c * _ONE, d * _ONE, 0, x, y, 1 << 30
