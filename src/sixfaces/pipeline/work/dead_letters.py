"""Jobs that nobody tries any more: looked at by people, and replayed once the cause is gone."""

from collections.abc import Sequence

from sixfaces.domain.filing import CaseState, FiledExhibit
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.work.follow_up import needed_by, released, turn


def replayed(transaction: Transaction, job_id: str, *, actor: str) -> Job | None:
    """Let a given-up job run again with nothing counted against it; its subject's quarantine ends. None where the
    tenant has no such job, or has it in another state.

    The caller gives the hint once its transaction is committed. Enters the end of a quarantine in the custody log:
    nothing that waits for others may follow.
    """
    job = transaction.jobs.replay(job_id)
    held = _released(transaction, job) if job is not None and job.kind is JobKind.OBSERVE else ()
    case_id = needed_by(transaction, job) if job is not None else None
    if case_id is not None:
        turn(transaction, case_id, old=CaseState.STALLED, new=CaseState.VERIFYING)
    if job is not None:
        released(transaction, held, job=job, actor=actor)
    return job


def _released(transaction: Transaction, job: Job) -> Sequence[FiledExhibit]:
    """The exhibits that were quarantined until now."""
    exhibit = transaction.exhibits.get(job.subject)
    alike = transaction.exhibits.with_bytes(exhibit.exhibit.sha256) if exhibit else ()
    held = [one for one in alike if one.quarantine is not None and one.erased is None]
    for one in held:
        transaction.exhibits.quarantine(one.id, None)
        # The verdict on the present revision was given without the exhibit: a new one needs a new revision.
        case = transaction.cases.get(one.case_id, lock=True)
        is_closed = case is not None and case.state is CaseState.CLOSED
        transaction.cases.change(one.case_id, revised=True, state=None if is_closed else CaseState.VERIFYING)
        transaction.events.tell(one.case_id, "exhibit.replayed", {"exhibit": one.id, "job": job.id})
    return held
