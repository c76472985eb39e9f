"""Scripted handling is smooth, and does what its script says."""

import numpy as np
import pytest

from parcelnet.aims import flap_tip
from parcelnet.handling import Bench, Handling
from parcelnet.mesh import Real
from parcelnet.motion import Curve, Motion, Pose, eased, turned
from parcelnet.people import random_person
from parcelnet.plots import DEFECTS, Plot, Props, longest_views, play
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.pose import NORMALS

EDGES = np.array([0.3, 0.22, 0.15])
REST = np.array([0.0, 0.85, -0.5])


def _off(shift: list[float]) -> Real:
    return np.asarray(REST + np.array(shift))


def _handling(seed: int = 0) -> Handling:
    rng = np.random.default_rng(seed)
    left, right = _off([0.2, 0.5, 0.45]), _off([-0.2, 0.5, 0.45])
    bench = Bench(float(REST[2]), REST, left, right, _off([0, 0.25, 0]), 1.0)
    return Handling(rng, bench, random_person(rng), edges=EDGES, yaw=0.2)


def _props() -> Props:
    return Props(np.full(3, 0.1), False, Face.TOP, _off([0.45, 0, 0.075]), _off([1.6, 0, 0.2]))


def _played(defect: str, seed: int = 0) -> Handling:
    hand = _handling(seed)
    play(Plot(defect), hand, _props())
    return hand


def test_a_move_starts_and_ends_at_rest() -> None:
    assert eased(0.0) == 0.0
    assert eased(1.0) == 1.0
    assert eased(0.01) < 1e-4
    assert 1 - eased(0.99) < 1e-4


def test_tipping_keeps_the_edge_in_place() -> None:
    motion = Motion(Pose(np.eye(3), np.array([0.0, 0, 0.5])))
    pivot = np.array([0.2, 0.3, 0.0])
    motion.tip(np.array([1.0, 0, 0]), pivot, np.pi / 2, seconds=1.0)
    own = pivot - np.array([0.0, 0, 0.5])
    for t in np.linspace(0, 1, 9):
        pose = motion.at(float(t))
        assert np.allclose(pose.at + pose.rotation @ own, pivot, atol=1e-9)


def test_a_curve_goes_on_from_where_it_was() -> None:
    curve = Curve(np.zeros(1))
    curve.go(1.0, 2.0, np.ones(1))
    curve.go(3.0, 4.0, np.full(1, 5.0))
    assert [float(curve.at(t)[0]) for t in (0.5, 2.5, 3.5, 9.0)] == [0.0, 1.0, 3.0, 5.0]


def test_the_tip_of_a_shut_flap_lies_on_the_seam() -> None:
    assert np.allclose(flap_tip(EDGES, 0, 0.0, lid=False), [0, 0, EDGES[2] / 2])
    assert np.allclose(flap_tip(EDGES, 1, 90.0, lid=False), [0, EDGES[1] / 2, EDGES[2] / 2 + EDGES[1] / 2])


@pytest.mark.parametrize("face", list(Face))
def test_a_shown_face_looks_into_the_camera(face: Face) -> None:
    hand = _handling()
    hand.grasp(0.5)
    hand.wait(0.5)
    hand.show(face, angle=0.2, dwell=0.5)
    pose = hand.parcel.pose
    cos = float(pose.rotation @ np.array(NORMALS[face]) @ -pose.at / np.linalg.norm(pose.at))
    assert cos > np.cos(0.25)


@pytest.mark.parametrize("defect", ["covered_left", "two_boxes", "bag"])
def test_nothing_jumps_while_it_is_handled(defect: str) -> None:
    hand = _played(defect)
    step = 0.02
    for t in np.arange(0, hand.t, 3 * step):
        now, then = hand.parcel.at(float(t)), hand.parcel.at(float(t) + step)
        swapped = any(t <= s <= t + step for s in hand.log.swaps)
        assert swapped or np.linalg.norm(now.at - then.at) < 0.08
        for puppet in hand.puppets:
            moved = puppet.bones(float(t)).wrist - puppet.bones(float(t) + step).wrist
            assert swapped or np.linalg.norm(moved) < 0.16


def test_an_honest_take_shows_all_six_faces() -> None:
    hand = _played("honest")
    assert min(longest_views(hand, hand.t, cos=0.5).values()) >= 0.3


def test_the_stages_follow_each_other() -> None:
    log = _played("honest").log
    assert [name for _, name in log.stages] == ["sealed", "showing", "opening", "open", "item_out"]
    assert [t for t, _ in log.stages] == sorted(t for t, _ in log.stages)
    assert log.cut is not None
    assert log.cut[1] < (log.first_open or 0.0) < (log.first_item or 0.0)


def test_the_parcel_never_sinks_into_the_table() -> None:
    hand = _played("honest", 1)
    for t in np.arange(0, hand.t, 0.1):
        pose = hand.parcel.at(float(t))
        assert pose.at[2] - float(np.abs(pose.rotation[2]) @ EDGES) / 2 > hand.bench.table - 0.02


def test_every_defect_has_a_script() -> None:
    for defect in dict.fromkeys(d.replace("bottom", "back") for d in DEFECTS if "_" not in d or "bottom" in d):
        assert _played(defect).t > 5.0


def test_an_unknown_defect_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown defect"):
        Plot("missing_lid")


def test_a_turn_by_nothing_is_none() -> None:
    assert np.allclose(turned(np.zeros(3)), np.eye(3))
