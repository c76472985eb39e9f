"""Modules to lock up: each function misbehaves in one way, to test the jail itself."""

import ctypes
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sixfaces.media import wire
from sixfaces.media.wire import ChildEnd, Kind


def well_behaved(line: ChildEnd) -> None:
    """Echo what came, say done."""
    while (message := line.receive()) is not None:
        line.send(Kind.FACT, {"got": len(message.payload)})
    line.send_blob(Kind.PICTURE, "moments/01.jpg", b"\xff\xd8\xff\xe0")
    line.send(Kind.DONE, {})


def spins(line: ChildEnd) -> None:
    """Burn CPU for ever."""
    line.send(Kind.FACT, {"before": 1})
    while True:
        pass


def sleeps(line: ChildEnd) -> None:
    """Wait for ever."""
    line.send(Kind.FACT, {"before": 1})
    time.sleep(3600)


def closes_and_sleeps(line: ChildEnd) -> None:
    """Close everything, so that the pipes say nothing, and stay."""
    os.closerange(0, 64)
    time.sleep(3600)


def forks_for_ever(line: ChildEnd) -> None:
    """A fork bomb that reports how far it came."""
    born = 0
    for _ in range(1000):
        try:
            if os.fork() == 0:
                time.sleep(3600)
        except OSError:
            break
        born += 1
    line.send(Kind.FACT, {"born": born})


def starts_threads(line: ChildEnd) -> None:
    """Threads are allowed."""
    seen: list[int] = []
    threads = [threading.Thread(target=seen.append, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line.send(Kind.FACT, {"threads": len(seen)})


def aborts(line: ChildEnd) -> None:
    """SIGABRT."""
    line.send(Kind.FACT, {"before": 1})
    os.abort()


def segfaults(line: ChildEnd) -> None:
    """SIGSEGV."""
    line.send(Kind.FACT, {"before": 1})
    ctypes.string_at(1)


def raises(line: ChildEnd) -> None:
    """An ordinary bug."""
    raise ValueError("an ordinary bug")


def hoards_memory(line: ChildEnd) -> None:
    """Take memory until there is none."""
    line.send(Kind.FACT, {"before": 1})
    hoard = []
    while True:
        hoard.append(bytearray(16 << 20))


def floods_the_wire(line: ChildEnd) -> None:
    """More valid output than anybody wants."""
    picture = wire.packed_blob(Kind.PICTURE, "flood/1.jpg", bytes(1 << 20))
    while True:
        line.send_raw(picture)


def floods_stderr(line: ChildEnd) -> None:
    """Complain for 64 MiB, then end well."""
    for _ in range(64):
        sys.stderr.write("x" * (1 << 20))
    line.send(Kind.DONE, {})


def prints_to_stdout(line: ChildEnd) -> None:
    """What a library prints must not reach the wire."""
    os.write(1, b"hello from a C library\n")
    line.send(Kind.DONE, {})


def speaks_garbage(line: ChildEnd) -> None:
    """Bytes that are no message."""
    line.send_raw(b"\xfe\xed\xfa\xce" * 1000)
    time.sleep(3600)


def announces_four_gigabytes(line: ChildEnd) -> None:
    """A head that lies about its length."""
    line.send_raw(bytes([Kind.FACT]) + b"\xff\xff\xff\xff")
    time.sleep(3600)


def stops_inside_a_message(line: ChildEnd) -> None:
    """A message without its end."""
    line.send_raw(wire.packed_json(Kind.FACT, {"a": "b"})[:-1])


def looks_around(line: ChildEnd) -> None:
    """Try what a taken-over decoder would try; report what worked. The request names a canary file."""
    message = line.receive()
    assert message is not None
    orders = wire.json_of(message)
    line.send(
        Kind.FACT,
        {
            "network": _worked(socket.socket),
            "canary": _worked(lambda: Path(orders["canary"]).read_bytes()),
            "write": _worked(lambda: Path(orders["canary"] + ".new").write_bytes(b"x")),
            "overwrite": _worked(lambda: os.write(os.open(orders["media"], os.O_RDWR), b"x")),
            "unlink": _worked(lambda: Path(orders["canary"]).unlink()),
            "execute": _worked(lambda: os.execv("/bin/true", ["true"])),
            "signal": _worked(lambda: os.kill(os.getppid(), 0)),
            "media": _worked(lambda: Path(orders["media"]).read_bytes()),
            "environment": sorted(os.environ),
        },
    )


def _worked(act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError:
        return False
    return True


def opens_carelessly(line: ChildEnd) -> None:
    """What a decoder would do with a playlist if nobody had sniffed it: every protocol and every demuxer open."""
    import av

    message = line.receive()
    assert message is not None
    options = {"protocol_whitelist": "file,http,tcp,crypto,data", "allowed_extensions": "ALL", "extension_picky": "0"}
    try:
        with av.open(wire.json_of(message)["media"], options=options) as container:
            packets = sum(1 for _ in zip(range(20), container.demux(), strict=False))
    except (OSError, ValueError) as error:
        line.send(Kind.FACT, {"opened": False, "why": str(error)[:200]})
    else:
        line.send(Kind.FACT, {"opened": True, "packets": packets})
    line.send(Kind.DONE, {})
