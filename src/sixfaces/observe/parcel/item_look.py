"""What an item looks like in one medium frame, in 25 bytes: enough to tell whether it was turned since.

Colour, the direction of its edges and where it is light and dark. All three change when another side comes to the
front; the first stays when the item is only moved or the camera shakes.
"""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Bgr, MediumFrame
from sixfaces.observe.parcel.glimpse import Glimpse

Cyclic = NDArray[np.floating[Any]]
"""A quantity that comes round at 1, or the weight of each of its values."""

SIDE = 48
"""Pixels to which a crop is brought before it is described: print is gone then, sides and edges are not."""

_HUES, _DIRECTIONS, _CELLS = 8, 8, 3
_GRAIN = 12.0
_FEW_EDGES = 8000.0
"""Sobel units: gradients that noise makes, and the sum below which an item's edges are too few to be a pattern."""
_WEIGHTS = np.repeat([1.0, 1.5, 0.7], [_HUES, _DIRECTIONS, _CELLS * _CELLS])

_LEAST_PX = 12
"""An item with a shorter side than this many medium pixels shows nothing that could be told apart."""


def described(glimpse: Glimpse, frame: MediumFrame) -> Glimpse:
    """The glimpse with its item described by the frame's pixels; as it is where there is none. About 0.3 ms."""
    if glimpse.item is None:
        return glimpse
    crop = cut(frame.bgr, glimpse.item.box, 1.0, margin=0.0)
    if crop is None or min(crop.shape[:2]) < _LEAST_PX:
        return glimpse
    return replace(glimpse, item=replace(glimpse.item, look=signature(crop)))


def cut(bgr: Bgr, box: tuple[float, float, float, float], scale: float, *, margin: float) -> Bgr | None:
    """The box (medium pixels) times `scale` out of a picture, with a margin in shares of its size; None if outside."""
    x, y, w, h = (v * scale for v in box)
    height, width = bgr.shape[:2]
    left, right = max(0, int(x - margin * w)), min(width, int(x + (1 + margin) * w) + 1)
    top, bottom = max(0, int(y - margin * h)), min(height, int(y + (1 + margin) * h) + 1)
    return bgr[top:bottom, left:right] if right - left > 1 and bottom - top > 1 else None


def signature(crop: Bgr) -> bytes:
    """8 hues, 8 directions of edges, 3 x 3 of lightness, 0..255 each."""
    small = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV).astype(np.float32)
    hues = _spread(hsv[..., 0] / 180, hsv[..., 1] * hsv[..., 2] / 65025.0, _HUES)
    gray = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), 1.0)
    dx, dy = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    edges = _spread((np.arctan2(dy, dx) / np.pi) % 1.0, np.maximum(np.hypot(dx, dy) - _GRAIN, 0.0), _DIRECTIONS)
    light = cv2.resize(gray, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA).ravel()
    parts = (hues / small[..., 0].size, edges / max(float(edges.sum()), _FEW_EDGES), (light - light.mean()) / 255 + 0.5)
    return bytes(np.clip(np.concatenate(parts) * 255, 0, 255).astype(np.uint8))


def _spread(round_about: Cyclic, weight: Cyclic, bins: int) -> NDArray[np.float64]:
    """Histogram of a cyclic quantity 0..1, each value shared by the two nearest bins: none flips at an edge."""
    at = round_about.ravel() * bins
    low = np.floor(at).astype(np.int64)
    upper = (at - low) * weight.ravel()
    first = np.bincount(low % bins, weight.ravel() - upper, bins)
    return np.asarray(first + np.bincount((low + 1) % bins, upper, bins), dtype=np.float64)


def apart(one: bytes, other: bytes) -> float:
    """Distance of two signatures, 0..1; 0 where either is missing: nothing was seen to differ."""
    if not one or not other:
        return 0.0
    difference: NDArray[np.float64] = np.frombuffer(one, np.uint8) / 255.0 - np.frombuffer(other, np.uint8) / 255.0
    return float(min(1.0, np.sqrt((_WEIGHTS * difference**2).sum())))
