"""Alarms (D25, D26), and what was shipped, by which complaints are counted per piece."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import READERS, REVIEWERS, open_to
from sixfaces.domain.model import Model, Text
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.watching import Alarm, ShippedUnits
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.personal import shown
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.watching.alarming import acknowledge

router = APIRouter(route_class=GuardedRoute, tags=["watching"])


class Acknowledgement(Model):
    """What somebody makes of an alarm."""

    note: Annotated[Text, Field(min_length=1, max_length=1000)]


class Shipped(Model):
    """What went out; the same day and goods again take the place of what was told before."""

    items: Annotated[tuple[ShippedUnits, ...], Field(min_length=1, max_length=1000)]


@router.get("/alarms", summary="Alarms", **open_to(READERS))
def list_alarms(
    asking: Asking, *, open: bool | None = None, limit: Limit = USUAL, cursor: Cursor = None
) -> Listed[Alarm]:
    """Newest first: those that wait for somebody, those that were acknowledged, or all."""

    def find(page: Page) -> list[Alarm]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            found = transaction.alarms.find(page, open=open)
        return [shown(asking.principal, one) for one in found]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/alarms/{alarm_id}", summary="An alarm", **open_to(READERS))
def get_alarm(asking: Asking, alarm_id: str) -> Alarm:
    """What rose, since when, how unlikely that is by chance, and what somebody made of it."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        alarm = transaction.alarms.get(alarm_id) if is_id(alarm_id) else None
    if alarm is None:
        raise missing()
    return shown(asking.principal, alarm)


@router.post("/alarms/{alarm_id}/acknowledge", summary="Acknowledge an alarm", response_model=Alarm,
             **open_to(REVIEWERS, 409, 413, 415))  # fmt: skip
def acknowledge_alarm(asking: Asking, alarm_id: str, said: Acknowledgement) -> Response:
    """With what is made of it. What happens from tomorrow on may raise it again."""

    def work(transaction: Transaction) -> Told:
        if not is_id(alarm_id):
            raise missing()
        found = acknowledge(transaction, asking.principal.actor, alarm_id, note=said.note)
        return Told(shown(asking.principal, found))

    return once(asking, work)


@router.post("/shipped-units", summary="Tell what was shipped", response_model=Shipped,
             **open_to(READERS, 413, 415))  # fmt: skip
def add_shipped(asking: Asking, shipped: Shipped) -> Response:
    """By day and goods. With it complaints and defects are counted per piece, without it per claim and inspection."""

    def work(transaction: Transaction) -> Told:
        transaction.day_counts.ship(shipped.items)
        return Told(shipped)

    return once(asking, work)
