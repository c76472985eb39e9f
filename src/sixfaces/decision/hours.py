"""Working time: stretches in which people work, under the calendar of a country (D22)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sixfaces.domain.service_times import Counting, WorkingHours

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)
MOST_DAYS = 1500
"""So far ahead working time is counted; no limit is longer."""


class Stretch(NamedTuple):
    """From an instant up to another."""

    start: datetime
    end: datetime


def counted(counting: Counting, hours: WorkingHours, start: datetime) -> Iterator[Stretch]:
    """Stretches of time that count, from `start` on, in order."""
    last = start + timedelta(days=MOST_DAYS)
    if counting is Counting.ALWAYS:
        yield Stretch(start, last)
        return
    zone = ZoneInfo(hours.zone)
    day = start.astimezone(zone).date()
    for _ in range(MOST_DAYS):
        if is_worked(day, hours):
            begin = datetime.combine(day, hours.from_, zone).astimezone(UTC)
            end = datetime.combine(day, hours.until, zone).astimezone(UTC)
            if end > start:
                yield Stretch(max(begin, start), end)
        day += DAY


def is_worked(day: date, hours: WorkingHours) -> bool:
    """Whether people work on this day: no holiday, and no weekend unless that is worked instead of a holiday."""
    calendar = _calendar(hours.country, hours.subdivision)
    if day in calendar:
        return False
    return day.weekday() not in hours.weekend or day in calendar.weekend_workdays


@lru_cache(maxsize=32)
def _calendar(country: str, subdivision: str | None) -> "HolidayBase":
    import holidays  # takes its time, and only clocks that count working hours need it

    return holidays.country_holidays(country, subdiv=subdivision)


def without(stretches: Iterator[Stretch], pauses: Sequence[Stretch]) -> Iterator[Stretch]:
    """The stretches outside of the pauses, which are in order and apart."""
    for start, end in stretches:
        for pause in pauses:
            if pause.end <= start or pause.start >= end:
                continue
            if pause.start > start:
                yield Stretch(start, pause.start)
            start = max(start, min(pause.end, end))
        if start < end:
            yield Stretch(start, end)


def after(stretches: Iterator[Stretch], amount: timedelta) -> datetime | None:
    """The instant at which so much of the stretches has passed; None if they are shorter."""
    left = amount
    for start, end in stretches:
        if end - start >= left:
            return start + left
        left -= end - start
    return None


def within(stretches: Iterator[Stretch], until: datetime) -> timedelta:
    """How much of the stretches lies before an instant."""
    passed = timedelta(0)
    for start, end in stretches:
        if start >= until:
            break
        passed += min(end, until) - start
    return passed
