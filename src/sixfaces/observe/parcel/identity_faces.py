"""Two pictures of faces laid upon each other: do they show the same print, and where do they differ?

1. Local features (SIFT) of both are paired. Only pairs count that lie at about the same place of the face, at about
   the same angle and scale, once the picture is turned by the quarter turns that the hypothesis gives.
2. A homography close to doing nothing must explain them: faces are rectified, so only errors of corners remain.
3. Registered so, both are cut into tiles. Off the label a tile with detail either matches, clearly differs, or lacks
   what the other shows. The label is held to more (see `identity_label`): one carrier's labels share their form.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray
from sixfaces.observe.parcel.atlas_faces import NamedView
from sixfaces.observe.parcel.identity_label import DETAIL, NO_LABEL, Floats, LabelLikeness, band, compare_labels

Real = NDArray[np.float64]

_FEATURES = 500
_CONTRAST = 0.03
_RATIO = 0.85
"""Lowe's ratio. Geometry sorts out what it lets through."""

_SHIFT = 0.12
"""Corners are off by up to 3 percent of an edge on either side; a pair may lie this far apart, in longer sides."""

_TURN_DEG = 15.0
_SCALE = 1.4

_INLIER = 0.012
"""Pairs agree with the homography to this share of the longer side."""

REGISTERED = 12
"""Pairs that agree: three times what four corners of a homography can always be made to fit. Labels of one form reach
it on different boxes too; the tiles then tell them apart."""

_TILE = 20
_SEARCH = 4
"""Pixels. A bulging face is off by some pixels where four corners say it is flat."""

_PLAIN = 0.35
"""A tile with less than this part of the other's detail lacks what the other shows."""

_MATCHES, _DIFFERS = 0.6, 0.3
_MARGIN = 0.05
_BLOWN = 245
_MOSTLY = 0.9
_HALF = 127


@dataclass(frozen=True, slots=True)
class Marks:
    """A face's picture with its features: points (N, 2) in shares of width and height, angles, sizes in longer sides.

    `label` and `free` are charts of (12, 12), see `atlas.View`.
    """

    gray: Gray
    points: Real
    angles: Real
    sizes: Real
    features: Floats
    label: NDArray[np.uint8]
    free: NDArray[np.uint8]
    good: bool


_GOOD_COS, _GOOD_SHARP, _GOOD_SHARE, _GOOD_EDGE = 0.6, 0.5, 0.9, 100.0
"""What a picture must be for the lack of something in it to mean anything."""


def marks(view: NamedView) -> Marks:
    """Prepare a picture for comparison."""
    gray = np.asarray(cv2.cvtColor(view.picture(), cv2.COLOR_BGR2GRAY), np.uint8)
    finder = cv2.SIFT.create(nfeatures=_FEATURES, contrastThreshold=_CONTRAST)
    found, features = finder.detectAndCompute(gray, None)
    height, width = gray.shape
    shown = view.view
    good = (
        shown.cos >= _GOOD_COS and shown.sharpness >= _GOOD_SHARP
        and shown.share >= _GOOD_SHARE and shown.edge_px >= _GOOD_EDGE
    )  # fmt: skip
    return Marks(
        gray=gray,
        points=np.array([point.pt for point in found], np.float64).reshape(-1, 2) / (width, height),
        angles=np.array([point.angle for point in found], np.float64),
        sizes=np.array([point.size for point in found], np.float64) / max(width, height),
        features=np.zeros((0, 128), np.float32) if features is None else np.asarray(features, np.float32),
        label=view.label(), free=view.free(), good=good,
    )  # fmt: skip


Pairs = NDArray[np.int64]


def pair_up(one: Marks, other: Marks) -> Pairs:
    """(N, 2) numbers of features that are each other's likely match, whatever their places."""
    if len(one.features) < 2 or len(other.features) < 2:
        return np.zeros((0, 2), np.int64)
    likeness = one.features @ other.features.T
    apart = (one.features**2).sum(1)[:, None] + (other.features**2).sum(1)[None, :] - 2 * likeness
    two = np.argpartition(apart, 1, axis=1)[:, :2]
    rows = np.arange(len(apart))
    near = np.sort(apart[rows[:, None], two], axis=1)
    best = apart.argmin(axis=1)
    kept = near[:, 0] < _RATIO**2 * near[:, 1]
    return np.stack([rows[kept], best[kept]], axis=1)


@dataclass(frozen=True, slots=True)
class Match:
    """Two faces laid upon each other: `inliers` is 0 if they could not be; `alike` and `apart` count the tiles off the
    label that match and that clearly differ."""

    inliers: int
    alike: int = 0
    apart: int = 0
    label: LabelLikeness = NO_LABEL


def lay_over(one: Marks, other: Marks, pairs: Pairs, *, quarter: int) -> Match:
    """Compare two faces, the other turned by quarters anticlockwise (as `numpy.rot90` does)."""
    fit = registered(one, other, pairs, quarter=quarter)
    if fit is None:
        return Match(0)
    return _tiles(one, other, quarter=quarter, fit=fit)


def _spun(points: Real, quarter: int) -> Real:
    """Points in shares of a picture -> the same in the picture turned by quarters anticlockwise."""
    for _ in range(quarter % 4):
        points = np.stack([points[:, 1], 1 - points[:, 0]], axis=1)
    return points


