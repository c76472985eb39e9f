"""Idempotency keys of requests whose body is a file, which no transaction may wait for.

1. before the body: an answer that is kept is given at once, another request under the key refused
2. after it: the first to come here has its answer kept. The same bytes are one exhibit of a case, so that of several
   that bring them at once, or after a crash in between, all tell of the same one
"""

from starlette.requests import Request
from starlette.responses import Response

from sixfaces.api.asked import Asked
from sixfaces.api.once import Claimed, Told, answered, key_of, patiently
from sixfaces.domain.model import Model


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
            return answered(told)

        def transact() -> Response:
            with self._asked.service.records.begin(self._asked.principal.tenant) as transaction:
                return claimed.kept(transaction) or claimed.keep(transaction, told)

        return patiently(transact)


async def unread(request: Request, response: Response) -> Response:
    """Give an answer for which the body was not needed. A client that asked whether to send it is told not to;
    another one sends it anyway, and hears the answer only when somebody has taken it."""
    if "expect" in request.headers:
        response.headers["connection"] = "close"
        return response
    async for _ in request.stream():
        pass
    return response
