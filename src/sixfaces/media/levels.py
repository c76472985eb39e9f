"""Sound as levels: one RMS and one peak for each 20 ms, made while the packets go by."""

from fractions import Fraction
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import AudioBlock

STEPS_A_SECOND = 50
MEASURED_AT_ONCE = 2
"""Half a second of sound is measured at once: single frames of 1,024 samples cost four times as much."""

STEPS_A_BLOCK = 250
"""Levels handed on together: five seconds."""

GAP_S = 0.01
"""A frame that starts this far from where the last one ended opens a new block: half a step."""

_MAX_RATE = 768_000
_MAX_CHANNELS = 64
_FORMATS = {kind + planar for kind in ("u8", "s16", "s32", "flt", "dbl") for planar in ("", "p")}


class Levels:
    """Turns decoded sound into blocks of levels. Holds at most half a second of samples."""

    def __init__(self) -> None:
        self._rate = 0
        self._start: Fraction | None = None
        self._taken = self._steps = 0
        self._held: list[NDArray[np.float32]] = []
        self._held_samples = 0
        self._rms: list[NDArray[np.float32]] = []
        self._peak: list[NDArray[np.float32]] = []

    def feed(self, frame: AudioFrame) -> list[AudioBlock]:
        """Blocks completed by `frame`. A frame that cannot be read (no rate, 64-bit integers) is left out."""
        blocks: list[AudioBlock] = []
        if not _readable(frame):
            return blocks
        samples = _samples(frame)
        if self._breaks(frame, samples.shape[0]):
            blocks += self.close()
            self._begin(frame)
        self._held.append(samples)
        self._held_samples += samples.shape[1]
        if self._held_samples * MEASURED_AT_ONCE >= self._rate:
            self._measure_whole_steps()
        if sum(map(len, self._rms)) >= STEPS_A_BLOCK:
            blocks += self._emit()
        return blocks

    def close(self) -> list[AudioBlock]:
        """What is left. The last step counts if at least half of it was heard."""
        if self._held:
            self._measure_whole_steps()
        rest, self._held, self._held_samples = self._held, [], 0
        if rest and rest[0].shape[1] * 2 * STEPS_A_SECOND >= self._rate:
            self._measure(rest[0], [0, rest[0].shape[1]])
        return self._emit()

    def _breaks(self, frame: AudioFrame, channels: int) -> bool:
        if self._start is None or frame.sample_rate != self._rate:
            return True
        if self._held and channels != self._held[0].shape[0]:
            return True
        if frame.pts is None or frame.time_base is None:
            return False
        expected_s = float(self._start) + (self._taken + self._held_samples) / self._rate
        return abs(frame.pts * frame.time_base.numerator / frame.time_base.denominator - expected_s) > GAP_S

    def _begin(self, frame: AudioFrame) -> None:
        if frame.pts is not None and frame.time_base is not None and abs(frame.pts) < 2**62:
            self._start = frame.pts * frame.time_base
        elif self._start is None:
            self._start = Fraction(0)
        self._rate = frame.sample_rate
        self._taken = self._steps = 0

    def _measure_whole_steps(self) -> None:
        """Steps are whole samples, by rounding where a step ends, so that they never drift."""
        joined = np.concatenate(self._held, axis=1)
        edges = [0]
        while (edge := self._border(self._steps + len(edges)) - self._taken) <= joined.shape[1]:
            edges.append(edge)
        self._held = [joined[:, edges[-1] :]]
        self._held_samples = self._held[0].shape[1]
        if len(edges) > 1:
            self._measure(joined[:, : edges[-1]], edges)

    def _border(self, step: int) -> int:
        return (2 * step * self._rate + STEPS_A_SECOND) // (2 * STEPS_A_SECOND)

    def _measure(self, samples: NDArray[np.float32], edges: list[int]) -> None:
        places, counts = edges[:-1], np.diff(edges)
        power = np.add.reduceat(np.einsum("cs,cs->s", samples, samples, dtype=np.float64), places)
        loudest = np.maximum.reduceat(np.abs(samples).max(axis=0), places)
        self._rms.append(np.sqrt(power / (counts * samples.shape[0])).astype(np.float32))
        self._peak.append(loudest)
        self._taken += edges[-1]
        self._steps += len(places)

    def _emit(self) -> list[AudioBlock]:
        if not self._rms or self._start is None:
            return []
        rms, peak = np.concatenate(self._rms), np.concatenate(self._peak)
        start = self._start + Fraction(self._steps - len(rms), STEPS_A_SECOND)
        self._rms, self._peak = [], []
        time = MediaTime(ticks=start.numerator, den=start.denominator)
        step_s = 1 / STEPS_A_SECOND
        return [AudioBlock(start=time, step_s=step_s, rms=np.minimum(rms, 1), peak=np.minimum(peak, 1))]


def _readable(frame: AudioFrame) -> bool:
    known = frame.format.name in _FORMATS and frame.samples > 0
    return known and 0 < frame.sample_rate <= _MAX_RATE and 0 < frame.layout.nb_channels <= _MAX_CHANNELS


def _samples(frame: AudioFrame) -> NDArray[np.float32]:
    """(channels, samples), full scale at 1; not-a-number and infinities of float formats become silence."""
    array: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        array = array.reshape(-1, frame.layout.nb_channels).T
    if array.dtype == np.uint8:
        array = (array.astype(np.float32) - 128) / 128
    elif array.dtype.kind == "i":
        array = array.astype(np.float32) * np.float32(0.5 ** (8 * array.itemsize - 1))
    else:
        array = np.clip(np.nan_to_num(array, nan=0.0, posinf=0.0, neginf=0.0), -1, 1)
    return array.astype(np.float32, copy=False)
