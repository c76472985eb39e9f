"""Pages of other origins: which may upload and read what became of it. Nothing else of the API is open to them."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sixfaces.config import Settings

_PATHS = re.compile(r"/v1/uploads(/(?!direct$)[^/]+)?")
"""Uploads by tus, and the view that holds the receipt."""

_METHODS = "GET, HEAD, POST, PATCH, DELETE, OPTIONS"
_SENT = (
    "Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Defer-Length, Upload-Offset, Upload-Metadata, "
    "Upload-Checksum, Upload-Concat, X-HTTP-Method-Override, X-Request-ID, Idempotency-Key, "
    "Sixfaces-Case, Sixfaces-Role, Sixfaces-Name, Sixfaces-Sha256"
)
"""What clients may send. Upload-Concat is among them so that a page hears why it is refused."""

_TOLD = (
    "Location, Retry-After, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, "
    "Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Expires"
)
_KEPT_S = "600"


class Origins:
    """Pure ASGI. Keys come in a header that a page must set itself, so cookies play no part: no credentials are let
    through."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._allowed = frozenset(one.strip() for one in settings.allowed_origins.split(",")) - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. A preflight is answered by the route's own OPTIONS, with our headers added."""
        if not self._allowed or scope["type"] != "http" or not _PATHS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._tell(MutableHeaders(scope=message), Headers(scope=scope))
            await send(message)

        await self._app(scope, receive, sending)

    def _tell(self, answer: MutableHeaders, asked: Headers) -> None:
        answer.add_vary_header("Origin")
        if asked.get("origin") not in self._allowed:
            return
        answer["access-control-allow-origin"] = asked["origin"]
        answer["access-control-expose-headers"] = _TOLD
        if "access-control-request-method" in asked:
            answer["access-control-allow-methods"] = _METHODS
            answer["access-control-allow-headers"] = _SENT
            answer["access-control-max-age"] = _KEPT_S
