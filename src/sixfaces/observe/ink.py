"""Where print may be: cells of the frame with dense hard edges, and the few regions they form.

Bars, modules and letters put many strong luma steps into a small place; blur, noise and plain cardboard do not.
Everything that reads print looks only there, which is what makes reading at full size affordable.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray

CELL = 16
"""Edge of a cell in pixels: a few bars of the thinnest readable code, a letter of a waybill."""

FAINT_INK = 18
"""Mean luma step of a cell that may hold print. Below it the thinnest legible bars are gone in blur and noise."""

_STRONGER = (28, 40, 56)
_PAD = 2

VIDEO_SPLIT = 300_000
"""Pixels: reading more costs a good part of reading the frame."""
_CLOSE = np.ones((3, 3), np.uint8)


class Region(NamedTuple):
    """A rectangle of the frame in pixels, far ends excluded; `ink` is the mean step of its ten inkiest cells."""

    x0: int
    y0: int
    x1: int
    y1: int
    ink: float

    @property
    def pixels(self) -> int:
        """Its area."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def cut(self, gray: Gray) -> Gray:
        """Its part of the frame, contiguous."""
        return np.ascontiguousarray(gray[self.y0 : self.y1, self.x0 : self.x1])


def ink_map(gray: Gray) -> NDArray[np.uint8]:
    """(height // 16, (width - 2) // 16) mean luma step over two pixels, the greater of across and down.

    Every fourth row is looked at: bars and modules are taller than that. Frames too small give an empty map.
    """
    rows, columns = (gray.shape[0] - 2) // CELL, (gray.shape[1] - 2) // CELL
    if rows < 1 or columns < 1:
        return np.zeros((0, 0), np.uint8)
    width = columns * CELL
    here = gray[0 : rows * CELL : 4]
    below = gray[2 : rows * CELL + 2 : 4]
    across = cv2.absdiff(here[:, 2 : width + 2], here[:, :width])
    down = cv2.absdiff(here[:, :width], below[:, :width])
    means = [cv2.resize(step, (columns, rows), interpolation=cv2.INTER_AREA) for step in (across, down)]
    return np.asarray(cv2.max(means[0], means[1]), np.uint8)


def regions(gray: Gray, ink: NDArray[np.uint8], *, most: int, split_over: int = VIDEO_SPLIT) -> list[Region]:
    """At most `most` regions, the inkiest first, padded by two cells for quiet zones.

    A region over `split_over` pixels (a carpet, a printed table cloth, a label held close) is also split at higher
    levels, so that a crisp label upon it is a region of its own; it comes last itself.
    """
    if ink.size == 0:
        return []
    found = _at_level(gray, ink, levels=(FAINT_INK, *_STRONGER), split_over=split_over)
    return sorted(found, key=lambda region: (region.pixels > split_over, -region.ink, region[:4]))[:most]


def _at_level(gray: Gray, ink: NDArray[np.uint8], *, levels: tuple[int, ...], split_over: int) -> list[Region]:
    mask = cv2.morphologyEx((ink > levels[0]).astype(np.uint8), cv2.MORPH_CLOSE, _CLOSE)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found: list[Region] = []
    for index in range(1, count):
        x, y, w, h, cells = (int(value) for value in stats[index])
        if cells < 4:
            continue
        own = np.where(labels[y : y + h, x : x + w] == index, ink[y : y + h, x : x + w], 0)
        region = _padded(gray, (x, y, w, h), _peak(own))
        found.append(region)
        if region.pixels > split_over and len(levels) > 1:
            inner = np.zeros_like(ink)
            inner[y : y + h, x : x + w] = own
            parts = _at_level(gray, inner, levels=levels[1:], split_over=split_over)
            found += [part for part in parts if part.pixels <= split_over]
    return found


def _peak(own: NDArray[np.uint8]) -> float:
    """Codes and small print are the densest ink of a scene, whatever else is large."""
    return float(np.sort(own, axis=None)[-10:].mean())


def _padded(gray: Gray, cells: tuple[int, int, int, int], ink: float) -> Region:
    x, y, w, h = cells
    height, width = gray.shape
    return Region(
        max(0, (x - _PAD) * CELL),
        max(0, (y - _PAD) * CELL),
        min(width, (x + w + _PAD) * CELL),
        min(height, (y + h + _PAD) * CELL),
        ink,
    )
