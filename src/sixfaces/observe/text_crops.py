"""Chooses what a later process may read by OCR: the few sharpest views of bright, text-dense regions.

Reading print costs as much as decoding half a minute of video and 500 MB, so it is done once, after decoding, on few
crops, and only when no code told the waybill.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Gray
from sixfaces.observe.ink import CELL, FAINT_INK, Region, regions

MOST_CROPS = 4
_STRETCH_S = Fraction(3, 5)
"""Of each stretch of this many seconds one view is kept: two would share their blur and glare."""

_PAPER = 105
"""Least mean luma of a cell of printed paper: dark textures are as inky as print."""

_FEWEST_CELLS = 12
_LONG_SIDE = 1280
_REGIONS = 4
_MOMENT = "photo"


@dataclass(slots=True)
class Crop:
    """One view: its score, when it was seen (None in a photo), and the pixels."""

    score: float
    time: MediaTime | None
    gray: Gray


class TextCrops:
    """Keeps at most four crops of at most 1280 pixels a side."""

    def __init__(self) -> None:
        self._kept: list[Crop] = []

    def offer(self, time: MediaTime | None, gray: Gray, ink: NDArray[np.uint8]) -> None:
        """Consider one frame by its most label-like region."""
        best = max(_scored(gray, ink), default=None, key=lambda pair: pair[0])
        if best is None:
            return
        score, region = best
        neighbour = next((c for c in self._kept if _is_near(c.time, time)), None)
        if neighbour is not None:
            if score <= neighbour.score:
                return
            self._kept.remove(neighbour)
        elif len(self._kept) == MOST_CROPS:
            weakest = min(self._kept, key=lambda crop: crop.score)
            if score <= weakest.score:
                return
            self._kept.remove(weakest)
        self._kept.append(Crop(score, time, _fitted(region.cut(gray))))

    def best_first(self) -> list[Crop]:
        """The crops kept, the best first."""
        return sorted(self._kept, key=lambda crop: -crop.score)


def crop_name(place: int, time: MediaTime | None) -> str:
    """The name under which a crop travels: its place in the order and its exact media time."""
    if time is None:
        return f"text/{place:02d}-{_MOMENT}"
    sign = "m" if time.ticks < 0 else "p"
    return f"text/{place:02d}-{sign}{abs(time.ticks)}-{time.num}-{time.den}"


def time_of(name: str) -> MediaTime | None:
    """The media time in a crop's name; None for a photo. Raises ValueError for a name of another form."""
    _, _, rest = name.partition("-")
    if rest == _MOMENT:
        return None
    ticks, num, den = rest.split("-")
    return MediaTime(ticks=int(ticks[1:]) * (-1 if ticks[0] == "m" else 1), num=int(num), den=int(den))


def _is_near(one: MediaTime | None, other: MediaTime | None) -> bool:
    """Whether two views lie in one stretch of the clock; by distance alone one crop would slide along for ever."""
    return one is not None and other is not None and one.exact // _STRETCH_S == other.exact // _STRETCH_S


def _scored(gray: Gray, ink: NDArray[np.uint8]) -> Iterator[tuple[float, Region]]:
    """Regions with enough paper-bright inky cells, scored by the ink on them: more print, and sharper."""
    if ink.size == 0:
        return
    rows, columns = ink.shape
    luma = cv2.resize(gray[0 : rows * CELL : 4, : columns * CELL], (columns, rows), interpolation=cv2.INTER_AREA)
    printed = np.where((ink > FAINT_INK) & (luma > _PAPER), ink, 0)
    for region in regions(gray, ink, most=_REGIONS):
        part = printed[region.y0 // CELL : region.y1 // CELL, region.x0 // CELL : region.x1 // CELL]
        if np.count_nonzero(part) >= _FEWEST_CELLS:
            yield float(part.sum()), region


def _fitted(crop: Gray) -> Gray:
    shrink = _LONG_SIDE / max(crop.shape)
    if shrink >= 1:
        return crop
    return np.asarray(cv2.resize(crop, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
