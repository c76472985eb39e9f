"""Runs jobs: claim, prolong, do, end. START READING HERE for work.

1. A hint wakes a worker. It claims what ought to run first, which need not be the job that the hint names.
2. A heartbeat prolongs the lease while the job's step runs; the step writes its result and the job's end in one
   transaction that checks the token.
3. What goes wrong is counted by whose fault it is: a killed child is the subject's guilt, an error a failed attempt,
   an interrupted worker nobody's, a lost lease the sweep's to count.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from structlog.contextvars import bound_contextvars

from sixfaces.domain.errors import RecordsError, SixfacesError
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import MOST_FAILED, MOST_GUILT, Job, JobKind
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work import reasons
from sixfaces.pipeline.work.follow_up import bury, hint_all, quarantine
from sixfaces.pipeline.work.hold import GuiltyError, HandedBackError, Hold, LeaseLostError, RefusedError

log = structlog.get_logger()

LEASE = timedelta(seconds=6)
"""A dead worker's job is swept within a second after this, so that it runs again within ten."""

LOOKED_AT = 16
"""Due jobs among which a worker chooses, and that it tries in turn where others claim at the same moment."""

MOST_TENANTS = 1000

_SUBJECTS = {JobKind.SEAL: "upload", JobKind.OBSERVE: "exhibit", JobKind.JUDGE: "case"}
"""What log lines and spans call a job's subject."""

AWAY_S = 15.0

Step = Callable[[Service, Hold], None]
"""Does a job and ends it, in transactions of its hold."""

Backoff = Callable[[int], timedelta]


def patient(failed: int) -> timedelta:
    """5, 20, 80 … seconds after so many failures, each somewhat more or less, so that not all come back at once."""
    return timedelta(seconds=5.0 * 4**failed * random.uniform(0.5, 1.5))


