"""Kills a process with everything that it started, also what has left its group and lost its parent."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
ROUNDS = 20
"""A process that forks all the time may be ahead of us for a round; stopped parents have no more children."""


class _Row(NamedTuple):
    pid: int
    parent: int
    session: int


def kill_all(leader: int, *, mark: bytes) -> None:
    """Kill the session's leader, its process group, all descendants, and orphans of theirs, whose environment still
    has `mark`. `leader` must not have been reaped yet."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGSTOP)  # nobody starts anything more while we look
    for _ in range(ROUNDS):
        found = descendants(leader) | _marked(mark)
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            break
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def descendants(leader: int) -> set[int]:
    """Living processes below the leader or in its session, but not the leader itself; none where there is no /proc."""
    rows = list(_rows())
    found: set[int] = {row.pid for row in rows if row.session == leader} | {leader}
    while more := {row.pid for row in rows if row.parent in found} - found:
        found |= more
    return found - {leader}


def _marked(mark: bytes) -> set[int]:
    found = set()
    for path in PROC.glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in path.read_bytes():
                found.add(int(path.parent.name))
    return found


def _rows() -> Iterator[_Row]:
    for path in PROC.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            text = path.read_text("ascii", "replace")
            state, parent, _, session = text[text.rindex(")") + 2 :].split()[:4]
            if state not in "ZX":
                yield _Row(int(path.parent.name), int(parent), int(session))
