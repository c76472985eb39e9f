"""Reads a case's clocks at an instant, from its chronicle (D17, D22, D23). Nothing of a clock is stored.

1. A run begins with an entry that starts the clock and ends with the first after it that ends it.
2. Time counts as the rule says, without pauses; the run is due when its limit has been used.
3. Evidence asked for, referrals and promises have deadlines of their own, which people set. They end with their answer,
   or when nobody waits for it any more: with the decision, the withdrawal, the settlement.
4. A claim that is withdrawn starts no clock until it is opened again.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sixfaces.decision.clock_words import why
from sixfaces.decision.course import Course
from sixfaces.decision.deadlines import DEADLINE_WARNING, deadlines
from sixfaces.decision.hours import Stretch, after, counted, within, without
from sixfaces.decision.runs import Run, pauses_of, runs_of
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Party
from sixfaces.domain.model import Say
from sixfaces.domain.service_times import ClockReading, ClockRule, ClockState, Counting, ServiceTimes

ZERO = timedelta(0)
_GOES_ON = frozenset({ClockState.RUNNING, ClockState.WARNED, ClockState.PAUSED})


def readings(file: CaseFile, course: Course, times: ServiceTimes, *, now: datetime) -> list[ClockReading]:
    """Every run of every clock of the case, those due first in front."""
    found = [*_of_rules(file, course, times, now=now), *deadlines(course, now=now)]
    return sorted(found, key=lambda one: (one.state not in _GOES_ON, one.due_at or one.started_at, one.code))


def breached(found: Iterable[ClockReading], holder: Party) -> frozenset[str]:
    """Codes of the clocks that this party let run out."""
    return frozenset(one.code for one in found if one.state is ClockState.BREACHED and one.holder is holder)


def next_turn(
    found: Sequence[ClockReading], rules: Sequence[ClockRule], *, course: Course, now: datetime
) -> datetime | None:
    """The next instant at which a clock's state changes by itself: one turns, or what was entered a little ahead of our
    time has happened. None while nothing of the kind is to come."""
    warn = {rule.code: rule.warn for rule in rules}
    turns = [
        at
        for one in found
        if one.state in _GOES_ON and one.due_at is not None
        for at in (one.due_at - warn.get(one.code, DEADLINE_WARNING), one.due_at)
        if at > now or at == one.due_at
    ]
    ahead = (one.at for one in course.entries if one.at > now)
    return min((*turns, *ahead), default=None)


def applies(rule: ClockRule, file: CaseFile) -> bool:
    """Whether the clock is for claims such as this one."""
    kind, reason = file.claim.kind, file.claim.reason
    return (rule.kinds is None or kind in rule.kinds) and (rule.reasons is None or reason in rule.reasons)


def _of_rules(file: CaseFile, course: Course, times: ServiceTimes, *, now: datetime) -> Iterator[ClockReading]:
    pauses = pauses_of(course, now=now)
    for rule in times.clocks:
        if applies(rule, file):
            yield from (_read(rule, run, times, pauses=pauses, now=now) for run in runs_of(rule, course, now=now))


def _read(rule: ClockRule, run: Run, times: ServiceTimes, *, pauses: list[Stretch], now: datetime) -> ClockReading:
    """2. How the run stands."""
    pauses = pauses if rule.pauses else []

    def stretches() -> Iterator[Stretch]:
        return without(counted(rule.counting, times.hours, run.start), pauses)

    looked = min(run.end or now, now)
    used, due = within(stretches(), looked), after(stretches(), rule.limit)
    over = used > rule.limit or (due is not None and looked > due)  # also where nobody works just after the end
    state = _state(run, over=over, is_paused=_is_paused(pauses, now), near=_is_near(rule, due, now))
    paused = sum(
        (min(one.end, looked) - max(one.start, run.start) for one in pauses if _touches(one, run, looked)), ZERO
    )
    reading = ClockReading(
        code=rule.code,
        title=rule.title,
        holder=rule.holder,
        state=state,
        started_at=run.start,
        entry=run.entry,
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


def _state(run: Run, *, over: bool, is_paused: bool, near: bool) -> ClockState:
    if over:
        return ClockState.BREACHED
    if run.end is not None:
        return ClockState.KEPT
    if is_paused:
        return ClockState.PAUSED
    return ClockState.WARNED if near else ClockState.RUNNING


def _waits_for(rule: ClockRule, run: Run) -> str | None:
    return rule.ends[0].partition(":")[0] if run.end is None else None
