"""Open streams: how many one key may hold, and their end when the server stops."""

import asyncio
from collections import Counter

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from sixfaces.api import refusals
from sixfaces.domain.people import Principal

MOST_PER_KEY = 20
PAUSE_S = 5


class Streams:
    """All streams of this process."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self._open: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many are open."""
        return self._open.total()

    def enter(self, who: Principal) -> None:
        """One more. Raises RequestError `request.rate` where the key holds enough of them."""
        if self._open[who.key_id] >= MOST_PER_KEY:
            raise refusals.too_many(PAUSE_S)
        self._open[who.key_id] += 1

    def response(self, told: StreamingResponse, who: Principal) -> StreamingResponse:
        """The answer that counts as closed once it has ended, however it did."""
        return _Counted(told, self._open, who.key_id)


class _Counted(StreamingResponse):
    def __init__(self, told: StreamingResponse, count: Counter[str], key_id: str) -> None:
        super().__init__(told.body_iterator, told.status_code, None, told.media_type)
        self.raw_headers = told.raw_headers
        self._count, self._key_id = count, key_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As its base."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._count[self._key_id] -= 1
            if self._count[self._key_id] <= 0:
                del self._count[self._key_id]
