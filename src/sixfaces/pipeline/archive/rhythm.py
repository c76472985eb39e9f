"""When a schedule is due next. All of it is reckoned by the calendar of the rhythm's zone, and told in UTC."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sixfaces.domain.schedule import Every, Rhythm, Weekday
from sixfaces.pipeline.archive.errors import no_zone

LONGEST = timedelta(days=63)
"""Two months and a day: within it any rhythm has its time."""
MOST_MISSED = 1000
"""More are not counted."""
_WEEKDAYS = tuple(Weekday)


def next_after(rhythm: Rhythm, at: datetime) -> datetime:
    """The first time after this instant. Raises ArchiveError `archive.zone`."""
    zone = _zone(rhythm.zone)
    clock = time.fromisoformat(rhythm.at)
    start = at.astimezone(zone).date() - timedelta(days=1)  # a day that is left out may end in the next one
    for number in range(LONGEST.days + 1):
        day = start + timedelta(days=number)
        if is_due_on(rhythm, day):
            due = datetime.combine(day, clock, zone).astimezone(UTC)
            if due > at:
                return due
    raise AssertionError("every rhythm has a day in two months")


def is_due_on(rhythm: Rhythm, day: date) -> bool:
    """Whether it is due on this day of its calendar."""
    if rhythm.every is Every.WEEK:
        return _WEEKDAYS[day.weekday()] in rhythm.on
    if rhythm.every is Every.MONTH:
        return day.day == min(rhythm.day or 1, monthrange(day.year, day.month)[1])
    return True


def missed(rhythm: Rhythm, due: datetime, now: datetime) -> int:
    """How often it was due after `due`, up to now. Raises ArchiveError `archive.zone`."""
    count, at = 0, next_after(rhythm, due)
    while at <= now and count < MOST_MISSED:
        count, at = count + 1, next_after(rhythm, at)
    return count


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise no_zone(name) from None
