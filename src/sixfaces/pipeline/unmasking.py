"""A reviewer is shown one case as it is, for a reason that they state and the custody log keeps.

Personal data is masked for reviewers until they say why they need it. Nothing is unlocked for later: each request
states the reason, so that what is read without one stays masked. Entered once an hour for each reader, case and reason.
"""

from collections.abc import Mapping
from enum import StrEnum

from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.read_entries import enter_unmasking
from sixfaces.pipeline.refusals import missing, not_of_one_case, not_theirs_to_unmask
from sixfaces.pipeline.service import Service


class UnmaskReason(StrEnum):
    """Why personal data has to be seen."""

    FOOTAGE = "footage"
    """The footage has to be watched as it was filmed."""
    LABEL = "label"
    """What stands on a label has to be compared."""
    CONTACT = "contact"
    """The buyer or the seller has to be reached."""
    IDENTITY = "identity"
    """It is to be settled who signed for the parcel, or handed it in."""
    AUTHORITY = "authority"
    """The marketplace, a court or an authority asks."""


def unmasked(service: Service, who: Principal, reason: str, *, named: Mapping[str, str]) -> Principal:
    """The principal as who sees the case of this request as it is; `named`: the ids in its address. Raises
    `request.personal`, `request.unmask`, `request.missing`. Blocks."""
    if who.sees_personal:
        return who
    if not who.may_unmask:
        raise not_theirs_to_unmask()
    if reason not in set(UnmaskReason):
        raise not_of_one_case()
    with service.records.begin(who.tenant, reading=True) as transaction:
        case_id = _case_of(transaction, named)
    enter_unmasking(service, who, case_id, reason=reason)
    return who.model_copy(update={"sees_personal": True})


def _case_of(transaction: Transaction, named: Mapping[str, str]) -> str:
    """The one case that the address is of. What is not there unmasks nothing, and is told as anywhere else."""
    case_id: str | None = None
    if id := named.get("case_id"):
        case = transaction.cases.get(id) if is_id(id) else None
        case_id = case.id if case else None
    elif id := named.get("exhibit_id"):
        exhibit = transaction.exhibits.get(id) if is_id(id) else None
        case_id = exhibit.case_id if exhibit else None
    elif id := named.get("inspection_id"):
        inspection = transaction.inspections.get(id) if is_id(id) else None
        case_id = inspection.case_id if inspection else None
    elif number := named.get("number"):
        case = transaction.cases.by_case_id(number)
        case_id = case.id if case else None
    else:
        raise not_of_one_case()
    if case_id is None:
        raise missing()
    return case_id
