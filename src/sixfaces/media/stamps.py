"""Exact times for decoded frames, also where the file states none."""

from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame

from sixfaces.domain.time import MediaTime
from sixfaces.media.probe import MISSING, StreamProbe

_USUAL_FPS = 30.0
_MAX_FPS = 1000.0
_FAR = 2**62
"""Ticks beyond this are nonsense and would overflow when something is added."""


def frame_rate(stream: StreamProbe) -> float | None:
    """Frames a second by the median distance of presentation times.

    The header's figure counts where times are missing, and where each packet may be one field of two.
    """
    packets, nominal = stream.packets, stream.nominal_fps
    if stream.interlaced and nominal is not None and 0 < nominal <= _MAX_FPS:
        return nominal
    times = packets.pts if bool((packets.pts != MISSING).any()) else packets.dts
    known = np.unique(times[(times != MISSING) & (np.abs(times) < _FAR)])
    if len(known) > 2:
        rate = 1 / float(np.median(np.diff(known)) * packets.base)
        return min(rate, _MAX_FPS)
    return nominal if nominal is not None and 0 < nominal <= _MAX_FPS else None


class Stamps:
    """Gives each frame its presentation time, strictly later than the one before.

    1. The frame's own timestamp, exactly as the container states it.
    2. Missing, or of a container that does not know when frames are shown (AVI: `presents` is false): the decoding
       timestamp, which is late by the same amount for all frames; counted as a note.
    3. Missing too: the last time plus the frame's duration or the usual one; counted as a note.
    4. Not later than the last frame's: the frame keeps its place in decoding order one usual duration behind it;
       counted as a fault, because no camera writes that.
    """

    def __init__(self, fps: float | None, *, presents: bool = True) -> None:
        self._presents = presents
        self.first: MediaTime | None = None
        self.last: MediaTime | None = None
        self.usual_s = 1 / (fps or _USUAL_FPS)
        self._guessed = self._stepped_back = 0

    def stamp(self, frame: VideoFrame) -> MediaTime:
        """The time of `frame`, the next in presentation order."""
        base = frame.time_base or Fraction(1, 90_000)
        ticks = _near(frame.pts) if self._presents else None
        if ticks is None:
            self._guessed += 1
            ticks = _near(frame.dts)
            time = self._after(base, frame) if ticks is None else _time(ticks, base)
            if self.last is not None and not self.last < time:
                time = self._after(base, frame)
        else:
            time = _time(ticks, base)
            if self.last is not None and not self.last < time:
                self._stepped_back += 1
                time = self._after(base, frame)
        self.first = self.first if self.first is not None else time
        self.last = time
        return time

    def notes(self) -> tuple[str, ...]:
        """What was filled in."""
        return (f"{self._guessed} frames carry no presentation time",) if self._guessed else ()

    def faults(self) -> tuple[str, ...]:
        """What no recorder writes."""
        return (f"timestamps of {self._stepped_back} frames do not advance",) if self._stepped_back else ()

    def _after(self, base: Fraction, frame: VideoFrame) -> MediaTime:
        if self.last is None:
            return _time(0, base)
        usual = max(1, round(self.usual_s / base))
        step = frame.duration if 0 < frame.duration <= 10 * usual else usual
        last = self.last.exact / base
        return _time(int(last) + step, base)


def _near(ticks: int | None) -> int | None:
    return ticks if ticks is not None and abs(ticks) < _FAR else None


def _time(ticks: int, base: Fraction) -> MediaTime:
    return MediaTime(ticks=ticks, num=base.numerator, den=base.denominator)
