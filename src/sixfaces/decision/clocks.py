"""Reads a case's clocks at an instant, from its chronicle (D17, D22, D23). Nothing of a clock is stored.

1. A run begins with an entry that starts the clock and ends with the first after it that ends it.
2. Time counts as the rule says, without pauses; the run is due when its limit has been used.
3. Evidence asked for, referrals and promises have deadlines of their own, which people set.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sixfaces.decision.clock_words import why
from sixfaces.decision.course import Course
from sixfaces.decision.hours import Stretch, after, counted, within, without
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import (
    EvidenceAsked,
    EvidenceCame,
    Happening,
    Occurrence,
    Party,
    Paused,
    Promised,
    PromiseEnded,
    ReferralAnswered,
    Referred,
    Resumed,
)
from sixfaces.domain.model import Say
from sixfaces.domain.service_times import ClockReading, ClockRule, ClockState, Counting, ServiceTimes

ZERO = timedelta(0)
DEADLINE_WARNING = timedelta(hours=8)
"""Deadlines that people set are warned of so long before."""
_GOES_ON = frozenset({ClockState.RUNNING, ClockState.WARNED, ClockState.PAUSED})


class Run(NamedTuple):
    """One run of a clock."""

    start: datetime
    end: datetime | None


def readings(file: CaseFile, course: Course, times: ServiceTimes, *, now: datetime) -> list[ClockReading]:
    """Every run of every clock of the case, those due first in front."""
    found = [*_of_rules(file, course, times, now=now), *_deadlines(course, now=now)]
    return sorted(found, key=lambda one: (one.state not in _GOES_ON, one.due_at or one.started_at, one.code))


def breached(found: Iterable[ClockReading], holder: Party) -> frozenset[str]:
    """Codes of the clocks that this party let run out."""
    return frozenset(one.code for one in found if one.state is ClockState.BREACHED and one.holder is holder)


def next_turn(found: Sequence[ClockReading], rules: Sequence[ClockRule], *, now: datetime) -> datetime | None:
    """The next instant at which a clock's state changes by itself; None while none runs."""
    warn = {rule.code: rule.warn for rule in rules}
    turns = (
        at
        for one in found
        if one.state in _GOES_ON and one.due_at is not None
        for at in (one.due_at - warn.get(one.code, DEADLINE_WARNING), one.due_at)
        if at > now
    )
    return min(turns, default=None)


def matches(entry: Occurrence, pattern: str) -> bool:
    """Whether an entry is one that a rule names: its kind, or its kind with a field's value."""
    kind, _, field = pattern.partition(":")
    name, _, value = field.partition("=")
    return entry.what.kind == kind and (not name or str(getattr(entry.what, name, None)) == value)


def applies(rule: ClockRule, file: CaseFile) -> bool:
    """Whether the clock is for claims such as this one."""
    kind, reason = file.claim.kind, file.claim.reason
    return (rule.kinds is None or kind in rule.kinds) and (rule.reasons is None or reason in rule.reasons)


def _of_rules(file: CaseFile, course: Course, times: ServiceTimes, *, now: datetime) -> Iterator[ClockReading]:
    pauses = pauses_of(course, now=now)
    for rule in times.clocks:
        if applies(rule, file):
            yield from (_read(rule, run, times, pauses=pauses, now=now) for run in runs_of(rule, course, now=now))


def runs_of(rule: ClockRule, course: Course, *, now: datetime) -> list[Run]:
    """1. All runs that began before now. An entry that starts a clock which runs already changes nothing."""
    runs: list[Run] = []
    start: datetime | None = None
    for entry in (one for one in course.entries if one.at <= now):
        if start is None and any(matches(entry, pattern) for pattern in rule.starts):
            start = entry.at
        elif start is not None and any(matches(entry, pattern) for pattern in rule.ends):
            runs.append(Run(start, entry.at))
            start = None
    return runs if start is None else [*runs, Run(start, None)]


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


