"""Drift: what is planted is found, where it is and as what it is; quiet months raise no more than is said."""

import random
from collections import Counter
from itertools import product
from math import comb

import pytest

from sixfaces.domain.statistics import DriftKind
from sixfaces.watching.cells import Scale, cell_of, summary, value_of
from sixfaces.watching.drifting import MONTHS_PER_FALSE_ALARM, Series, drifts_of, watched_of, world_drifts
from sixfaces.watching.twosample import chance_of, distance, evidence, fisher

MONTHS = [f"{year}-{month:02}" for year in range(2000, 2100) for month in range(1, 13)]


def shares(chance: random.Random, n: int, shift: float = 0.0) -> Counter[int]:
    """A month of confidences, most of them high."""
    return Counter(cell_of(min(1.0, max(0.0, chance.betavariate(8, 2) + shift)), Scale.SHARE) for _ in range(n))


def flags(chance: random.Random, n: int, rate: float) -> Counter[int]:
    return Counter(int(chance.random() < rate) for _ in range(n))


def series(months: list[tuple[str, Counter[int]]], *, scale: Scale = Scale.SHARE, version: str = "1") -> Series:
    return Series("face_confidence", "parcel", version, scale, months)


def test_a_drift_of_the_world_is_found_in_its_month_and_once() -> None:
    chance = random.Random(1)
    months = [(month, shares(chance, 200, -0.15 if n >= 12 else 0.0)) for n, month in enumerate(MONTHS[:24])]
    (found,) = drifts_of([series(months)])
    assert (found.kind, found.since, found.version, found.other) == (DriftKind.WORLD, MONTHS[12], "1", None)
    assert found.before.median is not None
    assert found.after.median is not None
    assert found.before.median - found.after.median > 0.1
    assert found.strength >= found.threshold
    assert found.after.n == 200


def test_a_slow_drift_is_found_though_no_month_differs_much_from_the_last() -> None:
    chance = random.Random(2)
    months = [(month, shares(chance, 400, -0.012 * max(0, n - 6))) for n, month in enumerate(MONTHS[:30])]
    found = drifts_of([series(months)])
    assert found
    assert all(one.kind is DriftKind.WORLD and one.since > MONTHS[6] for one in found)


def test_what_is_rare_is_found_where_it_becomes_frequent() -> None:
    chance = random.Random(3)
    months = [(month, flags(chance, 300, 0.15 if n >= 10 else 0.02)) for n, month in enumerate(MONTHS[:20])]
    (found,) = drifts_of([series(months, scale=Scale.YES)])
    assert found.since == MONTHS[10]
    assert found.before.share is not None
    assert found.after.share is not None
    assert found.before.share.high < found.after.share.low


def test_a_thousand_quiet_months_raise_no_more_false_alarms_than_said() -> None:
    chance = random.Random(4)
    every = [series([(m, shares(chance, 60)) for m in MONTHS[:1000]], version=f"{n}") for n in range(4)]
    every += [
        series([(m, flags(chance, 60, 0.1)) for m in MONTHS[:1000]], scale=Scale.YES, version=f"y{n}") for n in range(4)
    ]
    raised = sum(len(list(world_drifts(one, watched=len(every)))) for one in every)
    assert raised <= 1000 / MONTHS_PER_FALSE_ALARM


