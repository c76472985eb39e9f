"""Open streams: how many one key may hold, and their end when the server stops."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from sixfaces.api import refusals
from sixfaces.api.gate import Gate
from sixfaces.api.watching import Watcher, Watching
from sixfaces.domain.people import Principal
from sixfaces.pipeline.service import Service

MOST_PER_KEY = 20
PAUSE_S = 5


class Streams:
    """All streams of this process."""

    def __init__(self, service: Service, gate: Gate) -> None:
        self.stopping = asyncio.Event()
        self._open: Counter[str] = Counter()
        self._watching = Watching(self.stopping, newest=partial(_newest, service), gone=gate.gone)

    @property
    def count(self) -> int:
        """How many are open."""
        return self._open.total()

    def response(self, told: StreamingResponse, watcher: Watcher) -> StreamingResponse:
        """The answer to somebody who watches, whom the key holds as one more until it has ended, however it did. Raises
        RequestError `request.rate` where the key holds enough of them."""
        who, _ = watcher.sender
        if self._open[who.key_id] >= MOST_PER_KEY:
            raise refusals.too_many(PAUSE_S)
        self._open[who.key_id] += 1
        self._watching.enter(watcher)
        return _Ending(told, partial(self._end, who, watcher))

    def _end(self, who: Principal, watcher: Watcher) -> None:
        self._watching.leave(watcher)
        self._open[who.key_id] -= 1
        if self._open[who.key_id] <= 0:
            del self._open[who.key_id]


class _Ending(StreamingResponse):
    """Says when it has ended."""

    def __init__(self, told: StreamingResponse, ended: Callable[[], None]) -> None:
        super().__init__(told.body_iterator, told.status_code, None, told.media_type)
        self.raw_headers = told.raw_headers
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As its base."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


def _newest(service: Service, case_ids: Collection[str]) -> Mapping[str, int]:
    """Of cases of all tenants."""
    with service.records.begin(None, reading=True) as transaction:
        return transaction.events.newest(case_ids)
