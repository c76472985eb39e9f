"""Sound as levels: one RMS and one peak for each 20 ms, made while the packets go by."""

from fractions import Fraction
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import AudioBlock

STEP = Fraction(1, 50)
STEPS_A_BLOCK = 250
"""Levels handed on together: five seconds."""

GAP_S = 0.01
"""A frame that starts this far from where the last one ended opens a new block: half a step."""

_MAX_RATE = 768_000
_MAX_CHANNELS = 64


class Levels:
    """Turns decoded sound into blocks of levels. Holds at most one frame's samples beyond whole steps."""

    def __init__(self) -> None:
        self._rate = 0
        self._start: Fraction | None = None
        self._base = Fraction(1)
        self._taken = 0
        self._rest: NDArray[np.float32] = np.zeros((1, 0), np.float32)
        self._rms: list[NDArray[np.float32]] = []
        self._peak: list[NDArray[np.float32]] = []
        self._steps_out = 0

    def feed(self, frame: AudioFrame) -> list[AudioBlock]:
        """Blocks completed by `frame`. A frame of an unreadable kind (too many channels, no rate) is left out."""
        blocks: list[AudioBlock] = []
        if not 0 < frame.sample_rate <= _MAX_RATE or len(frame.layout.channels) > _MAX_CHANNELS:
            return blocks
        samples = _samples(frame)
        if self._breaks(frame, samples.shape[0]):
            blocks += self.close()
            self._begin(frame, samples.shape[0])
        joined = np.concatenate((self._rest, samples), axis=1)
        edges = self._edges(joined.shape[1])
        self._rest = joined[:, edges[-1] :]
        if len(edges) > 1:
            self._measure(joined[:, : edges[-1]], edges)
        if sum(map(len, self._rms)) >= STEPS_A_BLOCK:
            blocks += self._emit()
        return blocks

    def close(self) -> list[AudioBlock]:
        """What is left. The last step counts if at least half of it was heard."""
        half = self._rate * STEP / 2
        if self._rest.shape[1] and self._rest.shape[1] >= half:
            self._measure(self._rest, [0, self._rest.shape[1]])
        self._rest = self._rest[:, :0]
        return self._emit()

    def _breaks(self, frame: AudioFrame, channels: int) -> bool:
        if self._start is None or frame.sample_rate != self._rate or channels != self._rest.shape[0]:
            return True
        if frame.pts is None or frame.time_base is None:
            return False
        expected = self._start + Fraction(self._taken + self._rest.shape[1], self._rate)
        return abs(float(frame.pts * frame.time_base - expected)) > GAP_S

    def _begin(self, frame: AudioFrame, channels: int) -> None:
        if frame.pts is not None and frame.time_base is not None and abs(frame.pts) < 2**62:
            self._start = frame.pts * frame.time_base
        elif self._start is None:
            self._start = Fraction(0)
        else:
            self._start += Fraction(self._taken, self._rate)
        self._rate = frame.sample_rate
        self._taken = self._steps_out = 0
        self._rest = np.zeros((channels, 0), np.float32)

    def _edges(self, available: int) -> list[int]:
        """Places of step borders within the samples at hand; steps are whole samples and drift by none."""
        step = int(self._taken / self._rate / STEP + Fraction(1, 2))
        edges = [0]
        while (edge := round((step + 1) * STEP * self._rate) - self._taken) <= available:
            edges.append(edge)
            step += 1
        return edges

    def _measure(self, samples: NDArray[np.float32], edges: list[int]) -> None:
        places, counts = edges[:-1], np.diff(edges)
        power = np.add.reduceat(np.einsum("cs,cs->s", samples, samples, dtype=np.float64), places)
        loudest = np.maximum.reduceat(np.abs(samples).max(axis=0), places)
        self._rms.append(np.sqrt(power / (counts * samples.shape[0])).astype(np.float32))
        self._peak.append(loudest)
        self._taken += edges[-1]

    def _emit(self) -> list[AudioBlock]:
        if not self._rms or self._start is None:
            return []
        rms, peak = np.concatenate(self._rms), np.concatenate(self._peak)
        start = self._start + self._steps_out * STEP
        self._rms, self._peak = [], []
        self._steps_out += len(rms)
        time = MediaTime(ticks=start.numerator, den=start.denominator)
        return [AudioBlock(start=time, step_s=float(STEP), rms=np.minimum(rms, 1), peak=np.minimum(peak, 1))]


def _samples(frame: AudioFrame) -> NDArray[np.float32]:
    """(channels, samples), full scale at 1; not-a-number and infinities of float formats become silence."""
    array: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        array = array.reshape(-1, len(frame.layout.channels)).T
    if array.dtype == np.uint8:
        array = (array.astype(np.float32) - 128) / 128
    elif array.dtype.kind == "i":
        array = array.astype(np.float32) * np.float32(0.5 ** (8 * array.itemsize - 1))
    else:
        array = np.clip(np.nan_to_num(array, nan=0.0, posinf=0.0, neginf=0.0), -1, 1)
    return array.astype(np.float32, copy=False)
