"""Codes read from a face that the pose lays flat."""

import cv2
import numpy as np
import pytest
import zxingcpp

from sixfaces.domain.parcel_facts import Face
from sixfaces.media.frames import Bgr, Gray
from sixfaces.observe.parcel.label_codes import LabelCodes, flat_size
from sixfaces.observe.parcel.slots import FACES, quads
from tests.unit.parcel.painted_box import EDGES, at, lettered, painted, pose, turned

TOP = FACES.index(Face.TOP)
RATIO = float(EDGES[0] / EDGES[1])


def labelled() -> dict[Face, Bgr]:
    """A box with a Code 128 and a QR code on its top."""
    faces = {face: np.ascontiguousarray(np.repeat(np.repeat(p, 3, 0), 3, 1)) for face, p in lettered().items()}
    top = np.full_like(faces[Face.TOP], 235)
    for text, format_, (x, y), size in (
        ("SF1234567890123", zxingcpp.BarcodeFormat.Code128, (60, 80), (600, 160)),
        ("https://example.com/SF1234567890123", zxingcpp.BarcodeFormat.QRCode, (680, 380), (300, 300)),
    ):
        bars = np.asarray(zxingcpp.create_barcode(text, format_).to_image(scale=4), np.uint8)
        bars = np.asarray(cv2.resize(bars, size, interpolation=cv2.INTER_AREA), np.uint8)
        top[y : y + size[1], x : x + size[0]] = bars[..., None]
    faces[Face.TOP] = top
    return faces


def gray(picture: Bgr) -> Gray:
    """Its luma."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


@pytest.mark.parametrize("aside", [0.0, 35.0])
def test_codes_on_the_face_are_read_and_placed_in_the_frame(aside: float) -> None:
    true = pose(turned(Face.TOP, aside), away=2.6)
    frame = gray(painted(true, labelled(), scale=3))
    quad = quads(true.corners)[TOP] * 3
    found = LabelCodes().read(frame, quad, at(1.5), ratio=RATIO)
    assert {sight.reading.text for sight in found} == {"SF1234567890123", "https://example.com/SF1234567890123"}
    for sight in found:
        assert sight.time == at(1.5)
        inside = [cv2.pointPolygonTest(quad.astype(np.float32), (float(x), float(y)), True) for x, y in
                  sight.reading.quad]  # fmt: skip
        assert min(inside) > -3


def test_a_face_too_small_for_codes_is_not_searched() -> None:
    true = pose(turned(Face.TOP), away=60.0)
    frame = gray(painted(true, labelled()))
    assert LabelCodes().read(frame, quads(true.corners)[TOP], at(0), ratio=RATIO) == []


def test_a_face_seen_aslant_is_stretched_to_its_proportions_but_not_without_end() -> None:
    aslant = np.array([[0.0, 0], [100, 0], [100, 400], [0, 400]])
    assert flat_size(aslant, 1.0) == (200, 200)
    assert flat_size(aslant, 0.25) == (100, 400)
    assert flat_size(np.array([[0.0, 0], [200, 0], [200, 160], [0, 160]]), 1.0) == (200, 200)
    width, height = flat_size(np.array([[0.0, 0], [3000, 0], [3000, 3000], [0, 3000]]), 1.0)
    assert width * height < 1_250_000
