"""Scores of a network's answers against labels: mask, orientation modulo the 24 symmetries, corners, kind, state."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from fixtures.real_truth import Label
from sixfaces.observe.parcel import cuboid, decode, symmetric, turns
from sixfaces.observe.parcel.look import GRID, KINDS, MAPS, SEALS, STATES, Look
from tests.bench.footage_crops import Shot, box_size, rotation_in_crop

Real = NDArray[np.float64]
Floats = NDArray[np.float32]

POSE = 24
_STATES_END = len(KINDS) + len(STATES)


@dataclass(frozen=True, slots=True)
class Raw:
    """What the network says of one crop: pose (24,), scores (11,) and maps (6, GRID, GRID), the last two as logits."""

    pose: Floats
    scores: Floats
    maps: Floats


Network = Callable[[Shot], Raw]


@dataclass(frozen=True, slots=True)
class Score:
    """One crop's score; None where the label does not say. turn in degrees, corner in parts of the box's size."""

    iou: float | None
    turn: float | None
    corner: float | None
    kind: bool
    state: bool | None
    plain: bool


def open_network(path: Path) -> Network:
    """An ONNX file. Raises onnxruntime's NoSuchFile or InvalidProtobuf."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def answer(shot: Shot) -> Raw:
        pose, scores, maps = session.run(["pose", "scores", "maps"], {"crop": shot.image[None]})
        return Raw(np.asarray(pose)[0], np.asarray(scores)[0], np.asarray(maps)[0])

    return answer


def truthful(noise: float, seed: int = 0) -> Network:
    """No network: the label with noise on the pose, to check the scoring itself."""
    rng = np.random.default_rng(seed)

    def answer(shot: Shot) -> Raw:
        pose = _true_pose(shot) + rng.normal(0, noise, POSE)
        scores = np.zeros(_STATES_END + len(SEALS), np.float32)
        scores[KINDS.index(shot.label.kind)] = 5
        if shot.label.state is not None:
            scores[len(KINDS) + STATES.index(shot.label.state)] = 5
        maps = np.full((len(MAPS), GRID, GRID), -5, np.float32)
        maps[0][shot.mask] = 5
        return Raw(pose.astype(np.float32), scores, maps)

    return answer


def score(shot: Shot, raw: Raw) -> Score:
    """How far one answer is from its label."""
    label = shot.label
    kind = KINDS[int(raw.scores[: len(KINDS)].argmax())] == label.kind
    state = STATES[int(raw.scores[len(KINDS) : _STATES_END].argmax())] == label.state
    look = _look(shot, raw)
    true = rotation_in_crop(shot)
    return Score(
        iou=_overlap(raw.maps[0] > 0, shot.mask) if label.kind != "none" else None,
        turn=None if true is None else turn_error(decode.nearest(look.tensor), true),
        corner=corner_error(look, label) if label.body is not None and label.corners else None,
        kind=kind,
        state=None if label.state is None else state,
        plain=shot.plain,
    )


def turn_error(given: Real, true: Real) -> float:
    """Smallest angle in degrees between (3, 3) rotations over the 24 ways to name the box's axes."""
    return float(np.degrees(turns.angle(true.T @ given @ symmetric.GROUP).min()))


def corner_error(look: Look, label: Label) -> float:
    """Mean distance of the labelled corners from the box of one look, in parts of the box's size. The look's twin that
    fits best is taken: which corner is which is the tracker's task."""
    turned = decode.nearest(look.tensor)
    length = cuboid.edges(cuboid.shares(look.inertia, turned))
    rotation, at = cuboid.to_frame(look.crop, label.size) @ turned, cuboid.place(look, label.size)
    numbers = sorted(label.corners)
    wanted = np.array([label.corners[i] for i in numbers])
    errors = []
    for twin in symmetric.GROUP:
        named = cuboid.corners(rotation @ twin, at, np.abs(twin.T @ length))
        gaps = cuboid.project(named[numbers], label.size) - wanted
        errors.append(float(np.sqrt((gaps**2).sum(-1)).mean()))
    return min(errors) / box_size(label)


def _look(shot: Shot, raw: Raw) -> Look:
    pose = raw.pose.astype(np.float64)
    flat = np.zeros(1)
    return Look(shot.crop, pose[:15], pose[15:21], pose[21:23], float(pose[23]), flat, flat, flat, raw.maps)


def _overlap(given: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    return float((given & true).sum() / max(1, (given | true).sum()))


def _true_pose(shot: Shot) -> Real:
    """(24,) in the order of the network's output; zeros without a box."""
    body, rotation = shot.label.body, rotation_in_crop(shot)
    if body is None or rotation is None:
        return np.zeros(POSE)
    half = shot.crop.side / 2
    middle = body.place[:2] / body.place[2] * body.focal + np.array(shot.label.size) / 2
    centre = (middle - np.array([shot.crop.x, shot.crop.y])) / half
    size = np.log(body.focal / body.place[2] / half)
    inertia = symmetric.inertia(rotation, body.edges)
    return np.concatenate([symmetric.tensor(rotation), inertia, centre, [size]])