def _read(rule: ClockRule, run: Run, times: ServiceTimes, *, pauses: list[Stretch], now: datetime) -> ClockReading:
    """2. How the run stands."""
    pauses = pauses if rule.pauses else []

    def stretches() -> Iterator[Stretch]:
        return without(counted(rule.counting, times.hours, run.start), pauses)

    looked = min(run.end or now, now)
    used, due = within(stretches(), looked), after(stretches(), rule.limit)
    state = _state(rule, run, used, is_paused=_is_paused(pauses, now), near=_is_near(rule, due, now))
    paused = sum(
        (min(one.end, looked) - max(one.start, run.start) for one in pauses if _touches(one, run, looked)), ZERO
    )
    reading = ClockReading(
        code=rule.code,
        title=rule.title,
        holder=rule.holder,
        state=state,
        started_at=run.start,
        due_at=None if state is ClockState.PAUSED else due,
        ended_at=run.end,
        used=used,
        left=max(rule.limit - used, ZERO),
        paused=paused,
        why=Say(zh="", en=""),
        cites=rule.cites,
    )
    return reading.model_copy(
        update={
            "why": why(reading, rule.limit, waits_for=_waits_for(rule, run), is_work=rule.counting is Counting.BUSINESS)
        }
    )


def _touches(pause: Stretch, run: Run, looked: datetime) -> bool:
    return pause.start < looked and pause.end > run.start


def _is_paused(pauses: Sequence[Stretch], now: datetime) -> bool:
    return any(one.start <= now < one.end for one in pauses)


def _is_near(rule: ClockRule, due: datetime | None, now: datetime) -> bool:
    return due is not None and due - rule.warn <= now


def _state(rule: ClockRule, run: Run, used: timedelta, *, is_paused: bool, near: bool) -> ClockState:
    if used > rule.limit:
        return ClockState.BREACHED
    if run.end is not None:
        return ClockState.KEPT
    if is_paused:
        return ClockState.PAUSED
    return ClockState.WARNED if near else ClockState.RUNNING


def _waits_for(rule: ClockRule, run: Run) -> str | None:
    return rule.ends[0].partition(":")[0] if run.end is None else None


class Deadline(NamedTuple):
    """Something that is asked for by an instant."""

    code: str
    holder: Party
    until: datetime
    title: Say


def _deadlines(course: Course, *, now: datetime) -> Iterator[ClockReading]:
    """3. What people asked for by an instant."""
    for entry in (one for one in course.entries if one.at <= now):
        deadline = _deadline(entry.what)
        if deadline is None:
            continue
        came = (one.at for one in course.entries if entry.at <= one.at <= now and _answers(entry.what, one.what))
        yield _by(deadline, Run(entry.at, next(came, None)), now=now)


def _deadline(what: Happening) -> Deadline | None:
    if isinstance(what, EvidenceAsked):
        return Deadline("evidence", what.of, what.until, Say(zh="举证期限", en="Evidence asked for"))
    if isinstance(what, Referred):
        return Deadline("referral", what.to, what.until, Say(zh="送检答复", en="Answer of the referral"))
    if isinstance(what, Promised) and what.until is not None:
        return Deadline("promise", Party.SELLER, what.until, Say(zh="履行承诺", en="Promise to be kept"))
    return None


def _answers(asked: Happening, came: Happening) -> bool:
    if isinstance(asked, EvidenceAsked):
        return isinstance(came, EvidenceCame) and came.of is asked.of
    if isinstance(asked, Referred):
        return isinstance(came, ReferralAnswered) and came.by is asked.to
    return isinstance(asked, Promised) and isinstance(came, PromiseEnded) and came.promise == asked.promise


def _by(deadline: Deadline, run: Run, *, now: datetime) -> ClockReading:
    looked, until = min(run.end or now, now), deadline.until
    if looked > until:
        state = ClockState.BREACHED
    elif run.end is not None:
        state = ClockState.KEPT
    else:
        state = ClockState.WARNED if until - DEADLINE_WARNING <= now else ClockState.RUNNING
    reading = ClockReading(
        code=deadline.code,
        title=deadline.title,
        holder=deadline.holder,
        state=state,
        started_at=run.start,
        due_at=until,
        ended_at=run.end,
        used=looked - run.start,
        left=max(until - looked, ZERO),
        why=Say(zh="", en=""),
        cites=("D23",),
    )
    return reading.model_copy(
        update={"why": why(reading, until - run.start, waits_for=None if run.end else deadline.code)}
    )