def test_what_is_said_holds_without_the_least_difference_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is that of the test; that small differences are no drift only makes alarms rarer."""
    monkeypatch.setattr("sixfaces.watching.drifting.LEAST", dict.fromkeys(Scale, 0.0))
    chance = random.Random(5)
    every = [
        series([(m, flags(chance, 40, 0.3)) for m in MONTHS[:1000]], scale=Scale.YES, version=f"{n}") for n in range(8)
    ]
    raised = sum(len(list(world_drifts(one, watched=len(every)))) for one in every)
    assert raised <= 1000 / MONTHS_PER_FALSE_ALARM


def test_versions_that_saw_the_same_months_are_told_apart_from_the_world() -> None:
    chance = random.Random(6)
    world = [-0.1 if n >= 8 else 0.0 for n in range(16)]
    old = [(MONTHS[n], shares(chance, 300, world[n])) for n in range(6)]
    new = [(MONTHS[n], shares(chance, 300, world[n] - 0.2)) for n in range(4, 16)]
    found = {one.kind: one for one in drifts_of([series(old), series(new, version="2")])}
    assert set(found) == {DriftKind.VERSION, DriftKind.WORLD}
    version, moved = found[DriftKind.VERSION], found[DriftKind.WORLD]
    assert (version.other, version.version, version.since) == ("1", "2", MONTHS[4])
    assert (moved.version, moved.since) == ("2", MONTHS[8])


def test_a_version_that_measures_the_same_is_no_drift_however_the_world_moves() -> None:
    chance = random.Random(7)
    world = [-0.2 if n >= 5 else 0.0 for n in range(12)]
    old = [(MONTHS[n], shares(chance, 300, world[n])) for n in range(10)]
    new = [(MONTHS[n], shares(chance, 300, world[n])) for n in range(3, 12)]
    kinds = {one.kind for one in drifts_of([series(old), series(new, version="2")])}
    assert kinds == {DriftKind.WORLD}


def test_where_no_month_has_both_versions_nobody_can_tell_which_it_is() -> None:
    chance = random.Random(8)
    old = [(MONTHS[n], shares(chance, 300)) for n in range(6)]
    new = [(MONTHS[n], shares(chance, 300, -0.2)) for n in range(6, 12)]
    (found,) = drifts_of([series(old), series(new, version="2")])
    assert (found.kind, found.since, found.other, found.version) == (DriftKind.EITHER, MONTHS[6], "1", "2")


def test_quiet_changes_of_versions_are_told_of_once_in_twenty_at_most() -> None:
    told = 0
    for seed in range(100):
        chance = random.Random(seed)
        both = [series([(m, shares(chance, 50)) for m in MONTHS[:12]], version=v) for v in ("1", "2")]
        told += any(one.kind is not DriftKind.WORLD for one in drifts_of(both))
    assert told <= 5


def test_a_small_difference_of_very_many_is_a_trend_and_no_drift() -> None:
    months = [(MONTHS[n], Counter({0: 900_000, 1: 100_000 + 30_000 * (n > 5)})) for n in range(12)]
    assert drifts_of([series(months, scale=Scale.YES)]) == []


def test_months_with_few_cases_are_compared_with_nothing() -> None:
    months = [(MONTHS[n], Counter({50 * (n % 2): 15})) for n in range(2)]
    assert drifts_of([series(months)]) == []
    assert watched_of([series(months)]) == []
    assert drifts_of([series([]), series([], version="2")]) == []


def test_fishers_test_is_the_sum_of_the_smaller_tail_twice() -> None:
    for (k, n), (j, m) in product([(0, 5), (2, 7), (7, 7), (3, 12)], [(0, 4), (5, 9), (1, 30)]):
        so, every = k + j, n + m
        low = sum(comb(so, i) * comb(every - so, n - i) for i in range(k + 1) if n - i <= every - so) / comb(every, n)
        high = sum(comb(so, i) * comb(every - so, n - i) for i in range(k, min(so, n) + 1) if n - i >= 0)
        assert fisher((k, n), (j, m)) == pytest.approx(min(1.0, 2 * min(low, high / comb(every, n))), rel=1e-9)


def test_chances_are_no_smaller_than_they_are_drawn() -> None:
    chance, drawn = random.Random(9), []
    for _ in range(2000):
        drawn.append(chance_of(shares(chance, 40), shares(chance, 90), is_yes=False))
    for level in (0.2, 0.05, 0.01):
        assert sum(p <= level for p in drawn) <= level * 2000


def test_factors_of_evidence_are_one_in_the_mean() -> None:
    steps = 200_000
    assert sum(evidence((n + 0.5) / steps) for n in range(steps)) / steps <= 1.0
    assert evidence(0.0) > 1e200
    assert evidence(1.0) == 0.5


def test_scales_hold_what_lies_beyond_them_in_their_last_cell() -> None:
    assert cell_of(2.0, Scale.SHARE) == cell_of(1.0, Scale.SHARE) == 50
    assert cell_of(-1.0, Scale.SHARE) == cell_of(0.0, Scale.NUMBER) == 0
    assert cell_of(1e300, Scale.NUMBER) == 320
    with pytest.raises(ValueError, match="finite"):
        cell_of(float("nan"), Scale.NUMBER)
    for value in (0.1, 1.0, 6.0, 300.0):
        assert value_of(cell_of(value, Scale.NUMBER), Scale.NUMBER) == pytest.approx(value, rel=0.1)
    assert distance(Counter(), Counter({1: 1})) == 0.0
    assert summary(Counter(), Scale.SHARE).median is None
