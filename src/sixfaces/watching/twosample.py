"""Whether two samples are of one distribution, by how far their cumulative shares lie apart.

Exact or an upper bound for any sizes, ties and forms, so that nothing has to be supposed of what is measured: for yes
and no the test of Fisher, for numbers the bound of Dvoretzky, Kiefer, Wolfowitz and Massart for two samples (Wei and
Dudley, 2012: with the constant e it holds whatever the sizes). Cells can only bring the samples closer together.
"""

import math
from collections.abc import Mapping

_NEGLIGIBLE = 1e-18


def distance(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """The largest difference of the cumulative shares; 0 where one of them is empty."""
    n, m = sum(one.values()), sum(other.values())
    if not n or not m:
        return 0.0
    k = j = 0
    most = 0.0
    for cell in sorted({*one, *other}):
        k, j = k + one.get(cell, 0), j + other.get(cell, 0)
        most = max(most, abs(k / n - j / m))
    return most


def chance_of(one: Mapping[int, int], other: Mapping[int, int], *, is_yes: bool) -> float:
    """The probability, or more than it, of so large a distance where nothing differs."""
    n, m = sum(one.values()), sum(other.values())
    if not n or not m:
        return 1.0
    if is_yes:
        return fisher((one.get(1, 0), n), (other.get(1, 0), m))
    return min(1.0, math.e * math.exp(-2 * n * m / (n + m) * distance(one, other) ** 2))


def fisher(one: tuple[int, int], other: tuple[int, int]) -> float:
    """(k of n) against (j of m): twice the smaller tail of the hypergeometric distribution, 1 at most."""
    (k, n), (j, m) = one, other
    return min(1.0, 2 * min(_at_most(k, n, whole=(k + j, n + m)), _at_most(j, m, whole=(k + j, n + m))))


def _at_most(k: int, n: int, *, whole: tuple[int, int]) -> float:
    """P(X <= k) of n drawn from `whole`: so many that are so, of so many."""
    so, every = whole
    least = max(0, n + so - every)
    term = math.exp(_log_choose(so, k) + _log_choose(every - so, n - k) - _log_choose(every, n))
    total = 0.0
    while k >= least:
        total += term
        if term < _NEGLIGIBLE * total or k == least:
            break
        term *= k * (every - so - n + k) / ((so - k + 1) * (n - k + 1))
        k -= 1
    return min(1.0, total)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def evidence(chance: float) -> float:
    """A p-value as a factor that is 1 in the mean at most where nothing differs (Vovk and Wang, 2021: the mean of all
    calibrators k p^(k-1)), so that factors of many looks may be multiplied and summed."""
    p = max(chance, 1e-300)
    if p > 1 - 1e-6:
        return 0.5
    log = math.log(p)
    return (1 - p + p * log) / (p * log * log)
