"""Where a face looks otherwise than when it went out: questions to a person, each with its place.

A tile is changed if its detail clearly differs, if paper covers it on one side alone, or if its tone is far from what
light explains. Light is a smooth field over the face and one balance of colours; what is left is the board's own.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.packed_facts import Change, Changed
from sixfaces.observe.outbound.face_pairs import TILE, Laid, tiles
from sixfaces.observe.parcel.identity_label import Floats

Real = NDArray[np.float64]

MOST = 6
"""Changes of one face that are told, the largest first."""

_LEAST_TILES = 2
_TONE, _PAPER_TONE = 0.35, 0.15
"""Logarithms of lightness off the smooth field of light: a third darker or lighter, and what new paper makes at least.
"""

_SPREADS = 5.0
"""Tones must also stand so many times above what all tiles differ by: a glossy face differs everywhere."""

_PAPER = 0.5
_LABEL_SHARE = 0.4
_TAPE_LONG, _TAPE_SLIM = 0.45, 2.5


class _Tiles(NamedTuple):
    """(rows, columns) of tiles: which are changed, on which paper lies on one side, and the pixels of the first."""

    changed: NDArray[np.bool_]
    paper: NDArray[np.bool_]
    top: int
    left: int


def changes(found: Laid) -> tuple[Change, ...]:
    """The changes of one face, the largest first."""
    seen = _seen(found)
    if seen is None:
        return ()
    count, marked, stats, _ = cv2.connectedComponentsWithStats(seen.changed.astype(np.uint8), connectivity=8)
    order = sorted(range(1, count), key=lambda k: -int(stats[k, cv2.CC_STAT_AREA]))
    kept = [k for k in order if stats[k, cv2.CC_STAT_AREA] >= _LEAST_TILES][:MOST]
    return tuple(_change(seen, marked == k, found.usable.shape) for k in kept)


def _seen(found: Laid) -> _Tiles | None:
    said = tiles(found)
    if not said:
        return None
    top, left = min(part[0].start for _, part in said), min(part[1].start for _, part in said)
    rows = 1 + (max(part[0].start for _, part in said) - top) // TILE
    columns = 1 + (max(part[1].start for _, part in said) - left) // TILE
    changed, paper = np.zeros((rows, columns), np.bool_), np.zeros((rows, columns), np.bool_)
    tones = _tones(found, [part for _, part in said])
    far = max(_TONE, _SPREADS * float(np.median(np.abs(tones))))
    for (told, part), tone in zip(said, tones, strict=True):
        at = (part[0].start - top) // TILE, (part[1].start - left) // TILE
        either, both = found.paper[part], found.both_paper[part]
        new_paper = float((either & ~both).mean()) > _PAPER  # or paper that one side is too dark to show
        paper[at] = new_paper and (told is False or abs(tone) > _PAPER_TONE)
        changed[at] = told is False or paper[at] or abs(tone) > far
    return _Tiles(changed, paper, top, left)


def _tones(found: Laid, parts: list[tuple[slice, slice]]) -> Real:
    """(n,) logarithm of how much lighter each tile is than when it went out, off a plane of light."""
    here, there = _lightness(found.here), _lightness(found.there)
    ratio = np.array([np.log((here[p].mean() + 8) / (there[p].mean() + 8)) for p in parts], np.float64)
    at = np.array([(1.0, p[0].start, p[1].start) for p in parts])
    at = np.concatenate([at, at[:, 1:2] ** 2, at[:, 2:3] ** 2, at[:, 1:2] * at[:, 2:3]], axis=1)
    at /= np.abs(at).max(axis=0) + 1e-9
    weight = np.ones(len(parts))
    rest = ratio
    for _ in range(4):  # again with less weight for what stands out
        solved = np.linalg.lstsq(at * weight[:, None], ratio * weight, rcond=None)[0]
        rest = ratio - at @ solved
        spread = float(np.median(np.abs(rest))) + 1e-3
        weight = 1 / (1 + (rest / (2 * spread)) ** 2)
    return np.asarray(rest, np.float64)


def _lightness(bgr: NDArray[np.uint8]) -> Floats:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.float32)


def _change(seen: _Tiles, where: NDArray[np.bool_], shape: tuple[int, ...]) -> Change:
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    height, width = shape[:2]
    high, wide = (rows[-1] - rows[0] + 1) * TILE, (columns[-1] - columns[0] + 1) * TILE
    y, x = seen.top + int(rows[0]) * TILE, seen.left + int(columns[0]) * TILE
    long, short = max(high, wide), min(high, wide)
    what = Changed.MARK
    if float(seen.paper[where].mean()) >= _LABEL_SHARE:
        what = Changed.LABEL
    elif long >= _TAPE_LONG * (width if wide >= high else height) and long >= _TAPE_SLIM * short:
        what = Changed.TAPE
    return Change(what=what, box=_shares((x, y), (wide, high), (width, height)))


def _shares(at: tuple[int, int], size: tuple[int, int], of: tuple[int, int]) -> tuple[float, float, float, float]:
    (x, y), (wide, high) = at, of
    across, down = min(size[0], wide - x), min(size[1], high - y)
    return round(x / wide, 3), round(y / high, 3), round(across / wide, 3), round(down / high, 3)
