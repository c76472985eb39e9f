"""When a schedule is due: by the calendar of its zone, each time once, whatever the clocks there do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.schedule import Every, Rhythm, ScheduleTerms, Weekday
from sixfaces.pipeline.archive.rhythm import LONGEST, is_due_on, missed, next_after

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "after", "due"),
    [
        ({"every": "day", "at": "03:00"}, "2026-05-01T02:59:59", "2026-05-01T03:00"),
        ({"every": "day", "at": "03:00"}, "2026-05-01T03:00", "2026-05-02T03:00"),
        ({"every": "day", "at": "03:00", "zone": "Asia/Shanghai"}, "2026-05-01T12:00", "2026-05-01T19:00"),
        ({"every": "week", "at": "08:30", "on": ["monday", "friday"]}, "2026-05-01T09:00", "2026-05-04T08:30"),
        ({"every": "month", "at": "00:00", "day": 31}, "2026-02-01T00:00", "2026-02-28T00:00"),
        ({"every": "month", "at": "00:00", "day": 31}, "2026-02-28T00:00", "2026-03-31T00:00"),
        ({"every": "month", "at": "00:00", "day": 29}, "2028-02-01T00:00", "2028-02-29T00:00"),
        # 02:30 is left out on 8 March in New York, and shown twice on 1 November
        ({"every": "day", "at": "02:30", "zone": "America/New_York"}, "2026-03-08T00:00", "2026-03-08T07:30"),
        ({"every": "day", "at": "01:30", "zone": "America/New_York"}, "2026-11-01T04:00", "2026-11-01T05:30"),
        ({"every": "day", "at": "01:30", "zone": "America/New_York"}, "2026-11-01T05:30", "2026-11-02T06:30"),
        # Samoa had no 30 December 2011
        ({"every": "day", "at": "12:00", "zone": "Pacific/Apia"}, "2011-12-29T22:00", "2011-12-30T22:00"),
        ({"every": "day", "at": "12:00", "zone": "Pacific/Apia"}, "2011-12-30T22:00", "2011-12-31T22:00"),
    ],
)
def test_it_is_due_by_the_calendar_of_its_zone(rhythm: dict[str, Any], after: str, due: str) -> None:
    assert next_after(Rhythm.model_validate(rhythm), at(after)) == at(due)


@given(
    every=st.sampled_from(Every),
    clock=st.times().map(lambda one: one.strftime("%H:%M")),
    zone=st.sampled_from(ZONES),
    on=st.lists(st.sampled_from(Weekday), min_size=1, max_size=7, unique=True),
    day=st.integers(1, 31),
    hours=st.integers(0, 105 * 365 * 24),
)
def test_its_times_only_go_forward_and_lie_on_its_days(
    every: Every, clock: str, zone: str, on: list[Weekday], day: int, hours: int
) -> None:
    rhythm = Rhythm(
        every=every,
        at=clock,
        zone=zone,
        on=tuple(on) if every is Every.WEEK else (),
        day=day if every is Every.MONTH else None,
    )
    now = datetime(1995, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    due = next_after(rhythm, now)
    assert now < due <= now + LONGEST
    assert next_after(rhythm, due - timedelta(microseconds=1)) == due
    assert missed(rhythm, due, due) == 0
    assert missed(rhythm, due, next_after(rhythm, due)) == 1


def test_a_month_has_each_day_of_a_monthly_rhythm_once() -> None:
    for day in range(1, 32):
        rhythm = Rhythm(every=Every.MONTH, at="00:00", day=day)
        year = [datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(365)]
        assert sum(is_due_on(rhythm, one.date()) for one in year) == 12


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": "day", "at": "24:00"},
        {"every": "day", "at": "3:00"},
        {"every": "week", "at": "03:00"},
        {"every": "week", "at": "03:00", "on": ["monday", "monday"]},
        {"every": "day", "at": "03:00", "on": ["monday"]},
        {"every": "month", "at": "03:00"},
        {"every": "month", "at": "03:00", "day": 0},
        {"every": "month", "at": "03:00", "day": 32},
        {"every": "day", "at": "03:00", "day": 1},
        {"every": "hour", "at": "03:00"},
    ],
)
def test_a_rhythm_that_does_not_say_when_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rhythm.model_validate(wrong)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "\x00"])
def test_a_zone_that_there_is_not_is_told(zone: str) -> None:
    with pytest.raises((ArchiveError, ValidationError)):
        next_after(Rhythm(every=Every.DAY, at="03:00", zone=zone), at("2026-05-01"))


def test_a_beginning_is_said_once() -> None:
    rhythm = {"every": "day", "at": "03:00"}
    with pytest.raises(ValidationError):
        ScheduleTerms.model_validate(
            {"name": "n", "rhythm": rhythm, "days": 30, "selection": {"since": "2026-01-01T00:00:00Z"}}
        )
