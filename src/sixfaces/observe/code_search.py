"""Where to look for codes in the next frame, and how hard: the search's memory and its purse.

Time must not decide what is read (the same input gives the same facts), so effort is counted in pixels.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray
from sixfaces.observe.code_reading import Effort, Quad, Reading, new_localiser, read_region
from sixfaces.observe.ink import CELL, Region, regions

_INCOME = 600_000
_PURSE = 3_000_000
"""Pixels of regions read per frame on average, and at most at once: about 25 ms a frame of localising and decoding."""

_REGIONS = 5
_LOST_AFTER = 4
_STEP = 8
"""Change of a cell's ink that noise and coding do not make."""

_NEWS = 4
"""Changed cells that make a region worth reading again: a quarter of the smallest label."""

_SEARCHES = 2
"""Readings of an unchanged region before it is left alone: coding noise gives the second one a chance."""


@dataclass(slots=True)
class _Track:
    """Where a code was last read, and how many frames ago."""

    quad: Quad
    missed: int = 0


class _Known:
    """What each cell looked like when it was last read, and how often it has been read like that."""

    def __init__(self) -> None:
        self._ink = np.zeros((0, 0), np.uint8)
        self._times = np.zeros((0, 0), np.uint8)

    def is_news(self, region: Region, ink: NDArray[np.uint8]) -> bool:
        """Whether the region changed since it was last read, or has been read less than twice as it is."""
        if self._ink.shape != ink.shape:
            self._ink, self._times = np.zeros_like(ink), np.zeros_like(ink)
        cells = _cells(region)
        changed = cv2.absdiff(ink[cells], self._ink[cells]) > _STEP
        if np.count_nonzero(changed) >= _NEWS:
            self._times[cells] = 0
            return True
        return bool(self._times[cells].min(initial=_SEARCHES) < _SEARCHES)

    def note(self, region: Region, ink: NDArray[np.uint8]) -> None:
        """The region is being read now."""
        cells = _cells(region)
        self._ink[cells] = ink[cells]
        self._times[cells] = np.minimum(self._times[cells], 250) + 1


def _cells(region: Region) -> tuple[slice, slice]:
    return slice(region.y0 // CELL, region.y1 // CELL), slice(region.x0 // CELL, region.x1 // CELL)


class Search:
    """Reads frames in order; remembers where codes were and what has been looked at in vain."""

    def __init__(self) -> None:
        self._localiser = new_localiser()
        self._tracks: dict[tuple[str, str], _Track] = {}
        self._purse = _PURSE
        self._known = _Known()

    def frame(self, gray: Gray, ink: NDArray[np.uint8]) -> list[Reading]:
        """All codes read in this frame: first near those read last, then in every other inky region if it pays."""
        self._purse = min(self._purse + _INCOME, _PURSE)
        near = self._near(gray)
        found = [reading for region in near for reading in self._read(gray, region, Effort.NEAR)]
        covered = [region for region in near if any(_inside(reading.quad, region) for reading in found)]
        others = [r for r in regions(gray, ink, most=_REGIONS) if not any(_within(r, other) for other in covered)]
        fresh = [region for region in others if self._known.is_news(region, ink)]
        for rank, region in enumerate(fresh):
            if region.pixels <= self._purse:
                self._known.note(region, ink)
                found += self._read(gray, region, Effort.SEARCH if rank == 0 else Effort.GLANCE)
        return self._remember(found)

    def _read(self, gray: Gray, region: Region, effort: Effort) -> list[Reading]:
        self._purse -= region.pixels
        return read_region(gray, region, self._localiser, effort=effort)

    def _near(self, gray: Gray) -> list[Region]:
        """One region around each code read lately; those around neighbouring codes are joined."""
        around = [_around(track.quad, gray) for track in self._tracks.values()]
        joined: list[Region] = []
        for region in sorted(around):
            clash = next((other for other in joined if _touch(region, other)), None)
            if clash is not None:
                joined.remove(clash)
                region = _union(region, clash)
            joined.append(region)
        return joined

    def _remember(self, found: list[Reading]) -> list[Reading]:
        for track in self._tracks.values():
            track.missed += 1
        for reading in found:
            self._tracks[reading.format, reading.text] = _Track(reading.quad)
        self._tracks = {key: track for key, track in self._tracks.items() if track.missed < _LOST_AFTER}
        return found


def _around(quad: Quad, gray: Gray) -> Region:
    """The quad with room for a quiet zone and for a hand's movement until the next frame."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    room = 24 + 0.3 * float((high - low).max())
    height, width = gray.shape
    x0, y0 = max(0, int(low[0] - room)), max(0, int(low[1] - room))
    x1, y1 = min(width, int(high[0] + room)), min(height, int(high[1] + room))
    return Region(x0, y0, max(x0, x1), max(y0, y1), 0.0)


def _inside(quad: Quad, region: Region) -> bool:
    x, y = quad.mean(axis=0)
    return bool(region.x0 <= x < region.x1 and region.y0 <= y < region.y1)


def _touch(one: Region, other: Region) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def _union(one: Region, other: Region) -> Region:
    return Region(
        min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1), one.ink + other.ink
    )


def _within(region: Region, other: Region) -> bool:
    """Whether seven tenths of the region lie in the other."""
    across = min(region.x1, other.x1) - max(region.x0, other.x0)
    down = min(region.y1, other.y1) - max(region.y0, other.y0)
    return across > 0 and down > 0 and across * down >= 0.7 * region.pixels
