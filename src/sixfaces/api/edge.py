"""The outermost layer: limits on the head, time for each piece of a body, headers on every answer, one log line."""

import asyncio
import time
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sixfaces.api import refusals
from sixfaces.api.problems import problem
from sixfaces.config import Settings

log = structlog.get_logger()

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
"""Unless a route says otherwise."""


class Edge:
    """Pure ASGI: no answer is buffered."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope)
            await send(message)

        async def receiving() -> Message:
            async with asyncio.timeout(self._settings.slowest_s):
                return await receive()

        try:
            await self._answer(scope, receive, sending)
        finally:
            _log(scope, status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})
        head = len(scope["raw_path"]) + len(scope["query_string"]) + sum(len(k) + len(v) for k, v in scope["headers"])
        if head > self._settings.largest_head:
            answer = problem(refusals.head_too_large(self._settings.largest_head), Request(scope))
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _add_headers(message: Message, scope: Scope) -> None:
    headers: list[tuple[bytes, bytes]] = message["headers"]
    there = {name.lower() for name, _ in headers}
    more = {**HEADERS, **getattr(scope["state"].get("rate"), "headers", {})}
    headers.extend((n.encode(), v.encode()) for n, v in more.items() if n.encode() not in there)


def _log(scope: Scope, status: int, seconds: float) -> None:
    """One line, by the route's pattern and never by the address: ids, texts and secrets stay out of it."""
    route: Any = scope.get("route")
    principal = scope["state"].get("principal")
    log.info(
        "request",
        method=scope["method"],
        route=getattr(route, "path", "none"),
        status=status,
        wall_s=round(seconds, 4),
        key=getattr(principal, "key_id", None),
    )
