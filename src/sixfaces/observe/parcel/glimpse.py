"""What one medium frame told about the parcel, in a few numbers: the whole memory of the stages' side of the observer.

The tracker makes one for every medium frame, found or not; no picture is kept in it.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.observe.parcel.look import MAPS, Look, Real

Cells = NDArray[np.bool_]
"""(GRID, GRID) which cells of a crop show something."""

Lost = Literal["left_frame", "hidden"]

_PRESENT = 0.5
"""A cell of a map belongs to what it shows from here on: the network was trained to 0 and 1."""


@dataclass(frozen=True, slots=True)
class ItemGlimpse:
    """The item in one frame.

    box: x, y, width, height in pixels of the medium frame. share: of the crop's area, 0..1. held: share of the item's
    surrounding cells that are hands, 0..1. parts: how many separate patches. angle: of the longer axis, in degrees
    0..180. look: what `item_look.described` says of its pixels, bytes 0..255; empty if nobody looked.
    """

    box: tuple[float, float, float, float]
    share: float
    held: float
    parts: int
    angle: float
    look: bytes = b""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One medium frame.

    found: whether the tracker has the parcel here; if not, `lost` says how it went and `trust` (0..1) how surely it is
    out of view. kind, state, seal: probabilities over look.KINDS, STATES, SEALS; empty where there was no look. place:
    middle and side of the parcel's square in medium pixels. turning: degrees a second. moving: own sides a second.
    held: share of the parcel's surrounding cells that are hands. inside: share of its crop that shows flaps or inside.
    """

    time: MediaTime
    found: bool
    lost: Lost | None = None
    trust: float | None = None
    kind: tuple[float, ...] = ()
    state: tuple[float, ...] = ()
    seal: tuple[float, ...] = ()
    place: tuple[float, float, float] | None = None
    turning: float = 0.0
    moving: float = 0.0
    held: float = 0.0
    inside: float = 0.0
    item: ItemGlimpse | None = None


def glimpse(
    time: MediaTime, look: Look, *, place: tuple[float, float, float], turning: float = 0.0, moving: float = 0.0
) -> Glimpse:
    """The numbers of a frame in which the tracker has the parcel. About 0.1 ms."""
    maps = dict(zip(MAPS, look.maps, strict=True))
    parcel, hand = maps["parcel"] > _PRESENT, maps["hand"] > _PRESENT
    return Glimpse(
        time=time, found=True, kind=_shares(look.kind), state=_shares(look.state), seal=_shares(look.seal),
        place=place, turning=turning, moving=moving, held=_share(touched(parcel, hand)),
        inside=_share(float((maps["flap"] > _PRESENT).mean())), item=_item(look, maps["item"] > _PRESENT, hand),
    )  # fmt: skip


def touched(thing: Cells, hand: Cells) -> float:
    """(GRID, GRID) each -> share of the cells around a thing, two cells deep, that are hand."""
    near = cv2.dilate(thing.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool) & ~thing
    return float(hand[near].mean()) if near.any() else 0.0


_LEAST_CELLS = 6
"""Patches smaller than this many of 1024 cells are flicker at the edges of hands and flaps."""


def _item(look: Look, there: Cells, hand: Cells) -> ItemGlimpse | None:
    count, _, stats, _ = cv2.connectedComponentsWithStats(there.astype(np.uint8), connectivity=8)
    patches = [stats[i] for i in range(1, count) if stats[i][cv2.CC_STAT_AREA] >= _LEAST_CELLS]
    if not patches:
        return None
    left, top = min(int(p[0]) for p in patches), min(int(p[1]) for p in patches)
    right, bottom = max(int(p[0] + p[2]) for p in patches), max(int(p[1] + p[3]) for p in patches)
    cell = look.crop.side / there.shape[0]
    x0, y0 = look.crop.x - look.crop.side / 2, look.crop.y - look.crop.side / 2
    box = (x0 + left * cell, y0 + top * cell, (right - left) * cell, (bottom - top) * cell)
    return ItemGlimpse(
        box=box,
        share=_share(float(there.mean())),
        held=_share(touched(there, hand)),
        parts=len(patches),
        angle=_angle(there),
    )


def _angle(there: Cells) -> float:
    """Direction of the longer axis by second moments, degrees 0..180."""
    m = cv2.moments(there.astype(np.uint8), binaryImage=True)
    return float(np.degrees(0.5 * np.arctan2(2 * m["mu11"], m["mu20"] - m["mu02"])) % 180.0)


_STEPS = tuple(i / 200 for i in range(201))
"""Shares are kept to 0.005, as one of these numbers: a frame then holds no numbers of its own for them."""


def _share(value: float) -> float:
    return _STEPS[round(min(max(value, 0.0), 1.0) * 200)]


def _shares(values: Real) -> tuple[float, ...]:
    return tuple(_share(float(v)) for v in values)
