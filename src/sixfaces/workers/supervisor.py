"""Starts worker processes and starts again those that end.

A worker may be killed for memory, or by a fault in a library; its work is safe, but somebody must go on.
"""

import signal
import subprocess
import sys
import threading
import time
from types import FrameType

import structlog

from sixfaces.workers.process import UNFIT

log = structlog.get_logger()

COMMAND = (sys.executable, "-m", "sixfaces.workers.process")
LOOK_EVERY_S = 0.1
SOON_S = 2.0
"""A worker that did not live so long is started again only after as long a pause."""


class Supervisor:
    """Keeps `count` workers alive until it is told to end. `end` may be called by a signal."""

    def __init__(self, count: int, *, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._ends: list[int] = []
        self._over = threading.Event()
        self._workers: list[tuple[subprocess.Popen[bytes], float] | None] = [None] * count
        self._not_before = [0.0] * count

    def end(self, number: int, frame: FrameType | None = None) -> None:
        """Pass a signal on to all workers; none is started again."""
        self._over.set()
        for worker in self._workers:
            if worker is not None and worker[0].poll() is None:
                worker[0].send_signal(number)

    def run(self) -> int:
        """Keep them alive; returns 0 after an ordered end, or the status of workers that can never start."""
        while not self._over.is_set():
            for place in range(len(self._workers)):
                if self._tended(place) == UNFIT:
                    self.end(signal.SIGTERM)
                    self._wait()
                    return UNFIT
            time.sleep(LOOK_EVERY_S)
        self._wait()
        return 0

    def _tended(self, place: int) -> int | None:
        """Look after one place; the status of a worker that has just ended."""
        worker = self._workers[place]
        status = worker[0].poll() if worker is not None else None
        if worker is not None and status is None:
            return None
        now = time.monotonic()
        if worker is not None:
            log.warning("worker_ended", code=str(status))
            self._not_before[place] = now if now - worker[1] > SOON_S else now + SOON_S
            self._workers[place] = None
        elif now >= self._not_before[place] and not self._over.is_set():
            self._workers[place] = (subprocess.Popen(self._command, stdin=subprocess.DEVNULL), now)
        return status

    def _wait(self) -> None:
        for worker in self._workers:
            if worker is not None:
                worker[0].wait()


def supervise(count: int) -> int:
    """Keep so many workers alive until SIGTERM or SIGINT; each further one makes the workers hurry."""
    supervisor = Supervisor(count)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, supervisor.end)
    return supervisor.run()
