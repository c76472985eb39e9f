"""Starts a child that may be killed, talks to it over the wire, and says how it ended.

The child is Python with `sixfaces.media.cell` as its first code. Whatever it does, the parent reads at most
`Share.output_bytes`, waits at most `Share.wall_s`, and leaves no process behind.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

from sixfaces.domain.observation import Sandbox
from sixfaces.media import bubblewrap, wire
from sixfaces.media.cell import EXIT_MEMORY, Orders
from sixfaces.media.share import Share

_READ = 1 << 16
_STDERR_KEPT = 8192
_FIRST_CODE = "from sixfaces.media.cell import main; main(sys.argv[1])"
_MEDIA_FD_PATH = "/proc/self/fd/{}" if sys.platform.startswith("linux") else "/dev/fd/{}"
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "HOME": "/tmp",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENCV_FFMPEG_DEBUG": "0",
}
_INHERITED = ("LD_LIBRARY_PATH", "PATH")

Confinement = Literal["bubblewrap", "namespaces", "limits"]


class EndReason(StrEnum):
    """How a child ended."""

    DONE = "done"
    WALL = "wall"
    CPU = "cpu"
    MEMORY = "memory"
    OUTPUT = "output"
    WIRE = "wire"
    SIGNAL = "signal"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class End:
    """How a child ended, with the signal or status and the tail of what it complained."""

    reason: EndReason
    status: int
    complaint: str


class Cell:
    """One running child. Use it in a `with` block: leaving the block kills whatever is left of it."""

    def __init__(self, process: subprocess.Popen[bytes], *, kind: Confinement, media_path: str, share: Share) -> None:
        self.media_path = media_path
        self.sandbox: Sandbox | None = None
        self._process, self._kind = process, kind
        self._share, self._started = share, time.monotonic()
        self._verdict: EndReason | None = None
        self._stderr = bytearray()
        self._outgoing = bytearray()

    def tighten(self, share: Share) -> None:
        """Narrow the wall timer once the child has said what the medium is; it never widens."""
        if share.wall_s < self._share.wall_s:
            self._share = share

    def converse(self, outgoing: bytes, take: Callable[[wire.Message], None]) -> End:
        """Send `outgoing`, close the child's input, and give its messages to `take` until it has ended.

        `take` may raise wire.WireError to refuse what the child says: that ends the child, with reason WIRE.
        """
        self._outgoing += outgoing
        parser = wire.Parser()
        try:
            for data in self._chunks():
                for message in parser.feed(data):
                    if message.kind is wire.Kind.HELLO:
                        self._greet(message)
                    else:
                        take(message)
        except wire.WireError as error:
            self._stderr += f"\n{error}".encode()
            self._stop(EndReason.WIRE)
        return self._finished(cut=parser.unfinished)

    def _greet(self, message: wire.Message) -> None:
        if self.sandbox is not None:
            raise wire.WireError("a second greeting")
        words = wire.json_of(message)
        kind: Confinement = "namespaces" if self._kind == "namespaces" and words.get("alone") else self._kind
        if self._kind == "namespaces" and not words.get("alone"):
            kind = "limits"
        closed = kind != "limits" or words.get("filtered")
        self.sandbox = Sandbox(kind=kind, network="none" if closed else "reachable")

    def _chunks(self) -> Iterator[bytes]:
        """Standard output in pieces, while input is written and complaints are drained, until it ends or time is up."""
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        taken = 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            selector.register(self._process.stderr, selectors.EVENT_READ)
            selector.register(self._process.stdin, selectors.EVENT_WRITE)
            while selector.get_map():
                left = self._started + self._share.wall_s - time.monotonic()
                ready = selector.select(max(0.0, left)) if left > 0 else []
                if not ready:
                    self._stop(EndReason.WALL)
                    return
                for key, _ in ready:
                    if key.fileobj is self._process.stdin:
                        self._write(selector)
                        continue
                    data = os.read(key.fd, _READ)
                    if not data:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is self._process.stderr:
                        self._stderr = (self._stderr + data)[-_STDERR_KEPT:]
                    else:
                        taken += len(data)
                        if taken > self._share.output_bytes:
                            self._stop(EndReason.OUTPUT)
                            return
                        yield data

    def _write(self, selector: selectors.BaseSelector) -> None:
        assert self._process.stdin
        try:
            sent = os.write(self._process.stdin.fileno(), self._outgoing[:_READ]) if self._outgoing else 0
            del self._outgoing[:sent]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._outgoing.clear()
        if not self._outgoing:
            selector.unregister(self._process.stdin)
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def _stop(self, verdict: EndReason) -> None:
        self._verdict = self._verdict or verdict
        _kill(self._process)

    def _finished(self, *, cut: bool) -> End:
        """Wait for the child, which has closed its output, and name the way it ended."""
        left = max(1.0, self._started + self._share.wall_s - time.monotonic())
        try:
            status = self._process.wait(timeout=left)
        except subprocess.TimeoutExpired:
            self._stop(EndReason.WALL)
            status = self._process.wait()
        if self._kind == "bubblewrap" and status > 128:
            status = 128 - status  # bubblewrap passes a signal on as 128 + its number
        complaint = bytes(self._stderr[-_STDERR_KEPT:]).decode("utf-8", "replace")
        late = time.monotonic() - self._started >= self._share.cpu_s
        reason = self._verdict or _reason(status, complaint, late=late)
        return End(EndReason.WIRE if cut and reason is EndReason.DONE else reason, status, complaint)

    def __enter__(self) -> "Cell":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _kill(self._process)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            _close(stream)


@dataclass(frozen=True, slots=True)
class Jail:
    """How children are confined. `force` picks a confinement in tests; else the best that works is taken.

    `import_from` are further folders that the child may import from, such as a test's own.
    """

    force: Confinement | None = None
    import_from: tuple[Path, ...] = ()

    @property
    def kind(self) -> Confinement:
        """The confinement that will be tried."""
        return self.force or ("bubblewrap" if bubblewrap.works() else "namespaces")

    def start(self, target: str, *, media: tuple[int, Path] | None, share: Share) -> Cell:
        """Start the child that runs `module:function`. `media` is an open descriptor of a file, and the file's path.

        Raises OSError when no process can be started at all.
        """
        kind = self.kind
        inside = kind == "bubblewrap"
        folders = (*bubblewrap.python_folders(), *self.import_from)
        environment = _ENVIRONMENT | {name: os.environ[name] for name in _INHERITED if name in os.environ}
        orders = Orders(
            parent=0 if inside else os.getpid(),
            own_network=kind == "namespaces",
            import_from=tuple(str(path) for path in self.import_from),
            readable=(bubblewrap.INPUT, *map(str, folders)),
            media=() if media is None or inside else (media[0],),
            target=target,
            share=asdict(share),
        )
        command = bubblewrap.child_command(_FIRST_CODE, orders.model_dump_json())
        if inside:
            command = bubblewrap.wrapped(
                command, media=media[1] if media else None, folders=folders, environment=environment
            )
        process = _spawn(command, environment, () if media is None or inside else (media[0],))
        path = "" if media is None else bubblewrap.INPUT if inside else _MEDIA_FD_PATH.format(media[0])
        return Cell(process, kind=kind, media_path=path, share=share)


def _spawn(
    command: Sequence[str], environment: dict[str, str], descriptors: tuple[int, ...]
) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd="/",
        env=environment,
        pass_fds=descriptors,
        start_new_session=True,
    )
    assert process.stdin
    os.set_blocking(process.stdin.fileno(), False)
    return process


def _reason(status: int, complaint: str, *, late: bool) -> EndReason:
    if status == 0:
        return EndReason.DONE
    if status == EXIT_MEMORY or "std::bad_alloc" in complaint or "MemoryError" in complaint:
        return EndReason.MEMORY
    if status == -signal.SIGXCPU or (status == -signal.SIGKILL and late):
        return EndReason.CPU
    if status == -signal.SIGKILL:
        return EndReason.MEMORY  # nobody but the kernel's memory killer sends it otherwise
    return EndReason.SIGNAL if status < 0 else EndReason.EXIT


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill the child's whole process group; bubblewrap's inner processes die with it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with contextlib.suppress(BrokenPipeError):
            stream.close()
