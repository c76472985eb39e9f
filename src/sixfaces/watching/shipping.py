"""Pieces that went out. They are told at several levels (of a supplier, of its batch, of one article of that), and what
is told of a part is in what is told of the whole: levels are never added, the one that tells of most counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sixfaces.domain.watching import ShippedUnits

SETTLES = 30
"""Days over which claims come in after a piece was shipped: so long it is exposed, evenly."""


def pieces(told: Iterable[ShippedUnits]) -> int:
    """How many there were, at least, by everything that was told of them; each day for itself."""
    levels: dict[date, Counter[tuple[bool, ...]]] = {}
    for one in told:
        said = (one.category, one.supplier, one.batch, one.sku)
        levels.setdefault(one.day, Counter())[tuple(name is not None for name in said)] += one.units
    return sum(max(of_day.values()) for of_day in levels.values())


def exposed(sent: Mapping[date, int], day: date) -> float:
    """Pieces of which claims may come on a day: a thirtieth of each that went out in the thirty days before."""
    return sum(sent.get(day - timedelta(n), 0) for n in range(1, SETTLES + 1)) / SETTLES


def exposed_between(sent: Mapping[date, int], first: date, until: date) -> float:
    """The same over days, `until` not among them, in one sum."""
    total = 0
    for on, units in sent.items():
        last = min(on + timedelta(SETTLES), until - timedelta(1))
        days = (last - max(on + timedelta(1), first)).days + 1
        total += units * max(days, 0)
    return total / SETTLES
