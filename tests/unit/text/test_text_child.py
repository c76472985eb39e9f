"""The second process that reads print, its crops, and the choice of them."""

import importlib.util
import io

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fixtures.build import built
from fixtures.makers.codes import WAYBILL
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.reading_facts import TextFact
from sixfaces.domain.time import MediaTime
from sixfaces.media.jail import EndReason, Jail
from sixfaces.media.share import Share
from sixfaces.media.wire import Blob, ChildEnd, Kind, WireError, packed_blob, packed_json, read
from sixfaces.observe import text_child
from sixfaces.observe.ink import ink_map
from sixfaces.observe.text_crops import MOST_CROPS, TextCrops, crop_name, time_of
from tests.unit.codes.filmed import observed

needs_ocr = pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="the OCR extra is not installed")


def png(value: int) -> bytes:
    return cv2.imencode(".png", np.full((8, 8), value, np.uint8))[1].tobytes()


def blob(place: int, value: int, second: int = 0) -> Blob:
    return Blob(crop_name(place, MediaTime(ticks=second, den=1)), png(value))


def test_crops_are_read_best_first_and_not_after_two_agree() -> None:
    shown: list[int] = []

    def reader(picture: NDArray[np.uint8]) -> list[tuple[str, float]]:
        shown.append(int(picture[0, 0, 0]))
        return [("858691130534", 0.95)]

    facts = text_child.read_text([blob(2, 30, 2), blob(0, 10, 0), blob(1, 20, 1)], reader)
    assert shown == [10, 20]
    assert [m.fact.text for m in facts if isinstance(m.fact, TextFact)] == ["858691130534"]


def test_a_crop_that_is_no_picture_is_passed_over() -> None:
    assert text_child.read_text([Blob("text/00-photo", b"nothing")], lambda picture: [("858691130534", 1.0)]) == []


def test_without_the_extra_the_hole_says_how_to_fill_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_child, "_rapidocr", lambda: None)
    (measured,) = text_child.read_text([])
    assert isinstance(measured.fact, UnmeasuredFact)
    assert measured.fact.code == "ocr_missing"


@pytest.mark.parametrize(
    "time", [None, MediaTime(ticks=-5, num=1, den=90_000), MediaTime(ticks=7, num=1001, den=30_000)]
)
def test_a_crops_name_carries_its_exact_time(time: MediaTime | None) -> None:
    assert time_of(crop_name(3, time)) == time


def test_the_child_answers_the_request_with_plan_facts_and_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_child, "_rapidocr", lambda: lambda picture: [("858691130534", 0.95)])
    request = packed_json(Kind.REQUEST, {"path": "", "format": "mp4", "medium": "video", "cpu_s": 60})
    source = io.BytesIO(request + packed_blob(Kind.CROP, crop_name(0, None), png(1)))
    sink = io.BytesIO()
    text_child.main(ChildEnd(source, sink))
    sink.seek(0)
    kinds = []
    while (message := read(sink)) is not None:
        kinds.append(message.kind)
    assert kinds == [Kind.PLAN, Kind.FACT, Kind.DONE]


def test_anything_but_a_request_first_is_refused() -> None:
    with pytest.raises(WireError):
        text_child.main(ChildEnd(io.BytesIO(), io.BytesIO()))


def paper(second: int, *, sharp: float) -> tuple[MediaTime, NDArray[np.uint8]]:
    scene = np.full((400, 600), 60, np.uint8)
    scene[60:340, 60:540] = 230
    for row in range(5):
        cv2.putText(scene, "8586 9113 0534", (80, 110 + 50 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 20, 3, cv2.LINE_AA)
    blurred = cv2.GaussianBlur(scene, (0, 0), sharp) if sharp else scene
    return MediaTime(ticks=second, den=1), np.asarray(blurred, np.uint8)


def test_the_sharpest_views_are_kept_and_no_more_than_four() -> None:
    crops = TextCrops()
    for second in range(10):
        time, gray = paper(second, sharp=0 if second in (3, 7) else 1.5 + 0.1 * second)
        crops.offer(time, gray, ink_map(gray))
    kept = crops.best_first()
    assert len(kept) == MOST_CROPS
    assert {crop.time.seconds for crop in kept[:2] if crop.time} == {3.0, 7.0}
    assert all(max(crop.gray.shape) <= 1280 for crop in kept)


def test_of_neighbouring_views_only_the_better_is_kept() -> None:
    crops = TextCrops()
    for ticks, sharp in ((0, 1.5), (300, 0), (500, 2.0)):
        _, gray = paper(0, sharp=sharp)
        crops.offer(MediaTime(ticks=ticks, den=1000), gray, ink_map(gray))
    assert [crop.time for crop in crops.best_first()] == [MediaTime(ticks=300, den=1000)]


def test_dark_texture_is_not_taken_for_paper() -> None:
    dark = np.random.default_rng(1).integers(0, 120, (400, 600)).astype(np.uint8)
    crops = TextCrops()
    crops.offer(None, dark, ink_map(dark))
    assert crops.best_first() == []


@needs_ocr
def test_the_printed_number_of_a_torn_label_is_read() -> None:
    _, kept = observed(built("code_print_only.mp4"))
    facts = text_child.read_text([Blob(name, data) for name, data in kept.items()])
    found = {m.fact.text: m.fact for m in facts if isinstance(m.fact, TextFact)}
    assert WAYBILL in found
    assert found[WAYBILL].reads >= 2
    assert "138****1234" in found


def page_of_small_print(width: int, height: int) -> bytes:
    """More lines than any waybill has."""
    page = np.full((height, width), 235, np.uint8)
    words = "7F3A 0098 cb12 4411 e0d9 5567 8a3c 1200 99af 3"
    for row in range(14, height, 22):
        for column in range(4, width - 40, 410):
            cv2.putText(page, words[row % 7 :], (column, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 20, 1, cv2.LINE_AA)
    return cv2.imencode(".png", page)[1].tobytes()


@needs_ocr
@pytest.mark.parametrize("size", [(1280, 1280), (1280, 40), (40, 1280)])
def test_no_crop_takes_more_than_a_gibibyte_and_ten_seconds(size: tuple[int, int]) -> None:
    request = packed_json(Kind.REQUEST, {"path": "", "format": "mp4", "medium": "video", "cpu_s": 60})
    kinds: list[Kind] = []
    with Jail().start("sixfaces.observe.text_child:main", media=None, share=Share(cpu_s=10, wall_s=60.0)) as cell:
        crop = packed_blob(Kind.CROP, crop_name(0, None), page_of_small_print(*size))
        end = cell.converse(request + crop, lambda message: kinds.append(message.kind))
    assert Share(cpu_s=10, wall_s=60.0).memory_bytes == 1 << 30
    assert end.reason is EndReason.DONE, end
    assert kinds[-1] is Kind.DONE
