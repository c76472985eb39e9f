"""The QR picture of a challenge code."""

from datetime import UTC, datetime

import cv2
import numpy as np
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sixfaces.vault.challenge import issue
from sixfaces.vault.challenge_keys import SigningKey
from sixfaces.vault.challenge_picture import qr_modules, qr_png, qr_svg

CODE = issue(
    "ST-01",
    datetime(2026, 6, 20, 13, 57, 8, tzinfo=UTC),
    key=SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes(range(32)))),
)


def test_the_png_reads_back_as_the_code() -> None:
    picture = cv2.imdecode(np.frombuffer(qr_png(CODE, scale=3), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    read = zxingcpp.read_barcodes(picture)
    assert [code.text for code in read] == [CODE.text]


def test_the_alphanumeric_set_keeps_the_symbol_small() -> None:
    assert qr_modules(CODE) == 41


def test_the_svg_is_a_drawing_without_scripts() -> None:
    svg = qr_svg(CODE)
    assert b"<svg" in svg
    assert b"<script" not in svg
