"""One face of the box as if seen from straight ahead: cut from a frame by its four corners."""

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Bgr, Gray
from sixfaces.observe.parcel.look import GRID, Crop
from sixfaces.observe.sharpness import LEAST_SIDE, measure

Real = NDArray[np.float64]
Map = NDArray[np.float32]

_STEPS = 12
"""Points looked at along each side of a face: twice as dense as the cells of a face that fills half of the crop."""

_INSET = 0.04
"""The outermost points lie this share of a side inside: on the outline itself a map is half out."""

_WIDER = 0.06
"""Sharpness is judged with this share of background around: a plain face has its outline only."""

_UNIT: Real = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
_ALONG = np.linspace(_INSET, 1 - _INSET, _STEPS)
_POINTS: Real = np.stack(np.meshgrid(_ALONG, _ALONG), axis=-1).reshape(-1, 1, 2)


def over(quad: Real) -> Real:
    """(4, 2) quad -> (144, 2) points evenly over the face, row by row, in the pixels of the quad."""
    placing = cv2.getPerspectiveTransform(_UNIT.astype(np.float32), quad.astype(np.float32))
    points: Real = cv2.perspectiveTransform(_POINTS, placing).reshape(-1, 2).astype(np.float64)
    return points


def inside(points: Real, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(N, 2) points -> (N,) whether each lies in a picture of this shape."""
    height, width = shape[:2]
    x, y = points[:, 0], points[:, 1]
    held: NDArray[np.bool_] = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return held


def read_map(chart: Map, crop: Crop, points: Real) -> Real:
    """A (GRID, GRID) map at (N, 2) points of the medium frame, between its cells; nothing outside of the crop."""
    cells = (points - (crop.x, crop.y)) / crop.side * GRID + (GRID - 1) / 2
    across, down = cells[:, 0].astype(np.float32), cells[:, 1].astype(np.float32)
    read = cv2.remap(chart, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return read.reshape(-1).astype(np.float64)


def sharpness(gray: Gray, quad: Real) -> float:
    """0..1 as `observe.sharpness` means it, in pixels of the medium frame; 0 if there is not one edge to make out.

    The face is cut out at the size it has in the frame, so that nothing is magnified.
    """
    middle = quad.mean(axis=0)
    wide = middle + (quad - middle) * (1 + 2 * _WIDER)
    width, height = (max(LEAST_SIDE, round(side)) for side in apparent(wide))
    blur = measure(np.asarray(warped(gray, wide, (width, height)), np.uint8))
    return 0.0 if blur.sharpness is None else blur.sharpness


def apparent(quad: Real) -> tuple[float, float]:
    """How long the face's upper and lower, and its left and right edges are in the picture, in the mean."""
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2


def warped(picture: Bgr | Gray, quad: Real, size: tuple[int, int]) -> Bgr | Gray:
    """The quad as an upright rectangle of `size` (width, height); what lies outside of the frame is its border."""
    width, height = size
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    forth = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    cut = cv2.warpPerspective(picture, forth, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)
