"""One server for all processes of a test run: the first to need it starts it, the last to leave stops it."""

import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def shared(kind: str, start: Callable[[Path], str]) -> Iterator[str]:
    """What `start` returned (an address), whoever called it.

    It gets a folder, and leaves `*.pid` files there of daemons whose command lines name the folder.
    """
    _sweep(kind)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}-{time.monotonic_ns()}"
    folder = Path(tempfile.gettempdir()) / f"sixfaces-{kind}-{run}"
    folder.mkdir(exist_ok=True)
    users = (folder / "users").open("w")
    try:
        with _locked(folder):
            ready = folder / "address"
            if not ready.exists():
                ready.write_text(start(folder), encoding="utf-8")
            fcntl.flock(users, fcntl.LOCK_SH)
        yield ready.read_text(encoding="utf-8")
    finally:
        users.close()
        _stop_if_unused(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_if_unused(folder: Path) -> None:
    with suppress(FileNotFoundError), _locked(folder), (folder / "users").open("w") as users:
        if not _is_free(users):
            return
        stop_daemons(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _is_free(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def stop_daemons(folder: Path) -> None:
    """Kill the daemons of this folder, and no process that was given the number of one since."""
    for file in folder.rglob("*.pid"):
        with suppress(ValueError, OSError):
            pid = int(file.read_text("ascii"))
            if str(folder) in Path(f"/proc/{pid}/cmdline").read_text("utf-8"):
                os.kill(pid, signal.SIGKILL)


def _sweep(kind: str) -> None:
    """Stop what runs left that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"sixfaces-{kind}-*"):
        if time.time() - folder.stat().st_mtime > 60:
            _stop_if_unused(folder)
