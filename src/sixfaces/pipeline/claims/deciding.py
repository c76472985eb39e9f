"""Decides: by a person, who may say otherwise than the machine recommends, or by the policy that may close alone.

A decision is entered once, never edited: one that errs is superseded. What it pays is entered piece by piece, so that
no other case of the order pays for the same (D21).
"""

from typing import NamedTuple

from sixfaces.decision.claim_state import is_withdrawn
from sixfaces.domain.chronicle import Decided, Money, Party
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.decision import Decision, FreightBearer, Overrule, Reason, Recommendation, Remedy
from sixfaces.domain.filing import CaseState
from sixfaces.domain.job import Job
from sixfaces.domain.model import Model, Say, Text
from sixfaces.domain.people import Id
from sixfaces.domain.records import Transaction
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.claims import errors
from sixfaces.pipeline.claims.chronicling import Told, course_job, deed_of, occurrence_of
from sixfaces.pipeline.claims.matters import Looked, tag_of
from sixfaces.pipeline.claims.paying import (
    GIVES,
    PAYS,
    check_money,
    confirmations,
    enter_payments,
    hold_order,
    with_units,
)
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.notices.telling import tell
from sixfaces.pipeline.refusals import closed, erased
from sixfaces.pipeline.salting import PLACED, canonical, salted_sha256
from sixfaces.pipeline.webhooks.announcing import announce

BY_POLICY = "policy:{table}@{version}"


class Ruling(Model):
    """What a person decides. What is left out is as recommended; what differs needs `overrules` and `note`."""

    remedy: Remedy | None = None
    liable: Party | None = None
    no_party: bool = False
    """Nobody is liable, although the recommendation names somebody."""
    refund: Money | None = None
    freight: FreightBearer | None = None
    overrules: Overrule | None = None
    note: Text | None = None
    supersedes: Id | None = None
    unverified: bool = False
    """Decide although the evidence is still being verified; needs `note`."""


class Made(NamedTuple):
    """The decision, and the job that looks at the case's course again."""

    decision: Decision
    job: Job


def ruled(recommended: Recommendation, ruling: Ruling) -> Recommendation:
    """The recommendation with what the person says instead. Raises ClaimError `claim.remedy_needed`,
    `claim.pays_nothing`."""
    remedy = ruling.remedy or recommended.remedy
    if remedy is Remedy.ASK_PERSON:
        raise errors.remedy_needed()
    if ruling.refund is not None and remedy not in PAYS:
        raise errors.pays_nothing(remedy)
    given: dict[str, object] = {
        "remedy": ruling.remedy, "liable": ruling.liable, "refund": ruling.refund, "freight": ruling.freight,
    }  # fmt: skip
    said = {name: value for name, value in given.items() if value is not None}
    if ruling.no_party:
        said["liable"] = None
    if remedy not in PAYS:
        said["refund"] = None
    if remedy not in GIVES and remedy is not recommended.remedy:
        said["units"] = ()
    return recommended.model_copy(update=said)


def differs(recommended: Recommendation, meant: Recommendation) -> bool:
    """Whether a person decides otherwise than was recommended."""
    parts = ("remedy", "liable", "refund", "freight")
    return any(getattr(recommended, part) != getattr(meant, part) for part in parts)


def decide(transaction: Transaction, looked: Looked, by: str, *, ruling: Ruling, seen: str | None = None) -> Made:
    """Enter a decision, after the custody entry whose number it carries. `seen`: the tag of the recommendation that the
    person looked at; None where none did.

    Raises ClaimError `claim.incomplete`, `claim.moved`, `claim.verifying`, `claim.withdrawn`, `claim.superseded`,
    `claim.remedy_needed`, `claim.reason_needed`, `claim.pays_nothing`, `claim.amount_needed`, `claim.too_much`,
    `claim.currency`, `claim.too_fine`, `claim.paid_already`, `claim.order_lines`, RequestError `request.erased`,
    `request.closed`, RecordsError `records.conflict` where another case of the order was decided meanwhile.
    """
    recommended = _recommended(looked, ruling, seen=seen)
    meant = ruled(recommended, ruling)
    if is_withdrawn(looked.matter.course) and meant.remedy is not Remedy.NONE:
        raise errors.withdrawn()
    is_other = differs(recommended, meant)
    if (is_other or recommended.remedy is Remedy.ASK_PERSON) and not (ruling.overrules and ruling.note):
        raise errors.reason_needed()
    hold_order(transaction, looked)
    meant = with_units(looked.case.file, meant, looked.matter.paid)
    check_money(looked.case.file, meant, looked.matter.paid)
    made = _decision(transaction, looked, by, ruling=ruling, meant=meant, recommended=recommended)
    job, told = _tell(transaction, looked, made)
    entered = transaction.custody.append(_deed(transaction, made), *told)  # its number in the log is known only now
    decision = made.model_copy(update={"entry": entered[0].seq})
    if not transaction.decisions.add(decision):
        raise errors.superseded()
    enter_payments(transaction, looked, decision)
    return Made(decision, job)


