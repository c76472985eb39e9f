"""Who knows what of an inspection. A second look is blind (D14): who takes it learns nothing of the first until theirs
is concluded, by whichever route.

- Who was ever at an inspection is in the custody log: whoever takes one up is entered there.
- Whoever was ever at a second look that has not ended is blind in its case, also after handing it over: they could
  take it back.
- Whoever was ever at an inspection of a line, or has signed a decision on the case, can take no second look at it.
- A station sees answers and conclusions of inspections that it was at itself, and of no others.
"""

from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.inspection import Inspection, InspectionState
from sixfaces.domain.pages import Page
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.inspections import errors

UNFINISHED = frozenset({InspectionState.OPEN, InspectionState.SUSPENDED})
_MOST = Page(limit=200)


def taken(inspection: Inspection, actor: str) -> Deed:
    """That somebody is at an inspection from now on."""
    body = {"case": inspection.case_id, "holder": inspection.holder, "state": inspection.state.value}
    return Deed(tenant=inspection.tenant, act=Act.AMEND, subject=inspection.id, actor=actor, body=body)


def holders(transaction: Transaction, inspection: Inspection) -> frozenset[str]:
    """Everybody who was ever at it."""
    entered = (entry for entry in transaction.custody.about(inspection.id) if entry.act is Act.AMEND)
    found = {str(entry.body["holder"]) for entry in entered if entry.body.get("holder")}
    return frozenset(found | ({inspection.holder} if inspection.holder else set()))


def refuse_blind(transaction: Transaction, who: Principal, case_id: str) -> None:
    """Raises InspectionError `inspection.blind` for who must not know what was found in a case."""
    if is_blind(transaction, who, case_id):
        raise errors.blind()


def is_blind(transaction: Transaction, who: Principal, case_id: str) -> bool:
    """Whether they are, or were, at a second look in the case that has not ended."""
    looks = transaction.inspections.find(InspectionQuery(case_id=case_id, second_looks=True), _MOST)
    return any(look.state in UNFINISHED and who.actor in holders(transaction, look) for look in looks)


def refuse_knowing(transaction: Transaction, actor: str, look: Inspection) -> None:
    """Raises InspectionError `inspection.same_person` for who can take no second look at the goods of this one."""
    others = transaction.inspections.find(InspectionQuery(case_id=look.case_id), _MOST)
    of_line = (one for one in others if one.line == look.line and one.id != look.id)
    is_known = any(actor in holders(transaction, one) for one in of_line)
    if is_known or any(actor == one.by for one in transaction.decisions.of_case(look.case_id)):
        raise errors.same_person()


def may_read(transaction: Transaction, who: Principal, inspection: Inspection) -> bool:
    """Whether they see its answers and what it concluded. Raises `inspection.blind`."""
    if who.actor in holders(transaction, inspection):
        return True
    refuse_blind(transaction, who, inspection.case_id)
    return who.role is not ApiRole.STATION
