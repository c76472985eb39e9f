"""Parcels: what carriers tell of them, and which case a scanned code belongs to."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from sixfaces.api.asked import Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ANYONE, READERS, open_to
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Occurrence
from sixfaces.domain.filing import CaseState
from sixfaces.domain.model import Model
from sixfaces.domain.people import Id
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.claims.carriers import CarrierEvent, carried
from sixfaces.pipeline.claims.scanning import scanned

router = APIRouter(route_class=GuardedRoute, tags=["parcels"])

Code = Annotated[str, Query(min_length=1, max_length=2000)]


class Carried(Model):
    """The entries that a carrier's event made, or had made before: one for each case of the parcel."""

    items: tuple[Occurrence, ...]


class Scanned(Model):
    """A case that the code belongs to."""

    id: Id
    state: CaseState
    file: CaseFile


class Found(Model):
    """Cases that the code belongs to, those that are open first."""

    items: tuple[Scanned, ...]


@router.post("/carrier-events", summary="Tell what a carrier says", response_model=Carried,
             **open_to(READERS, 413, 415))  # fmt: skip
def add_carrier_event(asking: Asking, event: CarrierEvent) -> Response:
    """Entered into every open case of the parcel; none is no error, for carriers tell of all parcels."""

    def work(transaction: Transaction) -> Told:
        told = carried(transaction, asking.principal.actor, event)
        entries = Carried(items=tuple(entered.entry for _, entered in told))
        return Told(entries, jobs=[entered.job for _, entered in told if entered.job is not None])

    return once(asking, work)


@router.get("/scan", summary="Which case a code belongs to", **open_to(ANYONE))
def get_scanned(asking: Asking, code: Code) -> Found:
    """Any code of a parcel's label: a waybill, an order's or claim's or case's number, or the QR code of our own
    return label."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        cases = scanned(transaction, code)
    items = tuple(Scanned(id=case.id, state=case.state, file=case.file) for case in cases)
    return Found(items=items)