def registered(one: Marks, other: Marks, pairs: Pairs, *, quarter: int) -> tuple[Real, int] | None:
    """The homography from the turned other face to the first one, in shares of the longer side, and its support."""
    height, width = one.gray.shape
    frame = np.array([width, height]) / max(width, height)
    here, there = one.points[pairs[:, 0]] * frame, _spun(other.points[pairs[:, 1]], quarter) * frame
    turn = other.angles[pairs[:, 1]] - 90 * quarter - one.angles[pairs[:, 0]]
    scale = other.sizes[pairs[:, 1]] / one.sizes[pairs[:, 0]]
    held = (np.abs(here - there).max(axis=1, initial=0) < _SHIFT) & (np.abs((turn + 180) % 360 - 180) < _TURN_DEG)
    held &= np.abs(np.log(scale)) < np.log(_SCALE)
    here, there = _apart(here[held], there[held])
    if len(here) < REGISTERED:
        return None
    cv2.setRNGSeed(1)
    forth, agreed = cv2.findHomography(there.astype(np.float32), here.astype(np.float32), cv2.RANSAC, _INLIER)
    exact = None if forth is None else np.asarray(forth, np.float64)
    if exact is None or not _close_to_nothing(exact, frame) or int(agreed.sum()) < REGISTERED:
        return None
    return exact, int(agreed.sum())


def _apart(here: Real, there: Real) -> tuple[Real, Real]:
    """Each place once: SIFT tells one corner at several angles, and that is not several marks."""
    _, first = np.unique(np.round(here / (_INLIER / 2)).astype(np.int64), axis=0, return_index=True)
    first.sort()
    return here[first], there[first]


def _close_to_nothing(forth: Real, frame: Real) -> bool:
    corners = np.array([[[0, 0]], [[1, 0]], [[1, 1]], [[0, 1]]]) * frame
    moved = cv2.perspectiveTransform(corners.astype(np.float32), forth)
    return bool(np.linalg.norm(moved - corners, axis=2).max() < 1.5 * _SHIFT)


def _tiles(one: Marks, other: Marks, *, quarter: int, fit: tuple[Real, int]) -> Match:
    """Both at the size of the smaller, so that neither is magnified, and tile by tile."""
    forth, inliers = fit
    height, width = one.gray.shape
    longest = min(max(height, width), max(other.gray.shape))
    size = (round(width * longest / max(width, height)), round(height * longest / max(width, height)))
    here = np.asarray(cv2.resize(one.gray, size, interpolation=cv2.INTER_AREA), np.uint8)
    spun = np.ascontiguousarray(np.rot90(other.gray, quarter))
    spun = np.asarray(cv2.resize(spun, size, interpolation=cv2.INTER_AREA), np.uint8)
    zoom = np.diag([float(longest), float(longest), 1.0])
    laid = zoom @ forth @ np.linalg.inv(zoom)
    there = np.asarray(cv2.warpPerspective(spun, laid, size, borderMode=cv2.BORDER_CONSTANT, borderValue=0), np.uint8)
    room = np.full(spun.shape, 255, np.uint8)
    room = np.asarray(cv2.warpPerspective(room, laid, size), np.uint8)
    free = np.minimum(_spread(one.free, size), _spread(np.rot90(other.free, quarter), size))
    label = np.maximum(_spread(one.label, size), _spread(np.rot90(other.label, quarter), size))
    usable = (room > 0) & (free > 127) & (here < _BLOWN) & (there < _BLOWN)
    bands = band(here), band(there)
    alike, apart = _counted(bands, usable & (label < _HALF))
    both = np.minimum(_spread(one.label, size), _spread(np.rot90(other.label, quarter), size))
    return Match(inliers, alike, apart, compare_labels(bands, usable & (both > _HALF)))


def _spread(chart: NDArray[np.uint8], size: tuple[int, int]) -> Gray:
    return np.asarray(cv2.resize(np.ascontiguousarray(chart), size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _counted(bands: tuple[Floats, Floats], usable: NDArray[np.bool_]) -> tuple[int, int]:
    """How many tiles match and how many clearly differ."""
    said: list[bool | None] = []
    height, width = usable.shape
    edge = max(_SEARCH, round(_MARGIN * max(height, width)))
    for y in range(edge, height - edge - _TILE + 1, _TILE):
        for x in range(edge, width - edge - _TILE + 1, _TILE):
            part = slice(y, y + _TILE), slice(x, x + _TILE)
            if usable[part].mean() >= _MOSTLY:
                said.append(compare_tile(*bands, part))
    return said.count(True), said.count(False)


def compare_tile(here: Floats, there: Floats, part: tuple[slice, slice]) -> bool | None:
    """Whether a tile matches; None if it has no detail to tell by, or matches neither well nor badly."""
    wide = tuple(slice(max(0, side.start - _SEARCH), side.stop + _SEARCH) for side in part)
    tile, around = here[part], there[wide[0], wide[1]]
    detail, others = float(tile.std()), float(there[part].std())
    if max(detail, others) < DETAIL:
        return None
    if min(detail, others) < _PLAIN * max(detail, others):
        return False if max(detail, others) > 2.5 * DETAIL else None
    if min(detail, others) < DETAIL:
        return None
    best = float(cv2.matchTemplate(around, tile, cv2.TM_CCOEFF_NORMED).max())
    return True if best >= _MATCHES else False if best < _DIFFERS else None
