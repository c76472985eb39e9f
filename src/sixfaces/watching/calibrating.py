"""Whether the machine is as sure as it is right: confidence in bins against what people found.

1. error     the mean over all statements of how far the share that was right lies from the mean confidence of its bin
2. chance    what that would be in the mean if every confidence were true: for few statements it is far from nothing
3. found     in a bin, so many or so few right ones as the exact tail of the binomial explains once in a hundred over
             all bins of all tables. Statements of a bin differ in confidence, which makes tails beyond the mean only
             rarer (Hoeffding, 1956)
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sixfaces.domain.statistics import Calibration, Miscalibration, ReliabilityBin, WordOf
from sixfaces.watching.sureness import share
from sixfaces.watching.tails import binomial_at_least

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
SUREST = 0.99
"""A confidence of one is a rounded one, and no single mistake shows that it is wrong."""
ONE_IN = 100
"""So rarely is anything found, over all bins of all tables, where every confidence is true."""


class _Bin:
    def __init__(self) -> None:
        self.n = 0
        self.right = 0
        self.sure = 0.0

    @property
    def mean(self) -> float:
        return self.sure / self.n


class _Worst(NamedTuple):
    """The least likely bin of a table."""

    chance: float
    found: Miscalibration


class Calibrating:
    """Adds statements one by one; keeps counts in bins alone."""

    def __init__(self) -> None:
        self._bins: dict[tuple[WordOf, str], dict[int, _Bin]] = defaultdict(lambda: defaultdict(_Bin))

    def add(self, source: WordOf, rule: str, *, confidence: float, right: bool) -> None:
        """One statement of a rule, or of the verdict as a whole where `rule` is nothing in words."""
        one = self._bins[source, rule][_bin_of(confidence)]
        one.n += 1
        one.right += right
        one.sure += confidence

    def tables(self) -> Iterator[Calibration]:
        """By source and rule, the verdict as a whole first."""
        looks = 2 * sum(len(bins) for bins in self._bins.values())
        for (source, rule), bins in sorted(self._bins.items()):
            worst = min(_tails(bins), key=lambda one: one.chance)
            chance = min(1.0, worst.chance * looks)
            yield Calibration(
                source=source, rule=rule or None, n=sum(one.n for one in bins.values()), error=_error(bins),
                by_chance=_by_chance(bins), bins=tuple(_told(bins)), chance=chance,
                found=worst.found if chance * ONE_IN <= 1 else None,
            )  # fmt: skip


def _bin_of(confidence: float) -> int:
    return next((n for n, edge in enumerate(EDGES[1:-1]) if confidence < edge), len(EDGES) - 2)


def _told(bins: Mapping[int, _Bin]) -> Iterator[ReliabilityBin]:
    for n, (low, high) in enumerate(pairwise(EDGES)):
        one = bins.get(n)
        yield ReliabilityBin(
            low=low, high=high, sure=min(1.0, one.mean) if one else None,
            right=share(one.right, one.n) if one else share(0, 0),
        )  # fmt: skip


def _error(bins: Mapping[int, _Bin]) -> float:
    """1."""
    whole = sum(one.n for one in bins.values())
    return min(1.0, math.fsum(abs(one.right - one.sure) for one in bins.values()) / whole)


def _by_chance(bins: Mapping[int, _Bin]) -> float:
    """2. The mean deviation of a binomial share, exactly (de Moivre), at the mean confidence of each bin."""
    whole = sum(one.n for one in bins.values())
    return min(1.0, math.fsum(one.n * _deviation(one.n, one.mean) for one in bins.values()) / whole)


def _deviation(n: int, p: float) -> float:
    if p <= 0 or p >= 1:
        return 0.0
    v = math.floor(n * p) + 1
    log = math.lgamma(n + 1) - math.lgamma(v + 1) - math.lgamma(n - v + 1) + v * math.log(p)
    return 2 * v / n * (1 - p) * math.exp(log + (n - v) * math.log1p(-p)) if v <= n else 0.0


def _tails(bins: Mapping[int, _Bin]) -> Sequence[_Worst]:
    """3."""
    found = []
    for one in bins.values():
        wrong, doubt = one.n - one.right, 1 - min(one.mean, SUREST)
        found.append(_Worst(binomial_at_least(wrong, one.n, doubt), Miscalibration.TOO_SURE))
        found.append(_Worst(binomial_at_least(one.right, one.n, one.mean), Miscalibration.TOO_UNSURE))
    return found
