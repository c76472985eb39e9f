"""Changes of pace that can be measured: a stretch in which many frames merely repeat the one before, while things move.

Footage slowed by repeating frames looks so; so does a camera that halves its rate in the dark: never certain.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import BreakCause
from sixfaces.domain.time import MediaTime
from sixfaces.observe.continuity_break import Break

_SIDE_S = 1.5
_LEAST_FRAMES = 24
_FEW, _MANY = 0.05, 0.3
_DIP = 0.45
"""A repeated frame, encoded anew, changes by less than this share of the steps on both sides of it."""

_MOVING = 1.0
"""Grey levels in the busiest blocks, so that repeats mean something."""

_REACH = 2
"""At most so many repeats in a row are a pace; more are a stall."""


@dataclass
class Pace:
    """Per frame: its time and how much the busiest blocks changed."""

    times: list[MediaTime] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)

    def add(self, time: MediaTime, change: float) -> None:
        """One frame."""
        self.times.append(time)
        self.changes.append(change)

    def breaks(self) -> list[Break]:
        """Moments where the share of repeats changes from next to none to many, or back."""
        around = _around(np.array(self.changes, np.float32))
        moving = np.flatnonzero(around > _MOVING)
        if len(moving) < 2 * _LEAST_FRAMES:
            return []
        repeats = (np.array(self.changes) < _DIP * around)[moving]
        contrast = _contrast(np.array([self.times[n].seconds for n in moving]), repeats)
        found: list[Break] = []
        for n in np.argsort(-contrast, kind="stable"):
            if contrast[n] < _MANY:
                break
            time = self.times[moving[n]]
            if all(abs(time.seconds - other.start.seconds) > _SIDE_S for other in found):
                found.append(Break(BreakCause.SPEED_CHANGE, time, time, certain=False,
                                   score=float(contrast[n]), threshold=_MANY))  # fmt: skip
        return found


def _around(changes: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each frame, what changes on both of its sides: the smaller of the largest changes near it."""
    padded = np.pad(changes, _REACH)
    sides = [
        np.max([padded[_REACH + way * k : len(padded) - _REACH + way * k] for k in range(1, _REACH + 1)], axis=0)
        for way in (-1, 1)
    ]
    return np.asarray(np.minimum(*sides), np.float32)


def _contrast(seconds: NDArray[np.float64], repeats: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of repeats after each moment against that before it; 0 unless one of them is next to none."""
    total = np.concatenate(([0], np.cumsum(repeats)))
    here = np.arange(len(seconds))
    first = np.searchsorted(seconds, seconds - _SIDE_S)
    last = np.searchsorted(seconds, seconds + _SIDE_S, side="right")
    left = (total[here] - total[first]) / np.maximum(here - first, 1)
    right = (total[last] - total[here]) / np.maximum(last - here, 1)
    enough = np.minimum(here - first, last - here) >= _LEAST_FRAMES
    return np.where(enough & (np.minimum(left, right) < _FEW), np.abs(left - right), 0.0)
