"""One connection: nobody holds it by a slow head, by one that never ends, or by not reading the answer."""

import asyncio
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from sixfaces.config import Settings

READING_FACTOR = 4
"""A reader that takes nothing for so many times `slowest_s` has gone."""

AT_ONCE = 1 << 20
"""Bytes of a body that may wait for who reads it. Uvicorn's own 64 KiB make an upload wait at every read, and joining
what has come byte array by byte array copies all of it twice more."""

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(HttpToolsProtocol):
    """Uvicorn's protocol with time and size limits where it has none. Made by `connections`."""

    settings: Settings

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config=config, server_state=server_state, app_state=app_state, _loop=_loop)
        self._head_bytes = 0
        self._in_head = True
        self._head_ends: asyncio.TimerHandle | None = None
        self._reader_ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn gives none but this kind
        """Somebody has come."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Bytes have come; those of a head are counted, wherever the pieces are cut."""
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > self.settings.largest_head:
            self._end(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._cancel()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Bytes of a body have come: they are kept as they are until somebody takes them all."""
        cycle = self.cycle
        if cycle.response_complete:
            return
        waiting = cycle.body if isinstance(cycle.body, _Waiting) else _Waiting()
        waiting.add(body)
        cycle.body = waiting  # type: ignore[assignment]  # who takes it asks for its bytes and nothing else
        if len(waiting) > AT_ONCE:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_response_complete(self) -> None:
        """The next head may come; what is left of a body that nobody reads must end in the same time."""
        super().on_response_complete()
        if not self.pipeline:
            self._await_head()

    def on_message_complete(self) -> None:
        """The next bytes are a head again."""
        super().on_message_complete()
        self._in_head, self._head_bytes = True, 0

    def pause_writing(self) -> None:
        """The reader takes nothing for now."""
        super().pause_writing()
        seconds = self.settings.slowest_s * READING_FACTOR
        self._reader_ends = self._reader_ends or self.loop.call_later(seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader goes on."""
        super().resume_writing()
        if self._reader_ends is not None:
            self._reader_ends.cancel()
            self._reader_ends = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._cancel()
        super().connection_lost(exc)
        if self._reader_ends is not None:
            self._reader_ends.cancel()

    def _await_head(self) -> None:
        self._cancel()
        self._head_ends = self.loop.call_later(self.settings.slowest_s, self._end, _TOO_SLOW)

    def _cancel(self) -> None:
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None

    def _end(self, answer: bytes) -> None:
        """Say why, and go: an open transport would wait for a reader that may never read."""
        if self.transport.is_closing():
            return
        if self._in_head and self._head_bytes and (self.cycle is None or self.cycle.response_complete):
            self.transport.write(answer)
        self.transport.close()
        self.loop.call_later(1.0, self.transport.abort)


class _Waiting:
    """Bytes that have come and that nobody has taken yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """The next ones."""
        self._pieces.append(piece)
        self._size += len(piece)

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)


def connections(settings: Settings) -> type[Connection]:
    """The protocol with the limits of these settings."""
    return type("Connection", (Connection,), {"settings": settings})
