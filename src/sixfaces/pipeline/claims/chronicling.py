"""Adds to a case's chronicle: one entry, its digest in custody, its watchers told, its clocks looked at again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sixfaces.domain.chronicle import (
    Assessed,
    ClaimCompleted,
    ClockTold,
    CostBooked,
    Decided,
    Excused,
    Happening,
    Inspected,
    Occurrence,
    Party,
    PromiseEnded,
    Rated,
    RefundConfirmed,
    RefundPaid,
    RefundReturned,
    SellerAssessed,
    Settled,
    Struck,
)
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.claims import errors
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.notices.telling import tell
from sixfaces.pipeline.refusals import closed, erased
from sixfaces.pipeline.salting import canonical, salted_sha256

AHEAD = timedelta(minutes=5)
"""So far the clocks of others may go fast."""
OWN = (Decided, Inspected, ClaimCompleted, RefundConfirmed, ClockTold)
"""What the product enters itself, beside what it tells of."""
OURS = "sixfaces:"
"""Begins the references under which the product enters what it must enter once: nobody else's begin so."""
OF_PEOPLE = (Assessed, Excused, PromiseEnded, SellerAssessed, Struck)
"""What a person has judged: no key of a machine says so."""
AFTERWARDS = (RefundPaid, RefundReturned, CostBooked, Rated, Settled)
"""What is still told of a case that is closed."""
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

    Raises ClaimError `claim.own_entry`, `claim.own_reference`, `claim.from_the_future`, `claim.until_past`,
    `claim.not_struck`, `claim.no_proof`, `claim.reference_used`, RequestError `request.erased`.
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
    if told.reference is not None and told.reference.startswith(OURS):
        raise errors.own_reference()
    _check_struck(transaction, case, told.what)
    _check_proof(transaction, case, told.what)
    return enter(transaction, case, actor, told=told)


def refuse_closed(transaction: Transaction, case: FiledCase, what: Happening) -> None:
    """Of a closed case only what comes after is told, and that some of it was wrong. Raises RequestError
    `request.closed`."""
    if case.state is not CaseState.CLOSED or isinstance(what, AFTERWARDS):
        return
    struck = _entries(transaction, case).get(what.entry) if isinstance(what, Struck) else None
    if not isinstance(struck, AFTERWARDS):
        raise closed()


def _check_struck(transaction: Transaction, case: FiledCase, what: Happening) -> None:
    """Only what is there and somebody else has told can be wrong."""
    if not isinstance(what, Struck):
        return
    entries = _entries(transaction, case)
    struck = entries.get(what.entry)
    if struck is None or isinstance(_at_last(struck, entries), OWN):
        raise errors.not_struck(what.entry)


def _entries(transaction: Transaction, case: FiledCase) -> dict[str, Happening]:
    return {one.id: one.what for one in transaction.chronicle.of_case(case.id)}


def _at_last(what: Happening, entries: Mapping[str, Happening]) -> Happening:
    """What a strike strikes, or the strike that it strikes; each names an earlier entry, so that this ends."""
    while isinstance(what, Struck) and what.entry in entries:
        what = entries[what.entry]
    return what


def _check_proof(transaction: Transaction, case: FiledCase, what: Happening) -> None:
    """A proof is an exhibit of the case, sealed and still there."""
    named = {digest for name in ("proof", "exhibit") if (digest := getattr(what, name, None)) is not None}
    if named - proofs_of(transaction, case):
        raise errors.no_proof()


def proofs_of(transaction: Transaction, case: FiledCase) -> frozenset[str]:
    """Digests of the exhibits that may prove something in the case."""
    return frozenset(one.exhibit.sha256 for one in transaction.exhibits.of_case(case.id) if one.erased is None)


def enter(transaction: Transaction, case: FiledCase, actor: str, *, told: Told) -> Chronicled:
    """Enter what happened; the custody entry is the last of it. Raises ClaimError `claim.reference_used`."""
    entry = occurrence_of(transaction, case, actor, told=told)
    if not transaction.chronicle.add(entry):
        known = next(
            one for one in transaction.chronicle.of_case(case.id)
            if (one.source, one.reference) == (told.source, told.reference)
        )  # fmt: skip
        if known.what != told.what or (told.at is not None and known.at != told.at):
            raise errors.reference_used(known.id)
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
