"""The queue of record. The token rises whenever a job changes hands, so that no older holder's token fits again."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, text, update

from sixfaces.adapters.records.due import due_jobs
from sixfaces.adapters.records.scope import Scope, Shape, bounded, paged
from sixfaces.adapters.records.tables import NOT_DONE, jobs
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import MOST_LOST, Job, JobKind, JobState
from sixfaces.domain.model import Say
from sixfaces.domain.records import JobCount, Page

SHAPE = Shape(jobs, Job)
_ENDED = (JobState.DEAD, JobState.QUARANTINED)
_LIVE = (JobState.READY, JobState.RUNNING)
_LOST = Quarantine(
    code="job.lost",
    text=Say(
        zh=f"执行此任务的进程中断了 {MOST_LOST} 次。", en=f"The processes at work on it went away {MOST_LOST} times."
    ),
    fix=Say(zh="请检查工作进程的日志，然后重放此任务。", en="Look into the workers' logs, then replay the job."),
)


class SqlJobs:
    """Jobs (domain.records)."""

    def __init__(self, scope: Scope, trace: str | None) -> None:
        self._scope = scope
        self._trace = trace

    def add(self, job: Job) -> Job:
        """As in the interface; of two times before which it may not run, the earlier one counts. One that waits stays
        in the trace of what brought it about first."""
        self._scope.own(job.tenant)
        job = job if job.trace else job.model_copy(update={"trace": self._trace})
        new = self._scope.insert(jobs).values(SHAPE.values(job) | {"lane": lane(job.tenant, job.priority)})
        urgent, sooner = new.excluded.priority < jobs.c.priority, new.excluded.not_before < jobs.c.not_before
        kept = new.on_conflict_do_update(
            index_elements=["tenant", "kind", "subject"],
            index_where=text("state = 'ready'"),
            set_={
                "priority": case((urgent, new.excluded.priority), else_=jobs.c.priority),
                "lane": case((urgent, new.excluded.lane), else_=jobs.c.lane),
                "not_before": case((sooner, new.excluded.not_before), else_=jobs.c.not_before),
            },
        )
        return SHAPE.read(self._scope.connection.execute(kept.returning(*SHAPE.columns)).one())

    def get(self, id: str) -> Job | None:
        """As in the interface."""
        return SHAPE.maybe(self._scope.first(SHAPE.rows.where(*self._its(id))))

    def claim(self, id: str, *, worker: str, lease: timedelta) -> Job | None:
        """As in the interface."""
        now = self._scope.now
        waiting = (*self._its(id), jobs.c.state == JobState.READY, jobs.c.not_before <= now)
        new = {"state": JobState.RUNNING, "token": jobs.c.token + 1, "lease_until": now + lease, "worker": worker}
        return SHAPE.maybe(self._scope.first(update(jobs).where(*waiting).values(new).returning(*SHAPE.columns)))

    def extend(self, job: Job, *, lease: timedelta) -> bool:
        """As in the interface."""
        running = (*self._held(job), jobs.c.state == JobState.RUNNING)
        return self._scope.done(update(jobs).where(*running).values(lease_until=self._scope.now + lease)) == 1

    def holds(self, job: Job) -> bool:
        """As in the interface. Who added a job that nobody has claimed yet holds it as well."""
        return self._scope.first(select(jobs.c.id).where(*self._held(job)).with_for_update()) is not None

    def end(self, job: Job, state: JobState, *, reason: Quarantine | None = None) -> bool:
        """As in the interface. Without a `reason` that of the last failure stays."""
        new = {"state": state, "finished_at": self._scope.now, "lease_until": None} | _given(reason)
        return self._scope.done(update(jobs).where(*self._held(job)).values(new)) == 1

    def again(
        self, job: Job, *, after: timedelta, failed: int = 0, guilt: int = 0, reason: Quarantine | None = None
    ) -> bool:
        """As in the interface. Without a `reason` that of the last failure stays."""
        if not self.holds(job):
            return False
        counted = {"failed": jobs.c.failed + failed, "guilt": jobs.c.guilt + guilt}
        self._ready(job, counted | {"not_before": self._scope.now + after} | _given(reason))
        return True

    def lost(self, *, limit: int) -> Sequence[Job]:
        """As in the interface. Rows that another sweep has in hand are left to it."""
        over = (jobs.c.state == JobState.RUNNING, jobs.c.lease_until <= self._scope.now, self._scope.sees(jobs))
        asked = SHAPE.rows.where(*over).order_by(jobs.c.lease_until).limit(bounded(limit))
        rows = self._scope.rows(asked.with_for_update(skip_locked=True))
        return [self._lose(SHAPE.read(row)) for row in rows]

    def due(self, *, limit: int) -> Sequence[Job]:
        """As in the interface."""
        return [SHAPE.read(row) for row in due_jobs(self._scope, SHAPE.columns, limit=bounded(limit))]

    def find(self, *, kind: JobKind | None, state: JobState | None, page: Page) -> Sequence[Job]:
        """As in the interface."""
        asked = SHAPE.rows.where(self._scope.sees(jobs))
        if kind is not None:
            asked = asked.where(jobs.c.kind == kind)
        if state is not None:
            asked = asked.where(jobs.c.state == state)
        return [SHAPE.read(row) for row in self._scope.rows(paged(asked, jobs.c.id, page))]

    def unserved(self, kind: JobKind, subjects: Sequence[str]) -> Sequence[str]:
        """As in the interface."""
        its = (jobs.c.kind == kind, jobs.c.subject.in_(subjects), NOT_DONE, jobs.c.state.in_((*_LIVE, *_ENDED)))
        asked = select(jobs.c.subject).where(self._scope.sees(jobs), *its)
        served = {row.subject for row in self._scope.rows(asked)} if subjects else set()
        return [subject for subject in subjects if subject not in served]

    def given_up(self, kind: JobKind, subjects: Collection[str]) -> Sequence[str]:
        """As in the interface."""
        its = (jobs.c.kind == kind, jobs.c.subject.in_(subjects), NOT_DONE, jobs.c.state.in_((JobState.DEAD, *_LIVE)))
        asked = select(jobs.c.subject, jobs.c.state).where(self._scope.sees(jobs), *its)
        rows = self._scope.rows(asked) if subjects else ()
        live = {row.subject for row in rows if row.state != JobState.DEAD}
        return sorted({row.subject for row in rows} - live)

    def count(self) -> Sequence[JobCount]:
        """As in the interface."""
        is_due = jobs.c.not_before <= self._scope.now
        oldest = func.min(case((is_due, jobs.c.not_before))).label("oldest")
        counts = (func.count().label("jobs"), func.count(case((is_due, 1))).label("due"), oldest)
        asked = select(jobs.c.kind, jobs.c.state, *counts).where(self._scope.sees(jobs), NOT_DONE)
        return [
            JobCount(JobKind(r.kind), JobState(r.state), r.jobs, r.due, r.oldest and self._scope.now - r.oldest)
            for r in self._scope.rows(asked.group_by(jobs.c.kind, jobs.c.state))
        ]

    def replay(self, id: str) -> Job | None:
        """As in the interface."""
        ended = SHAPE.rows.where(*self._its(id), jobs.c.state.in_(_ENDED))
        job = SHAPE.maybe(self._scope.first(ended.with_for_update()))
        if job is None:
            return None
        nothing = {"failed": 0, "lost": 0, "guilt": 0, "reason": None, "finished_at": None}
        return self._ready(job, nothing | {"not_before": self._scope.now})

    def _its(self, id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return jobs.c.id == id, self._scope.sees(jobs)

    def _held(self, job: Job) -> tuple[ColumnElement[bool], ...]:
        return *self._its(job.id), jobs.c.token == job.token, jobs.c.state.in_(_LIVE)

    def _lose(self, job: Job) -> Job:
        new: dict[str, Any] = {"lost": job.lost + 1}
        if job.lost + 1 < MOST_LOST:
            return self._ready(job, new | {"not_before": self._scope.now})
        dead = {"state": JobState.DEAD, "finished_at": self._scope.now, "lease_until": None, "reason": _LOST}
        return self._write(job, new | dead)

    def _ready(self, job: Job, new: dict[str, Any]) -> Job:
        """Back into the queue. A job that waits there for the same is done by this one, which keeps its counters."""
        same = (jobs.c.tenant == job.tenant, jobs.c.kind == job.kind, jobs.c.subject == job.subject)
        waiting = (*same, jobs.c.state == JobState.READY, jobs.c.id != job.id)
        spared = {"state": JobState.DONE, "finished_at": self._scope.now, "token": jobs.c.token + 1}
        row = self._scope.first(update(jobs).where(*waiting).values(spared).returning(jobs.c.priority))
        priority = job.priority if row is None else min(job.priority, row.priority)
        back = {"state": JobState.READY, "lease_until": None, "worker": None, "priority": priority}
        return self._write(job, new | back | {"lane": lane(job.tenant, priority)})

    def _write(self, job: Job, new: dict[str, Any]) -> Job:
        changed = update(jobs).where(jobs.c.id == job.id).values(new | {"token": jobs.c.token + 1})
        return SHAPE.read(self._scope.connection.execute(changed.returning(*SHAPE.columns)).one())


def lane(tenant: str, priority: int) -> str:
    """The priority's one digit and the tenant: sorts by priority first."""
    return f"{priority}{tenant}"


def _given(reason: Quarantine | None) -> dict[str, Quarantine]:
    return {} if reason is None else {"reason": reason}
