"""Moments: few, spread over the take, where something changes, in bounded memory, the same every time."""

from itertools import pairwise

import cv2
import numpy as np

from fixtures.build import MEDIA
from sixfaces.domain.facts import MomentFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Bgr, MediumFrame, Photo
from sixfaces.observe.moments import LONG_SIDE, MOST_PICTURES, POOL, Moments

A, B = (
    cv2.resize(np.asarray(cv2.imread(str(MEDIA / name)), np.uint8), (640, 480)).astype(np.uint8)
    for name in ("ukbench00120.jpg", "ukbench01380.jpg")
)


def frame(seconds: float, bgr: Bgr) -> MediumFrame:
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    return MediumFrame(round(seconds * 10), MediaTime(ticks=round(seconds * 1000), den=1000), bgr, gray)


def run(frames: list[MediumFrame]) -> tuple[list[Measured], dict[str, bytes]]:
    kept: dict[str, bytes] = {}
    observer = Moments(kept.__setitem__)
    for each in frames:
        observer.medium(each)
    return list(observer.finish()), kept


def times(found: list[Measured]) -> list[float]:
    return [m.span.start.seconds for m in found if m.span is not None]


def test_first_and_last_are_there_and_all_are_in_order_and_kept() -> None:
    found, kept = run([frame(t / 10, A if t < 120 else B) for t in range(300)])
    assert [m.fact.image for m in found if isinstance(m.fact, MomentFact)] == list(kept)
    assert list(kept) == [f"moments/{number:02d}.jpg" for number in range(1, len(kept) + 1)]
    assert 6 <= len(kept) <= MOST_PICTURES
    assert (times(found)[0], times(found)[-1]) == (0.0, 29.9)
    assert times(found) == sorted(times(found))
    labels = [m.fact.label for m in found if isinstance(m.fact, MomentFact)]
    assert labels == ["first", *["change"] * (len(found) - 2), "last"]


def test_a_short_event_is_not_missed() -> None:
    found, _ = run([frame(t / 10, B if 200 <= t < 210 else A) for t in range(600)])
    assert any(20.0 <= at < 21.0 for at in times(found))


def test_the_sharper_of_two_neighbours_is_shown() -> None:
    soft = cv2.GaussianBlur(A, (0, 0), 4).astype(np.uint8)
    found, _ = run([frame(t / 10, A if t % 10 == 3 else soft) for t in range(100)])
    inner = times(found)[1:-1]
    assert inner
    assert sum(round(at * 10) % 10 == 3 for at in inner) >= len(inner) / 2


def test_pictures_are_small_jpegs() -> None:
    _, kept = run([frame(0, A)])
    [data] = kept.values()
    shown = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert max(shown.shape[:2]) == LONG_SIDE


def test_memory_does_not_grow_with_the_take() -> None:
    observer = Moments(lambda _name, _data: None)
    small = cv2.resize(A, (64, 48)).astype(np.uint8)
    for t in range(4000):
        observer.medium(frame(t * 0.5, small))
        assert len(observer._pool) <= POOL
    shown = times(list(observer.finish()))
    assert 8 <= len(shown) <= MOST_PICTURES
    assert max(late - early for early, late in pairwise(shown)) < 0.25 * shown[-1]


def test_the_same_take_gives_the_same_bytes() -> None:
    frames = [frame(t / 10, A if t < 20 else B) for t in range(60)]
    assert run(frames) == run(frames)


def test_a_photo_is_its_own_moment_and_nothing_has_none() -> None:
    kept: dict[str, bytes] = {}
    observer = Moments(kept.__setitem__)
    assert list(observer.finish()) == []
    observer.photo(Photo(A, cv2.cvtColor(A, cv2.COLOR_BGR2GRAY).astype(np.uint8), "jpeg", {}, (), (), 0))
    [measured] = observer.finish()
    assert measured.fact == MomentFact(label="photo", image="moments/01.jpg")
    assert list(kept) == ["moments/01.jpg"]
