"""Alarms in quiet and in rising worlds: `python -m tests.bench.bench_alarms`. Aim: over 10,000 quiet group-weeks no
more false alarms than stated, one in 90 days for all groups of a tenant together; a doubling is found.

Every day is looked at. Quiet: 100 groups for 100 weeks in each world. Rising: from one day on the true rate of 10 of
the 100 groups is twice or five times what it was.
"""

import random
import statistics
import sys

from sixfaces.watching.detecting import DAYS_PER_FALSE_ALARM, Kind
from tests.bench.alarm_worlds import PAST, WINDOW, World, alarms, series

GROUPS, WEEKS = 100, 100
WORLDS = {
    "complaints of a category, 25 %, 2 cases a day": World(Kind.SHARE, GROUPS, 0.25, 40, 2.0),
    "complaints of a batch, 25 %, 1 case in 3 days": World(Kind.SHARE, GROUPS, 0.25, 40, 0.33),
    "one defect in inspections, 2 %, 2 a day": World(Kind.SHARE, GROUPS, 0.02, 100, 2.0),
    "claims per 1,000 pieces shipped, 0.5 %, 300 a day": World(Kind.RATE, GROUPS, 0.005, 2000, 300.0),
}
BEFORE = PAST + WINDOW


def quiet(world: World, seed: int) -> int:
    """False alarms in 10,000 group-weeks."""
    chance, days = random.Random(seed), BEFORE + 7 * WEEKS
    groups = [series(world, days, chance=chance) for _ in range(GROUPS)]
    return len(alarms(world, groups, first=BEFORE, last=days))


def delays(world: World, rise: float, seed: int) -> list[int]:
    """Days until each rising group is told of; those that are not within 56 days are left out."""
    chance, risen = random.Random(seed), GROUPS // 10
    groups = [series(world, BEFORE + WINDOW, chance=chance, rise=rise, at=BEFORE) for _ in range(risen)]
    groups += [series(world, BEFORE + WINDOW, chance=chance) for _ in range(GROUPS - risen)]
    first: dict[int, int] = {}
    for number, day in alarms(world, groups, first=BEFORE, last=BEFORE + WINDOW):
        first.setdefault(number, day - BEFORE + 1)
    return [days for number, days in first.items() if number < risen]


def told(found: list[int]) -> str:
    """Median delay, and how many of ten."""
    return f"{statistics.median(found):.0f} ({len(found)} of 10)" if found else "none of 10"


def tell(line: str) -> None:
    """One line of the page."""
    sys.stdout.write(f"{line}\n")


def main() -> int:
    """Measure and tell."""
    stated = 7 * WEEKS / DAYS_PER_FALSE_ALARM
    tell("## Alarms\n")
    tell(f"100 groups, 100 weeks, a look every day: at most {stated:.1f} false alarms are stated for all groups.")
    tell("Delays are medians in days, with how many of ten rising groups were found within 56 days.\n")
    tell("| world | false alarms in 10,000 group-weeks | doubling: days | five times: days |")
    tell("|---|---|---|---|")
    worst = 0
    for number, (name, world) in enumerate(WORLDS.items()):
        false = quiet(world, number)
        worst = max(worst, false)
        twice, five = delays(world, 2.0, 100 + number), delays(world, 5.0 if world.share < 0.2 else 3.0, 200 + number)
        tell(f"| {name} | {false} | {told(twice)} | {told(five)} |")
    tell("\nWhere complaints are 25 % of all cases already, the last column is of three times as many.")
    return int(worst > stated)


if __name__ == "__main__":
    sys.exit(main())
