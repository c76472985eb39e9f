"""The labels of real footage agree with themselves, and their scoring measures what it says."""

from itertools import pairwise

import numpy as np
import pytest

from fixtures.real_truth import Label, LabelledFile, load, projected
from sixfaces.observe.parcel import symmetric, turns
from sixfaces.observe.parcel.look import KINDS, STATES
from sixfaces.observe.parcel.pose import CORNERS, NORMALS
from tests.bench.footage_crops import box_size, medium, rotation_in_crop, shots
from tests.bench.footage_scores import score, truthful, turn_error

FILES = load()
LABELS = [label for file in FILES for label in file.frames]
BODIES = [label for label in LABELS if label.body is not None]
SLACK = 2.0
"""Pixels a rounded outline may leave the frame by, at the frame's own size."""


def _file(name: str) -> LabelledFile:
    return next(file for file in FILES if name in file.file)


def _off(label: Label) -> float:
    assert label.body is not None
    corners = projected(label.body, label.size)
    gaps = [float(np.linalg.norm(corners[i] - xy)) for i, xy in label.corners.items()]
    return float(np.sqrt(np.mean(np.square(gaps)))) / box_size(label)


def test_there_are_labels_of_boxes_bags_and_of_nothing() -> None:
    kinds = [label.kind for label in LABELS]
    assert kinds.count("box") >= 100
    assert kinds.count("bag") >= 3
    assert kinds.count("none") >= 30


def test_every_file_is_named_once_with_its_licence_and_without_a_path_of_a_machine() -> None:
    names = [file.file for file in FILES]
    assert len(set(names)) == len(names)
    assert all(file.licence and not file.file.startswith("/") and ".." not in file.file for file in FILES)


def test_kinds_and_states_are_those_of_the_network() -> None:
    assert all(label.kind in KINDS and label.state in (*STATES, None) for label in LABELS)
    assert all(label.state is None for label in LABELS if label.kind != "box")


def test_outlines_lie_inside_their_frames_and_parcels_have_one() -> None:
    for label in LABELS:
        assert (len(label.polygon) >= 4) == (label.kind != "none"), label.file
        for part in (label.polygon, *label.covered):
            assert (part >= -SLACK).all(), label.file
            assert (part <= np.array(label.size) + SLACK).all(), label.file


def test_corners_lie_inside_their_frames() -> None:
    for label in LABELS:
        for xy in label.corners.values():
            assert (xy >= 0).all(), label.file
            assert (xy <= label.size).all(), label.file


def test_bodies_are_rotated_boxes_of_half_diagonal_one_before_the_camera() -> None:
    for label in BODIES:
        assert label.body is not None
        rotation = label.body.rotation
        assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-3), label.file
        assert np.linalg.det(rotation) > 0, label.file
        assert np.linalg.norm(label.body.edges) == pytest.approx(2, abs=1e-3), label.file
        assert label.body.place[2] > 1, label.file


def test_every_box_reprojects_onto_its_corners() -> None:
    for label in BODIES:
        assert _off(label) < 0.02, (label.file, label.time, _off(label))


def test_visible_corners_belong_to_a_face_turned_to_the_camera() -> None:
    for label in BODIES:
        assert label.body is not None
        shown = []
        for normal in NORMALS.values():
            outward = label.body.rotation @ np.array(normal)
            middle = label.body.place + outward * float(np.abs(normal) @ label.body.edges) / 2
            if outward @ middle < 0.05 * np.linalg.norm(middle):
                shown.append(np.array(normal))
        for i in label.corners:
            assert any(np.array(CORNERS[i]) @ normal > 0 for normal in shown), (label.file, label.time, i)


def test_corners_keep_their_names_over_a_clip() -> None:
    for file in FILES:
        bodies = [(label.time, label.body) for label in file.frames if label.body is not None]
        for (_, before), (when, after) in pairwise(bodies):
            assert np.degrees(turns.angle(before.rotation.T @ after.rotation)) < 40, (file.file, when)


def test_photos_of_one_box_found_the_same_proportions_independently() -> None:
    photos = ("IMG_6817", "IMG_6818", "IMG_6819", "IMG_6824")
    edges = []
    for name in photos:
        body = _file(name).frames[0].body
        assert body is not None
        edges.append(np.sort(body.edges))
    assert np.ptp(np.array(edges), axis=0).max() < 0.1


def test_the_truth_itself_scores_without_error() -> None:
    label = _file("cube_turned_grey").frames[3]
    picture = np.zeros((label.size[1], label.size[0], 3), np.uint8)
    for shot in shots(*medium(picture, label), np.random.default_rng(1)):
        found = score(shot, truthful(0.0)(shot))
        assert found.iou == 1
        assert found.kind
        assert found.state
        assert found.turn is not None
        assert found.turn < 0.5


def test_noise_on_the_answer_shows_in_the_score() -> None:
    label = _file("teabox_left").frames[0]
    picture = np.zeros((label.size[1], label.size[0], 3), np.uint8)
    every = shots(*medium(picture, label), np.random.default_rng(1))
    wrong = [score(shot, truthful(0.4, seed=k)(shot)).turn for k, shot in enumerate(every)]
    assert max(turn for turn in wrong if turn is not None) > 5


def test_a_turn_of_ten_degrees_scores_ten_whatever_the_axes_are_called() -> None:
    shot = shots(np.zeros((480, 640, 3), np.uint8), _file("cube_turned_grey").frames[0], np.random.default_rng(1))[0]
    true = rotation_in_crop(shot)
    assert true is not None
    turned = turns.exp(np.radians(10) * np.array([0.6, 0.0, 0.8])) @ true
    for twin in symmetric.GROUP[::5]:
        assert turn_error(turned @ twin, true) == pytest.approx(10, abs=0.01)


def test_hands_over_the_parcel_are_not_part_of_its_mask() -> None:
    label = _file("phone_tissue_box").frames[5]
    assert label.covered
    picture = np.zeros((label.size[1], label.size[0], 3), np.uint8)
    bare = Label(label.file, label.time, label.size, label.by, label.kind, label.state, label.corners, label.body,
                 label.polygon)  # fmt: skip
    with_hand = shots(*medium(picture, label), np.random.default_rng(1))[0].mask.sum()
    assert with_hand < 0.95 * shots(*medium(picture, bare), np.random.default_rng(1))[0].mask.sum()
