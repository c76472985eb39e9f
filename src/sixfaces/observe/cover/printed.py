"""Where print may be in a picture: patches whose edges run in several directions, at any angle and in any script.

Letters have strokes in several directions within their own height; the outline of a box, a shadow, a table's edge and
bars have one. So the smaller eigenvalue of the structure tensor, summed over the colours, tells print from lines. It is
held against the light of the place: a label in the shade has weaker strokes. At half size the same window sees letters
twice as high. Thresholds are low on purpose: what is no print and gets covered costs little, what is print and does not
costs much; `docs/benchmark.md` has both figures.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Bgr

Mask = NDArray[np.uint8]
"""(height, width): 1 where covered, else 0."""

SCALES = (1.0, 0.5)
"""Of 480 pixels, letters 5 to 45 pixels high; higher ones are marks on a carton."""

_WINDOW = (7, 7)
_LEAST_STEP = 6.0
_LEAST_STEP_ON_PAPER = 2.5
"""Levels a pixel, in full light. White paper is where labels are, and faded thermal print still reads on it."""

_PAPER_LIGHT, _PAPER_COLOUR = 0.55, 30.0
"""Paper has at least this share of full light, and at most so many levels between its colours."""

_FULL_LIGHT = 160.0
_LEAST_LIGHT = 0.35
_ROUND_ABOUT = (31, 31)
_LEAST_CROSSWISE = 0.12
"""Of the stronger direction's energy. The digits 111 and a row of l have still more."""

_GROWN = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
_JOINED = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
_LEAST_PATCH = 200
"""Pixels, grown: a corner of a box leaves less, a character of 8 pixels more."""


def printed(bgr: Bgr) -> Mask:
    """(height, width) where print may be, with a margin of a few pixels."""
    height, width = bgr.shape[:2]
    found = np.zeros((height, width), np.uint8)
    for scale in SCALES:
        size = (round(width * scale), round(height * scale))
        if min(size) < 8:
            continue
        smaller = bgr if scale == 1 else np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
        grown = cv2.dilate(_crossed(smaller), _GROWN)
        found |= cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    return _without_specks(np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, _JOINED), np.uint8))


def _crossed(bgr: Bgr) -> Mask:
    """Where edges of several directions meet within the window."""
    across = cv2.Sobel(bgr, cv2.CV_32F, 1, 0, ksize=3) / 4
    down = cv2.Sobel(bgr, cv2.CV_32F, 0, 1, ksize=3) / 4
    xx, xy, yy = (cv2.boxFilter(p.mean(axis=2), -1, _WINDOW) for p in (across * across, across * down, down * down))
    middle, half = (xx + yy) / 2, np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    weaker, stronger = np.maximum(middle - half, 0), middle + half
    highest, lowest = (cv2.boxFilter(level, -1, _ROUND_ABOUT) for level in (bgr.max(axis=2), bgr.min(axis=2)))
    light = highest / _FULL_LIGHT
    is_paper = (light > _PAPER_LIGHT) & (cv2.subtract(highest, lowest) < _PAPER_COLOUR)
    step = np.where(is_paper, _LEAST_STEP_ON_PAPER, _LEAST_STEP) * np.clip(light, _LEAST_LIGHT, 1)
    crossed: Mask = ((weaker > step**2) & (weaker > _LEAST_CROSSWISE * stronger)).astype(np.uint8)
    return crossed


def _without_specks(mask: Mask) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    large = np.zeros(count, np.uint8)
    large[1:] = stats[1:, cv2.CC_STAT_AREA] >= _LEAST_PATCH
    kept: Mask = large[labels]
    return kept
