"""What follows from a job's end: the cases that are to be judged, and what those who watch them are told."""

from collections.abc import Iterable, Sequence

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import CaseState, FiledExhibit, Quarantine
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.archive.runs import fail_run
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.webhooks.announcing import announce_stalled
from sixfaces.pipeline.work.hold import Hold


def judge_jobs(transaction: Transaction, job: Job, exhibits: Iterable[FiledExhibit]) -> list[Job]:
    """One JUDGE job for each case that has one of these exhibits, as urgent as the job that brought this about."""
    cases = dict.fromkeys(one.case_id for one in exhibits)
    return [transaction.jobs.add(new_job(transaction, job, kind=JobKind.JUDGE, subject=case)) for case in cases]


def judge_anew(transaction: Transaction, job: Job, cases: Iterable[str]) -> list[Job]:
    """What these cases were judged by has changed behind their backs: each gets a new revision, as there is one verdict
    for each, and a JUDGE job. One that is being judged at this moment is judged once more after it."""
    waiting = []
    for id in sorted(cases):
        case = transaction.cases.get(id, lock=True)
        if case is None or case.state is CaseState.CLOSED:
            continue
        case = transaction.cases.change(id, revised=True, state=CaseState.VERIFYING)
        transaction.events.tell(id, "case.earlier_take", {"revision": case.revision})
        waiting.append(transaction.jobs.add(new_job(transaction, job, kind=JobKind.JUDGE, subject=id)))
    return waiting


def new_job(transaction: Transaction, job: Job, *, kind: JobKind, subject: str) -> Job:
    """A job of the same tenant and priority, due at once."""
    now = transaction.now
    return Job(
        id=new_id(),
        tenant=job.tenant,
        kind=kind,
        subject=subject,
        priority=job.priority,
        not_before=now,
        created_at=now,
    )


def hint_all(service: Service, jobs: Iterable[Job]) -> None:
    """Wake workers for jobs that were just committed."""
    for job in jobs:
        service.hints.hint(job.id, priority=job.priority)


def quarantine(transaction: Transaction, hold: Hold, reason: Quarantine) -> list[Job]:
    """Measure these bytes no more, whichever cases of the tenant they are in; those cases are judged without them.

    Ends the job.
    """
    alike = _alike(transaction, hold.job)
    for one in alike:
        transaction.exhibits.quarantine(one.id, reason)
        told = {"exhibit": one.id, "name": one.exhibit.name, "code": reason.code}
        transaction.events.tell(one.case_id, "exhibit.quarantined", told)
    waiting = judge_jobs(transaction, hold.job, alike)
    hold.ended(transaction, JobState.QUARANTINED, reason=reason)
    actor = f"worker:{hold.job.worker}"
    transaction.custody.append(*(_on(one, Act.REFUSE, actor, code=reason.code) for one in alike))
    return waiting


def released(transaction: Transaction, exhibits: Iterable[FiledExhibit], *, job: Job, actor: str) -> None:
    """Enter that these exhibits are to be measured after all, and who said so. The last of a transaction."""
    transaction.custody.append(*(_on(one, Act.AMEND, actor, replayed=job.id) for one in exhibits))


def _on(one: FiledExhibit, act: Act, actor: str, **more: str) -> Deed:
    body = {"sha256": one.exhibit.sha256, "case": one.case_id, **more}
    return Deed(tenant=one.tenant, act=act, subject=one.id, actor=actor, body=body)


def bury(transaction: Transaction, hold: Hold, reason: Quarantine) -> None:
    """The job becomes a dead letter. Ends the job."""
    gave_up(transaction, hold.job, code=reason.code)
    hold.ended(transaction, JobState.DEAD, reason=reason)


def gave_up(transaction: Transaction, job: Job, *, code: str) -> None:
    """Those who watch the cases of a dead letter are told, and the case that now waits for nobody says so."""
    needed = needed_by(transaction, job)
    if needed is not None:  # first, as whoever has a case tells of it, and not the other way round
        turn(transaction, needed, old=CaseState.VERIFYING, new=CaseState.STALLED)
    span = transaction.reverifications.span(job.subject) if job.kind is JobKind.REVERIFY else None
    if span is not None and job.reason is not None:
        fail_run(transaction, span.run, reason=job.reason)
    for case_id in _cases_of(transaction, job):
        transaction.events.tell(case_id, "job.dead", {"job": job.id, "kind": job.kind.value, "code": code})


def needed_by(transaction: Transaction, job: Job) -> str | None:
    """The case that gets no verdict without this job. The same bytes in another case have a job of their own there."""
    match job.kind:
        case JobKind.JUDGE:
            return job.subject
        case JobKind.OBSERVE:
            exhibit = transaction.exhibits.get(job.subject)
            return exhibit.case_id if exhibit else None
        case JobKind.SEAL | JobKind.ERASE | JobKind.COURSE | JobKind.REVERIFY:
            return None


def turn(transaction: Transaction, case_id: str, *, old: CaseState, new: CaseState) -> None:
    """From one state into another; a case in any third one is left alone."""
    case = transaction.cases.get(case_id, lock=True)
    if case is not None and case.state is old:
        transaction.cases.change(case_id, state=new)
        transaction.events.tell(case_id, f"case.{new.value}", {"revision": case.revision})
        if new is CaseState.STALLED:
            announce_stalled(transaction, case)


def _alike(transaction: Transaction, job: Job) -> Sequence[FiledExhibit]:
    exhibit = transaction.exhibits.get(job.subject) if job.kind is JobKind.OBSERVE else None
    alike = transaction.exhibits.with_bytes(exhibit.exhibit.sha256) if exhibit else ()
    return [one for one in alike if one.erased is None]


def _cases_of(transaction: Transaction, job: Job) -> list[str]:
    match job.kind:
        case JobKind.JUDGE | JobKind.COURSE:
            return [job.subject] if transaction.cases.get(job.subject) else []
        case JobKind.OBSERVE:
            return list(dict.fromkeys(one.case_id for one in _alike(transaction, job)))
        case JobKind.SEAL:
            upload = transaction.uploads.get(job.subject)
            return [upload.case_id] if upload else []
        case JobKind.ERASE:
            erasure = transaction.erasures.get(job.subject)
            return [erasure.case_id] if erasure else []
        case JobKind.REVERIFY:
            return []
