"""Are two waybill labels the same sheet, or two sheets of one carrier's form? Told by their small print.

Both are laid upon each other already. Every small tile with detail is looked for at its own place in the other label,
and also around it. On the same sheet each tile fits well at its own place, nowhere better. On another sheet of the
form, frames and logos fit too, but what was filled in does not: lines of letters fit elsewhere as well as here. So the
worst tenth of all tiles decides, not the mean.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray

Floats = NDArray[np.float32]

_FINE, _COARSE = 1.2, 6.0
"""Sigmas in pixels of the band in which tiles are compared: without noise, and without light from the side."""

DETAIL = 4.0
"""Standard deviation in grey levels of the band: below it a tile is plain, or its detail is gone."""

_TILE, _STRIDE = 16, 8
_SEARCH = 3
"""Pixels: what the homography leaves between the same places of a bulging face."""
_AROUND = 32
_AWAY = 8
"""Pixels. A tile also fits a few pixels from its place; farther away only something like it does."""

_WORST = 10
"""Percent of the tiles that decide."""

_MOST = 160
"""Tiles compared at most, evenly chosen: half a millisecond each."""

_MOSTLY = 0.9


class LabelLikeness(NamedTuple):
    """How the worst tenth of a label's `tiles` fits at its place (correlation), and how much better there than around.

    Without tiles both are 0.
    """

    tiles: int
    fit: float
    margin: float


NO_LABEL = LabelLikeness(0, 0.0, 0.0)


def band(gray: Gray) -> Floats:
    """What lies between the two sigmas."""
    exact = gray.astype(np.float32)
    return np.asarray(cv2.GaussianBlur(exact, (0, 0), _FINE) - cv2.GaussianBlur(exact, (0, 0), _COARSE), np.float32)


def compare_labels(bands: tuple[Floats, Floats], label: NDArray[np.bool_]) -> LabelLikeness:
    """Compare where `label` holds: the part that is label on both and can be seen on both."""
    here, there = bands
    places = [place for place in _places(label) if _detailed(here, there, place)]
    places = places[:: max(1, -(-len(places) // _MOST))]
    if not places:
        return NO_LABEL
    fits = np.array([_fit(here, there, place) for place in places])
    fit, margin = (float(np.percentile(values, _WORST)) for values in (fits[:, 0], fits[:, 0] - fits[:, 1]))
    return LabelLikeness(len(places), round(fit, 3), round(margin, 3))


def _places(label: NDArray[np.bool_]) -> list[tuple[int, int]]:
    height, width = label.shape
    return [
        (y, x)
        for y in range(0, height - _TILE + 1, _STRIDE)
        for x in range(0, width - _TILE + 1, _STRIDE)
        if label[y : y + _TILE, x : x + _TILE].mean() >= _MOSTLY
    ]


def _detailed(here: Floats, there: Floats, place: tuple[int, int]) -> bool:
    y, x = place
    part = slice(y, y + _TILE), slice(x, x + _TILE)
    return min(float(here[part].std()), float(there[part].std())) >= DETAIL


def _fit(here: Floats, there: Floats, place: tuple[int, int]) -> tuple[float, float]:
    """How well a tile fits at its place, and how well anywhere around it."""
    y, x = place
    top, left = max(0, y - _AROUND), max(0, x - _AROUND)
    wide = there[top : y + _TILE + _AROUND, left : x + _TILE + _AROUND]
    fits = cv2.matchTemplate(wide, here[y : y + _TILE, x : x + _TILE], cv2.TM_CCOEFF_NORMED)
    down = np.abs(np.arange(fits.shape[0]) - (y - top))[:, None]
    across = np.abs(np.arange(fits.shape[1]) - (x - left))[None, :]
    own = np.maximum(down, across)
    return float(fits[own <= _SEARCH].max()), float(fits[own > _AWAY].max(initial=-1.0))
