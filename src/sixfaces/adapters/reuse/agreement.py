"""Whether two pictures show the same: do their regions lie alike?

1. pair     each region of the one with the two of the other whose hashes are nearest, unless these have nearer ones
2. propose  one pair tells how the picture was scaled, turned and moved, as each region has a size and a direction
3. count    how many other pairs agree; the best proposals go on
4. fit      an affine map through those that agree, more narrowly each time; maps that shear much are none of a copy
5. compare  with how many regions there are in what both pictures show: by chance only few of many agree

A copy is flat: its regions agree to a few thousandths of its size, and many of them. Where the same things were
photographed anew the map cannot fit so well, and fewer regions agree.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sixfaces.adapters.reuse.patches import Patches, apart

MOST_BITS = 44
"""Pairs farther apart are not looked at. Of copies nine regions in ten lie within 25."""

PARTNERS = 2
PROPOSALS = 4
SAME_SCALE = 0.35
SAME_TURN = 0.35
"""How far the size (as a logarithm) and the direction (radians) of a pair may differ from the proposal."""

NEAR = 0.04
NARROWING = (0.03, 0.015, 0.01)
"""Shares of the other picture's diagonal within which regions must fall."""

MOST_SHEAR = 1.6
"""Between the map's longest and shortest stretch. A picture squeezed to a square has 1.33 or 1.78."""

APART_PX = 6
"""Regions that begin within one cell of so many pixels say the same thing, and count once."""

Real = NDArray[np.float64]


class Agreement(NamedTuple):
    """How two pictures agree. regions: how many; rate: of those that both could have, 0..1; bits: median distance;
    error: root mean square, of the diagonal; share: of the picture that is asked about and of the other that the
    agreeing regions span, 0..1; box, other_box: x, y, width, height of those spans as shares of the pictures; scale,
    turn_deg (clockwise), shear: from the picture asked about to the other; which: the agreeing regions, by number."""

    regions: int
    rate: float
    bits: float
    error: float
    share: float
    other_share: float
    box: tuple[float, float, float, float]
    other_box: tuple[float, float, float, float]
    scale: float
    turn_deg: float
    shear: float
    mirrored: bool
    which: tuple[int, ...]


@dataclass(frozen=True)
class _Pairs:
    """mine, theirs: numbers of regions; a, b: their places; zoom: complex, how one becomes the other; bits."""

    mine: NDArray[np.intp]
    theirs: NDArray[np.intp]
    a: NDArray[np.complex128]
    b: NDArray[np.complex128]
    zoom: NDArray[np.complex128]
    bits: NDArray[np.uint16]


def agreement(one: Patches, other: Patches) -> Agreement | None:
    """How `one`, as it is or mirrored, agrees best with `other`; None where not even three regions do."""
    both = (_agreement(one, other, mirrored=False), _agreement(one.mirrored, other, mirrored=True))
    return max((found for found in both if found), key=lambda a: (a.regions, -a.error), default=None)


def _agreement(one: Patches, other: Patches, *, mirrored: bool) -> Agreement | None:
    pairs = _pairs(one, other)
    if len(pairs.mine) < 3:
        return None
    diagonal = float(np.hypot(other.wide, other.high))
    best = None
    for agreeing in _proposals(pairs, diagonal):
        fitted = _fitted(pairs, agreeing, diagonal)
        if fitted is None:
            continue
        affine, agreeing, off = fitted
        kept = _distinct(pairs, agreeing, off)
        if len(kept) >= 3 and (best is None or len(kept) > len(best[0])):
            best = (kept, affine, off)
    return None if best is None else _told(one, other, pairs, best=best, mirrored=mirrored)


def _pairs(one: Patches, other: Patches) -> _Pairs:
    """1."""
    if len(one) < 3 or len(other) < 3:
        none, nowhere = np.zeros(0, np.intp), np.zeros(0, np.complex128)
        return _Pairs(none, none, nowhere, nowhere, nowhere, none.astype(np.uint16))
    bits = apart(one.bits, other.bits)
    nearest = np.argsort(bits, axis=1, kind="stable")[:, :PARTNERS]
    mine, theirs = np.repeat(np.arange(len(one)), nearest.shape[1]), nearest.reshape(-1)
    limit = np.sort(bits, axis=0)[min(PARTNERS, len(one)) - 1]
    near = (bits[mine, theirs] <= MOST_BITS) & (bits[mine, theirs] <= limit[theirs])
    mine, theirs = mine[near], theirs[near]
    zoom: NDArray[np.complex128] = (
        other.size[theirs] / one.size[mine] * np.exp(1j * (other.turn[theirs] - one.turn[mine]))
    )
    return _Pairs(mine, theirs, one.at[mine], other.at[theirs], zoom, bits[mine, theirs])


