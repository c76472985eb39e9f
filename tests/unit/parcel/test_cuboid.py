"""The box before the camera."""

import json
from pathlib import Path

import numpy as np
import pytest

from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel import cuboid, slots
from sixfaces.observe.parcel.face_log import cover
from sixfaces.observe.parcel.look import GRID, Crop, Look
from sixfaces.observe.parcel.symmetric import inertia, tensor
from sixfaces.observe.parcel.turns import angle, between, exp, log

TAKES = Path(__file__).parents[3] / "fixtures" / "media"
SIZE = (640, 360)
UNIT = np.eye(3)


def seen(crop: Crop, rotation: cuboid.Real, at: cuboid.Real, edges: cuboid.Real) -> Look:
    """A network's perfect answer for a box in a crop."""
    turn = cuboid.to_frame(crop, SIZE)
    own = turn.T @ rotation
    pixel = cuboid.project(at, SIZE)
    depth = float((turn.T @ at)[2])
    half = crop.side / 2
    return Look(
        crop, tensor(own), inertia(own, edges), (pixel - (crop.x, crop.y)) / half,
        float(np.log(cuboid.focal(SIZE) / depth / half)), np.eye(4)[1], np.eye(4)[0], np.eye(3)[1],
        np.zeros((6, GRID, GRID), np.float32),
    )  # fmt: skip


def in_frame(quad: cuboid.Real) -> float:
    """The share of a face inside the frame, whatever a network says of it."""
    blank = seen(Crop(320, 180, 300), UNIT, np.array([0, 0, 4.0]), np.ones(3))
    return cover(quad, blank, SIZE[::-1]).in_frame


def test_rotation_vectors_come_back_also_at_half_turns() -> None:
    vectors = np.array([[0.3, -0.2, 0.5], [1e-9, 0, 0], [np.pi - 1e-7, 0, 0], [0, np.pi, 0]])
    assert np.allclose(exp(log(exp(vectors))), exp(vectors), atol=1e-7)
    assert np.allclose(angle(exp(vectors)), np.linalg.norm(vectors, axis=1), atol=1e-6)


def test_a_crop_in_the_middle_needs_no_turn_and_one_aside_looks_there() -> None:
    assert np.allclose(cuboid.to_frame(Crop(320, 180, 100), SIZE), UNIT)
    turned = cuboid.to_frame(Crop(600, 60, 100), SIZE)
    assert np.allclose(turned @ (0, 0, 1), cuboid.ray(600, 60, SIZE))
    assert np.allclose(turned, between(np.array([0, 0, 1.0]), cuboid.ray(600, 60, SIZE)))


def test_a_perfect_answer_gives_the_box_back_wherever_it_stands() -> None:
    rotation, at = exp(np.array([0.4, -0.8, 0.3])), np.array([0.9, -0.5, 3.2])
    edges = 2 * np.array([3.0, 2.0, 1.0]) / np.linalg.norm([3.0, 2.0, 1.0])
    crop = Crop(450, 110, 260)
    look = seen(crop, rotation, at, edges)
    own = cuboid.to_frame(crop, SIZE).T @ rotation
    assert np.allclose(cuboid.place(look, SIZE), at)
    assert np.allclose(cuboid.edges(cuboid.shares(look.inertia, own)), edges)


def test_the_nearest_face_looks_at_the_camera_and_the_far_one_away() -> None:
    # The front's normal is -y of the box; this rotation turns it towards the camera with the top upwards.
    rotation = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    at, edges = np.array([0, 0, 4.0]), np.array([1.2, 1.0, 0.8])
    view_cos = cuboid.view_cos(rotation, at, edges)
    pixels = cuboid.project(cuboid.corners(rotation, at, edges), SIZE)
    front, back = cuboid.FACES.index(Face.FRONT), cuboid.FACES.index(Face.BACK)
    assert view_cos[front] == pytest.approx(1.0)
    assert view_cos[back] == pytest.approx(-1.0)
    upper_left, upper_right, lower_right, _ = slots.quads(pixels)[front]
    assert upper_left[0] < upper_right[0]
    assert upper_right[1] < lower_right[1]
    assert slots.shorter_edges(pixels)[front] == pytest.approx(0.8 * cuboid.focal(SIZE) / 3.5)
    assert in_frame(slots.quads(pixels)[front]) == 1.0


def test_half_of_a_face_over_the_edge_counts_half() -> None:
    square = np.array([[-50.0, 10], [50, 10], [50, 110], [-50, 110]])
    assert in_frame(square) == pytest.approx(0.5)
    assert in_frame(square - (200, 0)) == 0.0
    assert in_frame(square - (-100, 0)) == 1.0


@pytest.mark.parametrize("name", ["genuine", "bottom_missing"])
def test_faces_of_a_recorded_truth_come_out_as_told(name: str) -> None:
    """The take's own focal length differs from the assumed one, so directions agree, not pixels."""
    truth = json.loads((TAKES / f"{name}.truth.json").read_text())
    dims = np.array(truth["parcels"]["A"]["dims_m"])
    half = float(np.linalg.norm(dims)) / 2
    for frame in (f for f in truth["frames"][::20] if f["stage"] in ("sealed", "showing")):
        found = cuboid.view_cos(np.array(frame["R_cam"]), np.array(frame["t_cam"]) / half, dims / half)
        shown = {face.value: float(c) for face, c in zip(cuboid.FACES, found, strict=True) if c > 0.1}
        assert shown == pytest.approx({f: v["cos"] for f, v in frame["faces"].items() if v["cos"] > 0.1}, abs=2e-3)
