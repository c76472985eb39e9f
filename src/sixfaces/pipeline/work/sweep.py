"""The sweep: what nobody else may remember. Each worker process has one, and several at once do no harm.

1. lost      jobs whose worker died or was paused are ready again
2. hints     what ought to run first is hinted at, a bounded number at a time: a broker is first-in-first-out, the
             database knows who waits and whose turn it is
3. duties    other parts' own, such as expired uploads and checkpoints of the custody log, each in its own rhythm
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from sixfaces.domain.errors import SixfacesError
from sixfaces.domain.job import JobState
from sixfaces.domain.ports import Hints
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.follow_up import gave_up

log = structlog.get_logger()

EVERY_S = 1.0
MOST_HINTS = 32
"""Jobs that are hinted at in one sweep: as many as workers that may be idle, not as many as wait."""

AGAIN_S = 5.0
"""After this a hint counts as lost."""

MOST_LOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done every `every_s` seconds. It must do no harm where two processes do it at once. `apart`: it
    waits for others' servers, and so has a thread of its own, lest the sweep wait with it."""

    name: str
    every_s: float
    do: Callable[[Service], object]
    apart: bool = False


@dataclass
class Sweep:
    """Sweeps one installation from one process, whose own threads `hints` wakes: they need no broker to go on."""

    service: Service
    hints: Hints
    duties: Sequence[Duty] = ()
    every_s: float = EVERY_S
    _hinted: dict[str, float] = field(default_factory=dict)
    _done: dict[str, float] = field(default_factory=dict)

    def once(self) -> None:
        """One sweep. A database or store that is away is a reason to try again, never to end."""
        self._guarded("lost", self._lost)
        self._guarded("hints", self._hint)
        for duty in self.duties:
            if not duty.apart and time.monotonic() - self._done.get(duty.name, float("-inf")) >= duty.every_s:
                self._done[duty.name] = time.monotonic()
                self._guarded(duty.name, partial(duty.do, self.service))

    def once_apart(self, duty: Duty) -> None:
        """A duty that has a thread of its own, which calls this every `duty.every_s`."""
        self._guarded(duty.name, partial(duty.do, self.service))

    def _lost(self) -> None:
        """1."""
        with self.service.records.begin(None) as transaction:
            lost = transaction.jobs.lost(limit=MOST_LOST_AT_ONCE)
            for job in lost:
                if job.state is JobState.DEAD and job.reason is not None:
                    gave_up(transaction, job, code=job.reason.code)
        for job in lost:
            log.warning("lease_ran_out", job=job.id, kind=job.kind.value, count=job.lost)
            self._hinted.pop(job.id, None)

    def _hint(self) -> None:
        """2."""
        with self.service.records.begin(None, reading=True) as transaction:
            due = transaction.jobs.due(limit=MOST_HINTS)
        now = time.monotonic()
        self._hinted = {id: at for id, at in self._hinted.items() if now - at < AGAIN_S}
        for job in due:
            if job.id not in self._hinted:
                self._hinted[job.id] = now
                self.hints.hint(job.id, priority=job.priority)

    def _guarded(self, name: str, do: Callable[[], object]) -> None:
        try:
            do()
        except SixfacesError as exc:
            log.warning("sweep_failed", kind=name, code=exc.code)
