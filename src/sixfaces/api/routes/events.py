"""What happens to a case, as it happens (Server-Sent Events)."""

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.refusals import malformed
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.api.streams import Streams
from sixfaces.api.watching import LARGEST_ID, Watcher
from sixfaces.domain.model import Say
from sixfaces.domain.records import Event
from sixfaces.pipeline.reading import case_of
from sixfaces.pipeline.refusals import pruned
from sixfaces.pipeline.visible import Told, events_shown

router = APIRouter(route_class=GuardedRoute, tags=["events"])

HEARTBEAT_S = 10.0
LONGEST_S = 900.0
"""A stream ends after so long, and the watcher comes again with the last id: no connection is held for ever."""


@router.get(
    "/cases/{case_id}/events",
    summary="Watch a case",
    response_class=Response,
    **open_to(ANYONE, 410, gives="text/event-stream"),
)
async def watch_case(
    asking: Asking, case_id: str, after: Annotated[int | None, Query(ge=0, le=LARGEST_ID)] = None
) -> Response:
    """Events of the case after the header Last-Event-ID (or `after`), then each as it comes; a station hears nothing of
    what others handed in, nor of verdicts in which that counts. A comment every ten seconds keeps the connection alive.
    Ends when the key is revoked. 410 where events after the given one are kept no longer."""
    first = _resumed(asking, after)
    await run_in_threadpool(_check, asking, case_id, first)
    streams: Streams = asking.request.app.state.streams
    watcher = Watcher(case_id, (asking.reader, asking.request.headers["authorization"]), last=first)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    told = StreamingResponse(_told(asking, watcher), headers=headers, media_type="text/event-stream")
    return streams.response(told, watcher)


async def _told(asked: Asked, watcher: Watcher) -> AsyncIterator[str]:
    ends = time.monotonic() + LONGEST_S
    yield "retry: 2000\n\n"
    while time.monotonic() < ends:
        while watcher.is_behind and not watcher.is_over:
            told = await run_in_threadpool(_since, asked, watcher)
            watcher.told(told.last)
            for event in told.events:
                yield _frame(event)
        if watcher.is_over:
            return
        if not await watcher.stirred(within_s=HEARTBEAT_S):
            yield ": here\n\n"


def _check(asked: Asked, case_id: str, first: int) -> None:
    """Who was away for so long that events may be gone which they never saw is told so, and not given a stream with a
    hole in it."""
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        case_of(transaction, case_id)
        if 0 < first < (through := transaction.pruning.pruned_through()):
            raise pruned(through)


def _since(asked: Asked, watcher: Watcher) -> Told:
    """What comes next; for those whose key is good no longer the stream ends without it."""
    if not asked.may_go_on():
        watcher.end()
        return Told([], watcher.last)
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        return events_shown(transaction, asked.principal, watcher.case_id, after=watcher.last)


def _frame(event: Event) -> str:
    """JSON has no line breaks of its own, so one line of data holds it."""
    data = json.dumps({"at": event.at.isoformat(), **event.body}, ensure_ascii=False)
    return f"id: {event.id}\nevent: {event.kind}\ndata: {data}\n\n"


def _resumed(asked: Asked, after: int | None) -> int:
    """The header wins: a browser that comes again sends it with the old address."""
    header = asked.request.headers.get("last-event-id")
    if header is None:
        return after or 0
    if not header.isascii() or not header.isdigit() or len(header) > 19 or int(header) > LARGEST_ID:
        raise malformed(Say(zh="Last-Event-ID 不是事件编号", en="Last-Event-ID is no event's id"))
    return int(header)
