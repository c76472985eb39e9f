"""The box through a whole take."""

import time
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.observe.parcel import cuboid
from sixfaces.observe.parcel.holds import moved
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.refine import solved
from sixfaces.observe.parcel.sight import Sight
from sixfaces.observe.parcel.smooth import Segment, relabelled, smooth
from sixfaces.observe.parcel.swatches import SIDE, Swatch
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.turns import angle, exp
from tests.unit.parcel.handled_box import EDGES, FPS, SIZE, Errors, handling, sights

Real = NDArray[np.float64]


def states(segment: Segment, path: Real) -> NDArray[np.intp]:
    """Which of GROUP takes each pose's axes to the true ones."""
    found = np.array([pose.rotation for pose in segment.poses])
    true = path[[pose.index for pose in segment.poses]]
    return np.asarray(np.einsum("nji,njk,gik->ng", found, true, GROUP).argmax(-1))


def errors(segment: Segment, path: Real) -> Real:
    """Degrees between each pose and the truth under the reference's names."""
    turn = GROUP[states(segment, path)[segment.reference]]
    found = np.array([pose.rotation @ turn for pose in segment.poses])
    true = path[[pose.index for pose in segment.poses]]
    return np.degrees(angle(np.swapaxes(found, -1, -2) @ true))


def test_axes_keep_their_names_through_bursts_of_wrong_frames() -> None:
    kept = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        path = handling(rng, 130)
        (segment,) = smooth(sights(rng, path, Errors(scatter=6, wrong=0.08)), SIZE)
        kept.append(bool((errors(segment, path) < 35).mean() > 0.97))
        assert float(np.median(errors(segment, path))) < 12
    assert sum(kept) >= 5


def test_smoothing_halves_the_error_of_single_frames() -> None:
    rng = np.random.default_rng(11)
    path = handling(rng, 200)
    given = sights(rng, path, Errors(scatter=7, wrong=0.0))
    raw = [float(np.degrees(angle(np.swapaxes(s.rotation @ GROUP, -1, -2) @ path[s.index])).min()) for s in given]
    (segment,) = smooth(given, SIZE)
    assert float(np.median(errors(segment, path))) < 0.5 * float(np.median(raw))


def test_a_long_gap_parts_segments_and_is_never_bridged() -> None:
    rng = np.random.default_rng(12)
    path = handling(rng, 120)
    given = sights(rng, path, Errors(scatter=4, wrong=0.0))
    segments = smooth(given[:50] + given[62:], SIZE)
    assert [pose.index for pose in segments[0].poses] == list(range(50))
    assert [pose.index for pose in segments[1].poses] == list(range(62, 120))


def test_weak_frames_are_carried_by_followed_points_but_not_for_ever() -> None:
    rng = np.random.default_rng(13)
    path = np.repeat(handling(rng, 1), 100, 0)
    given = sights(rng, path, Errors(scatter=3, wrong=0.0))
    given = [s if s.turn or not i else replace(s, turn=given[i - 1].turn or given[i + 1].turn)
             for i, s in enumerate(given)]  # fmt: skip
    dim = [replace(s, trust=0.1) if 30 <= s.index < 50 else s for s in given]
    assert len(smooth(dim, SIZE)) == 1
    dark = [replace(s, trust=0.1) if 30 <= s.index < 80 else s for s in given]
    assert len(smooth(dark, SIZE)) == 2


def either_way_round() -> tuple[list[Sight], Real, Real]:
    """A cube's sights: half a second unseen in which it turned by 46 degrees; its true rotations before and after."""
    rng = np.random.default_rng(14)
    path = handling(rng, 80)
    given = sights(rng, path, Errors(scatter=4, wrong=0.0, points=False))
    first = path[0]
    later = exp(cuboid.ray(400, 100, SIZE) * np.radians(46)) @ first
    cube = np.full(3, 1 / 3)
    seen = [
        replace(s, rotation=(first if s.index < 30 else later) @ GROUP[s.index % 24], share=cube)
        for s in given
        if not 30 <= s.index < 35
    ]
    return seen, first, later


def test_doubt_is_said_where_the_path_could_have_slipped() -> None:
    seen, _, _ = either_way_round()
    (segment,) = smooth(seen, SIZE)
    assert segment.sure[:30].min() > 0.9
    assert segment.sure[31:].max() < 0.8


