"""Idempotency keys of requests whose body is a file, which no transaction may wait for.

1. before the body: an answer that is kept is given at once, another request under the key refused
2. after it: the first to come here has its answer kept. The same bytes are one exhibit of a case, so that of several
   that bring them at once, or after a crash in between, all tell of the same one
"""

import hashlib
import time
from functools import partial

from starlette.responses import Response

from sixfaces.api import refusals
from sixfaces.api.asked import Asked
from sixfaces.api.gate import Gate
from sixfaces.api.once import Claimed, Told, answered, key_of, patiently
from sixfaces.api.pouring import BLOCK, LOOK_S, blocking
from sixfaces.domain.model import Model
from sixfaces.domain.upload import Upload


class Wish(Model):
    """What the body will be, as its request says: with the address all that tells one request from another."""

    length: int | None
    sha256: str | None


class Streamed:
    """One request with a file. Without a key it is a request like any other."""

    def __init__(self, asked: Asked, wish: Wish) -> None:
        """Raises RequestError `request.idempotency_key`."""
        key = key_of(asked)
        self._asked = asked
        self._claimed = Claimed(asked, key, (wish,)) if key is not None else None

    def kept(self) -> Response | None:
        """1. Raises RequestError `request.key_reused`. Blocks."""
        claimed = self._claimed
        if claimed is None:
            return None

        def transact() -> Response | None:
            with self._asked.service.records.begin(self._asked.principal.tenant) as transaction:
                return claimed.kept(transaction)

        return patiently(transact)

    def told(self, told: Told) -> Response:
        """2. Blocks."""
        claimed = self._claimed
        if claimed is None:
            return answered(self._asked, told)

        def transact() -> Response:
            with self._asked.service.records.begin(self._asked.principal.tenant) as transaction:
                return claimed.kept(transaction) or claimed.keep(transaction, told)

        return patiently(transact)


async def unread(asked: Asked, response: Response, first: Upload | None, *, is_declared: bool) -> Response:
    """Give the answer that was kept for the upload `first`, for which nothing of the body is kept any more; None where
    the upload has been forgotten too.

    A client hears it only when somebody has taken what it sends: other bytes than the first are no repeat. One that
    asked whether to send them is told not to, where there is nothing to compare: their digest was declared and has been
    compared, or that of the first is not known. Raises RequestError `request.key_reused`, `request.key_needed` for a
    key that was revoked meanwhile.
    """
    if "expect" in asked.request.headers and (is_declared or first is None or first.received_sha256 is None):
        response.headers["connection"] = "close"
        return response
    taken = _Taken(asked, first)
    async for piece in asked.request.stream():
        await taken.take(piece)
    if await taken.is_another():
        raise refusals.another_file()
    return response


class _Taken:
    """What a repeat sends: counted, hashed and dropped."""

    def __init__(self, asked: Asked, first: Upload | None) -> None:
        self._asked = asked
        self._known = first and first.received_sha256
        self._most = asked.service.uploads.largest()
        if first is not None:
            self._most = first.length or asked.service.uploads.most_bytes(first.tenant, first.role)
        self._sha256 = hashlib.sha256()
        self._block = bytearray()
        self._count = 0
        self._looked = time.monotonic()

    async def take(self, piece: bytes) -> None:
        self._block += piece
        self._count += len(piece)
        if self._count > self._most:
            raise refusals.another_file()
        if len(self._block) >= BLOCK:
            await self._hashed()
        if time.monotonic() - self._looked >= LOOK_S:
            self._looked = time.monotonic()
            await blocking(self._look)

    async def is_another(self) -> bool:
        if self._known is None:
            return False
        await self._hashed()
        return self._sha256.hexdigest() != self._known

    async def _hashed(self) -> None:
        block, self._block = self._block, bytearray()
        await blocking(partial(self._sha256.update, block))

    def _look(self) -> None:
        """Blocks."""
        gate: Gate = self._asked.request.app.state.gate
        gate.insist(self._asked.principal, self._asked.request.headers["authorization"])
