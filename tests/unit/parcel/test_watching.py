"""The observer on real pictures: the genuine take's frames, whole, interrupted and replaced by nothing."""

import json
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import pytest

from fixtures.build import MEDIA
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import AbsenceFact, FaceFact, ParcelFact, StageFact
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Bgr, MediumFrame
from sixfaces.observe.parcel.network import Network
from sixfaces.observe.parcel.observer import Parcel
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.track import Step, Tracker

FPS = 12
TRUTH = json.loads((MEDIA / "genuine.truth.json").read_text(encoding="utf-8"))["frames"]


@pytest.fixture(scope="module")
def network() -> Network:
    return Network()


@pytest.fixture(scope="module")
def pictures() -> list[Bgr]:
    """Every second frame of the first eight seconds, 640 pixels wide: a box at rest, lifted and turned."""
    reader = cv2.VideoCapture(str(MEDIA / "genuine.mp4"))
    found = []
    for _ in range(96):
        done, frame = reader.read()
        assert done
        found.append(np.asarray(cv2.resize(frame, (640, 360), interpolation=cv2.INTER_AREA), np.uint8))
    return found[::2]


def mediums(pictures: Sequence[Bgr]) -> list[MediumFrame]:
    return [
        MediumFrame(
            2 * k, MediaTime(ticks=2 * k, den=FPS), p, np.asarray(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), np.uint8)
        )
        for k, p in enumerate(pictures)
    ]


def steps(network: Network, pictures: Sequence[Bgr]) -> list[Step]:
    tracker = Tracker(network)
    return [tracker.step(frame) for frame in mediums(pictures)]


def facts(network: Network, pictures: Sequence[Bgr]) -> list[Measured]:
    observer = Parcel(lambda name, data: None, network)
    for frame in mediums(pictures):
        observer.medium(frame)
    return list(observer.finish())


def test_the_handled_box_is_found_among_others_and_followed(network: Network, pictures: list[Bgr]) -> None:
    for step in steps(network, pictures):
        assert step.glimpse.found
        assert step.pose is not None
        x, y, _ = step.glimpse.place or (0, 0, 0)
        corners = np.array(TRUTH[step.pose.index]["corners_2d"]) * 640 / 960
        low, high = corners.min(0), corners.max(0)
        assert (low - 5 < (x, y)).all()
        assert ((x, y) < high + 5).all()


def test_its_orientation_is_that_of_the_truth_up_to_the_names_of_axes(network: Network, pictures: list[Bgr]) -> None:
    errors = []
    for step in steps(network, pictures):
        assert step.sight is not None
        true = np.array(TRUTH[step.sight.index]["R_cam"])
        best = np.einsum("ij,ik,gjk->g", true, step.sight.rotation, GROUP).max()
        errors.append(np.degrees(np.arccos(np.clip((best - 1) / 2, -1, 1))))
    assert np.median(errors) < 14


def test_the_same_frames_give_the_same_facts(network: Network, pictures: list[Bgr]) -> None:
    first, second = (facts(network, pictures[:20]) for _ in range(2))
    assert first == second
    assert {type(m.fact) for m in first} >= {ParcelFact, StageFact, FaceFact}
    starts = [m.span.start.exact for m in first if m.span is not None]
    assert all(a <= b for a, b in pairwise(starts))


def test_what_is_hidden_for_a_second_is_told_as_an_absence(network: Network, pictures: list[Bgr]) -> None:
    nothing = np.full_like(pictures[0], 120)
    interrupted = [*pictures[:12], *[nothing] * 8, *pictures[12:24]]
    (gone,) = [m for m in facts(network, interrupted) if isinstance(m.fact, AbsenceFact)]
    assert gone.span is not None
    assert gone.span.seconds == pytest.approx((2.0, 3.33), abs=0.2)


def test_an_empty_scene_holds_no_parcel(network: Network) -> None:
    rng = np.random.default_rng(3)
    wall = np.asarray(np.clip(120 + rng.normal(0, 4, (360, 640, 3)), 0, 255), np.uint8)
    told = facts(network, [wall] * 12)
    assert not [m for m in told if isinstance(m.fact, ParcelFact | FaceFact)]
