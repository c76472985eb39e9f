"""Finds where a flat or gently curved print of the reference lies in a view of the item.

1. SIFT features of both; a match counts if it is clearly better than the second best (Lowe's ratio test), so that
   repeated patterns do not vote.
2. RANSAC finds up to three homographies one after another: two sides of a box, or the strips of a can.
3. Only what a camera can do to a print is kept: no mirror, no fold, no extreme stretch.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray

Real = NDArray[np.float64]

RATIO = 0.78
FEWEST_INLIERS = 12
"""Chance agrees on a homography with 5 to 7 of a few hundred wrong matches; a shared logo gives 12 and more."""

_REACH_PX = 4.0
_MOST_SHEETS = 3
_MOST_FEATURES = 2000
_SCALES = (0.15, 6.0)
_STRETCH = 4.0
"""Longest over shortest local scale: a print seen at 75 degrees."""


class Features(NamedTuple):
    """(n, 2) positions in pixels and (n, 128) descriptors."""

    places: NDArray[np.float32]
    words: NDArray[np.float32]


def features(gray: Gray, mask: NDArray[np.uint8] | None = None) -> Features:
    """The features of (height, width) luma, strongest first; where `mask` is 0 none is looked for."""
    sift = cv2.SIFT.create(nfeatures=_MOST_FEATURES, contrastThreshold=0.03)
    found, words = sift.detectAndCompute(gray, mask)
    if words is None or len(found) < 2:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    return Features(np.asarray([point.pt for point in found], np.float32), np.asarray(words, np.float32))


def sheets(reference: Features, view: Features) -> list[Real]:
    """Homographies (3, 3) from the reference's pixels to the view's, the best supported first; none if unlike."""
    source, target = _matched(reference, view)
    found: list[Real] = []
    while len(source) >= FEWEST_INLIERS and len(found) < _MOST_SHEETS:
        model, inside = cv2.findHomography(source, target, cv2.RANSAC, _REACH_PX, maxIters=2000, confidence=0.995)
        if model is None:
            break
        kept = inside.ravel().astype(bool)
        if np.count_nonzero(kept) < FEWEST_INLIERS:
            break
        if _is_sane(np.asarray(model, np.float64), source[kept]):
            found.append(np.asarray(model, np.float64))
        source, target = source[~kept], target[~kept]
    return found


def _matched(one: Features, other: Features) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Places of the matches that pass the ratio test, each place of `other` used once."""
    if len(one.words) < FEWEST_INLIERS or len(other.words) < FEWEST_INLIERS:
        return one.places[:0], other.places[:0]
    best: dict[int, tuple[float, int]] = {}
    for pair in cv2.BFMatcher(cv2.NORM_L2).knnMatch(one.words, other.words, k=2):
        if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance:
            first = pair[0]
            standing = best.get(first.trainIdx)
            if standing is None or first.distance < standing[0]:
                best[first.trainIdx] = (first.distance, first.queryIdx)
    chosen = sorted((query, train) for train, (_, query) in best.items())
    rows = np.asarray(chosen, np.intp).reshape(-1, 2)
    return one.places[rows[:, 0]], other.places[rows[:, 1]]


def _is_sane(model: Real, support: NDArray[np.float32]) -> bool:
    """Whether a camera could see a flat print so, wherever the support lies: by the map's local derivative."""
    if len(np.unique(support.round(), axis=0)) < FEWEST_INLIERS:
        return False
    low, high = support.min(axis=0), support.max(axis=0)
    if min(high - low) < 8:
        return False
    for x, y in ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])):
        u, v, w = model @ (x, y, 1.0)
        if w <= 1e-6:
            return False
        slope = np.array([[model[i, j] * w - (u, v)[i] * model[2, j] for j in (0, 1)] for i in (0, 1)]) / w**2
        if np.linalg.det(slope) <= 0:
            return False
        long, short = np.linalg.svd(slope, compute_uv=False)
        if not _SCALES[0] <= np.sqrt(long * short) <= _SCALES[1] or long > _STRETCH * short:
            return False
    return True
