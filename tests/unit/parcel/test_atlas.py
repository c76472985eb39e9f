"""The six-face atlas."""

import cv2
import numpy as np
import pytest

from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.atlas import Atlas
from sixfaces.observe.parcel.atlas_faces import best, named
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.painted_box import IDENTITY, Real, at, full, lettered, look, medium, painted, pose, turned


def filmed(atlas: Atlas, face: Face, number: int, *, turn: Real = IDENTITY, blur: float = 0.0) -> None:
    """One moment in which a face is shown, 0.3 s after the one before."""
    time_s, rotation = number * 0.3, turned(face, 8)
    true = pose(rotation, time_s=time_s, index=number)
    seen = pose(rotation, time_s=time_s, index=number, turn=turn)
    atlas.medium(medium(painted(true, lettered()), time_s=time_s, index=number), seen, look(seen))
    large = painted(true, lettered(), scale=2)
    if blur:
        large = np.asarray(cv2.GaussianBlur(large, (0, 0), blur), np.uint8)
    atlas.full(full(large, time_s=time_s, index=number))


@pytest.mark.parametrize("number", [0, 3, 9, 17])
def test_pictures_of_slots_become_upright_pictures_of_their_faces(number: int) -> None:
    atlas, turn = Atlas(), GROUP[number]
    for moment, face in enumerate((Face.FRONT, Face.TOP, Face.LEFT)):
        filmed(atlas, face, moment, turn=turn)
    pictures = best(named(atlas.views(), dict.fromkeys(range(3), turn)))
    assert set(pictures) == {Face.FRONT, Face.TOP, Face.LEFT}
    for face, view in pictures.items():
        shown = cv2.cvtColor(view.picture(), cv2.COLOR_BGR2GRAY)
        wanted = cv2.cvtColor(cv2.resize(lettered()[face], shown.shape[::-1]), cv2.COLOR_BGR2GRAY)
        assert np.corrcoef(shown.ravel(), wanted.ravel())[0, 1] > 0.8, face
        kept = cv2.imdecode(np.frombuffer(view.jpeg(), np.uint8), cv2.IMREAD_COLOR)
        assert kept is not None
        assert kept.shape == view.picture().shape


def test_the_crisp_view_of_a_visit_is_the_best() -> None:
    atlas = Atlas()
    for number, blur in enumerate((6.0, 0.0, 6.0, 6.0)):
        filmed(atlas, Face.FRONT, number, blur=blur)
    view = best(named(atlas.views(), dict.fromkeys(range(4), IDENTITY)))[Face.FRONT].view
    assert view.index == 1
    assert len([kept for kept in atlas.views() if kept.slot == FACES.index(Face.FRONT)]) == 3


def test_pictures_take_no_more_room_than_allowed_and_rare_slots_keep_theirs() -> None:
    atlas = Atlas(most_bytes=150_000)
    filmed(atlas, Face.TOP, 0)
    for number in range(30, 120):
        filmed(atlas, Face.FRONT, number)
    assert atlas.size <= 150_000
    assert atlas.size == sum(len(view.jpeg) for view in atlas.views())
    assert FACES.index(Face.TOP) in {view.slot for view in atlas.views()}


def test_a_full_frame_between_medium_ones_is_cut_between_their_poses() -> None:
    atlas = Atlas()
    first, then = pose(turned(Face.FRONT), time_s=0.0), pose(turned(Face.FRONT), time_s=0.1, index=3, away=4.0)
    for here in (first, then):
        atlas.medium(medium(painted(here, lettered())), here, look(here))
    corners = atlas.corners(at(0.05))
    assert corners is not None
    assert corners == pytest.approx((first.corners + then.corners) / 2)


def test_a_full_frame_far_from_any_pose_is_left_alone() -> None:
    atlas = Atlas()
    here = pose(turned(Face.FRONT))
    atlas.medium(medium(painted(here, lettered())), here, look(here))
    assert atlas.corners(at(1.0)) is None
    atlas.full(full(painted(here, lettered()), time_s=1.0))
    assert atlas.views() == []


def test_pictures_of_frames_without_a_name_or_after_the_opening_are_left_out() -> None:
    atlas = Atlas()
    filmed(atlas, Face.FRONT, 0)
    filmed(atlas, Face.TOP, 1)
    assert set(named(atlas.views(), {0: IDENTITY})) == {Face.FRONT}
    assert set(named(atlas.views(), {0: IDENTITY, 1: IDENTITY}, until=at(0.3))) == {Face.FRONT}
    assert set(named(atlas.views(), {0: IDENTITY, 1: IDENTITY}, start=at(0.3))) == {Face.TOP}
