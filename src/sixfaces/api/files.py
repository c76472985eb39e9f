"""Bytes as answers: of originals, in pieces and with ranges; of derived files, with their digest as entity tag."""

import base64
import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import quote

import anyio
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from sixfaces.api.conditions import is_known
from sixfaces.pipeline.reading import Original, Span
from sixfaces.report.page_pictures import MAGIC

PIECE = 1 << 20
LOOK_S = 1.0
"""How often a long answer looks whether its asker may still have it."""
FOR_A_DAY = "private, max-age=86400, immutable"
OCTETS = "application/octet-stream"
_READERS = 16

T = TypeVar("T")
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("originals")


async def reading(work: Callable[[], T]) -> T:
    """Run what fetches and checks an original in a thread of its own kind: it may take as long as the file is large,
    and holds up nobody who asks for something small."""
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(_READERS)
        _limiter.set(limiter)
    return await run_sync(work, limiter=limiter)


def original_response(original: Original, span: Span, *, is_part: bool, may_go_on: Callable[[], bool]) -> Response:
    """The bytes of the span, always as a download: a browser must never run what people handed in. It breaks off soon
    after the asker `may_go_on` no more."""
    exhibit = original.exhibit.exhibit
    headers = {
        "content-length": str(span.length),
        "content-disposition": attachment(exhibit.name),
        "accept-ranges": "bytes",
        "etag": f'"{exhibit.sha256}"',
        "repr-digest": f"sha-256=:{_base64(exhibit.sha256)}:",
    }
    if is_part:
        headers["content-range"] = f"bytes {span.first}-{span.last}/{span.size}"
    pieces = _pieces(original.path, span, may_go_on)
    return _HeldResponse(original, pieces, status=206 if is_part else 200, headers=headers)


class _HeldResponse(StreamingResponse):
    """Lets go of the file whatever ends the answer, also one that was never begun."""

    def __init__(
        self, original: Original, pieces: AsyncIterator[bytes], *, status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(pieces, status, headers, OCTETS)
        self._held = original.held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As its base."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._held.close()


def derived_response(
    request: Request, data: bytes, *, media_type: str, headers: dict[str, str] | None = None
) -> Response:
    """Derived bytes that never change under their address; 304 for who has them."""
    tag = f'"{hashlib.sha256(data).hexdigest()}"'
    sent = {"etag": tag, "cache-control": FOR_A_DAY, **(headers or {})}
    return Response(status_code=304, headers=sent) if is_known(request, tag) else Response(data, 200, sent, media_type)


def picture_type(data: bytes) -> str:
    """What a picture is by its first bytes; anything else is bytes and nothing more."""
    return next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), OCTETS)


def attachment(name: str) -> str:
    """A Content-Disposition that downloads under this name; the name is foreign text."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)[:100]
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"


async def _pieces(path: Path, span: Span, may_go_on: Callable[[], bool]) -> AsyncIterator[bytes]:
    file = await run_in_threadpool(_opened, path, span.first)
    looked = time.monotonic()
    try:
        left = span.length
        while left > 0:
            if time.monotonic() - looked >= LOOK_S:
                looked = time.monotonic()
                if not await run_in_threadpool(may_go_on):
                    raise PermissionError("the key is no longer good")  # as below
            piece = await run_in_threadpool(file.read, min(PIECE, left))
            if not piece:
                raise OSError("the file is shorter than it was")  # the connection breaks off: the asker sees less
            left -= len(piece)
            yield piece
    finally:
        file.close()


def _opened(path: Path, first: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(first)
    return file


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode("ascii")
