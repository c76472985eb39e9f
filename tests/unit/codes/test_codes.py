"""The codes observer on filmed labels."""

import re

import cv2
import numpy as np
import pytest
import zxingcpp

from fixtures.build import MEDIA, built
from fixtures.makers.codes import ARTICLE, OTHER_WAYBILL, WAYBILL, linear, matrix, placed, table
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.reading_facts import CheckDigit, CodeFact
from sixfaces.media.frames import Photo
from sixfaces.observe.codes import Codes
from tests.unit.codes.filmed import codes_in, observed


def holes(facts: list[Measured]) -> list[str]:
    return [m.fact.code for m in facts if isinstance(m.fact, UnmeasuredFact)]


def on_photo(gray: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[Measured]:
    observer = Codes(lambda name, data: None)
    bgr = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    observer.photo(Photo(np.asarray(bgr, np.uint8), gray, "png", {}, (), (), 0))
    return list(observer.finish())


def test_a_waybill_is_read_at_every_angle() -> None:
    facts, kept = observed(built("code_at_angles.mp4"))
    ((measured, code),) = codes_in(facts)
    assert (code.format, code.text, code.carrier) == ("Code128", WAYBILL, "SF")
    assert code.reads >= 7
    assert measured.confidence > 0.9
    assert code.module_px == pytest.approx(2.0, abs=0.15)
    assert holes(facts) == ["not_needed"]
    assert not kept


def test_the_quad_lies_on_the_label() -> None:
    facts, _ = observed(built("code_away_and_back.mp4"))
    quad = np.array(codes_in(facts)[0][1].quad)
    assert quad.shape == (4, 2)
    assert np.linalg.norm(quad.mean(axis=0) - (480, 270)) < 25
    assert 280 < np.linalg.norm(quad[1] - quad[0]) < 300


def test_a_blurred_label_gives_nothing() -> None:
    facts, _ = observed(built("code_blurred.mp4"))
    assert codes_in(facts) == []


def test_half_a_label_gives_nothing() -> None:
    facts, _ = observed(built("code_half_covered.mp4"))
    assert codes_in(facts) == []


def test_two_labels_are_two_codes_and_no_rivals() -> None:
    facts, _ = observed(built("code_two_labels.mp4"))
    found = {code.text: code for _, code in codes_in(facts)}
    assert set(found) == {WAYBILL, OTHER_WAYBILL}
    assert all(code.rivals == () for code in found.values())


def test_a_label_put_away_and_shown_again_is_two_observations() -> None:
    facts, _ = observed(built("code_away_and_back.mp4"))
    spans = [measured.span for measured, _ in codes_in(facts)]
    assert len(spans) == 2
    assert spans[0] is not None
    assert spans[1] is not None
    assert spans[0].end.seconds < 2.1
    assert spans[1].start.seconds >= 5.9


def test_an_article_is_read_and_its_print_left_for_later() -> None:
    facts, kept = observed(built("code_article.mp4"))
    ((_, code),) = codes_in(facts)
    assert (code.format, code.text, code.check_digit, code.carrier) == ("EAN13", ARTICLE, CheckDigit.OK, None)
    assert all(re.fullmatch(r"text/\d\d-p\d+-\d+-\d+", name) for name in kept)
    assert 1 <= len(kept) <= 4


def test_print_without_a_code_is_kept_for_reading() -> None:
    facts, kept = observed(built("code_print_only.mp4"))
    assert facts == []
    assert kept


def test_rotating_challenge_codes_follow_each_other_without_being_rivals() -> None:
    facts, _ = observed(built("code_challenges.mp4"))
    found = codes_in(facts)
    assert [code.text.split(".")[2] for _, code in found] == ["1781963820", "1781963830", "1781963840"]
    assert all(code.rivals == () for _, code in found)


@pytest.mark.parametrize(
    ("name", "waybill"), [("genuine.mp4", "43557366200854"), ("bottom_missing.mp4", "43032014763458")]
)
def test_a_rendered_take_tells_its_waybill_by_code_128_and_qr(name: str, waybill: str) -> None:
    facts, _ = observed(MEDIA / name)
    assert {(code.format, code.text) for _, code in codes_in(facts)} == {("Code128", waybill), ("QRCode", waybill)}
    assert all(code.reads >= 2 for _, code in codes_in(facts))


def test_the_same_film_gives_the_same_facts() -> None:
    path = built("code_two_labels.mp4")
    assert observed(path)[0] == observed(path)[0]


def test_a_photo_is_read_without_a_time() -> None:
    facts = on_photo(placed(table(), linear(WAYBILL, zxingcpp.BarcodeFormat.Code128), centre=(480, 270), angle=33))
    ((measured, code),) = codes_in(facts)
    assert measured.span is None
    assert code.text == WAYBILL


def test_nothing_decoded_is_an_honest_hole() -> None:
    assert holes(list(Codes(lambda name, data: None).finish())) == ["no_frames"]


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (17, 17), (40, 40)])
def test_tiny_photos_do_no_harm(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    assert codes_in(on_photo(rng.integers(0, 255, size).astype(np.uint8))) == []


def test_noise_and_stripes_are_no_codes() -> None:
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 255, (540, 960)).astype(np.uint8)
    stripes = np.tile(np.repeat(np.array([0, 255], np.uint8), 3), (540, 160))
    random_bars = np.tile(np.repeat(rng.integers(0, 2, 240).astype(np.uint8) * 255, 4), (540, 1))
    for picture in (noise, stripes, random_bars):
        assert codes_in(on_photo(np.ascontiguousarray(picture))) == []


def test_a_phone_number_inside_a_qr_code_is_masked() -> None:
    facts = on_photo(placed(table(), matrix("MECARD:N:Li;TEL:13812345678;;", module=8), centre=(480, 270), size=0.6))
    ((_, code),) = codes_in(facts)
    assert code.text == "MECARD:N:Li;TEL:138****5678;;"


def test_a_huge_payload_is_not_taken_for_a_code() -> None:
    picture = matrix("7" * 3000, module=4, level="L")
    assert not [m for m in on_photo(picture) if isinstance(m.fact, CodeFact)]
