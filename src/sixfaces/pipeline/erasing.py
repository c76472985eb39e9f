"""Erasure is asked for here, by people and by retention; `work.erase` does it."""

from typing import NamedTuple

from sixfaces.domain.case import CaseFile, Claim, Order, ReturnParcel
from sixfaces.domain.erasing import EraseReason, Erasure, ErasureState
from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.records import Transaction
from sixfaces.pipeline import refusals
from sixfaces.pipeline.holding import holding
from sixfaces.pipeline.ids import is_id, new_id
from sixfaces.pipeline.locked_case import locked_case

PRIORITY = 7
"""Behind whatever somebody waits for, before batches."""


MOST_ASKED = 1000
"""Erasures of one case that are looked at."""


class Wish(NamedTuple):
    """Why something is to be erased, for whom (as the custody log names who acted), and whether what an earlier opening
    of the same parcel is found by goes too."""

    reason: EraseReason
    by: str
    forget_waybill: bool = False


class Asked(NamedTuple):
    """An erasure, and the job that does it; none where it was asked for before."""

    erasure: Erasure
    job: Job | None = None


def erase_case(transaction: Transaction, case_id: str, *, wish: Wish) -> Asked:
    """Erase a case with all that is in it. Asking twice is asking once. Of a case that is erased what its parcel is
    found by may go later, where it stayed.

    Raises `request.missing`, `request.held` with all that holds it, `request.erased`."""
    case = locked_case(transaction, case_id)
    if case.erased_at is not None and not (wish.forget_waybill and _finds_its_parcel(transaction, case)):
        raise refusals.erased(case.id, case.erased_at)
    return _ask(transaction, case, wish=wish)


def erase_exhibit(transaction: Transaction, exhibit_id: str, *, wish: Wish) -> Asked:
    """Erase one exhibit of a case. Raises as `erase_case`."""
    exhibit = transaction.exhibits.get(exhibit_id) if is_id(exhibit_id) else None
    if exhibit is None:
        raise refusals.missing()
    case = locked_case(transaction, exhibit.case_id)
    refuse_erased(exhibit)
    return _ask(transaction, case, wish=wish, exhibit_id=exhibit.id)


def refuse_erased(exhibit: FiledExhibit) -> None:
    """Raises `request.erased` for what is a tombstone by now."""
    if exhibit.erased is not None:
        raise refusals.erased(exhibit.id, exhibit.erased.at, exhibit)


def remains(file: CaseFile, *, forget_waybill: bool) -> CaseFile:
    """What is left of a claim: its number, of which kind it was, and the waybill, without which nobody would know that
    this parcel was opened before."""
    parcel = file.return_parcel
    return CaseFile(
        case_id=file.case_id,
        platform=file.platform,
        order=Order(),
        claim=Claim(kind=file.claim.kind, reason=file.claim.reason),
        return_parcel=ReturnParcel(waybill=None if forget_waybill else parcel.waybill, carrier=parcel.carrier),
    )


def still_there(transaction: Transaction, case_id: str) -> list[FiledExhibit]:
    """Exhibits of a case that are no tombstones, in the order in which they were sealed."""
    return [one for one in transaction.exhibits.of_case(case_id) if one.erased is None]


def _ask(transaction: Transaction, case: FiledCase, *, wish: Wish, exhibit_id: str | None = None) -> Asked:
    known = _known(transaction, case, wish=wish, exhibit_id=exhibit_id)
    if known is not None:
        return Asked(known, _revived(transaction, known))
    holds = holding(transaction, case)
    if holds:
        raise refusals.held(holds)
    erasure = Erasure(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        exhibit_id=exhibit_id,
        reason=wish.reason,
        by=wish.by,
        forget_waybill=wish.forget_waybill,
        asked_at=transaction.now,
    )
    transaction.erasures.add(erasure)
    return Asked(erasure, transaction.jobs.add(erasing_job(transaction, erasure)))


def _known(transaction: Transaction, case: FiledCase, *, wish: Wish, exhibit_id: str | None) -> Erasure | None:
    """The one under way that is what is wished for. One that has not begun forgets the waybill from now on, if that is
    wished; where that of a case has begun without, another one is needed."""
    under_way = [one for one in transaction.erasures.under_way(case.id) if one.exhibit_id in (None, exhibit_id)]
    fitting = [one for one in under_way if one.forget_waybill or not wish.forget_waybill]
    same = next((one for one in under_way if one.exhibit_id == exhibit_id), None)
    if fitting or same is None:
        return next(iter(fitting or under_way), None)
    if same.began_at is not None:
        return same if exhibit_id is not None else None
    raised = same.model_copy(update={"forget_waybill": True})
    transaction.erasures.change(raised)
    return raised


def _revived(transaction: Transaction, erasure: Erasure) -> Job | None:
    """A new job, where its own was given up or is not there."""
    jobs, its = transaction.jobs, (JobKind.ERASE, [erasure.id])
    is_lost = jobs.unserved(*its) or jobs.given_up(*its)
    return jobs.add(erasing_job(transaction, erasure)) if is_lost else None


def _finds_its_parcel(transaction: Transaction, case: FiledCase) -> bool:
    """Whether no erasure of the whole case has forgotten its waybill yet."""
    asked = transaction.erasures.find(case_id=case.id, before=None, limit=MOST_ASKED)
    return not any(one.exhibit_id is None and one.forget_waybill and one.state is ErasureState.DONE for one in asked)


def erasing_job(transaction: Transaction, erasure: Erasure) -> Job:
    """The job that does it, due now."""
    return Job(
        id=new_id(),
        tenant=erasure.tenant,
        kind=JobKind.ERASE,
        subject=erasure.id,
        priority=PRIORITY,
        not_before=transaction.now,
        created_at=transaction.now,
    )
