"""Legal holds: what keeps a case and all that is in it from being erased."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from sixfaces.api.asked import Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, READERS, REVIEWERS, open_to
from sixfaces.domain.erasing import HoldReason, LegalHold
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.holding import HoldOrder, beyond_holding, holding, lift_hold, place_hold
from sixfaces.pipeline.reading import case_of

router = APIRouter(route_class=GuardedRoute, prefix="/cases/{case_id}/holds", tags=["keeping"])


class NewHold(Model):
    """A hold to place. Without `until` it holds until an admin lifts it. The note stays out of the custody log."""

    reason: HoldReason
    note: Annotated[Text, Field(max_length=1000)] | None = None
    until: AwareDatetime | None = None


class PlacedHold(LegalHold):
    """A hold that was placed. `erasing`: erasures of exhibits of the case that had begun before, which it cannot stop
    any more."""

    erasing: tuple[Id, ...] = ()


class HoldList(Model):
    """All holds of a case, lifted and ended ones too, oldest first. `holding`: what holds it now, `case_open`,
    `platform_stepped_in`, `evidence_awaited` and ids of holds; nothing where it may be erased."""

    holding: tuple[str, ...]
    items: tuple[LegalHold, ...]


@router.get("", summary="Holds of a case", **open_to(READERS))
def list_holds(asking: Asking, case_id: str) -> HoldList:
    """A case that is not closed is held by itself."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        case = case_of(transaction, case_id)
        return HoldList(holding=holding(transaction, case), items=tuple(transaction.holds.of_case(case.id)))


@router.post("", status_code=201, summary="Hold a case", response_model=PlacedHold,
             **open_to(REVIEWERS, 410, 413, 415))  # fmt: skip
def create_hold(asking: Asking, case_id: str, new: NewHold) -> Response:
    """Nothing of the case is erased while it holds, but what is going already (`erasing`). There may be several
    holds at once. Entered in the custody log."""
    order = HoldOrder(new.reason, new.note, new.until)

    def work(transaction: Transaction) -> Told:
        hold = place_hold(transaction, asking.principal, case_id, order=order)
        return Told(PlacedHold(**hold.model_dump(), erasing=beyond_holding(transaction, case_id)), 201)

    return once(asking, work)


@router.delete("/{hold_id}", summary="Lift a hold", response_model=LegalHold, **open_to(ADMINS))
def delete_hold(asking: Asking, case_id: str, hold_id: str) -> Response:
    """It holds nothing from now on, and stays in the list. Entered in the custody log."""
    return once(asking, lambda tx: Told(lift_hold(tx, asking.principal, case_id, hold_id=hold_id)))