def _proposals(pairs: _Pairs, diagonal: float) -> list[NDArray[np.bool_]]:
    """2. and 3."""
    moved = pairs.b - pairs.zoom * pairs.a
    off = np.abs(pairs.zoom[:, None] * pairs.a[None] + moved[:, None] - pairs.b[None])
    ratio = pairs.zoom[None] / pairs.zoom[:, None]
    agree = (off < NEAR * diagonal) & _alike(ratio)
    order = np.argsort(-agree.sum(axis=1), kind="stable")[:PROPOSALS]
    return [agree[k] for k in order]


def _alike(ratio: NDArray[np.complex128]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(np.log(np.abs(ratio))) < SAME_SCALE) & (np.abs(np.angle(ratio)) < SAME_TURN))


def _fitted(pairs: _Pairs, agreeing: NDArray[np.bool_], diagonal: float) -> tuple[Real, NDArray[np.bool_], Real] | None:
    """4. The map (2, 3), who agrees with it, and how far off each pair is, of the diagonal."""
    source = np.stack([pairs.a.real, pairs.a.imag, np.ones(len(pairs.a))], axis=1)
    target = np.stack([pairs.b.real, pairs.b.imag], axis=1)
    affine: Real = np.zeros((2, 3))
    off: Real = np.zeros(len(source))
    for near in NARROWING:
        if agreeing.sum() < 3:
            return None
        solved, _, rank, _ = np.linalg.lstsq(source[agreeing], target[agreeing], rcond=None)
        affine = np.asarray(solved.T, np.float64)
        stretch = np.linalg.svd(affine[:, :2], compute_uv=False)
        if rank < 3 or np.linalg.det(affine[:, :2]) <= 0 or stretch[0] > MOST_SHEAR * stretch[1]:
            return None
        off = np.asarray(np.linalg.norm(source @ solved - target, axis=1) / diagonal, np.float64)
        agreeing = (off < near) & _alike(pairs.zoom / _zoom(affine))
    return affine, agreeing, off


def _zoom(affine: Real) -> complex:
    """The turn and scale that are nearest to the map."""
    return complex(affine[0, 0] + affine[1, 1], affine[1, 0] - affine[0, 1]) / 2


def _distinct(pairs: _Pairs, agreeing: NDArray[np.bool_], off: Real) -> list[int]:
    """Pairs with no region twice, nor two that begin in the same place."""
    seen_mine, seen_theirs, kept = set[tuple[int, int]](), set[tuple[int, int]](), []
    for k in np.lexsort((off, pairs.bits)):
        if not agreeing[k]:
            continue
        mine, theirs = _cell(pairs.a[k]), _cell(pairs.b[k])
        if mine not in seen_mine and theirs not in seen_theirs:
            seen_mine.add(mine)
            seen_theirs.add(theirs)
            kept.append(int(k))
    return kept


def _cell(at: complex) -> tuple[int, int]:
    return int(at.real // APART_PX), int(at.imag // APART_PX)


def _told(
    one: Patches, other: Patches, pairs: _Pairs, *, best: tuple[list[int], Real, Real], mirrored: bool
) -> Agreement:
    """5."""
    kept, affine, off = best
    back = np.linalg.inv(np.vstack([affine, [0, 0, 1]]))[:2]
    shared = min(_inside(one.at, affine, other.at), _inside(other.at, back, one.at))
    stretch, zoom = np.linalg.svd(affine[:, :2], compute_uv=False), _zoom(affine)
    box, other_box = _box(pairs.a[kept], one), _box(pairs.b[kept], other)
    if mirrored:
        box = (round(1 - box[0] - box[2], 4), *box[1:])
    return Agreement(
        regions=len(kept),
        rate=round(min(1.0, len(kept) / max(shared, 1)), 4),
        bits=float(np.median(pairs.bits[kept])),
        error=round(float(np.sqrt(np.mean(off[kept] ** 2))), 6),
        share=round(box[2] * box[3], 4),
        other_share=round(other_box[2] * other_box[3], 4),
        box=box,
        other_box=other_box,
        scale=round(float(np.sqrt(stretch[0] * stretch[1])), 4),
        turn_deg=round(float(np.degrees(np.angle(zoom))) % 360, 1) % 360,
        shear=round(float(stretch[0] / stretch[1]), 4),
        mirrored=mirrored,
        which=tuple(sorted(int(k) for k in pairs.mine[kept])),
    )


def _inside(at: NDArray[np.complex128], affine: Real, others: NDArray[np.complex128]) -> int:
    """How many places fall where the other picture has regions."""
    moved = np.stack([at.real, at.imag, np.ones(len(at))], axis=1) @ affine.T
    low = (others.real.min(), others.imag.min())
    high = (others.real.max(), others.imag.max())
    return int(((moved >= low) & (moved <= high)).all(axis=1).sum())


def _box(at: NDArray[np.complex128], of: Patches) -> tuple[float, float, float, float]:
    x, y = at.real / of.wide, at.imag / of.high
    return round(float(x.min()), 4), round(float(y.min()), 4), round(float(np.ptp(x)), 4), round(float(np.ptp(y)), 4)
