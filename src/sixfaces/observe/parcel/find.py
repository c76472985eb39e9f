"""Finding the handled parcel in a frame: looks over the whole frame and over windows of it, then closer ones.

Of several boxes it is the one that hands touch, that is large and near the middle; a box that lies on a shelf and never
moves is given up as soon as another one is handled (`track`).
"""

from dataclasses import dataclass

import numpy as np

from sixfaces.media.frames import Bgr
from sixfaces.observe.parcel.glimpse import touched
from sixfaces.observe.parcel.look import KINDS, MAPS, Crop, Look
from sixfaces.observe.parcel.network import Network

FRAMED = 2.6
"""Side of a crop in apparent half diagonals of the parcel: the middle of what the network was trained on."""
_NONE = KINDS.index("none")
_PARCEL, _HAND = MAPS.index("parcel"), MAPS.index("hand")
_SIDES = (0.42, 0.72, 1.15)
"""Windows' sides in short sides of the frame."""
_PROMISING = 4
"""How many windows are looked at again, closer."""
_LEAST = 0.5
_ROUNDS = 2
SMALLEST_PX = 24.0
"""Apparent half diagonal in medium pixels: below it no face could be judged."""


@dataclass(frozen=True, slots=True)
class Found:
    """A parcel found: the look that frames it well, and how good a candidate it is (`worth`, higher is better)."""

    look: Look
    worth: float


def present(look: Look) -> float:
    """How surely there is a parcel in the middle of the crop, 0..1."""
    return float(1 - look.kind[_NONE])


def framing(look: Look) -> Crop:
    """The crop that frames what this look found."""
    half = look.crop.side / 2
    radius = half * float(np.exp(np.clip(look.size, -3.0, 1.5)))
    x, y = (float(v) for v in np.clip(look.centre, -1.5, 1.5))
    return Crop(look.crop.x + half * x, look.crop.y + half * y, max(2 * SMALLEST_PX, FRAMED * radius))


def worth(look: Look, size: tuple[int, int]) -> float:
    """Of several parcels in view, which one is handled: touched, large, near the middle; 0 if there is none."""
    if present(look) < _LEAST:
        return 0.0
    seen = look.maps[_PARCEL] > 0.5
    if seen.mean() < 0.02:
        return 0.0
    radius = look.crop.side / FRAMED / max(size)
    away = np.hypot(look.crop.x / size[0] - 0.5, look.crop.y / size[1] - 0.5)
    held = min(1.0, 2 * touched(seen, look.maps[_HAND] > 0.5))
    near = float(np.exp(-3 * away * away))
    return present(look) * float(np.sqrt(radius)) * near * (1 + held)


def find(network: Network, bgr: Bgr) -> Found | None:
    """The likeliest handled parcel of a medium frame, or None. About forty looks."""
    height, width = bgr.shape[:2]
    size = (width, height)
    looks = [network.look(bgr, crop) for crop in windows(size)]
    looks.sort(key=lambda look: -_rough(look, size))
    found: list[Found] = []
    for first in looks[:_PROMISING]:
        if present(first) < _LEAST / 2:
            continue
        closer = settled(network, bgr, first)
        value = worth(closer, size)
        if value > 0:
            found.append(Found(closer, value))
    return max(found, key=lambda f: f.worth, default=None)


def settled(network: Network, bgr: Bgr, look: Look) -> Look:
    """Look again until the crop frames what it shows."""
    for _ in range(_ROUNDS):
        crop = framing(look)
        if abs(np.log(crop.side / look.crop.side)) < 0.15 and np.abs(look.centre).max() < 0.15:
            break
        look = network.look(bgr, crop)
    return look


def _rough(look: Look, size: tuple[int, int]) -> float:
    crop = framing(look)
    radius = crop.side / FRAMED / max(size)
    away = np.hypot(crop.x / size[0] - 0.5, crop.y / size[1] - 0.5)
    inside = bool(np.abs(look.centre).max() < 0.9)
    return present(look) * float(np.sqrt(radius) * np.exp(-3 * away * away)) * (1.0 if inside else 0.3)


def windows(size: tuple[int, int]) -> list[Crop]:
    """The whole frame, then windows of three sides that overlap by half."""
    width, height = size
    crops = [Crop(width / 2, height / 2, float(max(size)))]
    for share in _SIDES:
        side = max(share * min(size), 2 * SMALLEST_PX)  # a strip has no room for a parcel, but for many windows
        columns, rows = (max(1, round(2 * (length - side) / side) + 1) for length in (width, height))
        xs = np.linspace(side / 2, width - side / 2, columns) if width > side else [width / 2]
        ys = np.linspace(side / 2, height - side / 2, rows) if height > side else [height / 2]
        crops += [Crop(float(x), float(y), side) for y in ys for x in xs]
    return crops
