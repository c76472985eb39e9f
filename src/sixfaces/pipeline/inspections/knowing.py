"""Who knows what of an inspection. A second look is blind (D14): who takes it learns nothing of the first until theirs
is concluded, by whichever route.

- Who was ever at an inspection is in the custody log: whoever takes one up is entered there.
- Whoever was ever at a second look that has not ended is blind in its case, also after handing it over: they could
  take it back.
- Whoever was ever at an inspection of a line, has signed a decision on the case, or holds a link to how it stands, can
  take no second look at it.
- A station sees answers and conclusions of inspections that it was at itself, and of no others.
"""

from collections.abc import Iterator

from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.inspection import Inspection, InspectionState
from sixfaces.domain.pages import Page
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.inspections import errors

UNFINISHED = frozenset({InspectionState.OPEN, InspectionState.SUSPENDED})
_PIECE = 200


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
    looks = looks_of(transaction, InspectionQuery(case_id=case_id, second_looks=True))
    return any(look.state in UNFINISHED and who.actor in holders(transaction, look) for look in looks)


def blind_cases(transaction: Transaction, who: Principal) -> frozenset[str]:
    """All cases for which that is so."""
    queries = (InspectionQuery(state=state, second_looks=True) for state in UNFINISHED)
    looks = (look for query in queries for look in looks_of(transaction, query))
    return frozenset(look.case_id for look in looks if who.actor in holders(transaction, look))


def refuse_blind_anywhere(transaction: Transaction, who: Principal) -> None:
    """Raises InspectionError `inspection.blind` for who is blind in any case: they do nothing by which they would be
    told of all of them."""
    if blind_cases(transaction, who):
        raise errors.blind()


def looks_of(transaction: Transaction, query: InspectionQuery) -> Iterator[Inspection]:
    """All that match, newest first, however many there are."""
    page = Page(limit=_PIECE)
    while True:
        found = transaction.inspections.find(query, page)
        yield from found
        if len(found) < _PIECE:
            return
        page = page._replace(before=found[-1].id)


def refuse_knowing(transaction: Transaction, actor: str, look: Inspection) -> None:
    """Raises InspectionError `inspection.same_person` for who can take no second look at the goods of this one."""
    of_line = looks_of(transaction, InspectionQuery(case_id=look.case_id, line=look.line))
    was_at_it = any(actor in holders(transaction, one) for one in of_line if one.id != look.id)
    has_decided = any(actor == one.by for one in transaction.decisions.of_case(look.case_id))
    links = (one for one in transaction.links.of_case(look.case_id) if one.by == actor and one.revoked_at is None)
    if was_at_it or has_decided or any(one.expires_at > transaction.now for one in links):
        raise errors.same_person()


def may_read(transaction: Transaction, who: Principal, inspection: Inspection) -> bool:
    """Whether they see its answers and what it concluded. Raises `inspection.blind`."""
    if who.actor in holders(transaction, inspection):
        return True
    refuse_blind(transaction, who, inspection.case_id)
    return who.role is not ApiRole.STATION
