"""Makes the tiers of one video out of its decoded frames and hands them to the sink."""

from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
from av.video.frame import VideoFrame

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import (
    MEDIUM_LONG_SIDE,
    SMALL_LONG_SIDE,
    Bgr,
    FullFrame,
    Gray,
    MediumFrame,
    SmallFrame,
)
from sixfaces.media.orientation import Orientation
from sixfaces.media.planes import Picture, Plane, fit, picture, shown_size, shrink, sized
from sixfaces.media.tiers import Candidate, SharpestOfWindow, Spacing, sharpness

if TYPE_CHECKING:
    from sixfaces.media.decode import Sink

Size = tuple[int, int]
"""(width, height)."""


class Feed:
    """Feeds small, medium and full frames, upright. Holds one frame reference at most.

    Small and medium frames keep the shape of the first frame: where a picture's shape changes midway, it is
    fitted into that shape with black borders. Full frames have the size of their own picture.
    """

    def __init__(
        self, *, sink: "Sink", wants: Collection[str], orientation: Orientation, aspect: Fraction, fps: float | None
    ) -> None:
        self.size: Size | None = None
        self._sink = sink
        self._small, self._medium, self._full = (tier in wants for tier in ("small", "medium", "full"))
        self._orientation = orientation
        self._aspect = aspect
        self._spacing = Spacing(fps)
        self._window = SharpestOfWindow()
        self._first: Size = (0, 0)
        self._changes = 0
        self._current: Size = (0, 0)

    def frame(self, index: int, time: MediaTime, frame: VideoFrame) -> None:
        """The next decoded frame."""
        self._see_size(shown_size(frame, self._aspect))
        spaced = (self._medium or self._full) and self._spacing.takes(time.seconds)
        if not (self._small or spaced):
            return
        stored = picture(frame, self._aspect)
        medium = _within(self._first, MEDIUM_LONG_SIDE, enlarge=False)
        base = shrink(stored.luma, medium if spaced else _within(self._first, SMALL_LONG_SIDE, enlarge=True))
        if self._small:
            gray = self._orientation.upright(self._small_gray(stored, base))
            self._sink.small(SmallFrame(index, time, gray, key=frame.key_frame, corrupt=frame.is_corrupt))
        if spaced and self._medium:
            gray, bgr = self._medium_pair(stored, stored.eight(base))
            self._sink.medium(MediumFrame(index, time, bgr=bgr, gray=gray))
        if spaced and self._full:
            winner = self._window.offer(Candidate(index, time, frame, sharpness(base)))
            self._feed_full(winner)

    def finish(self) -> None:
        """After the last frame."""
        self._feed_full(self._window.close())

    def notes(self) -> tuple[str, ...]:
        """What observers should know about the pictures."""
        return (f"the picture size changed {self._changes} times",) if self._changes else ()

    def _see_size(self, shown: Size) -> None:
        if self.size is None:
            self._first = self._current = shown
            self.size = shown[::-1] if self._orientation.swaps else shown
        elif shown != self._current:
            self._changes += 1
            self._current = shown

    def _small_gray(self, stored: Picture, base: Plane) -> Gray:
        target = _within(self._first, SMALL_LONG_SIDE, enlarge=True)
        inner = _inner(target, self._current, self._first)
        return _framed(fit(stored.eight(shrink(base, inner)), inner), target)

    def _medium_pair(self, stored: Picture, base: Gray) -> tuple[Gray, Bgr]:
        target = _within(self._first, MEDIUM_LONG_SIDE, enlarge=False)
        inner = _inner(target, self._current, self._first)
        luma = np.ascontiguousarray(sized(base, inner))
        bgr = _framed(stored.bgr(inner, luma), target)
        gray = _framed(luma, target)
        upright = self._orientation.upright
        return upright(gray), upright(bgr)

    def _feed_full(self, winner: Candidate | None) -> None:
        if winner is None:
            return
        stored = picture(winner.frame, self._aspect)
        upright = self._orientation.upright

        def colour() -> Bgr:
            return upright(stored.bgr((stored.width, stored.height)))

        # A copy, so that a sink that keeps it does not keep the decoder's memory, and may write to it.
        gray = np.ascontiguousarray(upright(stored.gray()))
        self._sink.full(FullFrame(winner.index, winner.time, gray, colour))


def _within(size: Size, long_side: int, *, enlarge: bool) -> Size:
    """`size` scaled so that its long side is `long_side`, or not at all if it is smaller and `enlarge` is false."""
    longest = max(size)
    if longest <= long_side and not enlarge:
        return size
    width, height = (max(1, round(side * long_side / longest)) for side in size)
    return width, height


def _inner(target: Size, current: Size, first: Size) -> Size:
    """The part of `target` that a picture of `current` shape fills; all of it for the shape of the first one."""
    if current[0] * first[1] == current[1] * first[0]:
        return target
    scale = min(Fraction(target[0], current[0]), Fraction(target[1], current[1]))
    return max(1, round(current[0] * scale)), max(1, round(current[1] * scale))


def _framed(pixels: Gray, target: Size) -> Gray:
    height, width = pixels.shape[:2]
    if (width, height) == target:
        return pixels
    left, top = (target[0] - width) // 2, (target[1] - height) // 2
    right, bottom = target[0] - width - left, target[1] - height - top
    return np.asarray(cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_CONSTANT, value=0), np.uint8)
