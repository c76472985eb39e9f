"""Continuity: whether the video is one take, and if not, where it breaks and how surely (docs/observers/continuity.md).

Start reading at `Continuity`; `continuity_watch` finds cuts and jumps, `continuity_stretches` freezes and black,
`continuity_dissolve` dissolves, `continuity_sound` breaks in the sound, `continuity_break` joins them to takes.
"""

from collections.abc import Iterable
from typing import ClassVar

import cv2
import numpy as np

from sixfaces.domain.facts import ContinuityFact, Steadiness
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.frames import AudioBlock, Gray, SmallFrame
from sixfaces.observe.continuity_break import merged, takes
from sixfaces.observe.continuity_dissolve import Dissolves
from sixfaces.observe.continuity_motion import BLOCK, LEAST_SIDE, block_means
from sixfaces.observe.continuity_sound import Sound
from sixfaces.observe.continuity_stretches import Stretches
from sixfaces.observe.continuity_watch import Watch
from sixfaces.observe.observer import KeepPicture, Observer, Tier

_FIXED = 1.5
_HANDHELD = 40.0
"""Camera motion in small pixels a second, lower quartile, so that a parcel filling the picture does not count: below
the first the camera stands, above the second nothing is steady."""


class Continuity(Observer):
    """Cuts, dissolves, jumps, freezes, black, holes in time and sound, and the takes between them."""

    name: ClassVar[str] = "continuity"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.SMALL, Tier.AUDIO})
    measures: ClassVar[tuple[str, ...]] = ("break", "take", "continuity")

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._watch: Watch | None = None
        self._stretches = Stretches()
        self._dissolves = Dissolves()
        self._sound = Sound()
        self._last: Gray | None = None
        self._whole = (slice(None), slice(None))
        self._first_time: MediaTime | None = None
        self._last_time: MediaTime | None = None
        self._frames = 0

    def small(self, frame: SmallFrame) -> None:
        """Every decoded frame."""
        gray = frame.gray
        if self._last is None or self._last.shape != gray.shape:
            self._begin(gray)
        raw = cv2.absdiff(gray, gray if self._last is None else self._last)
        blocks = block_means(np.asarray(raw[self._whole], np.uint8))
        self._stretches.add(frame.time, gray, blocks)
        self._dissolves.add(frame.time, gray)
        if self._watch is not None:
            self._watch.add(self._watch.field().look(gray, frame.time.seconds, key=frame.key), frame.time)
        self._last, self._last_time = gray, frame.time
        self._first_time = self._first_time or frame.time
        self._frames += 1

    def _begin(self, gray: Gray) -> None:
        self._last = None
        height, width = (side // BLOCK * BLOCK for side in gray.shape)
        self._whole = (slice(0, height), slice(0, width)) if min(height, width) else (slice(None), slice(None))
        if self._watch is None and min(gray.shape) >= LEAST_SIDE:
            self._watch = Watch(*gray.shape)

    def audio(self, block: AudioBlock) -> None:
        """Levels of the sound."""
        self._sound.add(block)

    def finish(self) -> Iterable[Measured]:
        """Breaks in order, then takes, then what could have been found."""
        if self._first_time is None or self._last_time is None:
            return
        found = [*self._stretches.breaks(), *self._dissolves.breaks(), *self._sound.breaks()]
        if self._watch is not None:
            self._watch.close()
            found += self._watch.breaks()
        breaks = merged(found)
        yield from (found_break.measured() for found_break in breaks)
        yield from takes(breaks, first=self._first_time, last=self._last_time)
        fact = ContinuityFact(
            steadiness=self._steadiness(), frames=self._frames, audio_checked=self._sound.heard,
            smallest_removal_s=None if self._watch is None else self._watch.trials.smallest_s(),
        )  # fmt: skip
        yield Measured(fact=fact, span=MediaSpan(start=self._first_time, end=self._last_time))

    def _steadiness(self) -> Steadiness:
        speeds = sorted(self._watch.speeds) if self._watch is not None else []
        speed = speeds[len(speeds) // 4] if speeds else 0.0
        if speed < _FIXED:
            return Steadiness.FIXED
        return Steadiness.HANDHELD if speed < _HANDHELD else Steadiness.UNSTEADY
