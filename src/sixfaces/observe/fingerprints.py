"""Perceptual fingerprints: what a picture looks like in 256 bits, for finding it again in another case.

1. The upright luma is averaged down to 64 x 64 pixels, whatever its shape: re-scaling and squeezing change nothing.
2. Of its two-dimensional cosine transform the 16 x 16 lowest frequencies are kept, without the constant ones,
   so that light and contrast do not matter.
3. Each coefficient gives one bit, its sign (see `domain.fingerprint` for why not the median).
4. The quality tells flat pictures from rich ones: the mean step between neighbours of the 64 x 64 picture.

A video is looked at once a second. A fingerprint is kept where the picture has changed, and at least every
`LONGEST_S` seconds: it stands until the next one.
"""

from collections.abc import Iterable
from typing import ClassVar

from sixfaces.domain.facts import FingerprintFact
from sixfaces.domain.fingerprint import distance
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.frames import MediumFrame, Photo
from sixfaces.media.likeness import ALGORITHM as ALGORITHM
from sixfaces.media.likeness import fingerprint as fingerprint
from sixfaces.observe.observer import KeepPicture, Observer, Tier

EVERY_S = 1.0
LONGEST_S = 10.0
CHANGE_BITS = 12
"""Noise and re-compression of a still scene move up to about 8 bits; a person moving in the picture moves more."""

MOST_KEPT = 4000
"""A record stays small however long the video is: 4000 changes fill more than an hour of constant movement."""


class Fingerprints(Observer):
    """Perceptual hashes of a photo, or of a video over time."""

    name: ClassVar[str] = "fingerprints"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.MEDIUM, Tier.PHOTO})
    measures: ClassVar[tuple[str, ...]] = ("fingerprint",)

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._kept: list[tuple[float, str, float]] = []
        self._looked_s: float | None = None
        self._first: MediaTime | None = None
        self._last: MediaTime | None = None

    def medium(self, frame: MediumFrame) -> None:
        """Look once a second and keep what has changed."""
        self._first = self._first or frame.time
        self._last = max(self._last or frame.time, frame.time)
        now = max(0.0, frame.time.seconds - self._first.seconds)
        if self._looked_s is not None and now < self._looked_s + EVERY_S:
            return
        self._looked_s = now
        bits, quality = fingerprint(frame.gray)
        if self._worth_keeping(now, bits):
            self._kept.append((round(now, 3), bits, quality))

    def _worth_keeping(self, now: float, bits: str) -> bool:
        if not self._kept:
            return True
        before_s, before, _ = self._kept[-1]
        if len(self._kept) >= MOST_KEPT:
            return False
        return now >= before_s + LONGEST_S or distance(before, bits) >= CHANGE_BITS

    def photo(self, photo: Photo) -> None:
        """A photo has one fingerprint."""
        self._kept.append((0.0, *fingerprint(photo.gray)))

    def finish(self) -> Iterable[Measured]:
        """One fact for the whole exhibit; its times count from the start of its span."""
        if not self._kept:
            return
        times, hashes, quality = zip(*self._kept, strict=True)
        fact = FingerprintFact(algorithm=ALGORITHM, at_s=times, hashes=hashes, quality=quality)
        span = MediaSpan(start=self._first, end=self._last) if self._first and self._last else None
        yield Measured(fact=fact, span=span)
