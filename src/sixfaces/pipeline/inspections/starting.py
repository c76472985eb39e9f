"""Inspections begin: a first look at a line of the order, and second looks by others at what it concluded (D14)."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from sixfaces.decision.course import Course
from sixfaces.domain.case import MOST_ITEMS
from sixfaces.domain.chronicle import ReferralAnswered
from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.inspection import Inspection, InspectionState
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id, Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sop import QcOutcome
from sixfaces.pipeline import refusals
from sixfaces.pipeline.ids import is_id, new_id
from sixfaces.pipeline.inspections import errors, standards
from sixfaces.pipeline.inspections.knowing import UNFINISHED, looks_of, refuse_knowing, taken
from sixfaces.pipeline.locked_case import locked_case


class NewInspection(Model):
    """What is to be inspected: a line of the order of a case. `sop` is chosen by the line's category unless named."""

    case: Id
    line: Annotated[int, Field(ge=0, lt=MOST_ITEMS)] = 0
    sop: Text | None = None


class SecondLook(Model):
    """Who is to look again: who asks, or, `for_another`, whoever takes it up."""

    for_another: bool = False


def inspection_of(transaction: Transaction, id: str, *, lock: bool = False) -> Inspection:
    """One inspection. Raises `request.missing`."""
    found = transaction.inspections.get(id, lock=lock) if is_id(id) else None
    if found is None:
        raise refusals.missing()
    return found


def case_open(transaction: Transaction, case_id: str) -> FiledCase:
    """A case in which something can be entered. Raises `request.missing`, `request.erased`, `request.closed`."""
    case = locked_case(transaction, case_id)
    if case.erased_at is not None:
        raise refusals.erased(case.id, case.erased_at)
    if case.state is CaseState.CLOSED:
        raise refusals.closed()
    return case


def start(transaction: Transaction, who: Principal, new: NewInspection) -> Inspection:
    """Begin the first look at a line; the SOP in force now is the one that it ends with. Goods that were referred are
    looked at afresh once there is an answer: only who sees them can say in what state they came back.

    Raises InspectionError `inspection.no_line`, `inspection.no_sop`, `inspection.under_way`, `inspection.looked_at`.
    """
    case = case_open(transaction, new.case)
    items = case.file.order.items
    if new.line >= max(len(items), 1):
        raise errors.no_line(len(items))
    concluded = None
    for one in _of_line(transaction, case.id, new.line):
        if one.state in UNFINISHED:
            raise errors.under_way(one)
        if one.state is InspectionState.CONCLUDED:
            concluded = concluded or one
    if concluded is not None and not _is_answered(transaction, concluded):
        raise errors.looked_at(concluded)
    category, today = items[new.line].category if items else None, transaction.now.date()
    known = standards.STANDARDS
    sop = known.named(new.sop, today) if new.sop else known.for_category(category, today)
    return _entered(transaction, who, _new(transaction, case, new.line, sop=(sop.name, sop.version, sop.digest)))


def second_look(transaction: Transaction, who: Principal, first_id: str, *, order: SecondLook) -> Inspection:
    """Look again, by the same edition of the same SOP, without knowing what was found.

    Raises InspectionError `inspection.not_concluded`, `inspection.under_way`, `inspection.same_person`.
    """
    given = inspection_of(transaction, first_id)
    first = given if given.second_of is None else inspection_of(transaction, given.second_of)
    case = case_open(transaction, first.case_id)
    if first.state is not InspectionState.CONCLUDED:
        raise errors.not_concluded()
    for one in _of_line(transaction, case.id, first.line):
        if one.state in UNFINISHED:
            raise errors.under_way(one)
    pinned = (first.sop, first.sop_version, first.sop_digest)
    look = _new(transaction, case, first.line, sop=pinned).model_copy(update={"second_of": first.id})
    if order.for_another:
        waiting = look.model_copy(update={"state": InspectionState.SUSPENDED})
        transaction.inspections.add(waiting)
        tell(transaction, waiting)
        return waiting
    refuse_knowing(transaction, who.actor, look)
    return _entered(transaction, who, look)


def tell(transaction: Transaction, inspection: Inspection) -> None:
    """Watchers hear how far it is, and nothing of what was found."""
    body = {"inspection": inspection.id, "line": inspection.line, "state": inspection.state.value}
    transaction.events.tell(inspection.case_id, "inspection.changed", body)


def _is_answered(transaction: Transaction, last: Inspection) -> bool:
    """Whether it referred the goods, and who they went to has answered since."""
    verdict = next((one for one in transaction.qc_verdicts.of_case(last.case_id) if one.inspection == last.id), None)
    if verdict is None or verdict.outcome is not QcOutcome.REFERRED:
        return False
    course = Course(transaction.chronicle.of_case(last.case_id))
    return any(
        isinstance(one.what, ReferralAnswered) and one.what.line in (None, verdict.line) and one.at >= verdict.at
        for one in course.entries
    )


def _of_line(transaction: Transaction, case_id: str, line: int) -> Iterator[Inspection]:
    return looks_of(transaction, InspectionQuery(case_id=case_id, line=line))


def _new(transaction: Transaction, case: FiledCase, line: int, *, sop: tuple[str, str, str]) -> Inspection:
    return Inspection(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        line=line,
        sop=sop[0],
        sop_version=sop[1],
        sop_digest=sop[2],
        state=InspectionState.OPEN,
        holder=None,
        started_at=transaction.now,
        updated_at=transaction.now,
    )


def _entered(transaction: Transaction, who: Principal, new: Inspection) -> Inspection:
    inspection = new.model_copy(update={"holder": who.actor, "station": who.station})
    transaction.inspections.add(inspection)
    tell(transaction, inspection)
    transaction.custody.append(taken(inspection, who.actor))
    return inspection
