"""JUDGE: judge the present revision of a case by the records of its exhibits.

1. gather    records, reference pictures and history; an exhibit still to be measured brings the next JUDGE itself
2. skip      where the newest verdict on this revision is by this code, these observers and this policy
3. compare   with the order's reference pictures, judge and render, as `verify_case` does; what judging saw is kept
4. keep      verdict, case, event, custody entry and the job's end, in one transaction of the holder
"""

import hashlib
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import structlog

from sixfaces.domain.answer import Verdict
from sixfaces.domain.archive import JUDGED
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import CaseState, FiledCase, StoredVerdict
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy
from sixfaces.domain.records import Transaction
from sixfaces.domain.report import Report
from sixfaces.pipeline.archive.keeping import judged_bytes, judged_from, stations_of
from sixfaces.pipeline.challenges import with_challenges
from sixfaces.pipeline.choose_policy import choose_policy
from sixfaces.pipeline.claims.chronicling import course_job
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.salting import salted
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.verify_case import Beside, Ports, Terms, compare, judge_records, not_handed_in, render
from sixfaces.pipeline.webhooks.announcing import announce_judged
from sixfaces.pipeline.work.case_evidence import Gathered, gathered, lay_out
from sixfaces.pipeline.work.earlier_pictures import with_pictures
from sixfaces.pipeline.work.follow_up import hint_all, judge_anew, new_job, turn
from sixfaces.pipeline.work.hold import Hold
from sixfaces.pipeline.work.observe_exhibit import mark_observed
from sixfaces.pipeline.work.places import judged_place
from sixfaces.pipeline.work.results import CaseResults, entered_of, picture_digests
from sixfaces.report.build import timed
from sixfaces.report.serial import report_bytes

log = structlog.get_logger()

BY_BYTES = Say(
    zh="重复使用仅按文件内容完全相同查找；未与以往证据逐一比对画面。",
    en="Earlier use was looked for by identical files; pictures were not compared with those of earlier evidence.",
)
"""What a report must say whose history was searched for bytes only."""


class Judged(NamedTuple):
    """A report, by which policy, where it was put, and the digest over all that was put there. `unaware`: later cases
    that were judged without knowing of this one's pictures."""

    report: Report
    policy: Policy
    place: str
    results_sha256: str
    unaware: frozenset[str] = frozenset()


def judge_case(service: Service, hold: Hold) -> None:
    """Judge the job's case, if there is anything new to judge."""
    by = service.measuring.observers
    with service.records.begin(hold.job.tenant, reading=True) as transaction:
        case = transaction.cases.get(hold.job.subject)
        found = gathered(transaction, case, by=by) if case else None  # 1.
    if found is None or not found.exhibits:
        return hold.write(hold.ended)
    if found.pending:
        waiting = hold.write(lambda tx: _wait_for(tx, hold, found, by=by))
        return hint_all(service, waiting)
    with service.records.begin(hold.job.tenant, reading=True) as transaction:
        by_policy = _policy_for(transaction, service, found.case)
        is_judged = _is_judged(transaction, service, found.case, policy=by_policy[0])
    with service.tracer.span("judge", case=found.case.id, exhibits=len(found.exhibits)) as span:
        judged = None if is_judged else _judged(service, hold, found, by_policy=by_policy)  # 2., 3.
        span.tell(verdict=judged.report.verdict.value if judged else None)
    hold.check()
    return hint_all(service, hold.write(lambda tx: _kept(tx, service, hold, found=found, judged=judged)))


def _wait_for(transaction: Transaction, hold: Hold, found: Gathered, *, by: str) -> list[Job]:
    """1. Have measured again what only an older version measured. What never was has its job since it was sealed; where
    that was given up, so is waiting."""
    never = [one.id for one in found.pending if one.observed_by in (None, by)]
    if transaction.jobs.given_up(JobKind.OBSERVE, never):
        turn(transaction, found.case.id, old=CaseState.VERIFYING, new=CaseState.STALLED)
    without = transaction.jobs.unserved(JobKind.OBSERVE, [one.id for one in found.pending])
    wanted = [one.id for one in found.pending if one.observed_by not in (None, by) or one.id in without]
    jobs = [transaction.jobs.add(new_job(transaction, hold.job, kind=JobKind.OBSERVE, subject=id)) for id in wanted]
    hold.ended(transaction)
    return jobs


def _is_judged(transaction: Transaction, service: Service, case: FiledCase, *, policy: Policy) -> bool:
    """2. Whether the newest verdict on this revision is by this code, these observers and this policy. Those of before
    do not count: a run may go back to the policy that was left."""
    on_it = (one for one in transaction.verdicts.of_case(case.id) if one.revision == case.revision)
    newest = next(on_it, None)
    if newest is None or (newest.code_version, newest.policy_digest) != (service.code_version, policy.digest):
        return False
    by = service.measuring.observers
    return bool(entered_of(transaction, newest).get("observers", by) == by)


def _policy_for(transaction: Transaction, service: Service, case: FiledCase) -> tuple[Policy, Say]:
    """The policy, and why it is this one: a re-verification may have brought another to bear on this revision."""
    brought = transaction.reverifications.policy_for(case.id, revision=case.revision)
    if brought is None:
        return choose_policy(case.file, service.policy)
    named = f"{brought.name} {brought.version}"
    return brought, Say(
        zh=f"经重新核验，按规则 {named} 判定。", en=f"Judged by the policy of a re-verification, {named}."
    )


