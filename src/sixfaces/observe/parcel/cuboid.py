"""The box before the camera: from the network's answer to its place, its corners and its faces in the picture.

Lengths are in half diagonals of the box, pixels those of the medium frame, axes those of the frame's camera: it looks
through the frame's middle with a focal length of FOCAL long sides.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.look import FOCAL, Crop, Look
from sixfaces.observe.parcel.pose import CORNERS, NORMALS, QUADS
from sixfaces.observe.parcel.turns import between

Real = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height of the medium frame in pixels."""

FACES = tuple(Face)
"""The faces in the order of every array of faces."""
SIGNS: Real = np.array(CORNERS, dtype=np.float64)
_NORMALS: Real = np.array([NORMALS[face] for face in FACES], dtype=np.float64)
_QUADS = np.array([QUADS[face] for face in FACES])
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


@dataclass(frozen=True, slots=True)
class Faces:
    """The six faces of one pose in the order of FACES.

    view_cos: (6,) cosine between the outward normal and the direction from the face's middle to the camera.
    quads: (6, 4, 2) pixels: upper left, upper right, lower right, lower left as seen from outside.
    in_frame: (6,) share of the face's picture inside the frame; 0 for a face that is turned away.
    edge_px: (6,) its shorter edge in pixels.
    """

    view_cos: Real
    quads: Real
    in_frame: Real
    edge_px: Real


def faces(rotation: Real, at: Real, length: Real, *, size: Size) -> Faces:
    """How the six faces of a box stand to the camera and in the frame."""
    where = corners(rotation, at, length)
    normals = _NORMALS @ rotation.T
    middles = at + _NORMALS * (length / 2) @ rotation.T
    reach = np.sqrt((middles * middles).sum(-1))
    view_cos = -(normals * middles).sum(-1) / np.maximum(reach, 1e-9)
    quads = project(where, size)[_QUADS]
    sides = np.sqrt(((quads - quads[:, (1, 2, 3, 0)]) ** 2).sum(-1))
    in_frame = np.zeros(6)
    shown = (view_cos > 0) & (where[_QUADS, 2].min(-1) > _NEAREST)
    for i in np.flatnonzero(shown):
        in_frame[i] = inside(quads[i], size)
    return Faces(view_cos, quads, in_frame, sides.min(-1))


def inside(quad: Real, size: Size) -> float:
    """The share of a (n, 2) polygon's area that lies in the frame. Source: Sutherland and Hodgman's clipping."""
    if quad.min() >= 0 and (quad.max(0) <= size).all():
        return 1.0
    whole = points = [(float(x), float(y)) for x, y in quad]
    for axis in (0, 1):
        points = _clipped(points, axis, limit=0.0, sign=1.0)
        points = _clipped(points, axis, limit=float(size[axis]), sign=-1.0)
    total = _area(whole)
    return min(1.0, _area(points) / total) if total > 0 else 0.0


def _clipped(points: list[tuple[float, float]], axis: int, *, limit: float, sign: float) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for i, here in enumerate(points):
        before = points[i - 1]
        a, b = sign * (before[axis] - limit), sign * (here[axis] - limit)
        if (a < 0) != (b < 0):
            t = a / (a - b)
            kept.append((before[0] + t * (here[0] - before[0]), before[1] + t * (here[1] - before[1])))
        if b >= 0:
            kept.append(here)
    return kept


def _area(points: list[tuple[float, float]]) -> float:
    twice = sum(points[i - 1][0] * y - x * points[i - 1][1] for i, (x, y) in enumerate(points))
    return abs(twice) / 2