class Tally:
    """How often what happened, for tests and metrics: done, failed, guilty, quarantined, dead, lost, refused, back."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, what: str) -> None:
        """Once more."""
        with self._lock:
            self._counts[what] += 1

    def counts(self) -> dict[str, int]:
        """All of them."""
        with self._lock:
            return dict(self._counts)


@dataclass(frozen=True)
class Runner:
    """Runs jobs for one worker. Its threads may share it.

    stopping: no further jobs are taken. interrupted: running ones are handed back.
    """

    service: Service
    steps: Mapping[JobKind, Step]
    name: str
    lease: timedelta = LEASE
    backoff: Backoff = patient
    tally: Tally = field(default_factory=Tally)
    stopping: threading.Event = field(default_factory=threading.Event)
    interrupted: threading.Event = field(default_factory=threading.Event)
    _holds: dict[str, Hold] = field(default_factory=dict)
    _served: dict[str, float] = field(default_factory=dict)

    def work(self, hinted: str | None = None, *, most: int = 50) -> int:
        """Run jobs, `most` of them at most, until nothing is due; returns how many ran."""
        for ran in range(most):
            if self.stopping.is_set():
                return ran
            job = self.claim(hinted)
            if job is None:
                return ran
            self.run(job)
        return most

    def claim(self, hinted: str | None) -> Job | None:
        """What ought to run first, else the job that was hinted at, else None. None too while the database is away."""
        try:
            with self.service.records.begin(None) as transaction:
                wanted = [job.id for job in self._in_turn(transaction.jobs.due(limit=LOOKED_AT))]
                for id in [*wanted, *([hinted] if hinted and hinted not in wanted else [])]:
                    job = transaction.jobs.claim(id, worker=self.name, lease=self.lease)
                    if job is not None:
                        self._served[job.tenant] = time.monotonic()
                        return job
        except RecordsError as exc:
            log.warning("no_job_claimed", code=exc.code)
        return None

    def run(self, job: Job) -> None:
        """Do one claimed job. Raises nothing: what goes wrong is counted on the job and logged."""
        hold = Hold(self.service, job, lease=self.lease, interrupted=self.interrupted)
        self._holds[job.id] = hold
        named = {"job": job.id, "kind": job.kind.value, _SUBJECTS.get(job.kind, "subject"): job.subject}
        with (
            self.service.tracer.begun(f"{job.kind.value} job", kind="job", by=job.trace) as hold.span,
            bound_contextvars(**named),
            hold.beating(),
        ):
            hold.span.tell(**named, failed=job.failed, lost=job.lost)
            try:
                self._do(hold)
            except RefusedError:
                self._note("refused", hold)
            except RecordsError as exc:  # the lease runs out, and the sweep finds the job
                log.warning("job_not_ended", job=job.id, code=exc.code)
            finally:
                del self._holds[job.id]

    def hand_back(self) -> None:
        """Give back what threads of this runner still hold: the process ends, and they with it."""
        for hold in list(self._holds.values()):
            try:
                self._back(hold)
            except RefusedError:
                continue  # it was ended a moment ago
            except RecordsError as exc:
                log.warning("job_not_handed_back", job=hold.job.id, code=exc.code)

    def _in_turn(self, due: Sequence[Job]) -> list[Job]:
        """Within a priority, the tenant first that this worker served longest ago: the database weighs what is running,
        and a lone worker has nothing running when it claims."""
        if len(self._served) > MOST_TENANTS:
            self._served.clear()
        return sorted(due, key=lambda job: (job.priority, self._served.get(job.tenant, 0.0)))

    def _do(self, hold: Hold) -> None:
        try:
            hold.check()
            started = time.perf_counter()
            self.steps[hold.job.kind](self.service, hold)
            self.tally.add("done")
            log.info("job_done", job=hold.job.id, wall_s=round(time.perf_counter() - started, 4))
        except RefusedError:
            raise
        except LeaseLostError:
            self._note("lost", hold)
        except HandedBackError:
            self._back(hold)
        except GuiltyError as exc:
            self._guilty(hold, exc.reason)
        except Exception as exc:  # noqa: BLE001 the step runner: whatever a step raises is an attempt that failed
            self._failed(hold, exc)

    def _back(self, hold: Hold) -> None:
        """As if it had never been claimed: nothing is counted."""
        hold.write(lambda tx: tx.jobs.again(hold.job, after=timedelta()))
        self._note("back", hold)

    def _guilty(self, hold: Hold, reason: Quarantine) -> None:
        """The subject killed its process: once more, then never again."""
        job = hold.job
        self._note("guilty", hold, code=reason.code)
        if job.guilt + 1 < MOST_GUILT:
            after = self.backoff(0)
            hold.write(lambda tx: tx.jobs.again(job, after=after, guilt=1, reason=reason))
            return
        hint_all(self.service, hold.write(lambda tx: quarantine(tx, hold, reason)))
        self._note("quarantined", hold, code=reason.code)

    def _failed(self, hold: Hold, error: Exception) -> None:
        job, reason = hold.job, reasons.failed(error)
        self._note("failed", hold, code=reason.code, error=error)
        if reason.code in reasons.AWAY:
            after = timedelta(seconds=AWAY_S * random.uniform(0.5, 1.5))
            hold.write(lambda tx: tx.jobs.again(job, after=after, reason=reason))
        elif job.failed + 1 < MOST_FAILED:
            after = self.backoff(job.failed)
            hold.write(lambda tx: tx.jobs.again(job, after=after, failed=1, reason=reason))
        else:
            hold.write(lambda tx: bury(tx, hold, reason))
            self._note("dead", hold, code=reason.code)

    def _note(self, what: str, hold: Hold, *, code: str | None = None, error: Exception | None = None) -> None:
        self.tally.add(what)
        hold.span.fail(code or what)
        unforeseen = error if error is not None and not isinstance(error, SixfacesError) else None
        log.warning(f"job_{what}", job=hold.job.id, kind=hold.job.kind.value, code=code, exc_info=unforeseen)
