"""Holes, steps back and overlaps between the packets of a stream, as the container states them.

A recording that was paused, cut without re-encoding, or glued together leaves them; so do a phone that stutters and
a recorder in a browser, whose steps of 8 to 52 ms are normal. So a step counts only when it stands out from the steps
around it as well as from zero.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import TimestampGapFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.probe import MISSING, ContainerProbe, PacketTable

LEAST_GAP_S = 0.2
"""Six frames at 30 a second. Phones that change their exposure time or write to a slow card stay below."""

STEPS = 4.0
"""A gap is at least so many times the ordinary step around it (the ninth decile: slow frames are ordinary, too)."""

LEAST_SOUND_GAP_S = 0.12
"""Sound has no frame rate to drop; muxers round its times by up to some 50 ms."""

AROUND = 45
"""Packets on each side that tell what is ordinary."""

MOST_GAPS = 40


def timestamp_gap_facts(probe: ContainerProbe) -> Iterator[Measured]:
    """The largest gaps of the chosen picture and sound streams, each stream in the order of time."""
    yield from _facts("video", probe.streams[probe.picture].packets)
    if probe.sound is not None:
        yield from _facts("audio", probe.streams[probe.sound].packets)


def _facts(stream: Literal["video", "audio"], packets: PacketTable) -> Iterator[Measured]:
    found = [*_steps_back(packets), *(_picture_gaps(packets) if stream == "video" else _sound_gaps(packets))]
    largest = sorted(found, key=lambda gap: (-abs(gap[2]), gap[0]))[:MOST_GAPS]
    for start, end, gap_s, expected_s in sorted(largest):
        first, last = (_time(ticks, packets) for ticks in (start, end))
        span = MediaSpan(start=min(first, last), end=max(first, last))
        fact = TimestampGapFact(stream=stream, gap_s=round(gap_s, 6), expected_s=round(expected_s, 6))
        yield Measured(fact=fact, span=span)


_Gap = tuple[int, int, float, float]
"""Ticks before, ticks after, the gap and what would be expected, in seconds."""


def _time(ticks: int, packets: PacketTable) -> MediaTime:
    return MediaTime(ticks=ticks, num=packets.base.numerator, den=packets.base.denominator)


def _picture_gaps(packets: PacketTable) -> Iterator[_Gap]:
    """Holes between consecutive presentation times. Pictures are stored in another order, so they are sorted."""
    times = np.unique(packets.pts[packets.pts != MISSING])
    steps = np.diff(times) * float(packets.base)
    for index in np.flatnonzero(steps > LEAST_GAP_S):
        usual = _usual(steps, int(index))
        if steps[index] > STEPS * usual:
            yield int(times[index]), int(times[index + 1]), float(steps[index]) - usual, usual


def _sound_gaps(packets: PacketTable) -> Iterator[_Gap]:
    """Holes and overlaps: the next packet does not begin where the last one ended."""
    there = packets.pts != MISSING
    times, lengths = packets.pts[there], packets.duration[there]
    if times.size < 3 or not (lengths > 0).any():
        return
    usual = float(np.median(lengths[lengths > 0])) * float(packets.base)
    lengths = np.where(lengths > 0, lengths, round(usual / float(packets.base)))
    slips = (np.diff(times) - lengths[:-1]) * float(packets.base)
    for index in np.flatnonzero(np.abs(slips) > max(LEAST_SOUND_GAP_S, STEPS * usual)):
        if times[index + 1] > times[index]:  # steps back are told by their decoding times
            yield int(times[index]), int(times[index + 1]), float(slips[index]), usual


def _steps_back(packets: PacketTable) -> Iterator[_Gap]:
    """Decoding times that run backwards: streams glued together without being timed anew."""
    times = packets.dts[packets.dts != MISSING]
    steps = np.diff(times) * float(packets.base)
    usual = max(0.0, float(np.median(steps))) if steps.size else 0.0
    for index in np.flatnonzero(steps < -LEAST_GAP_S):
        yield int(times[index]), int(times[index + 1]), float(steps[index]), usual


def _usual(steps: NDArray[np.float64], index: int) -> float:
    """The ordinary step around `index`, without that step itself."""
    around = np.concatenate([steps[max(0, index - AROUND) : index], steps[index + 1 : index + 1 + AROUND]])
    return float(np.quantile(around, 0.9)) if around.size else 0.0
