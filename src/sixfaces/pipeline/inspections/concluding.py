"""A person concludes. What the SOP makes of the answers is suggested, and what differs from that says why.

The verdict, its digest in custody, the chronicle's entries, what both sides and endpoints are told of them and the
events come in one transaction. Events, custody and what endpoints are told do not say what was found: somebody may have
to look again without knowing.
"""

from datetime import timedelta
from typing import Literal, NamedTuple

from pydantic import AwareDatetime, Field

from sixfaces.domain.chronicle import Happening, Inspected, Party, Referred
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.inspection import Inspection, InspectionState, QcVerdict
from sixfaces.domain.job import Job
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sop import Disposition, GradeScheme, QcOutcome, Sop
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.claims.chronicling import Told, course_job, deed_of, occurrence_of
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.inspections import errors, standards
from sixfaces.pipeline.inspections.starting import case_open
from sixfaces.pipeline.inspections.turning import changed, held_by
from sixfaces.pipeline.notices.telling import tell
from sixfaces.pipeline.salting import PLACED, canonical, salted_sha256
from sixfaces.pipeline.webhooks.announcing import announce
from sixfaces.qc.defects import all_shown, found
from sixfaces.qc.grading import Suggested, suggest, suggest_outcome
from sixfaces.qc.walk import Walk, walk

LONGEST_REFERRAL = timedelta(days=366)


class Conclusion(Model):
    """What a person concludes. What is left out is as suggested for this outcome; what differs needs a `reason`."""

    outcome: QcOutcome
    fit: bool | None = None
    grade: Text | None = None
    disposition: Disposition | None = None
    reason: Text | None = Field(default=None, min_length=1)


class Referral(Model):
    """Who is to diagnose what cannot be decided here, and by when (D12). Their answer comes by the chronicle."""

    to: Literal[Party.SERVICE_POINT, Party.SUPPLIER]
    until: AwareDatetime
    reason: Text | None = Field(default=None, min_length=1)


class Concluded(NamedTuple):
    """The inspection as it is now, its verdict, and the job that looks at the case's course again."""

    inspection: Inspection
    verdict: QcVerdict
    job: Job


class _Looked(NamedTuple):
    """An inspection with what it goes by, what was answered, and what that suggests."""

    inspection: Inspection
    sop: Sop
    scheme: GradeScheme
    walked: Walk
    suggested: Suggested


def conclude(transaction: Transaction, who: Principal, id: str, *, said: Conclusion, expected: Expected) -> Concluded:
    """Conclude an inspection of which every step is answered.

    Raises InspectionError `inspection.unanswered`, `inspection.refer`, `inspection.reason_needed`, `inspection.grade`.
    """
    looked = _looked(transaction, held_by(transaction, who, id, expected=expected))
    if looked.walked.needed:
        raise errors.unanswered(looked.walked.needed)
    if said.outcome is QcOutcome.REFERRED:
        raise errors.refer_instead()
    return _enter(transaction, who, looked, verdict=_verdict(transaction, who, looked, said=said))


def refer(transaction: Transaction, who: Principal, id: str, *, said: Referral, expected: Expected) -> Concluded:
    """Conclude that it cannot be decided here, at whichever step. Raises InspectionError `inspection.deadline`,
    `inspection.reason_needed`."""
    looked = _looked(transaction, held_by(transaction, who, id, expected=expected))
    if not timedelta() < said.until - transaction.now <= LONGEST_REFERRAL:
        raise errors.deadline()
    conclusion = Conclusion(outcome=QcOutcome.REFERRED, disposition=Disposition.HOLD, reason=said.reason)
    verdict = _verdict(transaction, who, looked, said=conclusion)
    sent = Referred(to=said.to, until=said.until, line=looked.inspection.line)
    return _enter(transaction, who, looked, verdict=verdict, also=(sent,))


def _looked(transaction: Transaction, inspection: Inspection) -> _Looked:
    sop = standards.STANDARDS.of(inspection)
    scheme, walked = standards.STANDARDS.grades(sop), walk(sop, transaction.inspections.answers(inspection.id))
    return _Looked(inspection, sop, scheme, walked, suggest(sop, scheme, found(walked)))


