"""Print in pictures: what tells who somebody is gets covered, what names a thing may stay."""

import os
from functools import cache

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from sixfaces.observe.cover.covered import COLOUR, covered, jpeg_covered
from sixfaces.observe.cover.kept import Line, codes_kept, line_reader, lines_kept
from tests.rig.printed_labels import FONT, Shown, drawn, shown

pytestmark = pytest.mark.skipif(
    not FONT.exists() and os.environ.get("CI") != "true", reason="labels are drawn with fonts-noto-cjk"
)

Bgr = NDArray[np.uint8]


@cache
def views() -> tuple[Shown, ...]:
    rng = np.random.default_rng(11)
    return tuple(
        shown(drawn(rng, ink=ink), rng, long_side=side, share=share, degrees=degrees)
        for ink, side, share, degrees in (
            (None, 480, 0.95, 0.0),
            (None, 640, 0.95, 90.0),
            (None, 640, 0.9, 180.0),
            (None, 480, 0.7, 33.0),
            (None, 480, 0.45, -70.0),
            (150, 480, 0.9, 0.0),
            (190, 640, 0.9, 10.0),
        )
    )


def is_flat(picture: Bgr) -> NDArray[np.bool_]:
    flat: NDArray[np.bool_] = (picture == COLOUR).all(axis=2)
    return flat


def inside(view: Shown, *, personal: bool) -> NDArray[np.bool_]:
    mask = np.zeros(view.picture.shape[:2], np.uint8)
    for line in view.lines:
        if line.is_personal is personal:
            cv2.fillConvexPoly(mask, np.round(line.quad).astype(np.int32), 1)
    return np.equal(mask, 1)


def number_of(view: Shown) -> NDArray[np.bool_]:
    number = next(line for line in view.lines if line.text == view.label.waybill)
    mask = np.zeros(view.picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(number.quad).astype(np.int32), 1)
    return np.equal(mask, 1)


@pytest.mark.parametrize("at", range(7))
def test_names_phones_and_addresses_are_under_one_flat_colour(at: int) -> None:
    view = views()[at]
    assert is_flat(covered(view.picture))[inside(view, personal=True)].mean() > 0.99


def test_bars_of_the_waybill_are_read_from_the_twin_as_well() -> None:
    read = [view for view in views() if codes_kept(view.picture)]
    twins = [covered(view.picture) for view in read]
    texts = [{code.text for code in codes_kept(twin)} for twin in twins]
    assert len(read) >= 4
    assert sum(texts[n] == {view.label.waybill} for n, view in enumerate(read)) >= len(read) - 1


def test_without_ocr_the_number_beside_the_bars_is_covered_too() -> None:
    view = views()[0]
    assert is_flat(covered(view.picture))[number_of(view)].mean() > 0.95


def test_only_a_surely_read_number_of_a_code_or_a_carriers_name_stays() -> None:
    quad = np.zeros((4, 2))
    known = ["SF1234567890123"]
    stay = [Line(quad, "SF1234567890123", 0.95), Line(quad, "SF 1234 5678 90123", 0.95), Line(quad, "顺丰 速运", 0.99)]
    go = [
        Line(quad, "SF1234567890123", 0.85),
        Line(quad, "SF1234567890123 张三", 0.99),
        Line(quad, "收 张三 13812345678", 0.99),
        Line(quad, "13812345678", 0.99),
        Line(quad, "", 0.99),
    ]
    assert len(lines_kept(stay, known)) == len(stay)
    assert lines_kept(go, known) == []
    assert lines_kept([Line(quad, "123", 0.99)], ["123"]) == []


def test_what_ocr_found_is_covered_whatever_it_read() -> None:
    view = views()[0]
    corner = np.array([[2, 2], [40, 2], [40, 20], [2, 20]], np.float64) * 2
    assert not is_flat(covered(view.picture))[4:18, 4:38].any()
    twin = covered(view.picture, read=lambda picture: [Line(corner, "张三", 0.99)])
    assert is_flat(twin)[4:18, 4:38].all()


def test_lines_of_the_waybill_stay_where_the_recogniser_is_installed() -> None:
    read = line_reader(60, 960)
    if read is None:
        assert os.environ.get("CI") != "true", "the OCR extra is part of what is tested"
        pytest.skip("the OCR extra is not installed")
    view = views()[0]
    twin = covered(view.picture, numbers=[view.label.waybill], read=read)
    flat = is_flat(twin)
    assert flat[inside(view, personal=True)].mean() > 0.99
    seen = " ".join(line.text for line in read(np.asarray(cv2.resize(twin, None, fx=2, fy=2), np.uint8)))
    assert flat[number_of(view)].mean() < 0.2
    assert not any(
        phone in seen or name in seen for phone, name in zip(view.label.phones, view.label.names, strict=True)
    )


def matrix_code(text: str) -> Bgr:
    code = np.asarray(zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode), scale=5, add_quiet_zones=True
    ))  # fmt: skip
    page = np.full((300, 400), 235, np.uint8)
    page[20 : 20 + code.shape[0], 20 : 20 + code.shape[1]] = code
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), np.uint8)


@pytest.mark.parametrize("text", ["SF1234567890123", "https://example.com/p/8931"])
def test_a_matrix_code_that_names_a_thing_stays(text: str) -> None:
    assert [code.text for code in codes_kept(covered(matrix_code(text)))] == [text]


@pytest.mark.parametrize(
    "text", ["收件人:张三,电话:13812345678", "13812345678", "https://e.com/?tel=13812345678", "Anna K"]
)
def test_a_matrix_code_that_says_who_somebody_is_gets_covered(text: str) -> None:
    twin = covered(matrix_code(text))
    gray = cv2.cvtColor(twin, cv2.COLOR_BGR2GRAY)
    assert codes_kept(twin) == []
    assert not zxingcpp.read_barcodes(gray)


def test_a_plain_carton_stays_as_it_is() -> None:
    rng = np.random.default_rng(2)
    carton = np.clip(np.array([120, 155, 185]) + rng.normal(0, 4, (300, 400, 1)), 0, 255).astype(np.uint8)
    cv2.line(carton, (0, 150), (400, 150), (90, 120, 150), 2)
    assert (covered(carton) == carton).all()


def test_the_same_picture_has_the_same_twin_and_no_picture_has_none() -> None:
    data = cv2.imencode(".jpg", views()[0].picture)[1].tobytes()
    assert jpeg_covered(data) == jpeg_covered(data)
    assert jpeg_covered(b"no picture") is None


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (16, 16), (300, 9)])
def test_pictures_of_any_size_are_taken(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8)
    assert covered(picture).shape == picture.shape
