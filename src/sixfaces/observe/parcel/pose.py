"""Where the parcel is in one frame: the contract between the tracker and everything that looks at faces.

The parcel's own axes are +x right, +y back, +z top as it first rests before the camera (DESIGN §3); the camera's are
OpenCV's (x right, y down, z forward).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.domain.time import MediaTime

Real = NDArray[np.float64]

NORMALS: dict[Face, tuple[int, int, int]] = {
    Face.TOP: (0, 0, 1),
    Face.BOTTOM: (0, 0, -1),
    Face.FRONT: (0, -1, 0),
    Face.BACK: (0, 1, 0),
    Face.LEFT: (-1, 0, 0),
    Face.RIGHT: (1, 0, 0),
}
"""Each face's outward normal in the parcel's axes."""

CORNERS = tuple((x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1))
"""The eight corners in half edges, in the order of every array of corners."""

QUADS: dict[Face, tuple[int, int, int, int]] = {
    Face.TOP: (3, 7, 5, 1),
    Face.BOTTOM: (0, 4, 6, 2),
    Face.FRONT: (1, 5, 4, 0),
    Face.BACK: (7, 3, 2, 6),
    Face.LEFT: (3, 1, 0, 2),
    Face.RIGHT: (5, 7, 6, 4),
}
"""Each face's corners as one looks at it from outside, upright: upper left, upper right, lower right, lower left.
The top is seen with the back up, the bottom with the front up, the four sides with the top up."""


@dataclass(frozen=True, slots=True)
class Pose:
    """The box in one medium frame. While a take is being watched its axes are only the tracker's; `turned` gives a pose
    its true names when the whole take has been smoothed.

    rotation: (3, 3) parcel axes to camera axes. place: (3,) the middle in camera axes, and edges: (3,) lengths along
    x, y, z, both in half diagonals of the box. corners: (8, 2) in medium-frame pixels, in the order of CORNERS.
    trust: 0..1, how sure the tracker is of this pose.
    """

    time: MediaTime
    index: int
    rotation: Real
    place: Real
    edges: Real
    corners: Real
    trust: float
