"""From the network's symmetric tensor to a rotation: one of the 24 that it cannot tell apart.

Climbing means Newton's method on the rotations for the sum over the three axes of T(r, r, r, r): a true tensor has its
24 equal summits there. The climb ends on the summit next to its start, which is how continuity keeps the axes' names.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.symmetric import MONOMIALS, NORM, tensor
from sixfaces.observe.parcel.turns import cross, exp

Real = NDArray[np.float64]

_STEPS = 12
_STILL = 1e-4
"""Radians below which a step ends the climb."""
_LONGEST = 0.35
"""Longest step in radians: summits are 90 degrees apart about an axis, a longer step could jump over a valley."""
_FLAT = 0.8
"""Least curvature believed; a true tensor has 4 at its summits. Flatter places would send the step anywhere."""


def _where() -> NDArray[np.intp]:
    number = {powers: i for i, powers in enumerate(MONOMIALS)}
    found = [number[(axes.count(0), axes.count(1), axes.count(2))] for axes in product(range(3), repeat=4)]
    return np.array(found).reshape(3, 3, 3, 3)


_WHERE = _where()
_TIMES = np.sqrt(np.bincount(_WHERE.ravel(), minlength=len(MONOMIALS)))


def _starts() -> Real:
    """Rotations so that every orientation lies within some 35 degrees of one of them or of its 24 twins."""
    turns = [(0.0, 0.0, 0.0)]
    turns += [(a, b, c) for a, b, c in product((-0.45, 0.45), repeat=3)]
    turns += [(0.75, 0.0, 0.0), (0.0, 0.75, 0.0), (0.0, 0.0, 0.75)]
    return exp(np.array(turns))


_STARTS = _starts()


def climb(given: Real, start: Real) -> Real:
    """The (15,) tensor's summit next to each of (..., 3, 3) starts."""
    spread = (given / _TIMES)[_WHERE].reshape(9, 9)
    rotation = np.array(start, dtype=np.float64)
    for _ in range(_STEPS):
        step = _step(spread, rotation)
        rotation = exp(step) @ rotation
        if float(np.abs(step).max()) < _STILL:
            break
    return rotation


def _step(spread: Real, rotation: Real) -> Real:
    """Newton's step for each rotation, as a rotation vector in the axes of the tensor."""
    axes = np.swapaxes(rotation, -1, -2)
    squares = (axes[..., :, None] * axes[..., None, :]).reshape(*axes.shape[:-1], 9)
    twice = (squares @ spread).reshape(*axes.shape, 3)
    thrice = (twice @ axes[..., None])[..., 0]
    along = (thrice * axes).sum(-1)
    # f(d) = f + slope.d + d'Bd with r -> r + d x r + (d x (d x r)) / 2 for each axis.
    lever = cross(axes)
    slope = 4 * (lever @ thrice[..., None])[..., 0].sum(-2)
    bend = -6 * (lever @ twice @ lever)
    mixed = thrice[..., :, None] * axes[..., None, :]
    bend = bend + mixed + np.swapaxes(mixed, -1, -2) - 2 * along[..., None, None] * np.eye(3)
    value, vector = np.linalg.eigh(bend.sum(-3))
    aside = (np.swapaxes(vector, -1, -2) @ slope[..., None])[..., 0]
    aside = aside / (2 * np.maximum(np.abs(value), _FLAT))
    step = (vector @ aside[..., None])[..., 0]
    length = np.sqrt((step * step).sum(-1, keepdims=True))
    limited: Real = step * np.minimum(1.0, _LONGEST / np.maximum(length, 1e-12))
    return limited


def nearest(given: Real) -> Real:
    """The (15,) tensor's highest summit, (3, 3): any one of its 24 twins."""
    found = climb(given, _STARTS)
    best: Real = found[int((tensor(found) @ given).argmax())]
    return best


def trust(given: Real, rotation: Real) -> float:
    """How far the network's answer is that of one rotation, 0..1: a shorter tensor is doubt, a bent one confusion."""
    length = float(np.sqrt(given @ given))
    if length < 1e-9:
        return 0.0
    fit = float(tensor(rotation) @ given) / (NORM * length)
    return float(np.clip(min(length / NORM, 1.0) * max(fit, 0.0), 0.0, 1.0))
