"""Jobs that were given up, looked at and replayed as the API's routes do it, without HTTP."""

from collections.abc import Sequence

from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.records import Page
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.dead_letters import replayed


def dead_letters(service: Service, tenant: str, *, kind: JobKind | None = None) -> Sequence[Job]:
    """The tenant's, newest first."""
    with service.records.begin(tenant, reading=True) as tx:
        states = (JobState.DEAD, JobState.QUARANTINED)
        found = [job for state in states for job in tx.jobs.find(kind=kind, state=state, page=Page())]
    return sorted(found, key=lambda job: job.id, reverse=True)


def replay(service: Service, tenant: str, job_id: str, *, actor: str = "key:k") -> Job | None:
    """None where the tenant has no such job, or has it in another state."""
    with service.records.begin(tenant) as tx:
        job = replayed(tx, job_id, actor=actor)
    if job is not None:
        service.hints.hint(job.id, priority=job.priority)
    return job
