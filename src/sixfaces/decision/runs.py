"""Runs of a clock and its pauses: which entries of a chronicle start and end them (D22)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sixfaces.decision.course import Course
from sixfaces.decision.hours import Stretch
from sixfaces.domain.chronicle import ClaimOpened, ClaimWithdrawn, Occurrence, Paused, Resumed
from sixfaces.domain.service_times import ClockRule


class Run(NamedTuple):
    """One run of a clock; `entry` is the one with which it began."""

    start: datetime
    end: datetime | None
    entry: str


def matches(entry: Occurrence, pattern: str) -> bool:
    """Whether an entry is one that a rule names: its kind, or its kind with a field's value."""
    kind, _, field = pattern.partition(":")
    name, _, value = field.partition("=")
    return entry.what.kind == kind and (not name or _written(getattr(entry.what, name, None)) == value)


def _written(value: object) -> str:
    """A field's value as rules write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def runs_of(rule: ClockRule, course: Course, *, now: datetime) -> list[Run]:
    """All runs that began before now. An entry that starts a clock which runs already changes nothing, and a
    claim that is withdrawn starts none until it is opened again."""
    runs: list[Run] = []
    started: Occurrence | None = None
    withdrawn = False
    for entry in (one for one in course.entries if one.at <= now):
        withdrawn = not isinstance(entry.what, ClaimOpened) and (withdrawn or isinstance(entry.what, ClaimWithdrawn))
        if started is None and not withdrawn and any(matches(entry, pattern) for pattern in rule.starts):
            started = entry
        elif started is not None and any(matches(entry, pattern) for pattern in rule.ends):
            runs.append(Run(started.at, entry.at, started.id))
            started = None
    return runs if started is None else [*runs, Run(started.at, None, started.id)]


def pauses_of(course: Course, *, now: datetime) -> list[Stretch]:
    """Pauses in order; one that lasts ends far away."""
    pauses: list[Stretch] = []
    start: datetime | None = None
    for entry in (one for one in course.entries if one.at <= now):
        if isinstance(entry.what, Paused) and start is None:
            start = entry.at
        elif isinstance(entry.what, Resumed) and start is not None:
            pauses.append(Stretch(start, entry.at))
            start = None
    return pauses if start is None else [*pauses, Stretch(start, start + timedelta(days=36_500))]
