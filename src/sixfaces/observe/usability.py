"""Usability: how sharp, how well exposed and how noisy the picture is, one number a second.

1. Of the medium frames up to `LOOKS_PER_S` a second are measured: blur and noise by `sharpness`, exposure by the
   histogram of the luma.
2. A second's sharpness is the median over its frames that have edges to judge by, -1 if none has: one smeared frame
   while a parcel is turned spoils nothing, a smeared second does. All else is the mean.
3. In a second without frames the picture of the second before still stands on the screen: its values are repeated.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import ClassVar

import cv2
import numpy as np

from sixfaces.domain.facts import UsabilityFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.frames import MEDIUM_LONG_SIDE, Bgr, Gray, MediumFrame, Photo
from sixfaces.observe.observer import KeepPicture, Observer, Tier
from sixfaces.observe.sharpness import LEAST_SIDE, measure

STEP_S = 1.0
LOOKS_PER_S = 4
NOT_JUDGED = -1.0

DARK_LEVEL = 12
BRIGHT_LEVEL = 250
"""Levels of full-range luma beyond which a pixel counts as clipped: sensors and codecs do not hit 0 and 255 exactly."""

MOST_STEPS = 6 * 3600
"""Timestamps may lie; a record of more than six hours of seconds would only be their doing."""


@dataclass(slots=True)
class _Second:
    """What was measured within one second."""

    sharpness: list[float] = field(default_factory=list)
    luma: list[float] = field(default_factory=list)
    dark: list[float] = field(default_factory=list)
    bright: list[float] = field(default_factory=list)
    noise: list[float] = field(default_factory=list)

    def look(self, gray: Gray, bgr: Bgr) -> None:
        blur = measure(gray)
        if blur.sharpness is not None:
            self.sharpness.append(blur.sharpness)
        shown = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)  # colours are full-range, luma as decoded may be 16..235
        counts = cv2.calcHist([shown], [0], None, [256], [0, 256]).reshape(-1)
        shares = counts / counts.sum()
        self.luma.append(float(shares @ np.arange(256)) / 255)
        self.dark.append(float(shares[: DARK_LEVEL + 1].sum()))
        self.bright.append(float(shares[BRIGHT_LEVEL:].sum()))
        self.noise.append(min(1.0, blur.noise / 255))

    def row(self) -> tuple[float, float, float, float, float]:
        """Sharpness, luma, dark, bright and noise of the second."""
        sharp = median(self.sharpness) if self.sharpness else NOT_JUDGED
        rest = (min(1.0, fmean(series)) for series in (self.luma, self.dark, self.bright, self.noise))
        sharp, *means = (round(value, 4) for value in (sharp, *rest))
        return sharp, means[0], means[1], means[2], means[3]


def _sized(picture: Gray, size: tuple[int, int]) -> Gray:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


class Usability(Observer):
    """Sharpness, exposure and noise of each second, or of a photo."""

    name: ClassVar[str] = "usability"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.MEDIUM, Tier.PHOTO})
    measures: ClassVar[tuple[str, ...]] = ("usability",)

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._rows: list[tuple[float, float, float, float, float]] = []
        self._second = _Second()
        self._look = -1
        self._first: MediaTime | None = None
        self._last: MediaTime | None = None

    def medium(self, frame: MediumFrame) -> None:
        """Measure the frame if it is the first of its fraction of a second."""
        self._first = self._first or frame.time
        self._last = max(self._last or frame.time, frame.time)
        since = max(0.0, frame.time.seconds - self._first.seconds)
        look = int(since * LOOKS_PER_S / STEP_S)
        if look <= self._look or look >= MOST_STEPS * LOOKS_PER_S:
            return
        if self._look >= 0:
            self._close_until(look // LOOKS_PER_S)
        self._look = look
        self._second.look(frame.gray, frame.bgr)

    def _close_until(self, second: int) -> None:
        """End the running second if `second` lies beyond it, and fill the seconds in between with its values."""
        running = self._look // LOOKS_PER_S
        if second > running:
            self._rows.extend([self._second.row()] * (second - running))
            self._second = _Second()

    def photo(self, photo: Photo) -> None:
        """A photo is measured at the size of a medium frame, so that thresholds mean the same for both."""
        height, width = photo.gray.shape
        scale = min(1.0, MEDIUM_LONG_SIDE / max(height, width))
        size = (max(LEAST_SIDE, round(width * scale)), max(LEAST_SIDE, round(height * scale)))
        self._look = 0
        self._second.look(_sized(photo.gray, size), _sized(photo.bgr, size))

    def finish(self) -> Iterable[Measured]:
        """One fact; its series count from the start of its span."""
        if self._look < 0:
            return
        self._rows.append(self._second.row())
        sharpness, luma, dark, bright, noise = zip(*self._rows, strict=True)
        fact = UsabilityFact(step_s=STEP_S, sharpness=sharpness, luma=luma, dark=dark, bright=bright, noise=noise)
        span = MediaSpan(start=self._first, end=self._last) if self._first and self._last else None
        yield Measured(fact=fact, span=span)
