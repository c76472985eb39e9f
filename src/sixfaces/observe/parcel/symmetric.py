"""Box orientation up to the 24 rotations that map a cube onto itself, as a fully symmetric tensor (DESIGN §6).

T = sum over the three axes of r x r x r x r has 15 different entries. It does not change when axes swap or flip, so a
network can learn it from crops without knowing which face is which; the tracker picks one of the 24 by continuity.
"""

from itertools import permutations, product
from math import factorial, sqrt

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

MONOMIALS: tuple[tuple[int, int, int], ...] = tuple(
    (i, j, 4 - i - j) for i in range(4, -1, -1) for j in range(4 - i, -1, -1)
)
"""Exponents of x, y, z of the 15 entries."""
_POWERS = np.array(MONOMIALS)
_WEIGHT = np.array([sqrt(factorial(4) / (factorial(i) * factorial(j) * factorial(k))) for i, j, k in MONOMIALS])
"""Square roots of how often each entry stands in the full tensor: dot products of vectors are those of tensors."""


def _fourth(axes: Real) -> Real:
    """(..., 3) unit vectors -> (..., 15) their fourth powers."""
    raised = axes[..., None, :] ** _POWERS
    powers: Real = raised.prod(-1) * _WEIGHT
    return powers


MEAN: Real = 3 * _WEIGHT * np.array([
    {4: 1 / 5, 2: 1 / 15, 0: 1 / 15}.get(max(p), 0.0) if all(e % 2 == 0 for e in p) else 0.0 for p in MONOMIALS
])  # fmt: skip
"""The tensor of all orientations averaged. What a network gives is told relative to it: zero is "no idea"."""


def tensor(rotation: Real) -> Real:
    """(..., 3, 3) rotations, columns the box's axes -> (..., 15), relative to MEAN."""
    summed: Real = _fourth(np.swapaxes(rotation, -1, -2)).sum(-2) - MEAN
    return summed


NORM = float(np.linalg.norm(tensor(np.eye(3))))
"""Length of every true tensor (they differ by a rotation only): sqrt(6/5)."""


def agreement(given: Real, rotation: Real) -> Real:
    """How well (..., 3, 3) rotations fit a given (15,) tensor: 1 for a perfect one, about 0 for an unrelated one."""
    fit: Real = tensor(rotation) @ given / NORM**2
    return fit


def _group() -> Real:
    found = []
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            turn = np.zeros((3, 3))
            turn[order, range(3)] = signs
            if np.linalg.det(turn) > 0:
                found.append(turn)
    return np.array(found)


GROUP: Real = _group()
"""(24, 3, 3) the rotations of a cube. GROUP[0] is the identity."""


def inertia(rotation: Real, edges: Real) -> Real:
    """(3, 3), (3,) -> (6,) R diag(d^2) R' / sum d^2, in the order xx, yy, zz, xy, xz, yz."""
    square = edges**2 / float((edges**2).sum())
    full = (rotation * square) @ rotation.T
    return np.array([full[0, 0], full[1, 1], full[2, 2], full[0, 1], full[0, 2], full[1, 2]])
