"""Cases: opened and edited. What is claimed has a revision; each edit says which one it edits."""

import json
from collections.abc import Collection
from typing import NamedTuple

from sixfaces.domain.case import CaseFile
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import CaseState, FiledCase, KnownTexts
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline import refusals
from sixfaces.pipeline.claims.chronicling import course_job
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.personal import sent_by, shown
from sixfaces.pipeline.salting import salted_sha256
from sixfaces.pipeline.unseen import is_unknown, known_after
from sixfaces.pipeline.work.follow_up import judge_anew
from sixfaces.report.serial import json_bytes

URGENCY = {ApiRole.REVIEWER: 1, ApiRole.ADMIN: 1, ApiRole.STATION: 5, ApiRole.BATCH: 8}
"""Of the work that a request brings about, by who asked: somebody who waits comes before a batch."""


Places = Collection[str]
"""In a case file, such as `claim.statement`."""


class Expected(NamedTuple):
    """What a request says of the thing it edits: its revision, that it is there at all, that it is not there."""

    revision: int | None = None
    there: bool = False
    absent: bool = False

    def check(self, revision: int | None) -> None:
        """Raises `request.stale` where it is otherwise; `revision` is None for what is not there."""
        wrong = (
            (self.absent and revision is not None)
            or (self.there and revision is None)
            or (self.revision is not None and self.revision != revision)
        )
        if wrong:
            raise refusals.stale(revision)

    @property
    def of_something(self) -> bool:
        """Whether the request names what it edits."""
        return self.there or self.revision is not None


class Filed(NamedTuple):
    """The case as it is now, whether it is new, and the jobs that judge it and others anew where that is needed."""

    case: FiledCase
    is_new: bool = False
    jobs: tuple[Job, ...] = ()


def file_case(
    transaction: Transaction, who: Principal, file: CaseFile, *, expected: Expected, stated: Places | None = None
) -> Filed:
    """Open the tenant's case of this number, or edit it. The claim as it is shown to them changes nothing: whatever
    else they send is an edit, also what is kept behind a mask, for else it could be guessed. `stated`: the file was
    made of what is kept, not of what they were shown, but for these places, which they stated.

    Raises RequestError `request.stale`, `request.match_needed` for an edit that does not say what it edits,
    `request.forbidden` for an edit by a station, `request.closed`.
    """
    known = transaction.cases.by_case_id(file.case_id, lock=True)
    if known is None:
        expected.check(None)
        case = _new(transaction, who, file)
        if transaction.cases.add(case):
            transaction.cases.know_texts(case.id, known_after(transaction, who, None, after=file, stated=stated or ()))
            transaction.events.tell(case.id, "case.opened", {"revision": case.revision})
            jobs = _followed(transaction, case)
            _enter(transaction, who, case)
            return Filed(case, is_new=True, jobs=jobs)
        known = transaction.cases.by_case_id(file.case_id, lock=True)  # another was faster
    if known is None:
        raise refusals.missing()
    expected.check(known.revision)
    if stated is None:
        if file == shown(who, known.file):
            return Filed(known)
    elif file == known.file and not is_unknown(transaction, who, known, stated=stated):
        return Filed(known)
    _check_editable(who, known, expected)
    if stated is not None:
        knows = known_after(transaction, who, known, after=file, stated=stated)
        return _edited(transaction, who, known, file=file, knows=knows)
    return _edited(transaction, who, known, file=sent_by(who, file, known.file))


def _new(transaction: Transaction, who: Principal, file: CaseFile) -> FiledCase:
    now = transaction.now
    return FiledCase(
        id=new_id(), tenant=who.tenant, file=file, revision=1, state=CaseState.OPEN, created_at=now, updated_at=now
    )


def _check_editable(who: Principal, known: FiledCase, expected: Expected) -> None:
    if who.role is ApiRole.STATION:
        raise refusals.forbidden()
    if known.erased_at is not None:
        raise refusals.erased(known.id, known.erased_at)
    if known.state is CaseState.CLOSED:
        raise refusals.closed()
    if not expected.of_something:
        raise refusals.match_needed()


def _edited(
    transaction: Transaction, who: Principal, known: FiledCase, *, file: CaseFile, knows: KnownTexts | None = None
) -> Filed:
    has_evidence = any(one.erased is None for one in transaction.exhibits.of_case(known.id))
    state = CaseState.VERIFYING if has_evidence else known.state
    others = _judged_after(transaction, known, file.return_parcel.waybill)  # what is claimed already is not asked for
    case = transaction.cases.change(known.id, file=file, revised=True, state=state)
    transaction.cases.know_texts(case.id, knows)
    others |= _judged_after(transaction, case, known.file.return_parcel.waybill)
    jobs = [transaction.jobs.add(judging(transaction, who, case))] if has_evidence else []
    jobs += judge_anew(transaction, judging(transaction, who, case), others)
    transaction.events.tell(case.id, "case.edited", {"revision": case.revision})
    followed = _followed(transaction, case)
    _enter(transaction, who, case)
    return Filed(case, jobs=(*jobs, *followed))


def _followed(transaction: Transaction, case: FiledCase) -> tuple[Job, ...]:
    """What is claimed has a course: clocks that run, things that are lacking."""
    return (transaction.jobs.add(course_job(transaction, case)),) if case.file.claim.kind is not None else ()


def _judged_after(transaction: Transaction, case: FiledCase, waybill: str | None) -> set[str]:
    """Other cases with takes of this waybill that were sealed after one of the case's own: whether that is an earlier
    opening of theirs hangs on what the case claims."""
    if waybill is None:
        return set()
    takes = (one for one in transaction.exhibits.of_case(case.id) if one.exhibit.role is Role.UNBOXING_VIDEO)
    return {id for take in takes for id in transaction.exhibits.cases_after(take, [waybill])}


def judging(transaction: Transaction, who: Principal, case: FiledCase) -> Job:
    """The job that judges the case's present revision, as urgent as who asked for it."""
    now = transaction.now
    return Job(
        id=new_id(),
        tenant=case.tenant,
        kind=JobKind.JUDGE,
        subject=case.id,
        priority=URGENCY[who.role],
        not_before=now,
        created_at=now,
    )


def _enter(transaction: Transaction, who: Principal, case: FiledCase) -> None:
    """What was claimed when, by its digest: the log names nobody's data. The revision is in it, so that two edits
    cannot be told to be alike by who may not see what they say."""
    told = json.dumps({"revision": case.revision}).encode() + b"\n" + json_bytes(case.file)
    digest = salted_sha256(transaction, case.id, told)
    body = {"revision": case.revision, "file_sha256": digest}
    deed = Deed(tenant=case.tenant, act=Act.AMEND, subject=case.id, actor=who.actor, body=body)
    transaction.custody.append(deed)
