"""How much one step stands out from the steps around it: the numbers that the jump score weighs.

Each map of a step is compared, block by block, with the largest value that the same place and its neighbours show
in the steps near it (two on each side, nearly at full weight); the plain change also with the steps around it (eight
on each side, at lower weight). A jump exceeds both sides at once; a motion that begins fast exceeds one side only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.continuity_motion import ACCELERATION, CAMERA, CHANGE, FORESEEN, MAPS, SPEED, Change, Real, Step
from sixfaces.observe.continuity_reel import Reel

NEAR = 2
AROUND = 8
"""Steps on each side that a jump is compared with."""

_NEAR_WEIGHTS = (1.0, 0.8)
_AROUND_WEIGHT = 0.6
_FLOOR = np.zeros(MAPS, np.float32)
_FLOOR[[CHANGE, CAMERA, FORESEEN, ACCELERATION, SPEED]] = (0.7, 0.4, 0.4, 0.15, 0.15)
"""Grey levels, and pixels for the flow's maps: what noise and compression do to a block that shows nothing new."""

_PULSE, _PULSE_SHARE, _MOST_PULSE = 1.5, 0.5, 2.0
_REDRAWN = np.zeros(MAPS, np.float32)
_REDRAWN[[CHANGE, CAMERA, FORESEEN]] = 1.0
"""In a frame coded on its own, what the camera leaves unexplained in the median block is taken for redrawing, up to
two grey levels: more than that is no redrawing, and a splice may well begin with such a frame."""

_TOPS = (4, 12, 40)
_RATIO_TOP = 8
_RAW_TOP = 12
_LONGEST_STEP = 4.0
"""A late frame may show as much more motion as it is later, up to this factor."""

GATE = 2.0
"""Grey levels by which the four most exceeding blocks must exceed both neighbours before a step is measured in full."""

NAMES = (
    *(f"{m}.near.{t}" for t in (*_TOPS, "ratio") for m in range(MAPS)),
    *(f"{CHANGE}.around.{t}" for t in (*_TOPS, "ratio")),
    *(f"{m}.total" for m in range(MAPS)), *(f"{m}.raw" for m in range(MAPS)),
    "camera.acceleration", "camera.ratio", "camera.speed", "step",
)  # fmt: skip


@dataclass(slots=True)
class Context:
    """What a step is compared with: up to NEAR full steps and AROUND changes on each side, nearest first."""

    near: tuple[list[Step], list[Step]]
    around: tuple[list[Change], list[Change]]


def context(reel: Reel, a: int, b: int) -> Context | None:
    """The context of the step from frame `a` to frame `b`; None too close to an end to say anything."""
    around = reel.changes(range(a - 1, a - 1 - AROUND, -1)), reel.changes(range(b, b + AROUND))
    if min(map(len, around)) < NEAR:
        return None
    near = [reel.step(a - 1 - k) for k in range(NEAR)], [reel.step(b + k) for k in range(NEAR)]
    left, right = ([step for step in side if step is not None] for side in near)
    return Context((left, right), around) if left and right else None


def stands_out(change: Change, before: Change, after: Change) -> bool:
    """A cheap first look: whether anything but noise exceeds both neighbours."""
    nearest = np.maximum(before.wide * _longer(change, before), after.wide * _longer(change, after))
    excess = (change.blocks - nearest).ravel()
    return bool(np.partition(excess, -4)[-4:].mean() > GATE)


def evidence(step: Step, change: Change, context: Context) -> NDArray[np.float32]:
    """The vector that NAMES describes."""
    maps = step.maps.reshape(MAPS, -1)
    usual = np.zeros_like(step.wide)
    for side in context.near:
        for weight, other in zip(_NEAR_WEIGHTS, side, strict=False):
            np.maximum(usual, np.float32(weight * _longer(step, other)) * other.wide, out=usual)
    floor = _floor(maps, key=step.key)
    parts = _against(maps, usual.reshape(MAPS, -1), floor[:, None])
    around = np.zeros_like(change.wide)
    for changes in context.around:
        for other_change in changes:
            np.maximum(
                around, np.float32(_AROUND_WEIGHT * _longer(change, other_change)) * other_change.wide, out=around
            )
    parts += _against(maps[[CHANGE]], around.reshape(1, -1), floor[CHANGE])
    totals = [s.maps.reshape(MAPS, -1).mean(1) for side in context.near for s in side]
    parts.append(np.log((maps.mean(1) + 0.05) / (np.max(totals, axis=0) + 0.05)))
    parts.append(np.log1p(np.sort(maps, axis=1)[:, -_RAW_TOP:].mean(1)))
    parts.append(_whole(step, context))
    return np.concatenate(parts).astype(np.float32)


def _against(maps: Real, usual: Real, floor: Real) -> list[Real]:
    excess = np.sort(np.maximum(maps - usual - floor, 0), axis=1)
    ratio = np.sort(maps / (usual + 3 * floor), axis=1)
    return [*(np.log1p(excess[:, -top:].mean(1)) for top in _TOPS), np.log1p(ratio[:, -_RATIO_TOP:].mean(1))]


def _floor(maps: Real, *, key: bool) -> Real:
    """What a block may show by noise. A frame coded on its own redraws the picture: all blocks change a little."""
    if not key:
        return _FLOOR
    pulse = _PULSE * float(np.quantile(maps[CAMERA], _PULSE_SHARE))
    return np.asarray(_FLOOR + _REDRAWN * min(pulse, _MOST_PULSE), np.float32)


def _longer(step: Step | Change, other: Step | Change) -> float:
    return min(max(step.step_s / other.step_s, 1.0), _LONGEST_STEP)


def _whole(step: Step, context: Context) -> Real:
    """The camera as a whole."""
    left, right = context.near
    expected = (left[0].shift + right[0].shift) / 2
    jolt = float(np.hypot(*(step.shift - expected)))
    speed = max(float(np.hypot(*s.shift)) for side in context.near for s in side)
    values = [np.log1p(jolt), np.log((jolt + 0.1) / (speed + 0.1)), np.log1p(speed), step.step_s]
    return np.asarray(values, np.float32)
