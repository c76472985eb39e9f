"""Hands, their grips, and what they hold: shapes that renders and scripted takes rely on."""

import numpy as np
import pytest

from parcelnet.bags import mailer, roll
from parcelnet.goods import random_item
from parcelnet.grips import FACES, Held, knife, random_grip, random_hand_on_box, skeleton
from parcelnet.hands import FIST, LENGTHS, Arm, Shape, free, hand
from parcelnet.mesh import Mesh, Part, Real
from parcelnet.motion import turned
from parcelnet.people import random_person

BEHIND = np.array([0.2, -0.4, 1.1]), np.array([-0.2, -0.4, 1.1])


def _held(rng: np.random.Generator) -> Held:
    return Held(turned(rng.normal(0, 1.5, 3)), np.array([0, 0, 0.8]), rng.uniform(0.08, 0.35, 3))


def _arm(rng: np.random.Generator, side: int = 1) -> Arm:
    return Arm(random_person(rng), side, *BEHIND)


def _whole(mesh: Mesh) -> bool:
    count = len(mesh.xyz)
    sized = mesh.normal.shape == (count, 3) and mesh.uv.shape == (count, 2) and int(mesh.tri.max()) < count
    return sized and bool(np.isfinite(mesh.xyz).all() and np.isfinite(mesh.normal).all())


@pytest.mark.parametrize("seed", range(20))
def test_a_hand_on_a_box_is_whole_and_light(seed: int) -> None:
    rng = np.random.default_rng(seed)
    meshes = random_hand_on_box(rng, _held(rng), count=1)
    assert all(_whole(mesh) for mesh in meshes)
    limbs = [m for m in meshes if m.part in (Part.HAND, Part.SLEEVE)]
    assert {m.part for m in limbs} == {Part.HAND, Part.SLEEVE}
    assert sum(len(m.tri) for m in limbs) <= 480


@pytest.mark.parametrize("seed", range(20))
def test_a_grip_lies_on_the_box_and_not_in_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    box = _held(rng)
    bones = skeleton(random_grip(box, _arm(rng), rng=rng), box.edges, 1.0)
    points = np.concatenate([bones.centre.reshape(-1, 3), bones.palm])
    depth = (box.edges / 2 - np.abs(points)).min(1)
    assert depth.max() < 0.001


@pytest.mark.parametrize("seed", range(10))
def test_fingers_keep_their_length_when_they_fold_over_an_edge(seed: int) -> None:
    rng = np.random.default_rng(seed)
    box = _held(rng)
    bones = skeleton(random_grip(box, _arm(rng), rng=rng), box.edges, 1.0)
    along = np.linalg.norm(np.diff(bones.centre, axis=1), axis=-1).sum(1)
    assert (along < LENGTHS + 0.06).all()
    assert (along > LENGTHS * 0.6).all()


def test_a_left_hand_mirrors_a_right_one() -> None:
    left, right = (free(Shape(), side=side) for side in (-1, 1))
    assert np.allclose(left.centre * [-1, 1, 1], right.centre)


def test_a_fist_is_shorter_than_a_flat_hand() -> None:
    fist, flat = (free(shape, side=1).centre[1:, -1, 1].max() for shape in (FIST, Shape((0.0, 0.0, 0.0, 0.0, 0.0))))
    assert fist < flat - 0.04


def test_a_free_hand_ends_at_the_shoulder() -> None:
    arm = _arm(np.random.default_rng(0))
    sleeve = [m for m in hand(np.array([0, 0, 0.7]), np.eye(3), Shape(), arm=arm) if m.part == Part.SLEEVE]
    assert np.linalg.norm(sleeve[0].xyz - arm.shoulder, axis=1).min() < 0.12


def test_a_knife_is_a_tool_for_either_hand() -> None:
    assert {m.part for side in (-1, 1) for m in knife(side)} == {Part.TOOL}


def test_every_face_can_be_gripped() -> None:
    rng = np.random.default_rng(5)
    box = Held(np.eye(3), np.array([0, 0, 0.8]), np.full(3, 0.2))
    far = [Arm(random_person(rng), 1, box.at + f, box.at - f) for f in FACES]
    taken = {random_grip(box, arm, rng=rng).normal for arm in far for _ in range(8)}
    assert taken == {tuple(f) for f in FACES}


KINDS = ("carton", "mug", "can", "slab", "shoe", "garment", "pouch", "ball")


@pytest.mark.parametrize("kind", KINDS)
def test_goods_fit_into_their_box(kind: str) -> None:
    fits: Real = np.array([0.3, 0.24, 0.2])
    for seed in range(8):
        meshes = random_item(np.random.default_rng(seed), fits, kind=kind)
        assert all(_whole(m) and m.part == Part.ITEM for m in meshes)
        extent = np.sort(np.ptp(np.concatenate([m.xyz for m in meshes]), axis=0))
        assert (extent <= np.sort(fits) * 1.35).all()


def test_soft_parcels_carry_their_label() -> None:
    rng = np.random.default_rng(1)
    for made in (mailer(rng, label=7), mailer(rng, label=7, padded=True), roll(rng, label=7)):
        assert made.label is not None
        assert made.meshes[made.label].texture == 7
        assert all(_whole(m) and m.part == Part.BODY for m in made.meshes)
