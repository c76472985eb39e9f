"""The route class of the whole API: who asks and how much is settled before a body is read or parsed."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from fastapi._compat import ModelField
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from sixfaces.api import refusals
from sixfaces.api.asked import Asked
from sixfaces.api.gate import Gate
from sixfaces.api.strict_json import check_text, strict_json
from sixfaces.config import Settings
from sixfaces.domain.people import ApiRole

JSON = "application/json"
SMALL = 16 * 1024
"""Bytes of a body that are read in no time."""


class GuardedRoute(APIRoute):
    """A route that has stated who may use it (`rights.open_to`); one that has not is an error at start.

    A route with a JSON body gets it read within the limits of size and time and parsed strictly. One that takes
    `Request` and reads `request.stream()` itself gets every piece within the time limit.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], *, status_code: int | None = None, **told: Any) -> None:  # noqa: ANN401 as its base
        super().__init__(path, _written(endpoint, status_code or 200), status_code=status_code, **told)

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # Coroutine
        """The handler behind the guard."""
        answer = super().get_route_handler()
        stated = (self.openapi_extra or {}).get("x-roles")
        if stated is None:
            raise ValueError(f"{self.path} does not state who may use it")
        roles = frozenset(ApiRole(role) for role in stated)

        async def guarded(request: Request) -> Response:
            gate: Gate = request.app.state.gate
            if roles:
                known = gate.admit_at_once(request, roles)
                request.state.principal = known or await run_in_threadpool(gate.admit, request, roles)
            if self.body_field is not None:
                await _read_json(request, self.body_field)
            return await answer(request)

        return guarded


def _written(endpoint: Callable[..., Any], status: int) -> Callable[..., Any]:
    """The endpoint, which answers with the bytes of its model as who asks may see it: what we made ourselves need not
    be checked and copied once more, nor by another thread."""
    if iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    def written(*args: Any, **given: Any) -> Any:  # noqa: ANN401 as the endpoint
        told = endpoint(*args, **given)
        if not isinstance(told, BaseModel):
            return told
        beside: Response | None = given.get("response")
        asked: Asked | None = given.get("asking")
        data = told.model_dump_json(by_alias=True) if asked is None else asked.told(told)
        answer = Response(data, status, media_type=JSON)
        if beside is not None:
            answer.status_code = beside.status_code or status
            answer.headers.update(beside.headers)
        return answer

    return written


async def _read_json(request: Request, field: ModelField) -> None:
    """Leave the body, read, where the framework looks for it. A larger one is read and checked by a thread: everybody
    else would wait for it on the event loop."""
    settings: Settings = request.app.state.settings
    body = await read_body(request, limit=settings.largest_body, seconds=settings.slowest_s)
    if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise refusals.media_type(JSON)
    request._body = body
    request._json = await run_in_threadpool(_checked, body, field) if len(body) > SMALL else _parsed(body)


def _parsed(body: bytes) -> Any:  # noqa: ANN401 JSON may be anything
    tree = strict_json(body) if body else None
    check_text(tree)
    return tree


def _checked(body: bytes, field: ModelField) -> Any:  # noqa: ANN401 as the route declares it
    """What the route is given; the framework takes it as it is. Raises RequestValidationError."""
    value, errors = field.validate(_parsed(body), {}, loc=("body",))
    if errors:
        raise RequestValidationError(errors)
    return value


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """The whole body. Raises RequestError `request.too_large` or `request.too_slow`."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared[:20]) > limit:
        raise refusals.too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise refusals.too_large(limit)
    except TimeoutError:
        raise refusals.too_slow() from None
    return bytes(body)
