"""The threads of one process that run jobs, with the sweep beside them. START READING HERE for how work gets done.

1. A hint (from this process, from the broker, or from this process's own sweep) wakes a thread.
2. The thread runs what ought to run first, until nothing is due (`pipeline.work.running`).
3. Media are measured in children of their own (`workers.children`), which can be killed without harm to anybody else.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial

import structlog

from sixfaces.adapters.hints_broker import BrokerHints
from sixfaces.adapters.wakeups import Wakeups
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.running import Runner
from sixfaces.pipeline.work.steps import steps_of
from sixfaces.pipeline.work.sweep import Duty, Sweep
from sixfaces.workers.children import ChildProcesses
from sixfaces.workers.listening import listening

log = structlog.get_logger()

GRACE_S = 20.0
"""For jobs that run when the process is to end: then they are handed back, and another worker begins them anew."""

HANDING_BACK_S = 3.0
_WAIT_S = 1.0


@dataclass
class Crew:
    """Threads that share one runner. `stop` ends them; what they hold then is finished or handed back."""

    runner: Runner
    wakeups: Wakeups
    sweep: Sweep
    grace_s: float = GRACE_S
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, count: int) -> None:
        """Start so many threads that work, and one that sweeps."""
        for number in range(1, count + 1):
            self._start(self._work, f"work {number}")
        self._start(self._sweep, "sweep")
        for duty in (duty for duty in self.sweep.duties if duty.apart):
            self._start(partial(self._apart, duty), duty.name, awaited=False)

    def stop(self) -> None:
        """Take nothing more, let what runs finish within the grace time, then hand it back."""
        self.runner.stopping.set()
        self.wakeups.wake_all()
        self._joined(self.grace_s, unless=self.runner.interrupted)
        self.runner.interrupted.set()
        self._joined(HANDING_BACK_S)
        self.runner.hand_back()

    def hurry(self) -> None:
        """Have `stop`, now or later, grant no time."""
        self.runner.interrupted.set()

    def _work(self) -> None:
        hinted = self.wakeups.wait(_WAIT_S)
        if hinted is not None:
            self.runner.work(hinted)

    def _sweep(self) -> None:
        self.sweep.once()
        self.runner.stopping.wait(self.sweep.every_s)

    def _apart(self, duty: Duty) -> None:
        self.sweep.once_apart(duty)
        self.runner.stopping.wait(duty.every_s)

    def _start(self, turn: Callable[[], None], name: str, *, awaited: bool = True) -> None:
        """`awaited`: whether who stops the crew waits for the thread's turn to end."""
        thread = threading.Thread(target=self._turns, args=(turn,), name=name, daemon=True)
        if awaited:
            self._threads.append(thread)
        thread.start()

    def _turns(self, turn: Callable[[], None]) -> None:
        while not self.runner.stopping.is_set():
            try:
                turn()
            except Exception:  # a bug ends a turn, not the thread that all other jobs wait for
                log.error("worker_fault", exc_info=True)
                self.runner.stopping.wait(_WAIT_S)

    def _joined(self, seconds: float, *, unless: threading.Event | None = None) -> None:
        until = time.monotonic() + seconds
        for thread in self._threads:
            while thread.is_alive() and time.monotonic() < until and not (unless and unless.is_set()):
                thread.join(0.05)


@contextmanager
def working(
    service: Service,
    *,
    threads: int,
    duties: Sequence[Duty] = (),
    runner: Runner | None = None,
    grace_s: float = GRACE_S,
) -> Iterator[Crew]:
    """A crew at work on the service for as long as the block lasts."""
    runner = runner or Runner(service, steps_of(ChildProcesses()), worker_name())
    with _woken(service) as wakeups:
        crew = Crew(runner, wakeups, Sweep(service, hints=wakeups, duties=duties), grace_s)
        crew.start(threads)
        try:
            yield crew
        finally:
            crew.stop()


def worker_name() -> str:
    """Who works, for people who look into the jobs: host and process."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}"


@contextmanager
def _woken(service: Service) -> Iterator[Wakeups]:
    """What wakes the threads: the service's own hints if they are of this process, else the broker's by way of ours."""
    hints = service.hints
    wakeups = hints if isinstance(hints, Wakeups) else Wakeups()
    with listening(hints.address, wakeups) if isinstance(hints, BrokerHints) else nullcontext():
        yield wakeups
