"""Erasure of cases and exhibits, and how long a tenant keeps what."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, READERS, open_to
from sixfaces.domain.erasing import EraseReason, Erasure, Retention
from sixfaces.domain.model import Model
from sixfaces.domain.records import Page, Transaction
from sixfaces.pipeline.erasing import Asked as AskedFor
from sixfaces.pipeline.erasing import Wish, erase_case, erase_exhibit
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.retention import set_retention

router = APIRouter(route_class=GuardedRoute, tags=["keeping"])


class Wanted(Model):
    """Why something is to be erased. `forget_waybill`: also what an earlier opening of the same parcel is found by; a
    later case of this parcel is then judged as if there had been none."""

    reason: EraseReason
    forget_waybill: bool = False


@router.post("/cases/{case_id}/erase", status_code=202, summary="Erase a case", response_model=Erasure,
             **open_to(ADMINS, 409, 410, 413, 415))  # fmt: skip
def erase_a_case(asking: Asking, case_id: str, wanted: Wanted) -> Response:
    """Its bytes, what was measured and judged of them, and what was claimed, for good. Tombstones, verdicts without
    their reports and the custody log stay. 409 with all that holds it while anything does."""
    return once(asking, lambda tx: _told(erase_case(tx, case_id, wish=_wish(asking, wanted))))


@router.post("/exhibits/{exhibit_id}/erase", status_code=202, summary="Erase an exhibit", response_model=Erasure,
             **open_to(ADMINS, 409, 410, 413, 415))  # fmt: skip
def erase_an_exhibit(asking: Asking, exhibit_id: str, wanted: Wanted) -> Response:
    """As a case, of one exhibit; the reports on its case go with it, as they tell what was seen in it."""
    return once(asking, lambda tx: _told(erase_exhibit(tx, exhibit_id, wish=_wish(asking, wanted))))


@router.get("/erasures", summary="Erasures", **open_to(READERS))
def list_erasures(
    asking: Asking,
    *,
    case: Annotated[str | None, Query(max_length=36)] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Listed[Erasure]:
    """Newest first, of one case or of all."""

    def find(page: Page) -> list[Erasure]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return list(transaction.erasures.find(case_id=case, before=page.before, limit=page.limit))

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/erasures/{erasure_id}", summary="An erasure", **open_to(READERS))
def get_erasure(asking: Asking, erasure_id: str) -> Erasure:
    """How far it has come; `waits_until` is told while the store's own lock is in force, `holds` where it was refused
    after all."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        erasure = transaction.erasures.get(erasure_id) if is_id(erasure_id) else None
    if erasure is None:
        raise missing()
    return erasure


@router.get("/retention", summary="How long evidence is kept", **open_to(READERS))
def get_retention(asking: Asking) -> Retention:
    """In days after a case was closed; none: for ever."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return transaction.holds.retention()


@router.put("/retention", summary="Say how long evidence is kept", response_model=Retention,
            **open_to(ADMINS, 413, 415))  # fmt: skip
def put_retention(asking: Asking, retention: Retention) -> Response:
    """Counts for all that is there, from the next round on. Entered in the custody log."""

    def work(transaction: Transaction) -> Told:
        return Told(set_retention(transaction, asking.principal, retention))

    return once(asking, work)


def _wish(asked: Asked, wanted: Wanted) -> Wish:
    return Wish(wanted.reason, asked.principal.actor, wanted.forget_waybill)


def _told(asked: AskedFor) -> Told:
    jobs = (asked.job,) if asked.job is not None else ()
    return Told(asked.erasure, 202, {"location": f"/v1/erasures/{asked.erasure.id}"}, jobs)
