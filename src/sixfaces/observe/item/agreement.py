"""Lays a view over the reference and asks of every printed cell: is the same print there, in the same colour?

A logo alone covers few cells; another variety of the same brand disagrees in a patch of cells in every view. Hands hide
other cells in other views, so a cell counts as found if any view shows it.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Bgr
from sixfaces.observe.item.print_cells import CELL, Print
from sixfaces.observe.item.registration import Real

ALIKE = 0.85
"""Least normalised correlation of a cell with the view. In the best of four views print reaches 0.95 and more; another
name upon the same art leaves 0.4 to 0.8."""

_SLACK = 6
"""Pixels a cell may lie beside where the homography puts it: curved surfaces, bent cardboard."""

_WHITE_BALANCE = 1.35
"""Most that one channel may be off against the mean of the three before it is another colour, not another light."""

_COLOUR = 24.0
"""Distance in the a-b plane of CIELAB (8-bit steps) within which a cell has the same colour."""

_SMOOTH = 1.2
_FLAT = 3.0
"""Standard deviation in levels below which a place shows nothing to correlate with."""


class Laid(NamedTuple):
    """One view laid over the reference, cell by cell (rows, columns): in the picture, same print, same colour."""

    inside: NDArray[np.bool_]
    alike: NDArray[np.bool_]
    coloured: NDArray[np.bool_]


class _Cell(NamedTuple):
    score: float
    tone: Real


def laid_over(reference: Print, view: Bgr, sheets: list[Real]) -> Laid:
    """How the (h, w, 3) view agrees with the reference's printed cells under any of the homographies."""
    shape = reference.printed.shape
    inside, best = np.zeros(shape, np.bool_), np.full(shape, -1.0)
    tones = np.zeros((*shape, 3))
    smooth = np.asarray(cv2.GaussianBlur(reference.bgr, (0, 0), _SMOOTH), np.uint8)
    for sheet in sheets:
        warped, seen = _warped(view, sheet, reference.gray.shape)
        for row, column in zip(*np.nonzero(reference.printed), strict=True):
            top, left = int(row) * CELL, int(column) * CELL
            if seen[top : top + CELL, left : left + CELL].mean() < 0.95 * 255:
                continue
            inside[row, column] = True
            cell = _compared(smooth, warped, (top, left))
            if cell.score > best[row, column]:
                best[row, column], tones[row, column] = cell.score, cell.tone
    alike = best >= ALIKE
    return Laid(inside, alike, _coloured(reference, tones, alike))


def _warped(view: Bgr, sheet: Real, shape: tuple[int, ...]) -> tuple[Bgr, NDArray[np.uint8]]:
    size = (shape[1], shape[0])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = np.full(view.shape[:2], 255, np.uint8)
    warped = cv2.warpPerspective(view, sheet, size, flags=how)
    return np.asarray(warped, np.uint8), np.asarray(cv2.warpPerspective(seen, sheet, size, flags=how), np.uint8)


def _compared(smooth: Bgr, warped: Bgr, corner: tuple[int, int]) -> _Cell:
    """The cell's best place near where it should be, and the mean colour found there.

    All three channels correlate: brown letters on blue may have no luma of their own.
    """
    top, left = corner
    y0, x0 = max(0, top - _SLACK), max(0, left - _SLACK)
    near = warped[y0 : top + CELL + _SLACK, x0 : left + CELL + _SLACK]
    blurred = cv2.GaussianBlur(near, (0, 0), _SMOOTH)
    if float(cv2.meanStdDev(blurred)[1].max()) < _FLAT:
        return _Cell(-1.0, np.zeros(3))
    scores = cv2.matchTemplate(blurred, smooth[top : top + CELL, left : left + CELL], cv2.TM_CCOEFF_NORMED)
    _, score, _, (x, y) = cv2.minMaxLoc(scores)
    return _Cell(float(score), near[y : y + CELL, x : x + CELL].reshape(-1, 3).mean(axis=0))


def _coloured(reference: Print, tones: Real, alike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the cells that are alike also have the reference's colour, after one white balance for the view."""
    out = np.zeros(alike.shape, np.bool_)
    if not alike.any():
        return out
    rows, columns = alike.shape
    whole = reference.bgr[: rows * CELL, : columns * CELL]
    own = np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.float64)[alike]
    seen = tones[alike]
    gain = np.median((own + 8) / (seen + 8), axis=0)
    level = float(np.exp(np.log(gain).mean()))
    gain = level * np.clip(gain / level, 1 / _WHITE_BALANCE, _WHITE_BALANCE)
    apart = _chroma(own) - _chroma(np.clip(seen * gain, 0, 255))
    out[alike] = np.hypot(apart[:, 0], apart[:, 1]) <= _COLOUR
    return out


def _chroma(tones: Real) -> Real:
    lab = cv2.cvtColor(tones.reshape(-1, 1, 3).astype(np.uint8), cv2.COLOR_BGR2LAB)
    return np.asarray(lab, np.float64).reshape(-1, 3)[:, 1:]
