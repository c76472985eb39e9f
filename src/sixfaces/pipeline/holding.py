"""What must stay: cases that are open, those in dispute by their own chronicle, and those that somebody holds. Placing
and lifting a hold is entered."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sixfaces.decision.claim_state import is_stepped_in
from sixfaces.decision.course import Course
from sixfaces.domain.chronicle import EvidenceAsked
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.erasing import HoldReason, LegalHold
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.locked_case import locked_case
from sixfaces.pipeline.refusals import erased, hold_past, missing

CASE_OPEN = "case_open"
PLATFORM_STEPPED_IN = "platform_stepped_in"
"""The platform looks into the claim (D19), and it is not settled."""
EVIDENCE_AWAITED = "evidence_awaited"
"""A side still has time to hand in what it was asked for (D23)."""


class HoldOrder(NamedTuple):
    """A hold to place. `until` None: until somebody lifts it."""

    reason: HoldReason
    note: str | None = None
    until: datetime | None = None


def holding(transaction: Transaction, case: FiledCase) -> tuple[str, ...]:
    """What holds the case now: `case_open`, `platform_stepped_in`, `evidence_awaited`, and the ids of legal holds;
    nothing where it may be erased."""
    is_open = () if case.state is CaseState.CLOSED else (CASE_OPEN,)
    holds = (hold.id for hold in transaction.holds.of_case(case.id) if hold.holds(transaction.now))
    return (*is_open, *_disputed(transaction, case), *holds)


def _disputed(transaction: Transaction, case: FiledCase) -> Iterator[str]:
    """By entries of the chronicle that were not struck. Stepping in after it was settled holds it anew."""
    course = Course(transaction.chronicle.of_case(case.id))
    if is_stepped_in(course):
        yield PLATFORM_STEPPED_IN
    if any(one.until > transaction.now for one in course.all(EvidenceAsked)):
        yield EVIDENCE_AWAITED


def place_hold(transaction: Transaction, who: Principal, case_id: str, *, order: HoldOrder) -> LegalHold:
    """One more hold. Of it and an erasure of the case that begins in the same moment, one comes first: the other is
    refused. Raises `request.missing`, `request.erased`, `request.hold_past` for one that has ended already."""
    case = locked_case(transaction, case_id)
    if case.erased_at is not None:
        raise erased(case.id, case.erased_at)
    if order.until is not None and order.until <= transaction.now:
        raise hold_past()
    hold = LegalHold(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        reason=order.reason,
        note=order.note,
        placed_by=who.actor,
        placed_at=transaction.now,
        until=order.until,
    )
    transaction.holds.place(hold)
    until = {"until": order.until.isoformat()} if order.until else {}
    _enter(transaction, who, hold, done="placed", **until)
    return hold


def beyond_holding(transaction: Transaction, case_id: str) -> tuple[str, ...]:
    """Erasures in the case that have begun: no hold stops them."""
    return tuple(one.id for one in transaction.erasures.under_way(case_id) if one.began_at is not None)


def lift_hold(transaction: Transaction, who: Principal, case_id: str, *, hold_id: str) -> LegalHold:
    """From now on it holds nothing; lifting twice is no error. Raises `request.missing`."""
    locked_case(transaction, case_id)
    known = {hold.id: hold for hold in transaction.holds.of_case(case_id)}.get(hold_id)
    if known is None:
        raise missing()
    lifted = transaction.holds.lift(hold_id, by=who.actor) if known.lifted_at is None else known
    if lifted is None:
        raise missing()
    if known.lifted_at is None:
        _enter(transaction, who, lifted, done="lifted")
    return lifted


def _enter(transaction: Transaction, who: Principal, hold: LegalHold, **body: str) -> None:
    """Its note stays out of the log: people write names there."""
    body = {"hold": hold.id, "reason": hold.reason.value, **body}
    deed = Deed(tenant=hold.tenant, act=Act.HOLD, subject=hold.case_id, actor=who.actor, body=body)
    transaction.custody.append(deed)
