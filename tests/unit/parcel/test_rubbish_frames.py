"""Frames that make no sense, one by one or together: the observer gets through, and no face is proved by them."""

import json
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from fixtures.build import MEDIA
from sixfaces.criteria.completeness_faces import shown, six_faces
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Face
from sixfaces.media.frames import Bgr
from sixfaces.observe.parcel.network import Network
from sixfaces.observe.parcel.observer import Parcel
from sixfaces.rulebook.loader import load_policy
from tests.golden.building import evidence, exhibit
from tests.unit.parcel.painted_box import full, medium

BLACK = np.zeros((360, 640, 3), np.uint8)
FPS = 10
POLICY = load_policy("default")


def noise(width: int, height: int, count: int) -> list[Bgr]:
    """Pictures of nothing."""
    rng = np.random.default_rng(1)
    return [rng.integers(0, 256, (height, width, 3), dtype=np.uint8) for _ in range(count)]


def genuine(*, every: int, count: int) -> list[Bgr]:
    """Frames of a true unboxing, some apart."""
    reader = cv2.VideoCapture(str(MEDIA / "genuine.mp4"))
    found = []
    for index in range(every * count):
        done, frame = reader.read()
        assert done
        if index % every == 0:
            found.append(np.asarray(cv2.resize(frame, (640, 360), interpolation=cv2.INTER_AREA), np.uint8))
    return found


def shuffled() -> list[Bgr]:
    """A take out of its order."""
    frames = genuine(every=12, count=16)
    return [frames[k] for k in np.random.default_rng(2).permutation(len(frames))]


def flickering() -> list[Bgr]:
    """A take whose every second frame is black."""
    return [frame if k % 2 else BLACK for k, frame in enumerate(genuine(every=2, count=16))]


def jumping() -> list[Bgr]:
    """A take whose pictures change in size and shape from one to the next."""
    sizes = [(64 + 97 * k % 500, 40 + 61 * k % 300) for k in range(16)]
    frames = genuine(every=2, count=len(sizes))
    return [np.asarray(cv2.resize(f, size), np.uint8) for f, size in zip(frames, sizes, strict=True)]


RUBBISH: dict[str, Callable[[], list[Bgr]]] = {
    "nothing": lambda: [],
    "one frame": lambda: genuine(every=1, count=1),
    "one pixel": lambda: noise(1, 1, 4),
    "tiny": lambda: noise(9, 7, 4),
    "wide strip": lambda: noise(640, 4, 2),
    "tall strip": lambda: noise(4, 640, 2),
    "noise": lambda: noise(640, 360, 12),
    "black": lambda: [BLACK] * 12,
    "flickering": flickering,
}


@pytest.fixture(scope="module")
def network() -> Network:
    return Network()


def watched(network: Network, pictures: Sequence[Bgr]) -> list[Measured]:
    """Facts from these medium frames, every third also as a full one, handed over before it or after it."""
    observer = Parcel(lambda name, data: None, network)
    for k, picture in enumerate(pictures):
        if k % 6 == 0:
            observer.full(full(picture, time_s=k / FPS, index=k))
        observer.medium(medium(picture, time_s=k / FPS, index=k))
        if k % 6 == 3:
            observer.full(full(picture, time_s=k / FPS, index=k))
    return list(observer.finish())


def met(seen: ExhibitEvidence) -> set[Face]:
    """The faces that the rule takes for shown."""
    return {face for face in Face if shown(seen, face, POLICY).answer is Answer.MET}


@pytest.mark.parametrize("name", RUBBISH)
def test_no_face_is_proved_by_rubbish(name: str, network: Network) -> None:
    assert met(exhibit(*watched(network, RUBBISH[name]()))) == set()


def test_a_take_out_of_its_order_does_not_prove_six_faces_though_its_frames_show_them(network: Network) -> None:
    seen = exhibit(*watched(network, shuffled()))
    assert six_faces(evidence(seen), seen, POLICY).answer is not Answer.MET


def test_pictures_that_jump_in_size_prove_no_face_that_they_do_not_show(network: Network) -> None:
    truth = json.loads((MEDIA / "genuine.truth.json").read_text(encoding="utf-8"))["frames"]
    in_view = {Face(name) for frame in truth[:32] for name, view in frame["faces"].items() if view["cos"] > 0.3}
    assert len(in_view) < 4
    assert met(exhibit(*watched(network, jumping()))) <= in_view
