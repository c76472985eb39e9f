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


class Spacing:
    """Says yes to 8 to 15 frames a second, evenly by their times alone, and so also at variable frame rates.

    `fps` is the source's usual rate. Frames of a steady rate are taken one in n; where frames come late, the next
    one is due a whole step after the late one, so that two taken frames are never much closer than a step.
    """

    def __init__(self, fps: float | None) -> None:
        source = fps if fps is not None and fps > 0 else _USUAL_FPS
        self._step = 0.0 if source <= EVERY_FRAME_FPS else max(2, round(source / MEDIUM_FPS)) / source
        self._slack = 0.5 / source
        self._due: float | None = None

    def takes(self, at_s: float) -> bool:
        """Whether the frame at `at_s` is taken. Half a source frame early or late counts as on time."""
        due = at_s if self._due is None else self._due
        if self._step and at_s < due - self._slack:
            return False
        self._due = (at_s if at_s - due > self._slack else due) + self._step
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
