"""Stretches in which the picture stands still to the last bit, or is black: two numbers a frame, judged at the end."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import BreakCause
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Gray
from sixfaces.observe.continuity_break import Break

FREEZE_S = 1.0
"""A recorder may stall for some tenths of a second by itself; a second without a new picture hides something."""

_SAME_TOP = 0.35
_SAME_STILL = 0.004
"""Grey levels: a repeated frame, also when it was encoded anew."""

_AROUND_S = 3.0
_NOISE = 0.02
_LOUD_NOISE = 0.1
"""Grey levels of change in blocks at rest: below the first, repeated frames are nothing special (renders, screens,
strong compression); above the second, a sensor's noise was plainly there."""

_MOVING = 3.0
_RESUMED = 6.0
"""Grey levels in the busiest blocks: something was moving; the picture after is another one."""

_BLACK_MEAN = 24.0
_BLACK_SPREAD = 4.0
_DIGITAL_SPREAD = 1.5
BLACK_S = 0.06
_EDGE_S = 1.0
"""Recorders may begin or end with a moment of black."""

_TOP = 4


@dataclass
class Stretches:
    """Collects per frame: change of the busiest blocks, change of the blocks at rest, blackness."""

    times: list[MediaTime] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    still: list[float] = field(default_factory=list)
    black: list[int] = field(default_factory=list)

    def add(self, time: MediaTime, gray: Gray, raw_change: NDArray[np.float32]) -> None:
        """One frame and its unsmoothed change to the frame before, by blocks."""
        self.times.append(time)
        ordered = np.sort(raw_change, axis=None)  # 220 numbers: sorting all is as fast as choosing two
        self.busy.append(float(ordered[-_TOP:].mean()))
        self.still.append(float(ordered[len(ordered) // 4]))
        self.black.append(_blackness(gray))

    def breaks(self) -> list[Break]:
        """Freezes and black stretches in the order of time."""
        seconds = np.array([t.seconds for t in self.times])
        return [*self._freezes(seconds), *self._blacks(seconds)]

    def _freezes(self, seconds: NDArray[np.float64]) -> list[Break]:
        busy, still = np.array(self.busy), np.array(self.still)
        same = (busy < _SAME_TOP) & (still < _SAME_STILL)
        found = []
        for first, last in _runs(same):
            if seconds[last] - seconds[first - 1] < FREEZE_S or self.black[first]:
                continue
            near = ~same & (seconds > seconds[first] - _AROUND_S) & (seconds < seconds[last] + _AROUND_S)
            before, after = near.copy(), near.copy()
            before[first:], after[: last + 2] = False, False
            found += self._freeze(first, last, noise=_noise(still, before, after))
        return found

    def _freeze(self, first: int, last: int, *, noise: float) -> list[Break]:
        """Frames `first` to `last` repeat the one before them."""
        busy = self.busy
        stopped = min(busy[max(0, first - 3) : first], default=0.0) > _MOVING
        resumed = last + 1 < len(busy) and busy[last + 1] > _RESUMED
        if noise < _NOISE and not (stopped and resumed):
            return []
        certain = noise > _LOUD_NOISE or (noise > _NOISE and stopped and resumed)
        start, end = self.times[first - 1], self.times[last]
        length = end.seconds - start.seconds
        return [Break(BreakCause.FREEZE, start, end, certain, length, FREEZE_S, lost_s=length)]

    def _blacks(self, seconds: NDArray[np.float64]) -> list[Break]:
        black = np.array(self.black)
        found = []
        for first, last in _runs(black > 0):
            start, end = max(first - 1, 0), min(last + 1, len(black) - 1)
            length = float(seconds[end] - seconds[start])
            edge = first == 0 or last == len(black) - 1
            if length < (_EDGE_S if edge else BLACK_S):
                continue
            certain = not edge and bool((black[first : last + 1] == 2).all())
            found.append(Break(BreakCause.BLACK, self.times[start], self.times[end], certain, length,
                               _EDGE_S if edge else BLACK_S, lost_s=length))  # fmt: skip
        return found


def _blackness(gray: Gray) -> int:
    """0 no, 1 dark all over (a covered lens), 2 black as no sensor is."""
    if float(gray[::4, ::4].mean()) > _BLACK_MEAN:
        return 0
    spread = float(gray.max()) - float(gray.min())
    if spread <= _DIGITAL_SPREAD:
        return 2
    return 1 if float(np.percentile(gray, 99)) - float(np.percentile(gray, 1)) < _BLACK_SPREAD else 0


def _noise(still: NDArray[np.float64], before: NDArray[np.bool_], after: NDArray[np.bool_]) -> float:
    """What blocks at rest change anyway, on the calmer side of the stretch; 0 if a side is too short to say."""
    if min(before.sum(), after.sum()) < 5:
        return 0.0
    return float(min(np.quantile(still[before], 0.1), np.quantile(still[after], 0.1)))


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of each run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
