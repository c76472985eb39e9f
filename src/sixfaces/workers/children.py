"""Starts children that may be killed, watches them, and says how they ended. Nothing that they started stays behind."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import structlog

from sixfaces.media.cell import EXIT_MEMORY
from sixfaces.media.jail import EndReason
from sixfaces.pipeline.work.children import Allowance, ChildDiedError, ChildFailedError, Task, Watch
from sixfaces.workers.child import ORDERED
from sixfaces.workers.descendants import kill_all

log = structlog.get_logger()

MEASURE = "sixfaces.workers.measuring:measure"
MARK = "SIXFACES_CHILD"
"""Whatever a child starts carries this in its environment, with the child's folder."""

LOOK_EVERY_S = 0.2
WEIGH_EVERY_S = 1.0
_COMPLAINT_KEPT = 8192
_LONGEST_LINE = 64
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "TZ")
"""A child gets no settings: it needs no database, no store and no key."""

_BY_SIGNAL: Mapping[int, EndReason] = {
    signal.SIGXCPU: EndReason.CPU,
    signal.SIGXFSZ: EndReason.OUTPUT,
    signal.SIGKILL: EndReason.MEMORY,  # nobody but the kernel's memory killer sends it otherwise
}


@dataclass(frozen=True, slots=True)
class ChildProcesses:
    """Implements `pipeline.work.children.Children`. `target` is what a child runs; tests add folders to import from."""

    target: str = MEASURE
    import_from: tuple[Path, ...] = ()

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        """Run one child to its end. Raises ChildDiedError, ChildFailedError, or what `watch.check` raises."""
        reading, writing = os.pipe()
        try:
            process = self._start(task, allowance, writing)
        except OSError as exc:
            os.close(reading)
            raise ChildFailedError(f"no child could be started: {exc.strerror}") from exc
        finally:
            os.close(writing)
        with os.fdopen(reading, "rb", buffering=0) as progress:
            child = _Child(process, progress, folder=Path(task.folder))
            try:
                verdict = child.watched(allowance, watch)
            finally:
                status = child.ended()
        _told(verdict, status, child.complaint)

    def _start(self, task: Task, allowance: Allowance, progress: int) -> "subprocess.Popen[bytes]":
        orders = {
            "parent": os.getpid(),
            "progress": progress,
            "limits": {
                "RLIMIT_AS": allowance.memory_bytes,
                "RLIMIT_CPU": allowance.cpu_s,
                "RLIMIT_FSIZE": allowance.file_bytes,
                "RLIMIT_NOFILE": allowance.open_files,
                "RLIMIT_CORE": 0,
            },
            "import_from": [str(path) for path in self.import_from],
            "target": self.target,
            "task": task.model_dump(mode="json"),
        }
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "sixfaces.workers.child", json.dumps(orders)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env={name: os.environ[name] for name in _INHERITED if name in os.environ} | {MARK: task.folder},
            pass_fds=(progress,),
            start_new_session=True,
        )


@dataclass
class _Child:
    process: "subprocess.Popen[bytes]"
    progress: IO[bytes]
    folder: Path
    complaint: bytes = b""
    _line: bytes = field(default=b"", init=False)

    def watched(self, allowance: Allowance, watch: Watch) -> EndReason | None:
        """Look on until the child has ended by itself (None) or has to be ended, and for what."""
        started = weighed = time.monotonic()
        for data in self._heard():
            for share in self._shares(data):
                watch.on_progress(share)
            watch.check()
            now = time.monotonic()
            if now - started > allowance.wall_s:
                return EndReason.WALL
            if now - weighed > WEIGH_EVERY_S:
                weighed = now
                if _weight(self.folder) > allowance.output_bytes:
                    return EndReason.OUTPUT
        return None

    def ended(self) -> int:
        """Kill whatever is left of the child; its exit status."""
        kill_all(self.process.pid, mark=f"{MARK}={self.folder}".encode())
        status = self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
        return status

    def _heard(self) -> Iterator[bytes]:
        """Progress as it comes, at least an empty piece now and then, until the child is dead. It is not reaped yet, so
        that its number still means its group."""
        assert self.process.stderr
        with selectors.DefaultSelector() as selector:
            for stream in (self.progress, self.process.stderr):
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ)
            while not _is_dead(self.process.pid):
                if not selector.get_map():
                    time.sleep(0.01)  # it has closed its streams, and its end is near or the wall clock's to bring
                yield self._read(selector)
            self._read(selector, wait_s=0.0)

    def _read(self, selector: selectors.BaseSelector, *, wait_s: float = LOOK_EVERY_S) -> bytes:
        heard = b""
        for key, _ in selector.select(wait_s) if selector.get_map() else ():
            data = os.read(key.fd, 1 << 16)
            if not data:
                selector.unregister(key.fileobj)
            elif key.fileobj is self.progress:
                heard += data
            else:
                self.complaint = (self.complaint + data)[-_COMPLAINT_KEPT:]
        return heard

    def _shares(self, data: bytes) -> Iterator[float]:
        *lines, rest = (self._line + data).split(b"\n")
        self._line = rest[-_LONGEST_LINE:]
        for line in lines:
            with suppress(ValueError):
                share = float(line)
                if 0.0 <= share <= 1.0:
                    yield share


def _told(verdict: EndReason | None, status: int, complaint: bytes) -> None:
    """Raise what the child's end amounts to."""
    said = complaint.decode("utf-8", "replace")
    if verdict is None and status == 0:
        return
    end = verdict or (EndReason.MEMORY if status == EXIT_MEMORY else None)
    if end is None and status < 0 and -status not in ORDERED:
        end = _BY_SIGNAL.get(-status, EndReason.SIGNAL)  # not every number has a name: real-time signals
    log.warning("child_ended", code=end.value if end else str(status))
    if end is not None:
        raise ChildDiedError(end, said)
    raise ChildFailedError(f"status {status}: {said[-500:]}")


def _is_dead(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _weight(folder: Path) -> int:
    """Bytes of all files in the folder; what disappears meanwhile weighs nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 thousands of names
    return total