def _verdict(transaction: Transaction, who: Principal, looked: _Looked, *, said: Conclusion) -> QcVerdict:
    meant = _meant(looked, said)
    one = looked.inspection
    return QcVerdict(
        id=new_id(),
        tenant=one.tenant,
        case_id=one.case_id,
        inspection=one.id,
        line=one.line,
        outcome=meant.outcome,
        suggested=looked.suggested.outcome,
        reason=said.reason,
        fit=meant.fit,
        defects=meant.defects,
        scheme=looked.sop.scheme,
        grade=meant.grade,
        disposition=meant.disposition,
        shown=all_shown(looked.walked),
        second_of=one.second_of,
        by=who.actor,
        at=transaction.now,
        entry=0,
    )


def _meant(looked: _Looked, said: Conclusion) -> Suggested:
    """What follows from the outcome that a person names, with what they say instead. Raises as `conclude`."""
    grades = [one.grade for one in looked.scheme.grades]
    if said.grade is not None and said.grade not in grades:
        raise errors.no_grade(said.grade, grades)
    follows = looked.suggested
    if said.outcome is not follows.outcome:
        follows = suggest_outcome(looked.sop, looked.scheme, follows.defects, outcome=said.outcome)
    given = {name: getattr(said, name) for name in ("fit", "grade", "disposition")}
    other = {name: value for name, value in given.items() if value is not None and value != getattr(follows, name)}
    differs = [*(["outcome"] if said.outcome is not looked.suggested.outcome else []), *other]
    if said.outcome is QcOutcome.REFERRED and "disposition" in differs:
        differs.remove("disposition")  # what is sent away is kept, whatever it would have become
    if differs and not said.reason:
        raise errors.reason_needed(differs)
    return follows.model_copy(update=other)


def _enter(
    transaction: Transaction,
    who: Principal,
    looked: _Looked,
    *,
    verdict: QcVerdict,
    also: tuple[Happening, ...] = (),
) -> Concluded:
    case = case_open(transaction, looked.inspection.case_id)
    done = changed(transaction, looked.inspection, state=InspectionState.CONCLUDED)
    what = (Inspected(verdict=verdict.id, outcome=verdict.outcome.value), *also)
    told = [occurrence_of(transaction, case, who.actor, told=Told(one, Party.SELLER)) for one in what]
    for one in told:
        transaction.chronicle.add(one)
        tell(transaction, case, one)
    _announce(transaction, case, verdict)
    job = transaction.jobs.add(course_job(transaction, case))
    entered = transaction.custody.append(
        _deed(transaction, looked, verdict), *(deed_of(transaction, one) for one in told)
    )
    placed = verdict.model_copy(update={"entry": entered[0].seq})  # its number in the log is known only now
    transaction.qc_verdicts.add(placed)
    return Concluded(done, placed, job)


def _announce(transaction: Transaction, case: FiledCase, verdict: QcVerdict) -> None:
    data = {"case": case.id, "inspection": verdict.inspection, "verdict": verdict.id, "line": verdict.line}
    transaction.events.tell(case.id, "inspection.concluded", data)
    data |= {"second_look": verdict.second_of is not None}
    announce(transaction, WebhookKind.QC_RECORDED, tenant=case.tenant, subject=verdict.id, data=data)


def _deed(transaction: Transaction, looked: _Looked, verdict: QcVerdict) -> Deed:
    body: dict[str, object] = {
        "verdict": verdict.id,
        "inspection": verdict.inspection,
        "line": verdict.line,
        "sop": f"{looked.sop.name}@{looked.sop.version}",
        "sop_digest": looked.sop.digest,
        "scheme": looked.sop.scheme,
        "scheme_digest": looked.scheme.digest,
        "sha256": salted_sha256(transaction, verdict.case_id, canonical(verdict, without=PLACED)),
    }
    if verdict.second_of is not None:
        body["second_of"] = verdict.second_of
    return Deed(tenant=verdict.tenant, act=Act.GRADE, subject=verdict.case_id, actor=verdict.by, body=body)
