"""Alarms: rare while nothing rises, soon once something does, and never of one or two."""

import math
import random
from datetime import date, timedelta
from itertools import product

import pytest

from sixfaces.watching.detecting import (
    RISES,
    Count,
    Day,
    Kind,
    Signal,
    is_alarm,
    prior_of,
    priors,
    signal_of,
    threshold,
    usual,
)
from tests.bench.alarm_worlds import PAST, WINDOW, World, alarms, series

START = date(2026, 6, 1)


def days(*events: int, of: float = 10.0) -> list[Day]:
    return [Day(START + timedelta(n), one, of) for n, one in enumerate(events)]


def signal(found: Signal | None) -> Signal:
    assert found is not None
    return found


def test_the_statistic_less_the_days_is_a_martingale_while_nothing_rises() -> None:
    """Counted exactly: over all outcomes of three days of two trials each, its mean is the number of days."""
    rate, total = 0.3, 0.0
    chances = {0: 0.49, 1: 0.42, 2: 0.09}
    for events in product(chances, repeat=3):
        found = signal_of(days(*events, of=2.0), rate, Kind.SHARE)
        assert (found is None) is (sum(events) == 0)
        total += math.prod(chances[one] for one in events) * (found.strength if found else of_nothing(rate))
    assert total == pytest.approx(3.0, rel=1e-9)


def of_nothing(rate: float) -> float:
    """The statistic after three days of two trials without an event, by its definition."""
    misses = [((1 - min(rise * rate, 1 - (1 - rate) / rise)) / (1 - rate)) ** 2 for rise in RISES]
    return sum(miss + miss**2 + miss**3 for miss in misses) / len(RISES)


def test_one_or_two_are_never_an_alarm_however_rare_they_were() -> None:
    two = signal(signal_of(days(1, 1), 1e-6, Kind.SHARE))
    assert two.strength > threshold(1)
    assert not is_alarm(two, threshold(1))
    assert is_alarm(signal(signal_of(days(1, 1, 1), 1e-6, Kind.SHARE)), threshold(1))


def test_the_day_on_which_it_began_is_told_with_what_came_since() -> None:
    found = signal(signal_of(days(1, 0, 1, 0, 1, 6, 7, 5), 0.08, Kind.SHARE))
    assert (found.since, found.events, found.exposure) == (START + timedelta(5), 18, 30.0)
    assert found.chance < 1e-9


def test_more_series_need_a_stronger_signal() -> None:
    assert threshold(1) == 90
    assert threshold(1000) == 1000 * threshold(1)


def test_groups_that_differ_are_pulled_less_towards_the_mean() -> None:
    alike = prior_of([Count(n, 1000) for n in (98, 100, 102, 101)], Kind.SHARE)
    apart = prior_of([Count(n, 1000) for n in (20, 180, 60, 140)], Kind.SHARE)
    assert alike is not None
    assert apart is not None
    assert alike.rate == pytest.approx(apart.rate, abs=1e-3)
    assert alike.strength > 10 * apart.strength
    own = Count(0, 50)
    assert usual(own, apart, Kind.SHARE) < usual(own, alike, Kind.SHARE)


def test_where_nobody_knows_what_is_usual_nothing_is_said() -> None:
    assert prior_of([Count(1, 5)], Kind.SHARE) is None
    assert priors([Count(0, 0)], [Count(50, 100)], Kind.SHARE) == [None], "only its own recent days are known"


def test_what_rises_does_not_make_itself_usual() -> None:
    past, recent = [Count(5, 100), Count(5, 100)], [Count(80, 100), Count(5, 100)]
    first, _ = priors(past, recent, Kind.SHARE)
    assert first is not None
    assert first.rate == pytest.approx(15.5 / 301)


@pytest.mark.parametrize(
    "world",
    [World(Kind.SHARE, 20, 0.25, 40, 2.0), World(Kind.RATE, 20, 0.005, 2000, 300.0)],
    ids=lambda world: str(world.kind),
)
def test_quiet_groups_raise_no_more_alarms_than_stated_and_rising_ones_are_found(world: World) -> None:
    chance, length = random.Random(1), PAST + 2 * WINDOW
    groups = [series(world, length, chance=chance) for _ in range(world.groups - 1)]
    groups.append(series(world, length, chance=chance, rise=3.0, at=PAST + WINDOW))
    raised = alarms(world, groups, first=PAST + WINDOW, last=length)
    assert [group for group, _ in raised if group != world.groups - 1] == []
    assert any(group == world.groups - 1 for group, _ in raised)
