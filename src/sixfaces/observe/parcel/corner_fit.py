"""The box brought onto the corners that the network saw: a few degrees and pixels better than its word on orientation.

The orientation's tensor names no corners and is told by all of the picture; the corner map is sharp, but says not which
corner is which. From a box that is about right, each corner that must be visible takes the peak nearest to it, and the
box moves until they lie upon each other, held back by what was known before. A box that is far off finds few peaks and
is left as it was.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.cuboid import SIGNS, Size, focal, view_cos
from sixfaces.observe.parcel.look import GRID, MAPS, Look
from sixfaces.observe.parcel.pose import QUADS
from sixfaces.observe.parcel.turns import cross, exp

Real = NDArray[np.float64]

_CORNER = MAPS.index("corner")
_LEAST_PEAK = 0.2
_GATES = (4.5, 4.0, 3.0, 2.5, 2.0, 1.6)
"""Cells within which a corner takes a peak, step by step: wide first, for a box that is ten degrees off."""
_NOISE = 0.45
"""Cells by which a peak misses its corner, one standard error."""
_FEWEST = 4
"""Corners that must have found their peak: fewer leave a box that may tip."""
_PRIOR = np.array([0.2, 0.2, 0.2, 0.15, 0.15, 0.15, 0.2, 0.2, 0.2])
"""Standard errors of what was known before: turn in radians, place (sideways and depth) in shares of the apparent half
diagonal, logarithms of edges."""
_QUAD_CORNERS = np.array([QUADS[face] for face in QUADS])


@dataclass(frozen=True, slots=True)
class Fitted:
    """The box moved onto its corners. matched: how many of `visible` corners found a peak; miss: their root mean square
    distance in cells; sigma: standard error of the rotation about its least certain axis, in radians."""

    rotation: Real
    place: Real
    edges: Real
    matched: int
    visible: int
    miss: float
    sigma: float


def peaks(heat: NDArray[np.float32]) -> Real:
    """(n, 2) x, y in cells of the corner map's peaks, to a fraction of a cell; the middle of cell 0 is 0.5."""
    top = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((heat >= top) & (heat > _LEAST_PEAK))
    if not len(rows):
        return np.zeros((0, 2))
    padded = np.pad(heat.astype(np.float64), 1, mode="edge")
    r, c = rows + 1, columns + 1

    def between(before: Real, here: Real, after: Real) -> Real:
        bend = np.minimum(before + after - 2 * here, -1e-6)
        shift: Real = np.clip((before - after) / (2 * bend), -0.5, 0.5)
        return shift

    dx = between(padded[r, c - 1], padded[r, c], padded[r, c + 1])
    dy = between(padded[r - 1, c], padded[r, c], padded[r + 1, c])
    return np.column_stack([columns + 0.5 + dx, rows + 0.5 + dy])


def fitted(look: Look, rotation: Real, place: Real, *, edges: Real, size: Size) -> Fitted | None:
    """The box nearest to the given one that stands on the look's corners; None where there are too few."""
    seen = peaks(look.maps[_CORNER])
    if len(seen) < _FEWEST:
        return None
    start = place
    reach = float(place[2])
    prior = 1 / (_PRIOR * np.array([1, 1, 1, 1, 1, reach, 1, 1, 1])) ** 2
    moved = np.zeros(9)
    normal = np.diag(prior)
    found = np.zeros(8, np.bool_)
    miss = np.zeros((8, 2))
    for gate in _GATES:
        cells, slopes = _projected(look, (rotation, place, edges), size)
        visible = _visible(rotation, place, edges)
        found, miss = _matched(cells, visible, seen, gate=gate)
        if int(found.sum()) < _FEWEST:
            return None
        weight = 1 / (1 + (miss[found] ** 2).sum(-1) / (2 * _NOISE) ** 2) / _NOISE**2
        normal = np.diag(prior) + np.einsum("n,nij,nik->jk", weight, slopes[found], slopes[found])
        pull = np.einsum("n,nij,ni->j", weight, slopes[found], miss[found]) - prior * moved
        step = np.linalg.solve(normal, pull)
        moved = moved + step
        rotation = exp(step[:3]) @ rotation
        place = place + step[3:6]
        edges = edges * np.exp(step[6:])
    scale = 2 / float(np.linalg.norm(edges))
    spread = np.linalg.inv(normal)[:3, :3]
    left = float(np.sqrt((miss[found] ** 2).sum(-1).mean()))
    if place[2] <= 0.2 * start[2]:
        return None
    sigma = float(np.sqrt(np.linalg.eigvalsh(spread).max())) * max(1.0, left / _NOISE)
    return Fitted(rotation, place * scale, edges * scale, int(found.sum()), int(visible.sum()), left, sigma)


def _projected(look: Look, box: tuple[Real, Real, Real], size: Size) -> tuple[Real, Real]:
    """(8, 2) corners in cells of the crop's grid, and (8, 2, 9) their slopes by turn, shift and logarithms of edges."""
    rotation, place, edges = box
    arms = (SIGNS * (edges / 2)) @ rotation.T
    at = arms + place
    depth = np.maximum(at[:, 2], 0.05)
    lens = focal(size) * GRID / look.crop.side
    middle = (np.array(size) / 2 - (look.crop.x, look.crop.y)) * GRID / look.crop.side + GRID / 2
    cells = at[:, :2] * (lens / depth)[:, None] + middle
    by_point = np.zeros((8, 2, 3))
    by_point[:, 0, 0] = by_point[:, 1, 1] = lens / depth
    by_point[:, :, 2] = -at[:, :2] * (lens / depth**2)[:, None]
    by_edge = (SIGNS * (edges / 2))[:, None, :] * rotation[None]
    slopes = np.concatenate([-cross(arms), np.broadcast_to(np.eye(3), (8, 3, 3)), by_edge], -1)
    return cells, by_point @ slopes


def _visible(rotation: Real, place: Real, edges: Real) -> NDArray[np.bool_]:
    """(8,) corners of any face that is turned to the camera."""
    shown = view_cos(rotation, place, edges) > 0.03
    out = np.zeros(8, np.bool_)
    out[_QUAD_CORNERS[shown].ravel()] = True
    return out


def _matched(cells: Real, visible: NDArray[np.bool_], seen: Real, *, gate: float) -> tuple[NDArray[np.bool_], Real]:
    """(8,) which corners took a peak, (8, 2) the way to it. Each peak goes to one corner, the nearest pairs first."""
    away = seen[None] - cells[:, None]
    distance = np.sqrt((away**2).sum(-1))
    distance[~visible] = np.inf
    found, taken, miss = np.zeros(8, np.bool_), np.zeros(len(seen), np.bool_), np.zeros((8, 2))
    for flat in np.argsort(distance, axis=None):
        corner, peak = divmod(int(flat), len(seen))
        if distance[corner, peak] > gate:
            break
        if not found[corner] and not taken[peak]:
            found[corner], taken[peak], miss[corner] = True, True, away[corner, peak]
    return found, miss
