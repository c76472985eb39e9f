"""Slots, faces and the 24 rotations between them."""

import numpy as np
import pytest

from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.slots import facing, quads, quarters, shorter_edges, slots_of
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.painted_box import pose, turned


@pytest.mark.parametrize("face", list(Face))
def test_the_face_turned_to_the_camera_is_the_one_that_faces_it(face: Face) -> None:
    cosines = facing(pose(turned(face)))
    assert FACES[int(cosines.argmax())] is face
    assert cosines.max() == pytest.approx(1.0)


@pytest.mark.parametrize("face", list(Face))
def test_a_quad_of_a_face_in_view_starts_at_its_upper_left_and_runs_clockwise(face: Face) -> None:
    quad = quads(pose(turned(face)).corners)[FACES.index(face)]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(quad, np.roll(quad, -1, axis=0), strict=True))
    assert area > 0
    assert quad[0] == pytest.approx(quad.min(axis=0))


def test_edges_are_those_of_the_face_as_it_is_seen() -> None:
    seen = pose(turned(Face.FRONT))
    quad = quads(seen.corners)[FACES.index(Face.FRONT)]
    assert shorter_edges(seen.corners)[FACES.index(Face.FRONT)] == pytest.approx(np.ptp(quad[:, 1]))


@pytest.mark.parametrize("number", range(24))
def test_a_slot_and_its_quarter_turns_give_the_true_face_upright(number: int) -> None:
    turn, rotation = GROUP[number], turned(Face.FRONT, 25) @ turned(Face.TOP)
    true, tracked = quads(pose(rotation).corners), quads(pose(rotation, turn=turn).corners)
    for face, (slot, quarter) in enumerate(zip(slots_of(turn), quarters(turn), strict=True)):
        # rot90 brings the picture's upper right corner to the upper left
        upright = np.roll(tracked[slot], -quarter, axis=0)
        assert upright == pytest.approx(true[face])
