"""Codes read from the face with the waybill label, straightened at full size.

The search of whole frames looks for bars wherever there is ink and turns them upright by their own slant. Here the pose
is known: the face is laid flat, so matrix codes and bars seen aslant get their true proportions before they are read.
It is done only where it may add something: on frames in which the label's face is turned well towards the camera.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Gray
from sixfaces.observe.code_reading import Effort, Reading, new_localiser, read_region
from sixfaces.observe.ink import ink_map, regions
from sixfaces.observe.parcel.rectified import apparent, warped

Real = NDArray[np.float64]

_WIDER = 0.03
"""Background around the face: corners are off by a little, and a label may lie at the very edge."""

_MOST_PIXELS = 1_200_000
_LEAST_SIDE = 48
"""Pixels of the face laid flat. Larger ones are reduced, smaller ones hold no code."""

_MAGNIFIED = 2.0
"""A side that is seen aslant may be stretched this much: bars are lost before that."""

_REGIONS = 3


class Sighted(NamedTuple):
    """A code read at a moment; the reading's quad is in pixels of the full frame."""

    time: MediaTime
    reading: Reading


class LabelCodes:
    """Reads the codes of one face, frame by frame."""

    def __init__(self) -> None:
        self._localiser = new_localiser()

    def read(self, gray: Gray, quad: Real, time: MediaTime, *, ratio: float) -> list[Sighted]:
        """All codes on one face. `quad` is (4, 2) its corners in pixels of the full frame `gray`, `ratio` its true
        width over its height."""
        middle = quad.mean(axis=0)
        wide = middle + (quad - middle) * (1 + 2 * _WIDER)
        size = flat_size(wide, ratio)
        if min(size) < _LEAST_SIDE:
            return []
        face = np.asarray(warped(gray, wide, size), np.uint8)
        back = _back(wide, size)
        readings: dict[tuple[str, str], Reading] = {}
        for region in regions(face, ink_map(face), most=_REGIONS):
            for reading in read_region(face, region, self._localiser, effort=Effort.SEARCH):
                kept = readings.get((reading.format, reading.text))
                if kept is None or reading.confirmed > kept.confirmed:
                    readings[reading.format, reading.text] = reading
        return [Sighted(time, r._replace(quad=_moved(r.quad, back))) for r in readings.values()]


def flat_size(quad: Real, ratio: float) -> tuple[int, int]:
    """(width, height) of the face laid flat: the better seen side keeps its pixels, the other is stretched to fit."""
    across, down = apparent(quad)
    per_unit = max(across / ratio, down)
    per_unit = min(per_unit, _MAGNIFIED * across / ratio, _MAGNIFIED * down)
    per_unit *= min(1.0, float(np.sqrt(_MOST_PIXELS / max(per_unit**2 * ratio, 1.0))))
    return round(per_unit * ratio), round(per_unit)


def _back(quad: Real, size: tuple[int, int]) -> Real:
    """From pixels of the flat face to those of the frame."""
    width, height = size
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, quad.astype(np.float32)), np.float64)


def _moved(points: Real, by: Real) -> Real:
    return np.asarray(cv2.perspectiveTransform(points.reshape(-1, 1, 2), by).reshape(-1, 2), np.float64)
