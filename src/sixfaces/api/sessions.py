"""Requests of our own pages: the cookie of a signed-in browser is turned into the bearer that it stands for, so that
every rule of the API holds for it as for any other request.

A cookie is sent by the browser on its own, so what other sites could make it send is refused:
1. reads come from our own origin or from the address bar;
2. writes come from our own origin and carry a header that only a script can set.
"""

import time
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sixfaces.api import refusals
from sixfaces.api.problems import problem
from sixfaces.api.session_seal import Kept, SessionSeal

HEADER = "sixfaces-console"
PLAIN, HOST = "sixfaces_session", "__Host-sixfaces"
"""Where the connection is encrypted the name keeps other hosts of the domain from setting it."""
LARGEST = 4000
"""Browsers keep cookies of four kilobytes."""
_READS = frozenset({"GET", "HEAD"})
_STATE = "session"


class Sessions:
    """Pure ASGI. A request with a bearer of its own is let through as it is, whatever cookies it has."""

    def __init__(self, app: ASGIApp, *, seal: SessionSeal) -> None:
        self._app = app
        self._seal = seal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        kept = self._kept(scope) if scope["type"] == "http" and scope["path"].startswith("/v1/") else None
        if kept is None:
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":  # who signs in next here may see something else
                MutableHeaders(scope=message).add_vary_header("Cookie")
            await send(message)

        if not _is_own(scope):
            await problem(refusals.cross_site(), Request(scope))(scope, receive, sending)
            return
        scope["headers"] = [*scope["headers"], (b"authorization", b"Bearer " + kept.bearer.encode("ascii"))]
        scope.setdefault("state", {})[_STATE] = kept
        await self._app(scope, receive, sending)

    def _kept(self, scope: Scope) -> Kept | None:
        headers = Headers(scope=scope)
        if "authorization" in headers or "cookie" not in headers:
            return None
        text = _cookie(headers["cookie"], name_of(scope))
        return self._seal.opened(text, now=time.time()) if text else None


def session_of(request: Request) -> Kept | None:
    """What the browser's cookie held, where the request was made on it."""
    found: Kept | None = getattr(request.state, _STATE, None)
    return found


def name_of(scope: Scope) -> str:
    """What the cookie is called on this connection."""
    return HOST if scope["scheme"] == "https" else PLAIN


def cookie_text(scope: Scope, text: str, *, seconds: int) -> str:
    """The header that has a browser keep it; no seconds: forget it. No script reads it, and no other site's page makes
    the browser send it."""
    secure = "; Secure" if scope["scheme"] == "https" else ""
    return f"{name_of(scope)}={text}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"


def _is_own(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    same = site == "same-origin" if site else origin is not None and urlsplit(origin).netloc == headers.get("host")
    if scope["method"] in _READS:
        return same or site == "none" or (site is None and origin is None)
    return same and headers.get(HEADER) == "1"


def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""
