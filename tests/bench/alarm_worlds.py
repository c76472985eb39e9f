"""Worlds to try alarms in: groups of cases whose true rates differ, day by day, quiet or rising from a day on."""

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sixfaces.watching.detecting import Count, Day, Kind, is_alarm, priors, signal_of, threshold, usual

PAST, WINDOW = 364, 56
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


def total(days: Sequence[Day]) -> Count:
    """All of them."""
    return Count(sum(one.events for one in days), sum(one.exposure for one in days))


def alarms(world: World, groups: Sequence[Sequence[Day]], *, first: int, last: int) -> list[tuple[int, int]]:
    """(group, day) of each alarm when somebody looks every day; one that was raised is acknowledged at once, and only
    what comes after it counts from then on. What is usual is estimated anew each week, as a running product would."""
    most, since = threshold(len(groups)), [0] * len(groups)
    raised, rates = [], [0.0] * len(groups)
    for n in range(first, last):
        if (n - first) % 7 == 0:
            rates = _usual(world, groups, n)
        for number, days in enumerate(groups):
            window = days[max(n + 1 - WINDOW, since[number]) : n + 1]
            signal = signal_of(window, rates[number], world.kind)
            if signal is not None and is_alarm(signal, most):
                raised.append((number, n))
                since[number] = n + 1
    return raised


def _usual(world: World, groups: Sequence[Sequence[Day]], n: int) -> list[float]:
    own = [total(days[max(0, n + 1 - WINDOW - PAST) : n + 1 - WINDOW]) for days in groups]
    recent = [total(days[n + 1 - WINDOW : n + 1]) for days in groups]
    found = priors(own, recent, world.kind)
    return [usual(one, prior, world.kind) for one, prior in zip(own, found, strict=True) if prior is not None]
