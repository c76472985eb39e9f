"""Lots of what the machine said by itself, and their samples, which people answer blind (ISO 2859-1)."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, open_to
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.sampling import Lot, LotOf, SampleAnswered, SampleTask, Stream
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.watching.lots import Edition, LotOrder, draw, resume, void
from sixfaces.pipeline.watching.sampling import answer, take_next, task_of, told_of

router = APIRouter(route_class=GuardedRoute, tags=["watching"])

DRAWERS = ADMINS | {ApiRole.BATCH}
"""Not those who answer: what they look at is not for them to choose, nor to know how much of it there is."""
ANSWERERS = frozenset({ApiRole.REVIEWER})
"""Not those who draw, who know which cases are planted and see everybody's score."""


class Stopped(Model):
    """A stream that was stopped."""

    of: LotOf
    policy: Edition


class Streams(Model):
    """All streams."""

    items: tuple[Stream, ...]


class SampleAnswer(Model):
    """What somebody says of an item: one of the `answers` of its task."""

    answer: Text
    note: Annotated[Text, Field(max_length=1000)] | None = None


class NextSample(Model):
    """The item to answer; none: there is nothing for them at present."""

    task: SampleTask | None


class Sample(Model):
    """An item of one's own: its task until it is answered, then what had been said."""

    task: SampleTask
    answered: SampleAnswered | None = None


@router.post("/lots", status_code=201, summary="Draw a lot", response_model=Lot,
             **open_to(DRAWERS, 409, 413, 415))  # fmt: skip
def draw_lot(asking: Asking, order: LotOrder) -> Response:
    """Of what the machine said by itself in a period. The sample is chosen by the custody log, the plan by the standard
    and by what came of the lots before."""

    def work(transaction: Transaction) -> Told:
        lot = draw(transaction, asking.principal, order)
        return Told(lot, 201, {"location": f"/v1/lots/{lot.id}"})

    return once(asking, work)


@router.get("/lots", summary="Lots", **open_to(DRAWERS))
def list_lots(asking: Asking, *, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[Lot]:
    """Newest first."""

    def find(page: Page) -> list[Lot]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return list(transaction.samples.lots(page))

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/lots/{lot_id}", summary="A lot", **open_to(DRAWERS))
def get_lot(asking: Asking, lot_id: str) -> Lot:
    """How it was drawn, and what came of it once all of its sample is answered."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        lot = transaction.samples.lot(lot_id) if is_id(lot_id) else None
    if lot is None:
        raise missing()
    return lot


@router.post("/lots/{lot_id}/void", summary="End a lot as void", response_model=Lot, **open_to(ADMINS, 409))
def void_lot(asking: Asking, lot_id: str) -> Response:
    """Not all of its sample can be looked at any more. Nothing comes of it; what nobody has taken is given to nobody.
    Entered in the custody log."""

    def work(transaction: Transaction) -> Told:
        if not is_id(lot_id):
            raise missing()
        return Told(void(transaction, asking.principal, lot_id))

    return once(asking, work)


@router.get("/sampling-streams", summary="How strictly lots are inspected", **open_to(DRAWERS))
def list_streams(asking: Asking) -> Streams:
    """Each kind of lot by each edition of a policy."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return Streams(items=tuple(transaction.samples.streams()))


@router.post("/sampling-streams/resume", summary="Resume a stopped stream", response_model=Stream,
             **open_to(ADMINS, 409, 413, 415))  # fmt: skip
def resume_stream(asking: Asking, stopped: Stopped) -> Response:
    """Somebody says that the cause was mended: lots are inspected again, tightened. Entered in the custody log."""
    return once(
        asking, lambda tx: Told(resume(tx, asking.principal, stopped.of, policy=stopped.policy))
    )  # fmt: skip


@router.post("/samples/next", summary="Take the next sample", response_model=NextSample,
             **open_to(ANSWERERS))  # fmt: skip
def next_sample(asking: Asking) -> Response:
    """The one that one has taken and not answered, or the next. Until it is answered, nothing is shown of what the
    machine said of its case."""
    return once(asking, lambda tx: Told(NextSample(task=take_next(tx, asking.principal))))


@router.get("/samples/{item_id}", summary="A sample of one's own", **open_to(ANSWERERS))
def get_sample(asking: Asking, item_id: str) -> Sample:
    """Only who has taken it sees it."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        item = transaction.samples.item(item_id) if is_id(item_id) else None
    if item is None or item.holder != asking.principal.actor:
        raise missing()
    return Sample(task=task_of(item), answered=told_of(item) if item.answered_at is not None else None)


@router.post("/samples/{item_id}/answer", summary="Answer a sample", response_model=SampleAnswered,
             **open_to(ANSWERERS, 409, 413, 415))  # fmt: skip
def answer_sample(asking: Asking, item_id: str, said: SampleAnswer) -> Response:
    """Once. The answer tells what had been said, and whether it was a known case."""

    def work(transaction: Transaction) -> Told:
        if not is_id(item_id):
            raise missing()
        return Told(answer(transaction, asking.principal, item_id, said=said.answer, note=said.note))

    return once(asking, work)
