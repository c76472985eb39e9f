"""Who watches cases: the database is asked once in a while for all of them together, however many they are.

It is asked for numbers only, across tenants: the highest event of each watched case. Whoever has not been told of that
one yet reads the events in a transaction of their own tenant.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextvars import Context

import structlog
from fastapi.concurrency import run_in_threadpool

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.people import Principal

log = structlog.get_logger()

POLL_S = 0.5
GOOD_S = 1.5
"""How often it is asked whether watchers may go on. With what a server remembers of a key, one that is revoked is told
nothing after five seconds at most."""
LARGEST_ID = 2**62

Sender = tuple[Principal, str]
"""Who watches, and the header by which they said so."""


class Watcher:
    """One open stream. `last`: the event it was told of last; `newest`: the last there is, as far as is known."""

    def __init__(self, case_id: str, sender: Sender, *, last: int) -> None:
        self.case_id, self.sender, self.last = case_id, sender, last
        self.newest = LARGEST_ID
        self.is_over = False
        self._stirred = asyncio.Event()

    @property
    def is_behind(self) -> bool:
        """Whether there may be events that it was not told of."""
        return self.last < self.newest

    def told(self, last: int) -> None:
        """It was told of all events up to this one."""
        if last == self.last:
            self.newest = last
        self.last = last

    def look(self, newest: int) -> None:
        """This is the last event of the case."""
        if newest > self.last:
            self.newest = newest
            self._stirred.set()

    def end(self) -> None:
        """Nothing more will be told."""
        self.is_over = True
        self._stirred.set()

    async def stirred(self, *, within_s: float) -> bool:
        """Return when there are events or it is over; False where neither came in time."""
        try:
            async with asyncio.timeout(within_s):
                await self._stirred.wait()
        except TimeoutError:
            return False
        self._stirred.clear()
        return True


class Watching:
    """All watchers of this process. `newest` tells the highest event of each of these cases, `gone` which senders are
    good no longer; both block. Nothing is asked while nobody watches."""

    def __init__(
        self,
        stopping: asyncio.Event,
        *,
        newest: Callable[[Collection[str]], Mapping[str, int]],
        gone: Callable[[Collection[Sender]], Collection[Sender]],
    ) -> None:
        self._stopping, self._newest, self._gone = stopping, newest, gone
        self._watchers: set[Watcher] = set()
        self._asking: asyncio.Task[None] | None = None

    def enter(self, watcher: Watcher) -> None:
        """One more, until `leave`. On the event loop only."""
        self._watchers.add(watcher)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), context=Context())  # of no request's trace

    def leave(self, watcher: Watcher) -> None:
        """It has gone."""
        self._watchers.discard(watcher)

    async def _ask(self) -> None:
        """Until nobody watches any more. Where the database does not answer all streams end: who watches comes again,
        and is told why not."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._every(POLL_S, self._look))
                tasks.create_task(self._every(GOOD_S, self._check))
        except* RecordsError as exc:
            log.warning("watching_failed", watchers=len(self._watchers), code=[one.code for one in _errors(exc)])
        finally:
            self._asking = None
            for watcher in self._watchers:
                watcher.end()

    async def _every(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        while self._watchers and not self._stopping.is_set():
            await do()
            try:
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def _look(self) -> None:
        newest = await run_in_threadpool(self._newest, {one.case_id for one in self._watchers})
        for watcher in self._watchers:
            watcher.look(newest.get(watcher.case_id, 0))

    async def _check(self) -> None:
        gone = await run_in_threadpool(self._gone, {one.sender for one in self._watchers})
        for watcher in self._watchers:
            if watcher.sender in gone:
                watcher.end()


def _errors(group: BaseExceptionGroup[RecordsError]) -> list[RecordsError]:
    return [one for one in group.exceptions if isinstance(one, RecordsError)]
