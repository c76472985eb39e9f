"""The proxy breaks connections as it says, before an echo server: a test of the tests."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.rig.fault_proxy import End, Fault, FaultProxy, fault_proxy

DATA = bytes(range(256)) * 1024


class Echo:
    """Sends back what it gets, and remembers it by connection."""

    def __init__(self) -> None:
        self.got: list[bytearray] = []
        self.ends: list[str] = []
        self._over = threading.Semaphore(0)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got = bytearray()
        self.got.append(got)
        try:
            while piece := await reader.read(1 << 16):
                got += piece
                writer.write(piece)
                await writer.drain()
            self.ends.append("fin")
        except OSError:
            self.ends.append("rst")
        finally:
            self._over.release()
            writer.close()

    def wait(self) -> None:
        assert self._over.acquire(timeout=5)


@pytest.fixture
def echo() -> Iterator[tuple[Echo, FaultProxy, tuple[str, int]]]:
    loop, found = asyncio.new_event_loop(), Echo()
    server = loop.run_until_complete(asyncio.start_server(found.answer, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    with fault_proxy(*server.sockets[0].getsockname()[:2]) as (proxy, own):
        yield found, proxy, own
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    server.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


Rig = tuple[Echo, FaultProxy, tuple[str, int]]


def talk(own: tuple[str, int], data: bytes = DATA, *, timeout: float = 5) -> bytes:
    """Send all, and hear all that comes back until the other end closes."""
    with socket.create_connection(own, timeout=timeout) as sock:
        sender = threading.Thread(target=_send, args=(sock, data))
        sender.start()
        heard = bytearray()
        try:
            while piece := sock.recv(1 << 16):
                heard += piece
        finally:
            sender.join()
        return bytes(heard)


def _send(sock: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):  # the proxy has cut the line, as it should
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)


def test_without_a_fault_every_byte_passes(echo: Rig) -> None:
    assert talk(echo[2]) == DATA
    assert echo[1].sent == len(DATA)


@pytest.mark.parametrize("after", [1, 1000, 100_000])
def test_a_reset_is_one_on_both_sides_after_exactly_so_many_bytes(echo: Rig, after: int) -> None:
    found, proxy, own = echo
    proxy.faults.append(Fault(after=after, end=End.RST))
    with pytest.raises(ConnectionResetError):
        talk(own)
    found.wait()
    assert len(found.got[0]) <= after
    assert bytes(found.got[0]) == DATA[: len(found.got[0])]
    assert found.ends == ["rst"]


@pytest.mark.parametrize("after", [1, 1000, 100_000])
def test_an_end_is_told_as_one_and_all_bytes_before_it_arrive(echo: Rig, after: int) -> None:
    found, proxy, own = echo
    proxy.faults.append(Fault(after=after, end=End.FIN))
    with contextlib.suppress(ConnectionResetError):  # what the client still sends after the end meets nobody
        talk(own)
    found.wait()
    assert bytes(found.got[0]) == DATA[:after]
    assert found.ends == ["fin"]


def test_after_a_half_close_the_answer_is_still_heard(echo: Rig) -> None:
    found, proxy, own = echo
    proxy.faults.append(Fault(after=5000, end=End.HALF))
    with socket.create_connection(own, timeout=5) as sock:
        sock.sendall(DATA[:5000])
        heard = bytearray()
        while piece := sock.recv(1 << 16):
            heard += piece
    assert bytes(heard) == DATA[:5000]
    found.wait()
    assert found.ends == ["fin"]


def test_a_stall_tells_nobody_anything(echo: Rig) -> None:
    found, proxy, own = echo
    proxy.faults.append(Fault(after=5000, end=End.STALL))
    with pytest.raises(TimeoutError):
        talk(own, DATA[:10_000], timeout=0.5)
    assert found.ends == []
    assert talk(own) == DATA, "the next connection is as good as ever"


def test_the_tail_comes_twice(echo: Rig) -> None:
    found, proxy, own = echo
    proxy.faults.append(Fault(after=5000, end=End.FIN, echo_tail=100))
    with contextlib.suppress(ConnectionResetError):
        talk(own, DATA[:5000])
    found.wait()
    assert bytes(found.got[0]) == DATA[:5000] + DATA[4900:5000]


def test_one_bit_is_turned_over(echo: Rig) -> None:
    echo[1].faults.append(Fault(flip=70_000))
    heard = talk(echo[2])
    assert [i for i, (a, b) in enumerate(zip(heard, DATA, strict=True)) if a != b] == [70_000]


def test_delay_and_throttle_take_their_time(echo: Rig) -> None:
    echo[1].faults.extend([Fault(delay_s=0.2), Fault(bytes_a_second=1_000_000)])
    started = time.monotonic()
    assert talk(echo[2], b"hello") == b"hello"
    assert time.monotonic() - started >= 0.2
    started = time.monotonic()
    assert talk(echo[2]) == DATA
    assert time.monotonic() - started >= len(DATA) / 1_000_000
