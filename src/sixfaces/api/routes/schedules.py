"""Schedules: standing orders for judging the archive again."""

from fastapi import APIRouter, Response
from pydantic import AwareDatetime

from sixfaces.api.asked import Asking
from sixfaces.api.conditions import etag, expected, weak_etag
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import JUDGES_AGAIN, READERS, open_to
from sixfaces.domain.model import Text
from sixfaces.domain.people import Id
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.schedule import Schedule, ScheduleTerms, ScheduleTurn
from sixfaces.pipeline.archive.schedules import add_schedule, edit_schedule, remove_schedule, schedule_of

router = APIRouter(route_class=GuardedRoute, prefix="/reverification-schedules", tags=["archive"])


class ScheduleView(ScheduleTerms):
    """A schedule. `next_at`: when it is due, none while it is off; `last`: what came of the last time; `run`: the last
    run that it began."""

    id: Id
    revision: int
    next_at: AwareDatetime | None
    run: Id | None
    last: ScheduleTurn | None
    by: Text
    made_at: AwareDatetime
    changed_at: AwareDatetime


@router.post("", status_code=201, summary="Have the archive judged again regularly", response_model=ScheduleView,
             **open_to(JUDGES_AGAIN, 409, 413, 415))  # fmt: skip
def create_schedule(asking: Asking, terms: ScheduleTerms) -> Response:
    """Each time it begins a run, which tells what would flip and writes no verdict."""

    def work(transaction: Transaction) -> Told:
        schedule = add_schedule(transaction, asking.principal, terms)
        return Told(view_of(schedule), 201, _headers(schedule))

    return once(asking, work)


@router.get("", summary="Schedules", **open_to(READERS))
def list_schedules(asking: Asking, *, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[ScheduleView]:
    """Newest first."""

    def find(page: Page) -> list[ScheduleView]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return [view_of(one) for one in transaction.schedules.find(page)]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/{schedule_id}", summary="A schedule", **open_to(READERS))
def get_schedule(asking: Asking, schedule_id: str, response: Response) -> ScheduleView:
    """When it is due next, and what came of the last time; its ETag is its revision, for edits."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        schedule = schedule_of(transaction, schedule_id)
    response.headers["etag"] = weak_etag(schedule.revision)
    return view_of(schedule)


@router.put("/{schedule_id}", summary="Edit a schedule", response_model=ScheduleView,
            **open_to(JUDGES_AGAIN, 412, 413, 415, 428))  # fmt: skip
def put_schedule(asking: Asking, schedule_id: str, terms: ScheduleTerms) -> Response:
    """All of it; an edit that changes something needs If-Match with the schedule's ETag. `enabled` false: it is not due
    until it is on again."""
    condition = expected(asking.request)

    def work(transaction: Transaction) -> Told:
        schedule = edit_schedule(transaction, asking.principal, schedule_id, terms=terms, expected=condition)
        return Told(view_of(schedule), headers=_headers(schedule))

    return once(asking, work)


@router.delete("/{schedule_id}", status_code=204, summary="Delete a schedule", response_class=Response,
               **open_to(JUDGES_AGAIN))  # fmt: skip
def delete_schedule(asking: Asking, schedule_id: str) -> Response:
    """Runs that it began stay, and go on."""

    def work(transaction: Transaction) -> Told:
        remove_schedule(transaction, asking.principal, schedule_id)
        return Told(status=204)

    return once(asking, work)


def view_of(schedule: Schedule) -> ScheduleView:
    """A schedule as it is told."""
    own = {name: getattr(schedule, name) for name in ScheduleView.model_fields if name in Schedule.model_fields}
    return ScheduleView(**own, **{name: getattr(schedule.terms, name) for name in ScheduleTerms.model_fields})


def _headers(schedule: Schedule) -> dict[str, str]:
    return {"etag": etag(schedule.revision), "location": f"/v1/reverification-schedules/{schedule.id}"}
