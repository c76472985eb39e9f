"""Breaks in the sound: stretches of digital silence, and holes between the blocks of levels. Never certain alone."""

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import BreakCause
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import AudioBlock
from sixfaces.observe.continuity_break import Break

HOLE_S = 0.15
SILENCE_S = 0.1
_NOTHING = 2e-5
"""Less than one step of 16-bit sound: no microphone is that quiet."""

_HEARD = 3e-4
_MOST_SILENCES = 5
"""More than that, and the recorder itself mutes quiet passages."""


class Sound:
    """Levels of the whole track: one number per 20 ms."""

    def __init__(self) -> None:
        self._levels: list[NDArray[np.float32]] = []
        self._starts: list[MediaTime] = []
        self._step_s = 0.02

    @property
    def heard(self) -> bool:
        """Whether there is a track with anything on it."""
        return any(bool((rms > _HEARD).any()) for rms in self._levels)

    def add(self, block: AudioBlock) -> None:
        """The next block of levels."""
        if len(block.rms):
            self._levels.append(np.asarray(block.rms, np.float32))
            self._starts.append(block.start)
            self._step_s = block.step_s

    def breaks(self) -> list[Break]:
        """Doubtful breaks in order."""
        return [*self._holes(), *self._silences()] if self.heard else []

    def _holes(self) -> list[Break]:
        found = []
        for index in range(len(self._levels) - 1):
            end = self._after(index, len(self._levels[index]))
            gap = self._starts[index + 1].seconds - end.seconds
            if gap > HOLE_S:
                found.append(_doubt(end, self._starts[index + 1], length_s=gap, threshold=HOLE_S))
        return found

    def _silences(self) -> list[Break]:
        levels = np.concatenate(self._levels)
        owner = np.concatenate([np.full(len(rms), k) for k, rms in enumerate(self._levels)])
        place = np.concatenate([np.arange(len(rms)) for rms in self._levels])
        heard = np.flatnonzero(levels > _HEARD)
        quiet = levels < _NOTHING
        quiet[: heard[0]] = quiet[heard[-1] :] = False
        edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(np.int8)))
        found = []
        for first, last in zip(edges[::2], edges[1::2] - 1, strict=True):
            length = float(last - first + 1) * self._step_s
            if length >= SILENCE_S - 1e-9:
                start = self._after(int(owner[first]), int(place[first]))
                end = self._after(int(owner[last]), int(place[last]) + 1)
                found.append(_doubt(start, max(start, end), length_s=length, threshold=SILENCE_S))
        return found if len(found) <= _MOST_SILENCES else []

    def _after(self, block: int, steps: int) -> MediaTime:
        start = self._starts[block]
        micro = round(start.seconds * 1e6 + steps * self._step_s * 1e6)
        return MediaTime(ticks=micro, den=1_000_000)


def _doubt(start: MediaTime, end: MediaTime, *, length_s: float, threshold: float) -> Break:
    return Break(BreakCause.AUDIO_BREAK, start, end, certain=False, score=length_s, threshold=threshold,
                 lost_s=length_s, confidence=0.5)  # fmt: skip
