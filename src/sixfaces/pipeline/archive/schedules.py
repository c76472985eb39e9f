"""Schedules: standing orders for runs over the archive, made, edited and removed by people. Each change is entered."""

from datetime import datetime

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.schedule import Schedule, ScheduleTerms, ScheduleTurn
from sixfaces.pipeline.archive.errors import too_many_schedules
from sixfaces.pipeline.archive.rhythm import next_after
from sixfaces.pipeline.archive.runs import known_policy
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.ids import is_id, new_id
from sixfaces.pipeline.refusals import match_needed, missing

MOST = 100
"""Schedules of a tenant."""


def add_schedule(transaction: Transaction, who: Principal, terms: ScheduleTerms) -> Schedule:
    """A new one, entered in custody. Raises ArchiveError `archive.policy`, `archive.zone`, `archive.too_many`."""
    _check(terms)
    if len(transaction.schedules.find(Page(limit=MOST))) >= MOST:
        raise too_many_schedules(MOST)
    now = transaction.now
    schedule = Schedule(
        id=new_id(),
        tenant=who.tenant,
        terms=terms,
        next_at=next_time(terms, now, None),
        looked_at=now,
        by=who.actor,
        made_at=now,
        changed_at=now,
    )
    transaction.schedules.add(schedule)
    enter(transaction, schedule, actor=who.actor, change="made")
    return schedule


def schedule_of(transaction: Transaction, id: str, *, lock: bool = False) -> Schedule:
    """One of them. Raises RequestError `request.missing`."""
    schedule = transaction.schedules.get(id, lock=lock) if is_id(id) else None
    if schedule is None:
        raise missing()
    return schedule


def edit_schedule(
    transaction: Transaction, who: Principal, id: str, *, terms: ScheduleTerms, expected: Expected
) -> Schedule:
    """It asks for this from now on. The same again changes nothing. A run that it began goes on. Raises RequestError
    `request.missing`, `request.stale`, `request.match_needed`, and as `add_schedule`."""
    known = schedule_of(transaction, id, lock=True)
    expected.check(known.revision)
    if known.terms == terms:
        return known
    if not expected.of_something:
        raise match_needed()
    _check(terms)
    now = transaction.now
    new = {
        "terms": terms,
        "revision": known.revision + 1,
        "next_at": next_time(terms, now, known.last),
        "looked_at": now,
        "changed_at": now,
    }
    edited = known.model_copy(update=new)
    transaction.schedules.change(edited)
    enter(transaction, edited, actor=who.actor, change="edited")
    return edited


def remove_schedule(transaction: Transaction, who: Principal, id: str) -> None:
    """It is no more; runs that it began stay, and go on. Raises RequestError `request.missing`."""
    known = schedule_of(transaction, id, lock=True)
    transaction.schedules.remove(id)
    enter(transaction, known, actor=who.actor, change="removed")


def next_time(terms: ScheduleTerms, now: datetime, last: ScheduleTurn | None) -> datetime | None:
    """When it is due, None while it is off. A time that has had its turn has no other. Raises ArchiveError
    `archive.zone`."""
    if not terms.enabled:
        return None
    due = next_after(terms.rhythm, now)
    return next_after(terms.rhythm, due) if last is not None and last.due_at == due else due


def enter(transaction: Transaction, schedule: Schedule, *, actor: str, change: str, run: str | None = None) -> None:
    """Into custody, as the last of a transaction."""
    body = {"what": "schedule", "change": change, "revision": schedule.revision}
    body |= {} if run is None else {"reverification": run}
    transaction.custody.append(Deed(tenant=schedule.tenant, act=Act.AMEND, subject=schedule.id, actor=actor, body=body))


def _check(terms: ScheduleTerms) -> None:
    if terms.policy is not None:
        known_policy(terms.policy)
