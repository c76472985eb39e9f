"""Usability over time: one number a second, honest about holes and plain walls."""

import cv2
import numpy as np
import pytest

from fixtures.build import MEDIA
from sixfaces.domain.facts import UsabilityFact
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Bgr, MediumFrame, Photo
from sixfaces.observe.usability import MOST_STEPS, NOT_JUDGED, Usability


def _photo() -> Bgr:
    found = cv2.imread(str(MEDIA / "adobe-20220124-A.jpg"))
    assert found is not None
    return cv2.resize(found, (640, 426), interpolation=cv2.INTER_AREA).astype(np.uint8)


SHARP = _photo()
SOFT: Bgr = cv2.GaussianBlur(SHARP, (0, 0), 4).astype(np.uint8)
WALL: Bgr = np.full((426, 640, 3), 140, np.uint8)


def frame(seconds: float, bgr: Bgr) -> MediumFrame:
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    return MediumFrame(round(seconds * 10), MediaTime(ticks=round(seconds * 1000), den=1000), bgr, gray)


def told(frames: list[MediumFrame]) -> UsabilityFact:
    observer = Usability(lambda _name, _data: None)
    for each in frames:
        observer.medium(each)
    [measured] = observer.finish()
    assert isinstance(measured.fact, UsabilityFact)
    assert measured.span is not None
    return measured.fact


def test_each_second_has_its_own_number() -> None:
    fact = told([frame(t / 10, SOFT if 10 <= t < 20 else SHARP) for t in range(30)])
    assert [value > 0.5 for value in fact.sharpness] == [True, False, True]
    assert len(fact.luma) == len(fact.dark) == len(fact.bright) == len(fact.noise) == 3


def test_one_smeared_frame_spoils_no_second() -> None:
    assert told([frame(t / 10, SOFT if t == 3 else SHARP) for t in range(10)]).sharpness[0] > 0.5


def test_a_wall_is_not_judged_but_its_light_is() -> None:
    fact = told([frame(t / 10, WALL) for t in range(10)])
    assert fact.sharpness == (NOT_JUDGED,)
    assert fact.luma[0] == pytest.approx(140 / 255, abs=0.01)


def test_the_picture_stands_through_seconds_without_frames() -> None:
    fact = told([frame(0.0, SHARP), frame(3.5, SOFT)])
    assert len(fact.sharpness) == 4
    assert len(set(fact.sharpness[:3])) == 1
    assert fact.sharpness[3] < 0.5


def test_times_that_lie_do_not_fill_the_memory() -> None:
    fact = told([frame(0.0, WALL), frame(1e9, WALL)])
    assert len(fact.sharpness) <= MOST_STEPS


def test_clipping_is_counted_at_both_ends() -> None:
    picture = WALL.copy()
    picture[:, :160] = 0
    picture[:, 320:] = 255
    fact = told([frame(0.0, picture)])
    assert fact.dark[0] == pytest.approx(0.25, abs=0.01)
    assert fact.bright[0] == pytest.approx(0.5, abs=0.01)


def test_a_photo_is_measured_at_the_size_of_a_frame() -> None:
    large = cv2.resize(SHARP, (2560, 1704), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    observer = Usability(lambda _name, _data: None)
    assert list(observer.finish()) == []
    observer.photo(Photo(large, cv2.cvtColor(large, cv2.COLOR_BGR2GRAY).astype(np.uint8), "jpeg", {}, (), (), 0))
    [measured] = observer.finish()
    assert isinstance(measured.fact, UsabilityFact)
    assert measured.span is None
    assert measured.fact.sharpness[0] == pytest.approx(told([frame(0, SHARP)]).sharpness[0], abs=0.05)


def test_the_same_frames_give_the_same_fact() -> None:
    frames = [frame(t / 10, SHARP if t % 2 else SOFT) for t in range(20)]
    assert told(frames) == told(frames)
