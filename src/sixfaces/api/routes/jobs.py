"""Jobs: what is being done, what was given up, and doing that again."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import READERS, open_to
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.records import Page, Transaction
from sixfaces.pipeline.reading import job_of
from sixfaces.pipeline.refusals import not_dead
from sixfaces.pipeline.work.dead_letters import replayed

router = APIRouter(route_class=GuardedRoute, prefix="/jobs", tags=["jobs"])


@router.get("", summary="Jobs", **open_to(READERS))
def list_jobs(
    asking: Asking,
    *,
    kind: JobKind | None = None,
    state: JobState | None = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Listed[Job]:
    """Newest first. Dead letters are those of the states `dead` and `quarantined`, each with its reason."""

    def find(page: Page) -> list[Job]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return list(transaction.jobs.find(kind=kind, state=state, page=page))

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda job: job.id)


@router.get("/{job_id}", summary="A job", **open_to(READERS))
def get_job(asking: Asking, job_id: str) -> Job:
    """One job with its counters and the reason of its last failure."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return job_of(transaction, job_id)


@router.post("/{job_id}/replay", summary="Do a failed job again", response_model=Job, **open_to(READERS, 409))
def replay_job(asking: Asking, job_id: str) -> Response:
    """Ready again with its counters at nothing; the quarantine of its subject ends."""

    def work(transaction: Transaction) -> Told:
        job_of(transaction, job_id)
        job = replayed(transaction, job_id, actor=asking.principal.actor)
        if job is None:
            raise not_dead()
        return Told(job, jobs=(job,))

    return once(asking, work)
