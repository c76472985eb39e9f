"""Exact tails of the binomial, Poisson and Student distributions, by continued fractions and series.

Accurate to about ten digits wherever a tail is not below 1e-300; tests compare with sums of exact fractions.
"""

import math

_TINY = 1e-300
_CLOSE = 1e-15
_MOST_STEPS = 100_000


def binomial_at_least(k: int, n: int, p: float) -> float:
    """P(X >= k) of n trials of probability p."""
    if k <= 0:
        return 1.0
    if k > n or p <= 0:
        return 0.0
    return 1.0 if p >= 1 else beta_share(k, n - k + 1, p)


def poisson_at_least(k: int, mean: float) -> float:
    """P(X >= k) of a mean."""
    if k <= 0:
        return 1.0
    return 0.0 if mean <= 0 else gamma_share(k, mean)


def student_quantile(p: float, freedom: int) -> float:
    """The t that a share p of the distribution lies below; p in (0.5, 1)."""
    low, high = 0.0, 1.0
    while _student_below(high, freedom) < p:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_below(middle, freedom) < p else (low, middle)
    return (low + high) / 2


def _student_below(t: float, freedom: int) -> float:
    return 1 - beta_share(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side
        return 1 - beta_share(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) * _beta_fraction(a, b, x) / a


def _beta_fraction(a: float, b: float, x: float) -> float:
    """By the method of Lentz."""
    c, d = 1.0, _away_from_nothing(1 - (a + b) * x / (a + 1))
    d = 1 / d
    value = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / _away_from_nothing(1 + part * d)
            c = _away_from_nothing(1 + part / c)
            value *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return value


def _away_from_nothing(value: float) -> float:
    return _TINY if abs(value) < _TINY else value


def gamma_share(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(a, x)."""
    if x <= 0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    return front * _gamma_series(a, x) if x < a + 1 else 1 - front * _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for n in range(1, _MOST_STEPS):
        term *= x / (a + n)
        total += term
        if term < total * _CLOSE:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / _away_from_nothing(b)
    value = d
    for n in range(1, _MOST_STEPS):
        part = -n * (n - a)
        b += 2
        d = 1 / _away_from_nothing(part * d + b)
        c = _away_from_nothing(b + part / c)
        value *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return value
