"""A TCP proxy that breaks connections as networks do. It runs in a thread of its own, on a free loopback port.

Each accepted connection takes the next `Fault` of a queue, or none. A fault counts the bytes that the client sends:

cut         after so many bytes: RST, FIN, or half-close (the server sees the end, the client hears the answer)
stall       after so many bytes nothing more is passed on in either direction, and nobody is told
delay       every piece waits so many seconds
throttle    so many bytes a second
echo_tail   when the connection is cut, the last so many bytes are passed on a second time before that
flip        the bit of the byte at this place is turned over on the way
mute        the server's answer is lost, and the connection is reset in its place
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

PIECE = 1 << 16


class End(StrEnum):
    """How a connection is cut."""

    RST = "rst"
    FIN = "fin"
    HALF = "half"
    STALL = "stall"


@dataclass(frozen=True)
class Fault:
    """What happens to one connection. `after`: bytes from the client until `end` happens; None: it does not."""

    after: int | None = None
    end: End = End.RST
    delay_s: float = 0.0
    bytes_a_second: float | None = None
    echo_tail: int = 0
    flip: int | None = None
    mute: bool = False


class FaultProxy:
    """Passes connections on to `target`, each with its fault. `sent` counts what clients sent in all."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.faults: deque[Fault] = deque()
        self.sent = 0
        self._target = target
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, sock: socket.socket, ended: asyncio.Event) -> None:
        """Until `ended`; then every connection is dropped."""
        server = await asyncio.start_server(self._accept, sock=sock, limit=PIECE)
        await ended.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        fault = self.faults.popleft() if self.faults else Fault()
        try:
            there = await asyncio.open_connection(*self._target, limit=PIECE)
        except OSError:
            _reset(writer)
            return
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the proxy has ended
                await _Line(self, fault, (reader, writer), there).run()
        finally:
            self._tasks.discard(task)
            for one in (writer, there[1]):
                one.close()


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Line:
    """One connection and its fault."""

    def __init__(self, proxy: FaultProxy, fault: Fault, here: Ends, there: Ends) -> None:
        self._proxy, self._fault = proxy, fault
        self._reader, self._client = here
        self._answers, self._server = there
        self._passed = 0
        self._tail = b""
        self._is_stalled = False
        self._is_deaf = False

    async def run(self) -> None:
        up = asyncio.create_task(self._up())
        down = asyncio.create_task(self._down())
        try:
            with contextlib.suppress(OSError):
                if not await up or self._fault.end is not End.RST:
                    await down
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    async def _up(self) -> bool:
        """From client to server; whether the connection was cut."""
        while piece := await self._reader.read(PIECE):
            self._proxy.sent += len(piece)
            after = self._fault.after
            is_last = after is not None and self._passed + len(piece) >= after
            await self._pass(piece if not is_last or after is None else piece[: after - self._passed])
            if is_last:
                await self._end()
                return True
        with contextlib.suppress(OSError):
            self._server.write_eof()
        return False

    async def _pass(self, piece: bytes) -> None:
        if self._fault.delay_s:
            await asyncio.sleep(self._fault.delay_s)
        if self._fault.bytes_a_second:
            await asyncio.sleep(len(piece) / self._fault.bytes_a_second)
        at = None if self._fault.flip is None else self._fault.flip - self._passed
        if at is not None and 0 <= at < len(piece):
            piece = piece[:at] + bytes([piece[at] ^ 1]) + piece[at + 1 :]
        self._passed += len(piece)
        self._tail = (self._tail + piece)[-self._fault.echo_tail :] if self._fault.echo_tail else b""
        self._server.write(piece)
        await self._server.drain()

    async def _end(self) -> None:
        if self._tail:
            self._server.write(self._tail)
            await self._server.drain()
        match self._fault.end:
            case End.STALL:
                self._is_stalled = True
                await asyncio.Event().wait()
            case End.HALF:
                self._server.write_eof()
            case End.FIN:
                self._is_deaf = True
                self._server.write_eof()
                self._client.close()
            case End.RST:
                _reset(self._server)
                _reset(self._client)

    async def _down(self) -> None:
        while piece := await self._answers.read(PIECE):
            if self._fault.mute:
                _reset(self._client)
                return
            if self._is_stalled:
                await asyncio.Event().wait()
            if self._is_deaf:
                continue
            self._client.write(piece)
            await self._client.drain()
        with contextlib.suppress(OSError):
            self._client.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def fault_proxy(host: str, port: int) -> Iterator[tuple[FaultProxy, tuple[str, int]]]:
    """The proxy before this address, and its own address."""
    sock = socket.create_server(("127.0.0.1", 0), backlog=128)
    proxy, ended, loop = FaultProxy((host, port)), asyncio.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(proxy.serve(sock, ended)), daemon=True)
    own = sock.getsockname()[:2]
    thread.start()
    try:
        yield proxy, own
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()
