"""Figures with how sure they are: shares after Wilson, means after Student, medians by order statistics."""

import math
from collections.abc import Sequence

from sixfaces.domain.watching import Mean, Share, Spread
from sixfaces.watching.tails import binomial_at_least, student_quantile

Z = 1.959963984540054
"""Ninety-five in a hundred of a normal distribution lie between minus and plus this."""
_SIDE = 0.025


def share(k: int, n: int) -> Share:
    """k of n. The interval never leaves 0 to 1 and is honest for few cases and for all or none of them."""
    if n == 0:
        return Share(k=0, n=0, value=None, low=0, high=1)
    p, z2 = k / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return Share(k=k, n=n, value=p, low=low, high=high)


def mean(values: Sequence[float], *, least: float = -math.inf, most: float = math.inf) -> Mean:
    """The mean; its interval is cut to what values there can be."""
    n = len(values)
    if n == 0:
        return Mean(n=0)
    middle = math.fsum(values) / n
    if n == 1:
        return Mean(n=1, mean=middle)
    spread = math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (n - 1))
    half = student_quantile(1 - _SIDE, n - 1) * spread / math.sqrt(n)
    return Mean(n=n, mean=middle, low=max(least, middle - half), high=min(most, middle + half))


def spread(seconds: Sequence[float]) -> Spread:
    """How long things took."""
    if not seconds:
        return Spread(n=0, mean=Mean(n=0))
    ordered = sorted(seconds)
    n = len(ordered)
    found = Spread(n=n, mean=mean(ordered, least=0.0), median_s=_median(ordered), worst_s=ordered[-1])
    rank = _rank(n)
    if rank == 0:
        return found
    return found.model_copy(update={"median_low_s": ordered[rank - 1], "median_high_s": ordered[n - rank]})


def _median(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _rank(n: int) -> int:
    """The largest r for which the r-th value from either end bounds the median at 95 %; 0: there are too few."""
    low, high = 0, (n + 1) // 2
    while low < high:
        middle = (low + high + 1) // 2
        below = 1 - binomial_at_least(middle, n, 0.5)
        low, high = (middle, high) if below <= _SIDE else (low, middle - 1)
    return low
