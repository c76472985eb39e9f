"""The rotation through one segment: least squares on the rotations over all frames at once.

Each frame pulls towards the network's orientation under its name, each pair of neighbours towards the motion of the
followed points and, loosely, towards turning on as before. With the unknown small turns taken in the box's own axes,
neighbours meet almost without a turn between them, so that one tridiagonal system serves all three axes.
"""

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.chain import SPEED, Chain
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.turns import exp, log

Real = NDArray[np.float64]
Numbers = NDArray[np.intp]

_ROUNDS = 8
_STEADY_FROM = 3
"""Round from which turning on as before is expected: earlier there is no speed to speak of."""
_JERK = np.radians(45.0)
"""Typical change of the turning speed from one frame to the next about one axis, per second."""
_OUTLIER = 2.0
"""Standard errors at which a measurement counts half."""
_FAR = np.radians(45.0)
"""A frame farther off the path than this, under its best name, is wrong and pulls nowhere."""
_ALIKE = 1.3
"""Errors of neighbouring frames resemble each other, so that averaging removes less of them than of chance."""
_LEAST_SIGMA = np.radians(0.7)


def refined(given: Chain, start: Real, fixed: Numbers) -> tuple[Real, Real]:
    """Smoothed rotations (N, 3, 3) and their standard errors (N,) in radians about one axis.

    `start`: (N, 3, 3) rotations near the truth. `fixed`: (N,) the relabelling of each frame, -1 where it is free
    to take whichever fits the path.
    """
    path = start.copy()
    noise = given.noise()
    passed = np.maximum(np.diff(given.seconds), 1e-3)
    lost = np.isnan(given.sigma[1:])
    by_points = np.where(lost, 0.0, 1 / np.maximum(np.where(lost, 1.0, given.sigma[1:]), _LEAST_SIGMA) ** 2)
    steady = np.broadcast_to(np.eye(3), (len(passed), 3, 3))
    loose = 1 / (SPEED * passed) ** 2
    pull = np.zeros(len(path))
    link = np.zeros(len(passed))
    for round_ in range(_ROUNDS):
        wanted = named(given.rotation, path, fixed)
        miss = log(np.swapaxes(path, -1, -2) @ wanted)
        size = np.sqrt((miss**2).sum(-1))
        pull = np.where(size < _FAR, _robust(size / noise) / noise**2, 0.0)
        between = np.swapaxes(path[1:], -1, -2)
        drift = log(between @ given.turn[1:] @ path[:-1])
        follow = by_points * _robust(np.sqrt((drift**2).sum(-1) * by_points))
        if round_ >= _STEADY_FROM:
            steady = exp(_speed(path, passed) * passed[:, None])
            loose = 1 / (_JERK * passed) ** 2
        sway = log(between @ path[:-1] @ steady)
        swaying = loose * _robust(np.sqrt((sway**2).sum(-1) * loose))
        link = follow + swaying
        force = pull[:, None] * miss
        tug = follow[:, None] * drift + swaying[:, None] * sway
        force[1:] += tug
        force[:-1] -= tug
        step = solved(pull, link, force)
        path = path @ exp(np.clip(step, -0.5, 0.5))
    return path, _ALIKE * np.sqrt(_variance(pull, link))


def named(rotation: Real, path: Real, fixed: Numbers) -> Real:
    """(N, 3, 3) rotations under their fixed relabelling or, where free, under the one next to the path."""
    trace = np.einsum("nij,nik,gjk->ng", rotation, path, GROUP)
    nearest = trace.argmax(-1)
    made: Real = rotation @ GROUP[np.where(fixed >= 0, fixed, nearest)]
    return made


def _speed(path: Real, passed: Real) -> Real:
    """(N - 1, 3) the turning speed over each gap in the box's axes, from the gaps beside it."""
    speed = log(np.swapaxes(path[:-1], -1, -2) @ path[1:]) / passed[:, None]
    padded = np.concatenate([speed[:1], speed[:1], speed, speed[-1:], speed[-1:]])
    count = len(speed)
    weights = (1.0, 2.0, 2.0, 2.0, 1.0)
    made: Real = sum((w * padded[i : i + count] for i, w in enumerate(weights)), np.zeros_like(speed)) / sum(weights)
    return made


def _robust(size: Real) -> Real:
    made: Real = 1 / (1 + (size / _OUTLIER) ** 2)
    return made


def solved(pull: Real, link: Real, force: Real) -> Real:
    """Solves the chain (N,), (N - 1,), (N, k) -> (N, k): Gaussian elimination of a tridiagonal matrix (Thomas)."""
    count = len(pull)
    diagonal = (pull + 1e-6).tolist()
    off = link.tolist()
    for i, stiff in enumerate(off):
        diagonal[i] += stiff
        diagonal[i + 1] += stiff
    rows = force.tolist()
    for i in range(1, count):
        ratio = off[i - 1] / diagonal[i - 1]
        diagonal[i] -= ratio * off[i - 1]
        before = rows[i - 1]
        rows[i] = [value + ratio * b for value, b in zip(rows[i], before, strict=True)]
    rows[-1] = [value / diagonal[-1] for value in rows[-1]]
    for i in range(count - 2, -1, -1):
        after, stiff, whole = rows[i + 1], off[i], diagonal[i]
        rows[i] = [(value + stiff * a) / whole for value, a in zip(rows[i], after, strict=True)]
    return np.array(rows)


def _variance(pull: Real, link: Real) -> Real:
    """(N,) diagonal of the inverse of the chain's matrix: what reaches each frame from both sides, in parallel."""

    def arriving(weights: list[float], stiff: list[float]) -> list[float]:
        reached = [0.0]
        for own, bond in zip(weights, stiff, strict=False):
            total = reached[-1] + own
            reached.append(total * bond / max(total + bond, 1e-12))
        return reached

    own, bonds = (pull + 1e-6).tolist(), link.tolist()
    left = np.array(arriving(own, bonds))
    right = np.array(arriving(own[::-1], bonds[::-1]))[::-1]
    made: Real = 1 / (left + right + own)
    return made
