"""Adds to a case's chronicle: one entry, its digest in custody, its watchers told, its clocks looked at again."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sixfaces.domain.chronicle import ClaimCompleted, ClockTold, Decided, Happening, Inspected, Occurrence, Party
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.claims import errors
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.notices.telling import tell
from sixfaces.pipeline.refusals import erased
from sixfaces.pipeline.salting import canonical, salted_sha256

AHEAD = timedelta(minutes=5)
"""So far the clocks of others may go fast."""
OWN = (Decided, Inspected, ClaimCompleted, ClockTold)
"""What the product enters itself, beside what it tells of."""
URGENT = 3


class Told(NamedTuple):
    """Something that is said to have happened: when (None: now), by whom, under which number of theirs."""

    what: Happening
    source: Party
    at: datetime | None = None
    reference: str | None = None


class Chronicled(NamedTuple):
    """The entry, whether it is new, and the job that looks at the case's course again."""

    entry: Occurrence
    is_new: bool
    job: Job | None = None


def chronicle(transaction: Transaction, case: FiledCase, actor: str, *, told: Told) -> Chronicled:
    """Enter what somebody tells. The same reference of the same source again changes nothing.

    Raises ClaimError `claim.own_entry`, `claim.from_the_future`, `claim.until_past`, RequestError `request.erased`.
    """
    if case.erased_at is not None:
        raise erased(case.id, case.erased_at)
    if isinstance(told.what, OWN):
        raise errors.not_ours_to_say(told.what.kind)
    if told.at is not None and told.at > transaction.now + AHEAD:
        raise errors.from_the_future()
    until = getattr(told.what, "until", None)
    if until is not None and until <= (told.at or transaction.now):
        raise errors.until_past()
    return enter(transaction, case, actor, told=told)


def enter(transaction: Transaction, case: FiledCase, actor: str, *, told: Told) -> Chronicled:
    """Enter what happened; the custody entry is the last of it."""
    entry = occurrence_of(transaction, case, actor, told=told)
    if not transaction.chronicle.add(entry):
        known = next(
            one for one in transaction.chronicle.of_case(case.id)
            if (one.source, one.reference) == (told.source, told.reference)
        )  # fmt: skip
        return Chronicled(known, is_new=False)
    tell(transaction, case, entry)
    job = transaction.jobs.add(course_job(transaction, case))
    transaction.custody.append(deed_of(transaction, entry))
    return Chronicled(entry, is_new=True, job=job)


def occurrence_of(transaction: Transaction, case: FiledCase, actor: str, *, told: Told) -> Occurrence:
    """The entry, as yet nowhere entered. Its instant is in UTC, as it is read again: its digest is of that."""
    return Occurrence(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        at=(told.at or transaction.now).astimezone(UTC),
        recorded_at=transaction.now,
        source=told.source,
        actor=actor,
        what=told.what,
        reference=told.reference,
    )


def deed_of(transaction: Transaction, entry: Occurrence) -> Deed:
    """The chronicle's entry as custody keeps it: by its digest, for its words may be somebody's data."""
    digest = salted_sha256(transaction, entry.case_id, canonical(entry))
    body = {"entry": entry.id, "kind": entry.what.kind, "sha256": digest}
    return Deed(tenant=entry.tenant, act=Act.RECORD, subject=entry.case_id, actor=entry.actor, body=body)


def course_job(transaction: Transaction, case: FiledCase) -> Job:
    """The job that looks at the case's course: what is complete, late, or closes by itself."""
    now = transaction.now
    return Job(
        id=new_id(), tenant=case.tenant, kind=JobKind.COURSE, subject=case.id, priority=URGENT, not_before=now,
        created_at=now,
    )  # fmt: skip
