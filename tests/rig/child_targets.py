"""What children do in tests: each file's first word says what it does to whoever opens it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sixfaces.domain.exhibit import MediaInfo
from sixfaces.domain.observation import Record
from sixfaces.pipeline.work.children import Task, Took, inside, took_in
from sixfaces.report.serial import json_bytes

ORPHANS = 3


def act(task: Task, tell: Callable[[float | None], None]) -> None:
    """Do to this process what the file says; write a small record where it says nothing of the kind."""
    word, _, rest = Path(task.path).read_bytes().partition(b" ")
    tell(0.5)
    match word:
        case b"abort":
            os.abort()
        case b"segfault":
            ctypes.string_at(0)
        case b"memory":
            hoard = [bytes(256 << 20) for _ in range(1000)]  # never touched: address space is what is limited
            raise AssertionError(len(hoard))
        case b"hang":
            while True:
                time.sleep(1)
        case b"loop":
            while True:
                pass
        case b"fill":
            _fill(Path(task.folder))
        case b"big":
            with (Path(task.folder) / "big").open("wb") as file:
                file.truncate(1 << 40)
        case b"orphans":
            _leave_orphans(task)
            os.abort()
        case b"realtime":
            os.kill(os.getpid(), signal.SIGRTMIN + 5)
        case b"raise":
            raise RuntimeError("a bug")
        case b"nothing":
            return
        case b"slow":
            time.sleep(float(rest.split()[0]))
    write(task)


def write(task: Task) -> None:
    """A record of no facts."""
    media = MediaInfo(duration_s=1.0, width=64, height=64, fps=30.0, codec="h264")
    record = Record(exhibit=task.exhibit, media=media, observers={"fake": "1"})
    took_in(Path(task.folder)).write_bytes(json_bytes(Took(decode_s=0.25, observers={"fake": 0.125})))
    inside(Path(task.folder))[0].write_bytes(json_bytes(record))


def _fill(folder: Path) -> None:
    for number in range(10_000):
        (folder / str(number)).write_bytes(bytes(1 << 20))
        time.sleep(0.01)


def _leave_orphans(task: Task) -> None:
    """Sleepers in sessions of their own, whose parent has gone: nothing but their descent tells whose they are."""
    sleeper = [sys.executable, "-c", f"import time; time.sleep(600) # {task.exhibit.sha256}"]
    starter = (
        f"import subprocess, sys; [subprocess.Popen({sleeper!r}, start_new_session=True) for _ in range({ORPHANS})]"
    )
    subprocess.run([sys.executable, "-c", starter], check=True)
