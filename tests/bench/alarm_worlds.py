"""Worlds to try alarms in: groups of cases whose true rates differ, day by day, quiet or rising from a day on."""

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sixfaces.domain.watching import DayCount, Dimension, Group, ShippedUnits
from sixfaces.watching.detecting import Day, Kind, is_alarm, signal_of, threshold
from sixfaces.watching.series import Series, Span, series_of
from sixfaces.watching.shipping import SETTLES

PAST, WINDOW = 364, 56
SHIPS = 10
"""Days between shipments: of each thirty days there are as many."""
START = date(2026, 1, 1)


class World(NamedTuple):
    """`share`: of cases that are complaints, in the mean over groups; `alike`: how alike groups are (the strength of
    the beta distribution that their true shares are drawn from); `cases`: of a group in a day."""

    kind: Kind
    groups: int
    share: float
    alike: float
    cases: float


def poisson(chance: random.Random, mean: float) -> int:
    """By Knuth, in pieces that exp can bear."""
    count = 0
    while mean > 0:
        piece, mean = min(mean, 30.0), mean - 30.0
        limit, product = math.exp(-piece), chance.random()
        while product > limit:
            count += 1
            product *= chance.random()
    return count


def series(world: World, days: int, *, chance: random.Random, rise: float = 1.0, at: int = 0) -> list[Day]:
    """One group; from day `at` on its true rate is `rise` times what it was."""
    true = chance.betavariate(world.share * world.alike, (1 - world.share) * world.alike)
    found = []
    for n in range(days):
        now = true * rise if n >= at else true
        if world.kind is Kind.SHARE:
            exposure = poisson(chance, world.cases)
            events = sum(chance.random() < now for _ in range(exposure))
        else:
            exposure, events = round(world.cases), poisson(chance, now * world.cases)
        found.append(Day(START + timedelta(n), events, float(exposure)))
    return found


def alarms(world: World, groups: Sequence[Sequence[Day]], *, first: int, last: int) -> list[tuple[int, int]]:
    """(group, day) of each alarm when somebody looks every day, by the series that an installation makes of its counts;
    one that was raised is acknowledged at once, and only what comes after it counts from then on."""
    counted, since = _Counted(world, groups), [date.min] * len(groups)
    raised = []
    for n in range(first, last):
        every = counted.series(n)
        most = threshold(len(every))
        for one in (one for one in every if one.measure == counted.measure):
            number = int(one.group.name)
            signal = signal_of((day for day in one.days if day.day > since[number]), one.rate, one.kind)
            if signal is not None and is_alarm(signal, most):
                raised.append((number, n))
                since[number] = START + timedelta(n)
    return raised


class _Counted:
    """What an installation would have counted of such groups, each of them a batch."""

    def __init__(self, world: World, groups: Sequence[Sequence[Day]]) -> None:
        is_rate = world.kind is Kind.RATE
        self.measure = "claims_per_piece" if is_rate else "quality"
        self._groups = [Group(dimension=Dimension.BATCH, name=f"{number}") for number in range(len(groups))]
        self._days = [
            [{"cases": one.events} if is_rate else {"cases": int(one.exposure), "quality": one.events} for one in days]
            for days in groups
        ]
        self._counts = [
            [
                [_count(group, START + timedelta(n), what, many) for what, many in day.items()]
                for n, day in enumerate(own)
            ]
            for group, own in zip(self._groups, self._days, strict=True)
        ]
        self._shipped = [
            [
                ShippedUnits(day=START + timedelta(n), batch=group.name, units=SHIPS * round(world.cases))
                for n in range(-SETTLES, len(own), SHIPS)
            ]
            for group, own in zip(self._groups, groups, strict=True)
            if is_rate
        ]

    def series(self, n: int) -> list[Series]:
        """As they are on the n-th day."""
        start, oldest = n - WINDOW, max(0, n - WINDOW - PAST)
        past = [
            _count(group, START, what, sum(day.get(what, 0) for day in own[oldest:start]))
            for group, own in zip(self._groups, self._days, strict=True)
            for what in own[0]
        ]
        recent = [one for own in self._counts for day in own[start : n + 1] for one in day]
        sent = [one for own in self._shipped for one in own[oldest // SHIPS : (n + SETTLES) // SHIPS + 1]]
        first = START + timedelta(start)
        return series_of(past, recent, sent, span=Span(first, START + timedelta(n), START + timedelta(oldest)))


def _count(group: Group, day: date, what: str, n: int) -> DayCount:
    return DayCount(day=day, group=group, what=what, n=n)
