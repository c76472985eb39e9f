"""Whether a measure drifts, looked at every month for ever, over all measures of all observers and versions.

1. world     each month of a version is held against all earlier months of the same version by a test that supposes
             nothing of the measure (`twosample`). Its p-value becomes a factor of mean 1, and M = (1 + M) x factor
             (Shiryaev and Roberts): while cases are exchangeable the factors of the months are independent, so that M
             less the number of months is a martingale however often one looks, and the mean time to a false alarm is at
             least A months. With A = series x 24 all series together raise one in 24 months at most, in the mean
2. version   two versions in the same month saw the same world, so that what differs is the observer. The product of the
             months' factors is above A with a probability of 1/A at most, ever (Ville); A = 20 x pairs compared
3. either    a version that took the place of another between two months is compared with it all the same, and told as
             what cannot be told apart

What differs by less than `LEAST` is told as a trend and never as a drift: over very many cases chance explains nothing,
and small differences are there in every world.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sixfaces.domain.statistics import Cells, Drift, DriftKind
from sixfaces.watching.cells import Scale, summary
from sixfaces.watching.twosample import chance_of, distance, evidence

MONTHS_PER_FALSE_ALARM = 24
ONE_IN = 20
"""So rarely do comparisons of versions, all of them together, ever tell of a difference that is none."""
LEAST_CASES = 20
"""In a month and in what it is held against: with fewer nothing is compared."""
LEAST = {Scale.YES: 0.05, Scale.SHARE: 0.1, Scale.COUNT: 0.1, Scale.NUMBER: 0.1}
AROUND = 3
"""Months on each side of a change of versions that are compared where no month has both."""
_LARGEST = 1e250


class Series(NamedTuple):
    """One measure by one version, in the order of months."""

    measure: str
    observer: str
    version: str
    scale: Scale
    months: Sequence[tuple[str, Cells]]


def drifts_of(every: Sequence[Series]) -> list[Drift]:
    """All that can be told; by measure, version and month."""
    watched = len(watched_of(every))
    found = [drift for one in every for drift in world_drifts(one, watched=watched)]
    pairs = list(_pairs(every))
    for one, other in pairs:
        found += _version_drift(one, other, pairs=len(pairs))
    return sorted(found, key=lambda one: (one.kind, one.measure, one.since, one.version))


def watched_of(every: Sequence[Series]) -> list[Series]:
    """Those of which there is anything to compare."""
    return [one for one in every if sum(_size(cells) >= LEAST_CASES for _, cells in one.months) > 1]


# --- 1.


class _Watch:
    """M of one series, and the months that the present ones are held against."""

    def __init__(self) -> None:
        self.usual: Counter[int] = Counter()
        self.since: Counter[int] = Counter()
        self.start = ""
        self.total = 0.0
        self.peak = 0.0

    def look(self, month: str, cells: Cells, factor: float) -> None:
        self.total = min((self.total + 1) * factor, _LARGEST)
        if self.peak <= 1:
            self.peak, self.start = 1.0, month
            self.since = Counter()
        self.peak = min(self.peak * factor, _LARGEST)
        self.since.update(cells)

    def before(self, cells: Cells) -> Cells:
        """What was there before `start`; `cells` are of the month that was looked at last."""
        return self.usual + Counter(cells) - self.since


def world_drifts(series: Series, *, watched: int) -> Iterator[Drift]:
    """1. After a drift the months since it began are what is usual."""
    threshold = float(max(1, watched) * MONTHS_PER_FALSE_ALARM)
    watch, is_yes = _Watch(), series.scale is Scale.YES
    for month, cells in series.months:
        if _size(cells) >= LEAST_CASES and _size(watch.usual) >= LEAST_CASES:
            chance = chance_of(cells, watch.usual, is_yes=is_yes)
            watch.look(month, cells, evidence(chance))
            before = watch.before(cells)
            far = distance(watch.since, before)
            if watch.total >= threshold and far >= LEAST[series.scale]:
                yield Drift(
                    kind=DriftKind.WORLD, measure=series.measure, observer=series.observer, version=series.version,
                    since=watch.start, before=summary(before, series.scale), after=summary(watch.since, series.scale),
                    distance=far, chance=chance_of(watch.since, before, is_yes=is_yes),
                    strength=watch.total, threshold=threshold,
                )  # fmt: skip
                since = watch.since
                watch = _Watch()
                watch.usual.update(since)
                continue
        watch.usual.update(cells)


# --- 2. and 3.


def _pairs(every: Sequence[Series]) -> Iterator[tuple[Series, Series]]:
    """Versions of one measure that follow each other, by when each began."""
    of: dict[tuple[str, str], list[Series]] = {}
    for one in every:
        if one.months:
            of.setdefault((one.observer, one.measure), []).append(one)
    for versions in of.values():
        yield from pairwise(sorted(versions, key=lambda one: (one.months[0][0], one.version)))


def _version_drift(one: Series, other: Series, *, pairs: int) -> Iterator[Drift]:
    earlier, later = dict(one.months), dict(other.months)
    both = [m for m in sorted({*earlier} & {*later}) if min(_size(earlier[m]), _size(later[m])) >= LEAST_CASES]
    kind = DriftKind.VERSION if both else DriftKind.EITHER
    months = [(month, month) for month in both] or _around(one, other)
    strength, threshold = 1.0, float(ONE_IN * pairs)
    before, after = Counter[int](), Counter[int]()
    if kind is DriftKind.VERSION:
        for month in both:
            factor = evidence(chance_of(earlier[month], later[month], is_yes=one.scale is Scale.YES))
            strength = min(strength * factor, _LARGEST)
            before.update(earlier[month])
            after.update(later[month])
    else:
        before.update(_summed(one.months[-AROUND:]))
        after.update(_summed(other.months[:AROUND]))
        if min(_size(before), _size(after)) < LEAST_CASES:
            return
        strength = evidence(chance_of(before, after, is_yes=one.scale is Scale.YES))
        threshold *= AROUND  # it is looked at as often while the months around it become known
    far = distance(before, after)
    if strength >= threshold and far >= LEAST[one.scale]:
        yield Drift(
            kind=kind, measure=one.measure, observer=one.observer, version=other.version, other=one.version,
            since=months[0][1], before=summary(before, one.scale), after=summary(after, one.scale), distance=far,
            chance=chance_of(before, after, is_yes=one.scale is Scale.YES), strength=strength, threshold=threshold,
        )  # fmt: skip


def _around(one: Series, other: Series) -> list[tuple[str, str]]:
    return [(one.months[-1][0], other.months[0][0])]


def _summed(months: Sequence[tuple[str, Cells]]) -> Mapping[int, int]:
    total: Counter[int] = Counter()
    for _, cells in months:
        total.update(cells)
    return total


def _size(cells: Mapping[int, int]) -> int:
    return sum(cells.values())
