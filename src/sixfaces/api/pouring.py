"""A request's body, piece by piece as it arrives, into a writer that blocks: the event loop never does.

While one block is hashed and written by a thread, the next one is being received. A client that pauses loses nothing:
what it sent is committed soon, and a writer that was taken over meanwhile is told so and ends.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import anyio
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request

from sixfaces.api.gate import Gate
from sixfaces.domain.errors import StoreError
from sixfaces.domain.upload import Upload
from sixfaces.intake.upload_rules import UploadLimits
from sixfaces.pipeline import upload_errors as errors
from sixfaces.pipeline.receiving import Reception
from sixfaces.pipeline.sealing import seal_received

BLOCK = 1 << 20
"""Bytes handed to the thread at once."""
AHEAD = 8 << 20
"""Bytes of an upload that may come in while the block before them is brought to disk. As long as every thread is taken
it is no more than a block: many uploads together must not fill the memory."""
SOON_S = 0.2
"""How often to look whether anything comes; after one to two of these without, what has come is committed."""
LOOK_S = 1.0
"""How often a paused writer looks whether it still is the one."""
_WRITERS = 24

T = TypeVar("T")
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("uploads")


async def blocking(work: Callable[[], T]) -> T:
    """Run what blocks in a thread of the uploads' own, so that slow disks hold up uploads and nothing else."""
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(_WRITERS)
        _limiter.set(limiter)
    return await run_sync(work, limiter=limiter)


async def receive_body(request: Request, reception: Reception, *, is_whole: bool = False) -> Upload:
    """Take the request's whole body, seal the upload if that completed it, and return it as it then stands.

    Raises what `Reception` raises, ClientDisconnect where the client has gone, RequestError `request.too_slow` where
    no more comes, UploadError `upload.too_slow` where too little does; what arrived until then counts, unless a
    checksum was to hold for all of it.
    """
    try:
        await _pour(request, reception)
        await blocking(partial(reception.finish, is_whole=is_whole))
    except (ClientDisconnect, StoreError):
        await blocking(reception.settle)
        raise
    except TimeoutError as exc:
        await blocking(reception.settle)
        raise errors.too_slow(reception.service.uploads.least_rate) from exc
    finally:
        with anyio.CancelScope(shield=True):
            await blocking(reception.close)
    return await blocking(partial(seal_received, reception.service, reception))


async def _pour(request: Request, reception: Reception) -> None:
    pouring = _Pouring(request, reception)
    reading = asyncio.create_task(pouring.read())
    try:
        while not (await asyncio.wait({reading}, timeout=pouring.patience))[0]:
            await pouring.look()
        reading.result()
    finally:
        reading.cancel()
        await asyncio.wait({reading})
        await pouring.end()


class _Pouring:
    """Blocks on their way to the reception, one at a time."""

    def __init__(self, request: Request, reception: Reception) -> None:
        self.patience = SOON_S
        self._request = request
        self._reception = reception
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._is_still = False
        self._turn = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None
        self._pace = _Pace(reception.service.uploads)
        self._has_failed = False

    async def read(self) -> None:
        """Collect; hand over a full block once the one before it is written."""
        async for piece in self._request.stream():
            self._is_still = False
            self._pieces.append(piece)
            self._waiting += len(piece)
            self._pace.came(len(piece))
            if self._waiting >= BLOCK and (not self._is_writing() or self._waiting >= _ahead()):
                async with self._turn:
                    await self._written()
                    self._write()
                self._pace.begin()  # it may have been we who were slow

    async def look(self) -> None:
        """Called now and then. If nothing has come since: first commit what is here, then look whether anybody waits
        for us. Raises TimeoutError where too little has come."""
        self._pace.check()
        if not self._is_still:
            self._is_still, self.patience = True, SOON_S
            return
        async with self._turn:
            if self.patience == SOON_S:
                await self._all_written()
                await blocking(self._reception.settle)
            else:
                await blocking(self._reception.check)
        self.patience = LOOK_S

    async def end(self) -> None:
        """Nothing is left in hand, whatever happened: of a block that could not be written, nothing may follow."""
        if self._writing is not None:
            await asyncio.wait({self._writing})
        if not self._has_failed:
            await self._all_written()

    async def _all_written(self) -> None:
        await self._written()
        if self._waiting:
            self._write()
            await self._written()

    def _is_writing(self) -> bool:
        return self._writing is not None and not self._writing.done()

    def _write(self) -> None:
        pieces, self._pieces, self._waiting = self._pieces, [], 0
        self._writing = asyncio.create_task(blocking(partial(self._take, pieces)))

    def _take(self, pieces: list[bytes]) -> None:
        """A key that is revoked, or a token that expires, while its request still sends is worth nothing from then on.
        Blocks."""
        gate: Gate = self._request.app.state.gate
        gate.insist(self._request.state.principal, self._request.headers["authorization"])
        for block in _blocks(pieces):
            self._reception.take(block)

    async def _written(self) -> None:
        writing = self._writing
        if writing is not None:
            self._has_failed = True  # until it turns out that it has not
            await asyncio.wait({writing})  # a request that is given up must not leave its thread behind
            self._writing = None
            writing.result()
            self._has_failed = False


class _Pace:
    """Whether enough comes: somebody who sends a byte now and then would hold a connection and room for ever."""

    def __init__(self, limits: UploadLimits) -> None:
        self._grace_s = limits.grace_s
        self._least = limits.least_rate * limits.grace_s
        self.begin()

    def begin(self) -> None:
        """Count anew from now on."""
        self._came, self._since = 0, time.monotonic()

    def came(self, count: int) -> None:
        """So many bytes have come."""
        self._came += count

    def check(self) -> None:
        """Raises TimeoutError where a whole period of grace brought too little."""
        if time.monotonic() - self._since < self._grace_s:
            return
        if self._came < self._least:
            raise TimeoutError
        self.begin()


def _ahead() -> int:
    limiter = _limiter.get(None)
    return AHEAD if limiter is not None and limiter.available_tokens else BLOCK


def _blocks(pieces: list[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of a block or little more: each costs a write of its own."""
    block: list[bytes] = []
    size = 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)
