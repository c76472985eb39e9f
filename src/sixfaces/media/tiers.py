"""Which frames go to which tier: evenly spaced medium frames, and the sharpest frame of each window at full size."""

from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Gray

MEDIUM_FPS = 10
"""Medium frames a second aimed at; whole divisors of the source's rate keep it between 8 and 15."""

EVERY_FRAME_FPS = 15.5
"""Up to this rate each frame is a medium frame."""

FULL_WINDOW_S = 1 / 3
"""One full frame per window: a waybill held still for half a second is caught at least once, sharp."""

_USUAL_FPS = 30.0

_ROUNDING = 1e-6
"""A frame exactly on a window's border belongs to the new window, whatever its float says."""


def medium_step_s(fps: float | None) -> float:
    """Seconds between medium frames for a source of `fps` frames a second; 0 means each frame."""
    source = fps if fps is not None and fps > 0 else _USUAL_FPS
    if source <= EVERY_FRAME_FPS:
        return 0.0
    return max(2, round(source / MEDIUM_FPS)) / source


class Spacing:
    """Says yes to frames about `step_s` apart, by their times alone, and so also at variable frame rates."""

    def __init__(self, step_s: float) -> None:
        self._step = step_s
        self._due: float | None = None
        self._last = 0.0

    def takes(self, at_s: float) -> bool:
        """Whether the frame at `at_s` is taken. Half a source frame early counts as on time."""
        if self._due is None:
            self._due = at_s
        gap, self._last = at_s - self._last, at_s
        slack = min(max(gap, 0.0), self._step) / 2
        if at_s < self._due - slack:
            return False
        due = self._due + self._step
        self._due = due if due > at_s else at_s + self._step
        return True


@dataclass(slots=True)
class Candidate:
    """A decoded frame that may become a full frame; only its reference is held."""

    index: int
    time: MediaTime
    frame: VideoFrame
    sharpness: float


class SharpestOfWindow:
    """Keeps the sharpest candidate of the window under way."""

    def __init__(self) -> None:
        self._origin_s: float | None = None
        self._window = 0
        self._best: Candidate | None = None

    def offer(self, candidate: Candidate) -> Candidate | None:
        """Take note of a candidate; returns the winner of the window that it closes, if it does."""
        closed = None
        at_s = candidate.time.seconds
        self._origin_s = at_s if self._origin_s is None else self._origin_s
        window = int((at_s - self._origin_s) / FULL_WINDOW_S + _ROUNDING)
        if self._best is None or window != self._window:
            closed, self._best, self._window = self._best, candidate, window
        elif candidate.sharpness > self._best.sharpness:
            self._best = candidate
        return closed

    def close(self) -> Candidate | None:
        """The winner of the last window."""
        best, self._best = self._best, None
        return best


def sharpness(gray: Gray | NDArray[np.uint16]) -> float:
    """Mean squared difference of neighbouring pixels: comparable between frames of one scene, in no other way.

    Squares, because the sum of plain differences over an edge is the same however blurred the edge is.
    """
    across = cv2.norm(gray[:, 1:], gray[:, :-1], cv2.NORM_L2SQR)
    down = cv2.norm(gray[1:], gray[:-1], cv2.NORM_L2SQR)
    return float(across + down) / gray.size
