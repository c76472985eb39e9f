"""Distributions in cells of a fixed scale: what a month of a measure is kept as, whatever the number of cases.

Shares lie in fiftieths, counts each in its own, other numbers in eighths of a doubling, yes and no in two. A scale
never depends on what was measured, so that months and versions can be compared and added.
"""

import math
from collections.abc import Mapping
from enum import StrEnum

from sixfaces.domain.statistics import Distribution
from sixfaces.watching.sureness import share

_FIFTIETHS = 50
_EIGHTHS = 8
_LEAST = 2.0**-8
"""Numbers below this are told as nothing."""
_MOST_CELLS = 320


class Scale(StrEnum):
    """What sort of numbers a measure has."""

    YES = "yes"
    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"


def cell_of(value: float, scale: Scale) -> int:
    """The cell of a value; what lies beyond the scale is in its last cell. Raises ValueError for no number."""
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    if scale is Scale.YES:
        return int(value > 0)
    if scale is Scale.SHARE:
        return min(max(math.floor(value * _FIFTIETHS + 1e-9), 0), _FIFTIETHS)
    if scale is Scale.COUNT:
        return min(max(round(value), 0), _MOST_CELLS)
    if value < _LEAST:
        return 0
    return min(1 + math.floor(_EIGHTHS * math.log2(value / _LEAST) + 1e-9), _MOST_CELLS)


def value_of(cell: int, scale: Scale) -> float:
    """The least value of a cell."""
    if scale in {Scale.YES, Scale.COUNT}:
        return float(cell)
    if scale is Scale.SHARE:
        return cell / _FIFTIETHS
    return 0.0 if cell == 0 else _LEAST * 2.0 ** ((cell - 1) / _EIGHTHS)


def summary(cells: Mapping[int, int], scale: Scale) -> Distribution:
    """What is told of it; quartiles to the width of a cell."""
    n = sum(cells.values())
    if scale is Scale.YES:
        return Distribution(n=n, share=share(cells.get(1, 0), n))
    if not n:
        return Distribution(n=0)
    low, median, high = (round(_quantile(cells, scale, part), 4) for part in (0.25, 0.5, 0.75))
    return Distribution(n=n, low=low, median=median, high=high)


def _quantile(cells: Mapping[int, int], scale: Scale, part: float) -> float:
    wanted, below = part * sum(cells.values()), 0
    for cell in sorted(cells):
        below += cells[cell]
        if below >= wanted:
            return value_of(cell, scale)
    raise ValueError("nothing was counted")
