"""The box before the camera: from the network's answer to its place, its corners and its faces in the picture.

Lengths are in half diagonals of the box, pixels those of the medium frame, axes those of the frame's camera: it looks
through the frame's middle with a focal length of FOCAL long sides.
"""

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.look import FOCAL, Crop, Look
from sixfaces.observe.parcel.pose import CORNERS, NORMALS
from sixfaces.observe.parcel.turns import between

Real = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height of the medium frame in pixels."""

FACES = tuple(Face)
"""The faces in the order of every array of faces."""
SIGNS: Real = np.array(CORNERS, dtype=np.float64)
NORMAL: Real = np.array([NORMALS[face] for face in FACES], dtype=np.float64)
"""(6, 3) outward normals in the order of FACES."""
_AHEAD = np.array([0.0, 0.0, 1.0])
_THINNEST = 0.002
"""Smallest share of one edge's square: no parcel is thinner than a twentieth of its diagonal."""
_NEAREST = 0.05
"""Nearest depth that is still projected, in half diagonals: behind it, a corner has no picture."""


def focal(size: Size) -> float:
    """The focal length in pixels."""
    return FOCAL * max(size)


def ray(x: float, y: float, size: Size) -> Real:
    """(3,) unit vector from the camera through a pixel."""
    towards = np.array([x - size[0] / 2, y - size[1] / 2, focal(size)])
    unit: Real = towards / np.sqrt(towards @ towards)
    return unit


def to_frame(crop: Crop, size: Size) -> Real:
    """(3, 3) from directions of the crop's camera to those of the frame's: the smallest turn between their axes."""
    return between(_AHEAD, ray(crop.x, crop.y, size))


def full(inertia: Real) -> Real:
    """(6,) xx, yy, zz, xy, xz, yz -> (3, 3)."""
    xx, yy, zz, xy, xz, yz = inertia
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])


def shares(inertia: Real, rotation: Real) -> Real:
    """(3,) the share of each edge's square along the columns of a rotation given in the crop's axes; they sum to 1."""
    along = np.einsum("ia,ij,ja->a", rotation, full(inertia), rotation)
    along = np.maximum(along, _THINNEST)
    made: Real = along / along.sum()
    return made


def edges(share: Real) -> Real:
    """(..., 3) shares -> (..., 3) edges of a box whose half diagonal is 1."""
    made: Real = 2 * np.sqrt(share)
    return made


def place(look: Look, size: Size) -> Real:
    """(3,) the box's middle. `look.size` tells its depth along the crop's axis, `look.centre` its pixel."""
    half = look.crop.side / 2
    depth = focal(size) / (half * float(np.exp(np.clip(look.size, -4.0, 3.0))))
    x = look.crop.x + half * float(look.centre[0])
    y = look.crop.y + half * float(look.centre[1])
    towards, ahead = ray(x, y, size), ray(look.crop.x, look.crop.y, size)
    made: Real = towards * (depth / max(float(towards @ ahead), 0.2))
    return made


def project(points: Real, size: Size) -> Real:
    """(..., 3) points -> (..., 2) pixels. Points behind the camera end far outside of the frame."""
    depth = np.maximum(points[..., 2:], _NEAREST)
    pixels: Real = points[..., :2] * (focal(size) / depth) + (size[0] / 2, size[1] / 2)
    return pixels


def corners(rotation: Real, at: Real, length: Real) -> Real:
    """(8, 3) the corners in camera axes, in the order of CORNERS."""
    made: Real = (SIGNS * (length / 2)) @ rotation.T + at
    return made


def view_cos(rotation: Real, at: Real, length: Real) -> Real:
    """(6,) cosines, in the order of FACES, between each outward normal and the way from the face's middle to the
    camera."""
    normals = NORMAL @ rotation.T
    middles = at + (NORMAL * (length / 2)) @ rotation.T
    reach = np.sqrt((middles * middles).sum(-1))
    cosines: Real = -(normals * middles).sum(-1) / np.maximum(reach, 1e-9)
    return cosines
