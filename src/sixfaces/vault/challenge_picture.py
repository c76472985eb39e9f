"""A challenge code as a QR picture, for the station's screen or a printed test card."""

import struct
import zlib

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from sixfaces.vault.challenge import ChallengeCode

_LEVEL = "M"
"""Corrects 15 % of damage: glare and moiré of a filmed screen; a higher level makes the modules smaller."""


def qr_modules(code: ChallengeCode) -> int:
    """Modules along one side, quiet zone excluded: 41 for usual stations."""
    return int(_symbol(code).to_image(scale=1, add_quiet_zones=False).shape[0])


def qr_svg(code: ChallengeCode) -> bytes:
    """The QR code with its quiet zone as SVG."""
    return str(_symbol(code).to_svg(add_quiet_zones=True)).encode()


def qr_png(code: ChallengeCode, *, scale: int = 8) -> bytes:
    """The QR code with its quiet zone as a grey PNG, `scale` pixels a module."""
    return _png(np.array(_symbol(code).to_image(scale=scale, add_quiet_zones=True), np.uint8))


def _symbol(code: ChallengeCode) -> zxingcpp.Barcode:
    return zxingcpp.create_barcode(code.text, zxingcpp.BarcodeFormat.QRCode, ec_level=_LEVEL)


def _png(gray: NDArray[np.uint8]) -> bytes:
    height, width = gray.shape
    rows = b"".join(b"\x00" + row.tobytes() for row in gray)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
