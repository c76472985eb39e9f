"""The pages for people: built into the package, served as they are, with nothing of another host in them."""

import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from sixfaces.api import refusals
from sixfaces.api.conditions import is_known

PAGES = ("review",)
"""Addresses that show the page, each with everything below it: which part of it is seen is settled in the browser."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere."""

_HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}(\.[a-z0-9]{1,8})", re.ASCII)
_BASE = b'<base href="./" />'


class _File(NamedTuple):
    """Bytes as they are sent, as they are and compressed."""

    plain: bytes
    packed: bytes
    tag: str


def show_pages(app: FastAPI) -> None:
    """Serve them. Nothing is read before it is asked for; what is, is kept."""

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        file, kind = _asset(name), _TYPES.get("." + name.rpartition(".")[2])
        if file is None or kind is None:
            raise refusals.no_route()
        return _sent(request, file, kind, cached=_FOR_EVER)

    def page(request: Request) -> Response:
        depth = request.url.path.count("/") - request.scope.get("root_path", "").count("/") - 1
        return _sent(request, _page(max(depth, 0)), "text/html; charset=utf-8", cached="no-cache")

    app.add_route("/assets/{name}", asset, include_in_schema=False)
    for name in PAGES:
        app.add_route(f"/{name}", page, include_in_schema=False)
        app.add_route(f"/{name}/{{rest:path}}", page, include_in_schema=False)


def _sent(request: Request, file: _File, kind: str, *, cached: str) -> Response:
    packs = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{file.tag}{"-gz" if packs else ""}"'
    headers = {"etag": tag, "cache-control": cached, "vary": "Accept-Encoding", **_HEADERS}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    headers |= {"content-encoding": "gzip"} if packs else {}
    return Response(file.packed if packs else file.plain, 200, headers, kind)


@cache
def _page(depth: int) -> _File:
    """The page as it is seen from so many folders down: its addresses are relative, so that it works behind any prefix
    that a proxy takes off. An address that deep is one that nobody uses."""
    html = (files("sixfaces.console") / "index.html").read_bytes()
    up = "../" * min(depth, 8) or "./"
    return _file(html.replace(_BASE, f'<base href="{up}" />'.encode()))


@cache
def _assets() -> dict[str, _File]:
    """By name: what is not there when it is first looked is not there."""
    folder = files("sixfaces.console") / "assets"
    return {one.name: _file(one.read_bytes()) for one in folder.iterdir() if _NAME.fullmatch(one.name)}


def _asset(name: str) -> _File | None:
    return _assets().get(name)


def _file(data: bytes) -> _File:
    return _File(data, gzip.compress(data, 9, mtime=0), hashlib.sha256(data).hexdigest()[:32])
