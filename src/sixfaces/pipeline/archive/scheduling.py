"""Turns of schedules: the sweep begins each run that is due, once.

1. due       schedules whose time has come, each looked at on its own
2. plan      outside of any transaction: what the run will look at
3. take      one transaction: the run, its jobs and the next time; whoever comes second finds another time there
             already and does nothing

However long nobody looked, a schedule is due once: the times that were missed are counted, and are one with the first.
A run that is still under way is not joined by another: the turn is skipped, and says so.
"""

from datetime import datetime
from typing import NamedTuple

import structlog

from sixfaces.domain.errors import ArchiveError, SixfacesError
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import Job
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import RunState
from sixfaces.domain.schedule import Schedule, ScheduleTurn, TurnCame
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.archive.forgetting import forget_old_runs
from sixfaces.pipeline.archive.rhythm import missed
from sixfaces.pipeline.archive.runs import Planned, Wish, begin_run, planned
from sixfaces.pipeline.archive.schedules import enter, next_time
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.webhooks.announcing import announce

log = structlog.get_logger()

AT_ONCE = 100
UNDER_WAY = frozenset({RunState.RUNNING, RunState.PAUSED, RunState.APPLYING})


class _Plan(NamedTuple):
    """What a turn would do: begin this run, or neither, for a reason."""

    run: Planned | None = None
    reason: Quarantine | None = None


def start_scheduled(service: Service) -> int:
    """The sweep's duty; how many turns were taken."""
    with service.records.begin(None, reading=True) as transaction:
        due = transaction.schedules.due(limit=AT_ONCE)  # 1.
    taken = 0
    for one in due:
        try:
            taken += take_turn(service, one)
        except SixfacesError as exc:  # the others do not wait for this one
            log.warning("schedule_failed", schedule=one.id, code=exc.code)
    return taken


def take_turn(service: Service, schedule: Schedule) -> bool:
    """2. and 3. False where somebody else took it, or it was edited meanwhile, or it is not due."""
    with service.records.begin(schedule.tenant, reading=True) as transaction:
        now = transaction.now
        is_free = _hindering(transaction, schedule) is None
    is_due = schedule.next_at is not None and schedule.next_at <= now
    plan = _planned(service, schedule, now) if is_due and is_free else _Plan()
    with service.records.begin(schedule.tenant) as transaction:
        known = transaction.schedules.get(schedule.id, lock=True)
        if known is None or (known.revision, known.next_at) != (schedule.revision, schedule.next_at):
            return False
        if not is_due:
            _realign(transaction, known)
            return False
        jobs = _taken(transaction, known, plan)
    if jobs is None:
        return False
    for job in jobs:
        service.hints.hint(job.id, priority=job.priority)
    forget_old_runs(service, known)
    return True


def wish_of(schedule: Schedule, now: datetime) -> Wish:
    """What it asks for at this instant."""
    terms, selection = schedule.terms, schedule.terms.selection
    if terms.window is not None:
        selection = selection.model_copy(update={"since": now - terms.window})
    return Wish(terms.policy, selection, terms.rate, schedule.id)


def _planned(service: Service, schedule: Schedule, now: datetime) -> _Plan:
    """2. What cannot be planned is the turn's outcome, and no other schedule waits for it."""
    try:
        return _Plan(planned(service, schedule.tenant, wish_of(schedule, now)))
    except ArchiveError as exc:
        return _Plan(reason=_quarantine(exc))


def _taken(transaction: Transaction, schedule: Schedule, plan: _Plan) -> list[Job] | None:
    """3. None where what hindered it has just ended: the next look begins it."""
    now, due = transaction.now, schedule.next_at
    if due is None:
        raise ValueError("a schedule that is off is never due")
    jobs: list[Job] = []
    hindering, reason = _hindering(transaction, schedule), plan.reason
    if hindering is None and reason is None and plan.run is None:
        return None
    run = schedule.run
    if hindering is not None:
        came = TurnCame.SKIPPED
    elif plan.run is None:
        came = TurnCame.FAILED
    else:
        came = TurnCame.STARTED
        begun, jobs = begin_run(transaction, schedule.tenant, plan.run, by=_actor(schedule))
        run = begun.id
    try:
        left, then = missed(schedule.terms.rhythm, due, now), next_time(schedule.terms, now, None)
    except ArchiveError as exc:  # the zone is known no more: nobody can say when it is due next
        left, then, reason = 0, None, reason or _quarantine(exc)
    told = run if came is TurnCame.STARTED else hindering
    turn = ScheduleTurn(due_at=due, at=now, came=came, run=told, missed=left, reason=reason)
    schedule = schedule.model_copy(update={"next_at": then, "looked_at": now, "run": run, "last": turn})
    transaction.schedules.change(schedule)
    if came is not TurnCame.STARTED:
        _announce(transaction, schedule, turn)
    enter(transaction, schedule, actor=_actor(schedule), change=came.value, run=told)
    log.info("schedule_due", schedule=schedule.id, outcome=came.value, run=told)
    return jobs


def _realign(transaction: Transaction, schedule: Schedule) -> None:
    """The next time was reckoned by a clock that was ahead."""
    now = transaction.now
    then = next_time(schedule.terms, now, schedule.last)
    transaction.schedules.change(schedule.model_copy(update={"next_at": then, "looked_at": now}))


def _hindering(transaction: Transaction, schedule: Schedule) -> str | None:
    """The run before, while it is under way."""
    run = transaction.reverifications.get(schedule.run) if schedule.run is not None else None
    return run.id if run is not None and run.state in UNDER_WAY else None


def _actor(schedule: Schedule) -> str:
    return f"schedule:{schedule.id}"


def _quarantine(exc: ArchiveError) -> Quarantine:
    return Quarantine(code=exc.code, text=exc.text, fix=exc.fix)


def _announce(transaction: Transaction, schedule: Schedule, turn: ScheduleTurn) -> None:
    data = {"schedule": schedule.id, "state": turn.came.value, "reverification": turn.run}
    kind = WebhookKind.REVERIFICATION_ENDED
    announce(transaction, kind, tenant=schedule.tenant, subject=schedule.id, data=data)
