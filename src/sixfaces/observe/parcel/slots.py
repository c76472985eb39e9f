"""Faces as the tracker numbers them while it watches (slots), and how slots become faces when the take is over.

A slot is a face in the axes the tracker happened to choose: slot i is the i-th face of `Face` in those axes. When the
whole take is known, each frame has one of the 24 rotations of a cube, `turn`, whose columns are the true axes in the
tracker's: rotation_true = rotation_tracked @ turn.
"""

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.cuboid import FACES, NORMAL, SIGNS, view_cos
from sixfaces.observe.parcel.pose import QUADS, Pose

Real = NDArray[np.float64]
Whole = NDArray[np.int64]

RINGS: Whole = np.array([QUADS[face] for face in FACES], np.int64)
"""(6, 4) corner numbers by slot, as QUADS gives them."""


def facing(pose: Pose) -> Real:
    """(6,) cosines of the angle between each slot's normal and the way from its middle to the camera."""
    return view_cos(pose.rotation, pose.place, pose.edges)


def quads(corners: Real) -> Real:
    """(8, 2) corners -> (6, 4, 2) quads by slot: upper left, upper right, lower right, lower left."""
    rings: Real = np.asarray(corners, np.float64)[RINGS]
    return rings


def shorter_edges(corners: Real) -> Real:
    """(8, 2) corners -> (6,) each slot's shorter edge in the same pixels; an edge is the mean of its two opposites."""
    sides = np.linalg.norm(np.roll(quads(corners), -1, axis=1) - quads(corners), axis=2)
    shorter: Real = ((sides[:, :2] + sides[:, 2:]) / 2).min(axis=1)
    return shorter


def slots_of(turn: Real) -> Whole:
    """(3, 3) -> (6,) the slot that shows each true face."""
    fit = (NORMAL @ np.asarray(turn).T) @ NORMAL.T
    best: Whole = fit.argmax(axis=1)
    return best


def quarters(turn: Real) -> Whole:
    """(3, 3) -> (6,) how often the picture of the slot of each true face is turned a quarter anticlockwise (as
    `numpy.rot90` does) to stand upright as that face."""
    found = []
    for face, slot in enumerate(slots_of(turn)):
        first = SIGNS[RINGS[face, 0]] @ np.asarray(turn).T
        here = SIGNS[RINGS[slot]] @ first
        found.append(int(here.argmax()))
    return np.array(found, np.int64)
