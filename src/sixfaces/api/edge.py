"""The outermost layer: limits on the head, time for each piece of a body, headers on every answer, one log line."""

import asyncio
import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sixfaces.api import refusals
from sixfaces.api.measures import METHODS, OTHER, Measures
from sixfaces.api.problems import problem
from sixfaces.config import Settings
from sixfaces.domain.tracing import UNTRACED, Span, Tracer
from sixfaces.pipeline.ids import is_id

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

_NAMED = frozenset({"case", "exhibit", "upload", "job"})


class Edge:
    """Pure ASGI: no answer is buffered."""

    def __init__(self, app: ASGIApp, *, settings: Settings, measures: Measures, tracer: Tracer = UNTRACED) -> None:
        self._app = app
        self._tracer = tracer
        self._measures = measures
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._tracer.begun("request", kind="request", by=_traceparent(scope)) as span:
            await self._traced(scope, receive, send, span=span)

    async def _traced(self, scope: Scope, receive: Receive, send: Send, *, span: Span) -> None:
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope)
            await send(message)

        try:
            await self._answer(scope, self._timed(receive), sending)
        except Exception:  # the API's last handler: whatever a route did not foresee is answered and logged
            if status:  # nothing can be said any more but by breaking off
                raise
            log.error("request_fault", route=_route(scope), exc_info=True)
            answer = problem(refusals.internal(), Request(scope))
            answer.headers["connection"] = "close"  # what is left of the body has no reader
            await answer(scope, receive, sending)
        finally:
            self._note(scope, status, seconds=time.perf_counter() - started, span=span)

    def _timed(self, receive: Receive) -> Receive:
        """Each piece of a body must come in time; what is waited for after it, such as the asker's leaving, not."""
        has_come = False

        async def timed() -> Message:
            nonlocal has_come
            if has_come:
                return await receive()
            try:
                async with asyncio.timeout(self._settings.slowest_s):
                    message = await receive()
            except TimeoutError:
                raise refusals.too_slow() from None
            has_come = not message.get("more_body", False)
            return message

        return timed

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})
        head = len(scope["raw_path"]) + len(scope["query_string"]) + sum(len(k) + len(v) for k, v in scope["headers"])
        if head > self._settings.largest_head:
            answer = problem(refusals.head_too_large(self._settings.largest_head), Request(scope))
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _note(self, scope: Scope, status: int, *, seconds: float, span: Span) -> None:
        """One line, one count and one span, by the route's pattern and never by the address, which may hold what people
        wrote: of it only ids of ours are told."""
        path, ids = _route(scope), _ids(scope)
        method = scope["method"] if scope["method"] in METHODS else OTHER
        self._measures.request(method, path, status=status, seconds=seconds)
        key = getattr(scope["state"].get("principal"), "key_id", None)
        log.info("request", method=method, route=path, status=status, wall_s=round(seconds, 4), key=key, **ids)
        span.answered(method, path, status=status)
        span.tell(key=key, **ids)


def _ids(scope: Scope) -> dict[str, str]:
    """Which case, exhibit, upload or job the address names, where it is an id."""
    named = {name.removesuffix("_id"): text for name, text in scope.get("path_params", {}).items()}
    return {name: text for name, text in named.items() if name in _NAMED and isinstance(text, str) and is_id(text)}


def _traceparent(scope: Scope) -> str | None:
    """What the asker's own trace is called, where there is one."""
    sent = [text for name, text in scope["headers"] if name == b"traceparent"]
    return sent[0].decode("latin-1") if len(sent) == 1 else None


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "none"))


def _add_headers(message: Message, scope: Scope) -> None:
    headers: list[tuple[bytes, bytes]] = message["headers"]
    there = {name.lower() for name, _ in headers}
    more = {**HEADERS, **getattr(scope["state"].get("rate"), "headers", {})}
    headers.extend((n.encode(), v.encode()) for n, v in more.items() if n.encode() not in there)
