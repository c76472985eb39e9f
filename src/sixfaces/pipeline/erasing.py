"""Erasure is asked for here, by people and by retention; `work.erase` does it."""

from typing import NamedTuple

from sixfaces.domain.case import CaseFile, Claim, Order, ReturnParcel
from sixfaces.domain.erasing import EraseReason, Erasure
from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.records import Transaction
from sixfaces.pipeline import refusals
from sixfaces.pipeline.holding import holding
from sixfaces.pipeline.ids import is_id, new_id

PRIORITY = 7
"""Behind whatever somebody waits for, before batches."""


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
    """Erase a case with all that is in it. Asking twice is asking once.

    Raises `request.missing`, `request.held` with all that holds it, `request.erased`."""
    case = _locked(transaction, case_id)
    if case.erased_at is not None:
        raise refusals.erased(case.id, case.erased_at)
    return _ask(transaction, case, wish=wish)


def erase_exhibit(transaction: Transaction, exhibit_id: str, *, wish: Wish) -> Asked:
    """Erase one exhibit of a case. Raises as `erase_case`."""
    exhibit = transaction.exhibits.get(exhibit_id) if is_id(exhibit_id) else None
    if exhibit is None:
        raise refusals.missing()
    case = _locked(transaction, exhibit.case_id)
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
    under_way = transaction.erasures.under_way(case.id)
    known = next((one for one in under_way if one.exhibit_id in (None, exhibit_id)), None)
    if known is not None:
        return Asked(known)
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


def _locked(transaction: Transaction, case_id: str) -> FiledCase:
    case = transaction.cases.get(case_id, lock=True) if is_id(case_id) else None
    if case is None:
        raise refusals.missing()
    return case