def _recommended(looked: Looked, ruling: Ruling, *, seen: str | None) -> Recommendation:
    """What there is to decide upon, as it was seen."""
    if looked.case.erased_at is not None:
        raise erased(looked.case.id, looked.case.erased_at)
    if looked.case.state is CaseState.CLOSED:
        raise closed()
    recommended = looked.recommended()
    if recommended is None:
        raise errors.incomplete([one.field for one in looked.lacks if one.field.startswith("claim.")])
    if seen is not None and seen != tag_of(looked, recommended):
        raise errors.moved()
    if looked.case.state is CaseState.VERIFYING and not (ruling.unverified and ruling.note):
        raise errors.verifying()
    return recommended


def _decision(  # noqa: PLR0913 what a decision is made of
    transaction: Transaction, looked: Looked, by: str, *, ruling: Ruling, meant: Recommendation,
    recommended: Recommendation,
) -> Decision:  # fmt: skip
    own = (Reason(text=Say(zh=ruling.note, en=ruling.note)),) if ruling.note else ()
    return Decision(
        id=new_id(),
        tenant=looked.case.tenant,
        case_id=looked.case.id,
        case_revision=looked.case.revision,
        liable=meant.liable,
        remedy=meant.remedy,
        refund=meant.refund,
        units=meant.units,
        freight=meant.freight,
        reasons=(*own, *recommended.reasons),
        recommendation=recommended,
        verdict=looked.verdict.verdict if looked.verdict else None,
        overrules=ruling.overrules if differs(recommended, meant) else None,
        note=ruling.note,
        by=by,
        at=transaction.now,
        supersedes=ruling.supersedes,
        entry=0,
    )


def _tell(transaction: Transaction, looked: Looked, decision: Decision) -> tuple[Job, list[Deed]]:
    """Everybody hears of it; what the log is still to be told of the chronicle."""
    case, actor = looked.case, decision.by
    told = [Told(Decided(decision=decision.id, remedy=decision.remedy.value), Party.PLATFORM)]
    told += confirmations(looked, decision)
    entries = [occurrence_of(transaction, case, actor, told=one) for one in told]
    for entry in entries:
        transaction.chronicle.add(entry)
        tell(transaction, case, entry, mailed=isinstance(entry.what, Decided))
    data = {"case": case.id, "decision": decision.id, "remedy": decision.remedy.value, "by_policy": by_policy(decision)}
    transaction.events.tell(case.id, "decision.made", data)
    announce(transaction, WebhookKind.DECISION_MADE, tenant=case.tenant, subject=decision.id, data=data)
    return transaction.jobs.add(course_job(transaction, case)), [deed_of(transaction, entry) for entry in entries]


def by_policy(decision: Decision) -> bool:
    """Whether no person signed it."""
    return decision.by.startswith("policy:")


def _deed(transaction: Transaction, decision: Decision) -> Deed:
    body: dict[str, object] = {
        "decision": decision.id,
        "case_revision": decision.case_revision,
        "remedy": decision.remedy.value,
        "table": f"{decision.recommendation.table}@{decision.recommendation.table_version}",
        "table_digest": decision.recommendation.table_digest,
        "sha256": salted_sha256(transaction, decision.case_id, canonical(decision, without=PLACED)),
    }
    if decision.supersedes is not None:
        body["supersedes"] = decision.supersedes
    return Deed(tenant=decision.tenant, act=Act.DECIDE, subject=decision.case_id, actor=decision.by, body=body)
