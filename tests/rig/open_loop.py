"""Requests on a fixed schedule, whatever becomes of those before: `python -m tests.rig.open_loop` reads an Order as
JSON and writes the latencies. Each counts from the instant at which its request was to be sent, so that a server that
stands still is told by all who would have come meanwhile (no coordinated omission)."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_LARGEST = 1 << 24


class Order(NamedTuple):
    """`asked`: pairs of a name, under which latencies are told, and a path. `rate`: requests a second; `connections`
    that are kept open."""

    url: str
    key: str
    asked: Sequence[tuple[str, str]]
    rate: float = 200.0
    connections: int = 16


class Told(NamedTuple):
    """Seconds from the schedule's instant to the answer's last byte, by name; every status that was not 200; the
    seconds by which the slowest request went out late because no connection was free."""

    seconds: dict[str, list[float]]
    refused: dict[str, int]
    bytes: int
    wall_s: float


def sent(order: Order) -> Told:
    """Send all of them from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", __name__], input=json.dumps(order), stdout=subprocess.PIPE, text=True, check=True
    )
    return Told(*json.loads(done.stdout))


class _Line:
    """One connection, opened when it is first needed."""

    def __init__(self, order: Order) -> None:
        where = urlsplit(order.url)
        self._where = (where.hostname, where.port)
        self._head = f"Host: {where.netloc}\r\nAuthorization: Bearer {order.key}\r\nAccept: */*\r\n\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, int]:
        """Status, and bytes of the answer's body. Raises OSError, IncompleteReadError."""
        self._streams = self._streams or await asyncio.open_connection(*self._where, limit=_LARGEST)
        reader, writer = self._streams
        try:
            writer.write(f"GET {path} HTTP/1.1\r\n{self._head}".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            found = _LENGTH.search(head)
            if found is None:
                raise OSError("an answer without a length")
            await reader.readexactly(int(found[1]))
        except BaseException:  # cancelled in the middle of an answer too: the line is of no more use; raised again
            self.close()
            raise
        return int(head[9:12]), int(found[1])

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _send(order: Order) -> Told:
    told = Told({}, {}, 0, 0.0)
    free: asyncio.Queue[_Line] = asyncio.Queue()  # in turn, so that none lies idle until the server hangs up
    for _ in range(order.connections):
        free.put_nowait(_Line(order))
    received = 0

    async def one(name: str, path: str, due: float) -> None:
        nonlocal received
        line = await free.get()
        try:
            status, size = await line.get(path)
            received += size
        except (OSError, asyncio.IncompleteReadError) as exc:
            status = -1
            sys.stderr.write(f"{path}: {exc!r}\n")
        finally:
            free.put_nowait(line)
        told.seconds.setdefault(name, []).append(time.perf_counter() - due)
        if status != 200:
            told.refused[f"{name} {status}"] = told.refused.get(f"{name} {status}", 0) + 1

    started = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for place, (name, path) in enumerate(order.asked):
            due = started + place / order.rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            tasks.create_task(one(name, path, due))
    wall_s = time.perf_counter() - started
    while not free.empty():
        free.get_nowait().close()
    return told._replace(bytes=received, wall_s=wall_s)


def main() -> None:
    """Carry out the order on standard input."""
    json.dump(asyncio.run(_send(Order(*json.load(sys.stdin)))), sys.stdout)


if __name__ == "__main__":
    main()