def _judged(service: Service, hold: Hold, found: Gathered, *, by_policy: tuple[Policy, Say]) -> Judged:
    """3. As `verify_case` judges and renders, on records instead of media."""
    started, place, file = time.perf_counter(), judged_place(hold.job, found.case), found.case.file
    policy, why = by_policy
    looked = with_pictures(service, found)
    found = found._replace(history=looked.history)
    notes = (why,) if found.history.pictures_compared else (why, BY_BYTES)
    terms = Terms(policy=policy, history=found.history, notes=notes)
    results = CaseResults(service.blobs, place, found.pictures, digests=picture_digests(found.records))
    records = tuple(with_challenges(record, service.measuring.keyring) for record in found.records)
    with tempfile.TemporaryDirectory(prefix="sixfaces-") as folder:
        lay_out(service, found.case, found.references, folder=Path(folder))
        beside = Beside(service.measuring.comparer, Path(folder), outbound=service.measuring.outbound)
        comparisons = compare(file, records, Ports(service.measuring.observatory, results, comparer=beside))
    hold.check()
    strangers = not_handed_in(file, {one.exhibit.name for one in found.exhibits})
    report = judge_records(file, records, comparisons=comparisons, terms=terms, notes=strangers)
    decode_s = sum(record.decode_s or 0.0 for record in records)  # whenever they were decoded: it was for this
    report = salted(timed(report, wall_s=time.perf_counter() - started, decode_s=decode_s))
    render(report, (*records, *comparisons.values()), language=terms.language, results=results)
    judged = judged_from(
        file, records, comparisons=comparisons, history=found.history, outcome=(report, policy)
    ).model_copy(update={"observers": service.measuring.observers, "stations": stations_of(found.exhibits)})
    results.put(JUDGED, judged_bytes(judged))
    return Judged(report, policy, place, results.finish(), unaware=looked.unaware)


def _kept(
    transaction: Transaction, service: Service, hold: Hold, *, found: Gathered, judged: Judged | None
) -> list[Job]:
    """4. The case's row is locked first, so that two who judge it at once leave one verdict."""
    case = transaction.cases.get(found.case.id, lock=True)
    others = set(judged.unaware) if judged is not None else set()
    for one, record in found.late:
        others.update(mark_observed(transaction, [one], record=record, by=service.measuring.observers))
    waiting = judge_anew(transaction, hold.job, others)
    if judged is not None and _policy_for(transaction, service, found.case)[0].digest != judged.policy.digest:
        again = new_job(transaction, hold.job, kind=JobKind.JUDGE, subject=found.case.id)
        judged, waiting = None, [*waiting, transaction.jobs.add(again)]  # a run was applied while this was judging
    hold.ended(transaction)
    _keep_verdict(transaction, service, hold, case=case, found=found, judged=judged)
    return waiting


def _keep_verdict(  # noqa: PLR0913 what one verdict is made of
    transaction: Transaction,
    service: Service,
    hold: Hold,
    *,
    case: FiledCase | None,
    found: Gathered,
    judged: Judged | None,
) -> None:
    if case is None or case.erased_at is not None or judged is None:
        return
    if _is_judged(transaction, service, found.case, policy=judged.policy):
        return
    if case.revision == found.case.revision and case.state is not CaseState.CLOSED:
        transaction.cases.change(case.id, state=CaseState.VERIFIED)
    verdict = _verdict(transaction, service, found.case, judged=judged)
    body = _told(verdict)
    transaction.events.tell(case.id, "evidence.judged", {**body, "id": verdict.id})
    if verdict.verdict is Verdict.NEEDS_REVIEW:
        transaction.events.tell(case.id, "case.needs_review", {**body, "id": verdict.id})
    announce_judged(transaction, verdict)
    transaction.jobs.add(course_job(transaction, case))
    deed = Deed(
        tenant=case.tenant,
        act=Act.JUDGE,
        subject=case.id,
        actor=f"worker:{hold.job.worker}",
        body={
            **body,
            "observers": service.measuring.observers,
            "report_sha256": hashlib.sha256(report_bytes(judged.report)).hexdigest(),
            "results_sha256": judged.results_sha256,
        },
    )
    entry = transaction.custody.append(deed)[0]
    transaction.verdicts.add(verdict.model_copy(update={"entry": entry.seq}))
    log.info("judged", case=case.id, verdict=verdict.verdict, policy=verdict.policy)


def _verdict(transaction: Transaction, service: Service, case: FiledCase, *, judged: Judged) -> StoredVerdict:
    """The verdict; its `entry` is told by the log."""
    return StoredVerdict(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        revision=case.revision,
        code_version=service.code_version,
        policy=judged.policy.name,
        policy_version=judged.policy.version,
        policy_digest=judged.policy.digest,
        verdict=judged.report.verdict,
        results=judged.place,
        again=sum(
            (one.revision, one.code_version, one.policy_digest)
            == (case.revision, service.code_version, judged.policy.digest)
            for one in transaction.verdicts.of_case(case.id)
        ),
        entry=0,
        judged_at=transaction.now,
    )


def _told(verdict: StoredVerdict) -> dict[str, str | int]:
    return {
        "revision": verdict.revision,
        "verdict": verdict.verdict.value,
        "code_version": verdict.code_version,
        "policy": f"{verdict.policy}@{verdict.policy_version}",
        "policy_digest": verdict.policy_digest,
    }
