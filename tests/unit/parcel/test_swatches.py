"""Small pictures of faces: the same face is known again, turned by quarters, shifted, darker; others are not."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.media.frames import Gray
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.holds import moved
from sixfaces.observe.parcel.swatches import SIDE, Swatch, Swatches, likeness
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.painted_box import look, medium, painted, pose, turned

Real = NDArray[np.float64]


def printed(seed: int, *, size: int = SIDE) -> Gray:
    """Blots of ink, as large as print is at this size."""
    blots = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, (size, size)), (0, 0), 1.5)
    return np.asarray(np.clip(128 + 60 * blots / blots.std(), 0, 255), np.uint8)


@pytest.mark.parametrize("quarter", range(4))
def test_a_turned_face_is_known_again_and_by_how_many_quarters(quarter: int) -> None:
    upright = printed(1)
    other = np.ascontiguousarray(np.rot90(upright, -quarter))
    told = likeness([Swatch(0, 2, upright)], [Swatch(9, 4, other)])[0, 0]
    assert told.argmax() == quarter
    assert told[quarter] > 3
    assert np.delete(told, quarter).max() < 0


def test_shift_and_light_do_not_matter_and_another_print_does() -> None:
    large = printed(2, size=SIDE + 4)
    here, shifted, other = large[2:-2, 2:-2], large[:SIDE, 3 : SIDE + 3], printed(3)
    shade = np.clip(shifted * 0.6 + np.linspace(0, 40, SIDE), 0, 255).astype(np.uint8)
    told = likeness([Swatch(0, 0, here)], [Swatch(1, 0, shade), Swatch(2, 0, other)])[0, :, 0]
    assert told[0] > 2
    assert told[1] < -0.5


def test_a_plain_face_tells_next_to_nothing() -> None:
    plain = np.random.default_rng(4).normal(120, 0.7, (2, SIDE, SIDE)).astype(np.uint8)
    assert np.abs(likeness([Swatch(0, 0, plain[0])], [Swatch(1, 0, plain[1])])).max() < 0.5


def test_nothing_is_like_nothing() -> None:
    assert likeness([], [Swatch(0, 0, printed(1))]).shape == (0, 1, 4)


PRINTS = {
    face: np.asarray(cv2.cvtColor(cv2.resize(printed(40 + k), (240, 240)), cv2.COLOR_GRAY2BGR), np.uint8)
    for k, face in enumerate(FACES)
}


def seen(rotation: Real, *, index: int = 0, turn: Real = GROUP[0]) -> list[Swatch]:
    """What one frame of a printed box gives, tracked in axes that are off by `turn`."""
    swatches, true = Swatches(), pose(rotation, index=index)
    swatches.add(medium(painted(true, PRINTS), index=index), pose(rotation, index=index, turn=turn), look(true))
    return swatches.of(index)


@pytest.mark.parametrize("number", range(24))
def test_faces_seen_in_other_axes_are_the_same_faces_once_moved(number: int) -> None:
    here, there = turned(Face.FRONT, 35), turned(Face.FRONT, 50)
    straight = seen(here)
    slipped = seen(there, index=1, turn=GROUP[number])
    back = moved(slipped, number)
    told = likeness(straight, back)
    assert {s.slot for s in straight} == {s.slot for s in back}
    for i, one in enumerate(straight):
        for j, other in enumerate(back):
            if one.slot == other.slot:
                assert told[i, j, 0] > 1
            else:
                assert told[i, j].max() < 1


def test_only_faces_turned_to_the_camera_are_kept_and_not_every_frame() -> None:
    swatches = Swatches()
    for k in range(10):
        here = pose(turned(Face.FRONT), time_s=k / 20, index=k)
        swatches.add(medium(painted(here, PRINTS), time_s=k / 20, index=k), here, look(here))
    assert [k for k in range(10) if swatches.of(k)] == [0, 4, 8]
    assert [s.slot for s in swatches.of(4)] == [FACES.index(Face.FRONT)]
