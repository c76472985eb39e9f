"""Whether something has become more frequent (D25, D26): a sum of likelihood ratios that may be looked at any time.

1. usual     what share, or what rate, was usual: the group's own past, pulled towards all others by as much as groups
             are alike (empirical Bayes), and one standard deviation of what is not known of it on top
2. rise      for each of a few sizes of a rise the ratio of how likely a day is with it and without it. M is the sum of
             the products from each day on which the rise may have begun (Shiryaev and Roberts), averaged over the sizes
3. alarm     M is 1/A-rarely above A: while nothing rises, M less the number of days is a martingale, so that the mean
             time to a false alarm is A days or more, however often one looks. With A = series x 90 days all series of a
             tenant together raise a false alarm every 90 days at most, in the mean
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sixfaces.watching.tails import binomial_at_least, poisson_at_least

RISES = (1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
DAYS_PER_FALSE_ALARM = 90
LEAST_EVENTS = 3
"""So many at least: one or two are never an alarm, however rare they used to be."""
LEAST_KNOWN = 20.0
"""Without so much exposure elsewhere or before nobody knows what is usual."""
_LEAST_LIKE, _MOST_LIKE = 10.0, 2000.0
_LARGEST = 1e250


class Kind(StrEnum):
    """What exposure is."""

    SHARE = "share"
    """Trials: events are some of them."""
    RATE = "rate"
    """Anything that events come in proportion to, such as pieces shipped."""


class Count(NamedTuple):
    """Events in so much exposure."""

    events: int
    exposure: float


class Day(NamedTuple):
    """One day of a series."""

    day: date
    events: int
    exposure: float


class Prior(NamedTuple):
    """What is usual in all groups, and for how much exposure of its own a group weighs as much as that."""

    rate: float
    strength: float


class Signal(NamedTuple):
    """How strongly a series speaks for a rise: `strength` is M, `since` the day on which it most likely began, with
    all events and exposure from then on, and the exact chance of so many at the usual rate."""

    strength: float
    since: date
    events: int
    exposure: float
    chance: float


def threshold(series: int) -> float:
    """What M must reach with so many series watched."""
    return max(1, series) * float(DAYS_PER_FALSE_ALARM)


def priors(past: Sequence[Count], recent: Sequence[Count], kind: Kind) -> list[Prior | None]:
    """1. For each group what is usual in all, without its own recent days: these are what is looked at. None where too
    little is known."""
    groups = [Count(a.events + b.events, a.exposure + b.exposure) for a, b in zip(past, recent, strict=True)]
    every = prior_of(groups, kind)
    if every is None:
        return [None] * len(groups)
    events, exposure = sum(one.events for one in groups), sum(one.exposure for one in groups)
    others = [Count(events - own.events, exposure - own.exposure) for own in recent]
    return [Prior(_rate(one, kind), every.strength) if one.exposure >= LEAST_KNOWN else None for one in others]


def _rate(count: Count, kind: Kind) -> float:
    """Never nothing, and of a share never everything."""
    rate = (count.events + 0.5) / (count.exposure + 1)
    return min(rate, 1 - 0.5 / (count.exposure + 1)) if kind is Kind.SHARE else rate


def prior_of(groups: Sequence[Count], kind: Kind) -> Prior | None:
    """1. By moments: how much the shares of groups differ beyond what chance does. None where too little is known."""
    known = [one for one in groups if one.exposure > 0]
    events, exposure = sum(one.events for one in known), sum(one.exposure for one in known)
    if exposure < LEAST_KNOWN:
        return None
    rate = _rate(Count(events, exposure), kind)
    noise = rate * (1 - rate) if kind is Kind.SHARE else rate
    spread = sum(one.exposure * (one.events / one.exposure - rate) ** 2 for one in known)
    weight = exposure - sum(one.exposure**2 for one in known) / exposure
    between = (spread - (len(known) - 1) * noise) / weight if weight > 0 else 0.0
    # Beyond a thousand events' worth nothing is gained by believing groups to be even more alike.
    strength = noise / between if between > 0 else _MOST_LIKE
    return Prior(rate, min(max(strength, _LEAST_LIKE), _MOST_LIKE))


def usual(own: Count, prior: Prior, kind: Kind) -> float:
    """1. The usual rate of a group, with one standard deviation of doubt on top."""
    exposure = prior.strength + own.exposure
    mean = (prior.rate * prior.strength + own.events) / exposure
    doubt = math.sqrt(mean * (1 - mean) / (exposure + 1)) if kind is Kind.SHARE else math.sqrt(mean / exposure)
    return min(mean + doubt, 0.999) if kind is Kind.SHARE else mean + doubt


def signal_of(days: Iterable[Day], rate: float, kind: Kind) -> Signal | None:
    """2. None where nothing happened."""
    every = [one for one in days if one.exposure > 0]
    if not any(one.events for one in every):
        return None
    paths = [_path(every, rate, rise, kind=kind) for rise in RISES]
    strength = math.fsum(path.total for path in paths) / len(paths)
    start = max(paths, key=lambda path: path.peak).start
    since = every[start:]
    events, exposure = sum(one.events for one in since), math.fsum(one.exposure for one in since)
    return Signal(strength, every[start].day, events, exposure, chance_of(Count(events, exposure), rate, kind))


def chance_of(count: Count, rate: float, kind: Kind) -> float:
    """The exact probability of so many events or more."""
    if kind is Kind.SHARE:
        return binomial_at_least(count.events, round(count.exposure), rate)
    return poisson_at_least(count.events, rate * count.exposure)


def is_alarm(signal: Signal, most: float) -> bool:
    """3."""
    return signal.strength >= most and signal.events >= LEAST_EVENTS


class _Path(NamedTuple):
    """M for one size of a rise; `peak`: the best product of ratios that ends today, which began on day `start`."""

    total: float
    peak: float
    start: int


def _path(days: Sequence[Day], rate: float, rise: float, *, kind: Kind) -> _Path:
    total, peak, start = 0.0, 0.0, 0
    for n, day in enumerate(days):
        ratio = math.exp(min(_log_ratio(day, rate, rise, kind=kind), 500))
        total = min((total + 1) * ratio, _LARGEST)
        if peak <= 1:
            peak, start = 1.0, n
        peak = min(peak * ratio, _LARGEST)
    return _Path(total, peak, start)


def _log_ratio(day: Day, rate: float, rise: float, *, kind: Kind) -> float:
    if kind is Kind.RATE:
        return day.events * math.log(rise) - (rise - 1) * rate * day.exposure
    risen = min(rise * rate, 1 - (1 - rate) / rise)
    misses = max(day.exposure - day.events, 0)
    return day.events * math.log(risen / rate) + misses * math.log((1 - risen) / (1 - rate))
