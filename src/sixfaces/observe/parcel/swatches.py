"""Small pictures of the faces turned to the camera, now and then: what tells one face from another when names slip.

A print, a label, tape, a stain or a crease looks the same when its face comes round again. Two pictures of 24 x 24
pixels are compared by their detail, shifted against each other by as much as a box ten degrees wrong shifts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sixfaces.media.frames import Gray, MediumFrame
from sixfaces.observe.parcel.face_log import cover
from sixfaces.observe.parcel.look import Look
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.rectified import apparent, warped
from sixfaces.observe.parcel.slots import facing, quads, shorter_edges

Real = NDArray[np.float64]
Floats = NDArray[np.float32]

SIDE = 24
_REACH = 3
"""Pixels by which two may be shifted against each other."""
_SHIFTS = np.ix_((0, 1, 3, 5, 6), (0, 1, 3, 5, 6))
"""By 0, 2 and 3 pixels either way: print of this size is two pixels wide."""
_EVERY_S = 0.2
_FLATTEST = 0.35
_SMALLEST_PX = 20.0
_UNCOVERED, _IN_FRAME = 0.6, 0.95
_INSET = 0.92
"""Faces are cut a little inside: their outline is where the box is wrong."""
_COARSE, _FINE = 5.0, 0.8
"""Widths of the Gaussians between which detail lies: shades of light are coarser, noise is finer."""
_TABLE: Real = np.array(
    [[-1.0, -1.5], [0.15, -1.3], [0.45, -0.8], [0.6, 0.2], [0.75, 1.8], [0.85, 3.0], [0.95, 3.5], [1.0, 3.5]]
)
"""Correlation, and the logarithm of how much likelier it is for one face than for two. Measured on rendered takes, for
views that differ by 25 degrees or more; with ever less detail it tells ever less."""
_PLAIN, _DETAILED, _LEAST_WORTH = 1.0, 6.0, 0.2
"""Grey levels of detail at which that much is told: the least, and all of it."""


@dataclass(frozen=True, slots=True)
class Swatch:
    """One slot in the frame of this index, as if seen from straight ahead and upright: (SIDE, SIDE) grey."""

    index: int
    slot: int
    picture: Gray


class Swatches:
    """Gathers swatches while the take is watched: about five times a second, half a kilobyte each."""

    def __init__(self) -> None:
        self._kept: dict[int, list[Swatch]] = {}
        self._last_s = -1.0

    def add(self, frame: MediumFrame, pose: Pose, look: Look) -> None:
        """One medium frame, its provisional pose and what the network said of it."""
        now = frame.time.seconds
        if 0 <= now - self._last_s < _EVERY_S:
            return
        self._last_s = now
        cosines, edges, all_quads = facing(pose), shorter_edges(pose.corners), quads(pose.corners)
        found = []
        for slot in np.flatnonzero((cosines > _FLATTEST) & (edges >= _SMALLEST_PX)):
            free = cover(all_quads[slot], look, frame.gray.shape)
            if free.uncovered >= _UNCOVERED and free.in_frame >= _IN_FRAME:
                found.append(Swatch(frame.index, int(slot), _cut(frame.gray, all_quads[slot])))
        self._kept[frame.index] = found

    def of(self, index: int) -> list[Swatch]:
        """Those of the frame of this index; none where it was not looked at."""
        return self._kept.get(index, [])


def _cut(gray: Gray, quad: Real) -> Gray:
    middle = quad.mean(axis=0)
    inner = middle + (quad - middle) * _INSET
    side = SIDE * int(np.clip(min(apparent(inner)) // SIDE, 1, 3))
    upright = warped(gray, inner, (side, side))
    return np.asarray(cv2.resize(upright, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def likeness(one: Sequence[Swatch], other: Sequence[Swatch]) -> Real:
    """(n, m, 4) logarithms of how much likelier each pair is to be one face than two faces, the second one turned by so
    many quarters anticlockwise (as `numpy.rot90` does)."""
    mine, theirs = ([_detail(s.picture) for s in swatches] for swatches in (one, other))
    if not mine or not theirs:
        return np.zeros((len(mine), len(theirs), 4))
    core = SIDE - 2 * _REACH
    shifted = np.stack([sliding_window_view(d, (core, core))[_SHIFTS].reshape(-1, core * core) for d in mine])
    middle = [np.rot90(d, k)[_REACH:-_REACH, _REACH:-_REACH].ravel() for d in theirs for k in range(4)]
    fit = _unit(shifted) @ _unit(np.stack(middle)).T
    best = fit.max(axis=1).reshape(len(mine), len(theirs), 4)
    strength = np.minimum(*np.meshgrid([d.std() for d in mine], [d.std() for d in theirs], indexing="ij"))
    worth = np.clip((strength - _PLAIN) / (_DETAILED - _PLAIN), _LEAST_WORTH, 1.0)
    told: Real = np.interp(best, _TABLE[:, 0], _TABLE[:, 1]) * worth[..., None]
    return told


def _detail(picture: Gray) -> Floats:
    gray = picture.astype(np.float32)
    detail = cv2.GaussianBlur(gray - cv2.GaussianBlur(gray, (0, 0), _COARSE), (0, 0), _FINE)
    return np.asarray(detail, np.float32)


def _unit(rows: Floats) -> Floats:
    """Rows without their mean, of length one; a plain one stays near zero."""
    rows = rows - rows.mean(-1, keepdims=True)
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6)
    return unit