@pytest.mark.parametrize("slipped", range(24))
def test_faces_seen_again_settle_what_motion_leaves_open(slipped: int) -> None:
    """The second half shows the faces of the first, as if its names had slipped: then they have, and that is mended."""
    seen, first, later = either_way_round()
    prints = [np.random.default_rng(k).integers(0, 255, (SIDE, SIDE)).astype(np.uint8) for k in range(6)]
    swatches = []
    for s in seen:
        # The true axes are `first` at the start, and what GROUP[slipped] makes of `later` at the end.
        true = first if s.index < 30 else later @ GROUP[slipped]
        turn = int(np.einsum("ij,gij->g", true.T @ s.rotation, GROUP).argmax())
        faces = [Swatch(s.index, slot, prints[slot]) for slot in range(3)]
        swatches.append(moved(faces, turn) if s.index % 6 == 0 else [])
    (segment,) = smooth(seen, SIZE, swatches)
    named = {pose.index: pose.rotation for pose in segment.poses}
    start = int(np.einsum("ij,gij->g", first.T @ named[20], GROUP).argmax())
    end = int(np.einsum("ij,gij->g", (later @ GROUP[slipped]).T @ named[60], GROUP).argmax())
    assert start == end
    assert segment.sure.min() > 0.95


def test_sight_order_of_twins_changes_nothing() -> None:
    rng = np.random.default_rng(15)
    path = handling(rng, 60)
    given = sights(rng, path, Errors(scatter=5, wrong=0.05))
    twins = [replace(s, rotation=s.rotation @ GROUP[7], share=np.abs(GROUP[7]).T @ s.share) for s in given]
    (one,), (two,) = smooth(given, SIZE), smooth(twins, SIZE)
    between = [a.rotation.T @ b.rotation for a, b in zip(one.poses, two.poses, strict=True)]
    assert np.allclose(between, between[0], atol=1e-6)
    assert np.allclose(one.sure, two.sure)


def test_edges_are_found_along_the_axes_of_the_segment() -> None:
    rng = np.random.default_rng(16)
    path = handling(rng, 90)
    (segment,) = smooth(sights(rng, path, Errors(scatter=5, wrong=0.05)), SIZE)
    turn = GROUP[states(segment, path)[segment.reference]]
    assert segment.renamed(turn).edges == pytest.approx(EDGES, rel=0.06)


def test_a_renamed_pose_is_the_same_box_in_the_picture() -> None:
    rotation, at = handling(np.random.default_rng(1), 1)[0], np.array([0.2, 0.1, 3.0])
    pixels = cuboid.project(cuboid.corners(rotation, at, EDGES), SIZE)
    pose = Pose(MediaTime(ticks=0, den=FPS), 0, rotation, at, EDGES, pixels, 1.0)
    for turn in GROUP:
        new = relabelled(pose, turn)
        assert np.allclose(new.corners, cuboid.project(cuboid.corners(new.rotation, at, new.edges), SIZE))


def test_the_chain_is_solved_exactly() -> None:
    rng = np.random.default_rng(2)
    pull, link, force = rng.uniform(0, 1, 6), rng.uniform(0, 3, 5), rng.normal(size=(6, 3))
    whole = np.diag(pull)
    for i, stiff in enumerate(link):
        whole[i : i + 2, i : i + 2] += stiff * np.array([[1, -1], [-1, 1]])
    assert np.allclose(solved(pull, link, force), np.linalg.solve(whole, force), atol=1e-3)


def test_nothing_in_nothing_out() -> None:
    assert smooth([], SIZE) == []
    rng = np.random.default_rng(3)
    weak = [replace(s, trust=0.1) for s in sights(rng, handling(rng, 5), Errors(scatter=5, wrong=0.0))]
    assert smooth(weak, SIZE) == []


def test_a_minute_is_smoothed_in_well_under_a_second() -> None:
    rng = np.random.default_rng(17)
    given = sights(rng, np.tile(handling(rng, 60), (10, 1, 1)), Errors(scatter=6, wrong=0.05))
    before = time.process_time()
    smooth(given, SIZE)
    assert time.process_time() - before < 1.0
