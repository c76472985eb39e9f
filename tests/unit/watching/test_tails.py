"""Tails against sums of exact fractions, and against values of printed tables."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.watching.sureness import mean, share, spread
from sixfaces.watching.tails import binomial_at_least, poisson_at_least, student_quantile


def exact(k: int, n: int, p: Fraction) -> float:
    return float(sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(max(k, 0), n + 1)))


@given(st.integers(0, 60), st.integers(0, 62), st.integers(1, 99))
def test_binomial_tails_are_sums_of_exact_fractions(n: int, k: int, percent: int) -> None:
    p = Fraction(percent, 100)
    assert binomial_at_least(k, n, percent / 100) == pytest.approx(exact(k, n, p), rel=1e-9, abs=1e-14)


@given(st.integers(0, 80), st.floats(0.001, 60))
def test_poisson_tails_are_sums(k: int, mean: float) -> None:
    summed = math.fsum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(k, k + 400))
    assert poisson_at_least(k, mean) == pytest.approx(summed, rel=1e-8, abs=1e-14)


def test_far_tails_stay_small_and_never_vanish() -> None:
    assert binomial_at_least(20, 1000, 0.001) == pytest.approx(exact(20, 1000, Fraction(1, 1000)), rel=1e-9)
    assert 0 < binomial_at_least(300, 1000, 0.05) < 1e-120


@pytest.mark.parametrize(
    ("freedom", "printed"), [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (1000, 1.962)]
)
def test_quantiles_of_student_are_those_of_the_tables(freedom: int, printed: float) -> None:
    assert student_quantile(0.975, freedom) == pytest.approx(printed, abs=5e-4)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1)]
)
def test_shares_have_the_interval_of_wilson(k: int, n: int, low: float, high: float) -> None:
    found = share(k, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_over_nothing_there_is_no_share_and_all_is_possible() -> None:
    assert share(0, 0).value is None
    assert (share(0, 0).low, share(0, 0).high) == (0, 1)
    assert mean([]).mean is None
    assert spread([]).worst_s is None


def test_one_value_has_a_mean_and_no_interval() -> None:
    assert mean([3.0]) == mean([3.0]).model_copy(update={"low": None, "high": None})


def test_the_interval_of_a_median_is_of_its_ranks() -> None:
    found = spread([float(n) for n in range(1, 21)])
    assert (found.median_s, found.median_low_s, found.median_high_s) == (10.5, 6.0, 15.0)
    assert spread([1.0, 2.0, 3.0]).median_low_s is None, "three say nothing of the median at 95 %"
