"""How a claim stands in the eyes of one side (D13, D24), computed on reading from everything that is known of it.

What is left out is the other side's: its data, its deadlines, what people noted, why somebody was late, suspicions.
"""

from collections.abc import Iterator
from datetime import datetime

from sixfaces.decision.course import where_goods_are
from sixfaces.domain.answer import Answer
from sixfaces.domain.chronicle import (
    ClaimCompleted,
    ClaimOpened,
    ClaimWithdrawn,
    EvidenceAsked,
    EvidenceCame,
    Happening,
    Party,
    RefundConfirmed,
    RefundPaid,
    Settled,
)
from sixfaces.domain.decision import Decision, Reason, Remedy, Whereabouts
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.domain.notice import ToldParty
from sixfaces.domain.personal import masked_text
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.service_times import ClockReading, ClockState
from sixfaces.domain.standing import ClaimStage, Due, Explained, Outlook, Passed, Refund, Standing
from sixfaces.pipeline.claims.matters import Looked
from sixfaces.report import standing_words as words

_RUNS = frozenset({ClockState.RUNNING, ClockState.WARNED})
_OVER = frozenset({ClaimStage.SETTLED, ClaimStage.WITHDRAWN})
_MUST_COME_BACK = frozenset({Remedy.RETURN_REFUND, Remedy.EXCHANGE, Remedy.REPAIR})
_OF_PEOPLE = frozenset({"evidence", "referral", "promise"})
"""Clocks of deadlines that people set: of evidence there are other words."""
_CODES = frozenset(code.value for code in RuleCode)
_PAYMENT = "refund_paid"
MOST_ITEMS = 20


def standing_of(looked: Looked, party: ToldParty) -> Standing:
    """All that the side may know, in words."""
    file, stage = looked.case.file, stage_of(looked)
    return Standing(
        party=party,
        case_id=file.case_id,
        order_id=file.order.order_id,
        items=tuple(masked_text(one.title) for one in file.order.items[:MOST_ITEMS] if one.title),
        kind=words.KIND[file.claim.kind] if file.claim.kind else None,
        reason=words.REASON[file.claim.reason] if file.claim.reason else None,
        stage=stage,
        headline=_headline(looked, stage),
        asked=() if stage in _OVER else tuple(_asked(looked, party)),
        answer_by=None if stage in _OVER or looked.current else _answer_by(looked, party),
        decision=_explained(looked.current, party) if looked.current else None,
        found=tuple(dict.fromkeys(words.FOUND[one.outcome] for one in looked.matter.inspections)),
        refund=refund_of(looked),
        timeline=tuple(_timeline(looked, party)),
        zone=looked.table.zone,
        now=looked.now,
    )


def stage_of(looked: Looked) -> ClaimStage:
    """How far the claim has come: the latest of what has happened."""
    course = looked.matter.course
    refund = refund_of(looked)
    withdrawn, opened = _last_at(looked, ClaimWithdrawn), _last_at(looked, ClaimOpened)
    if withdrawn is not None and (opened is None or opened <= withdrawn):
        return ClaimStage.WITHDRAWN
    if course.all(Settled):
        return ClaimStage.SETTLED
    if refund is not None:
        return ClaimStage.REFUND_PAID if refund.paid_at else ClaimStage.REFUND_DUE
    if looked.current is not None:
        return ClaimStage.DECIDED
    is_incomplete = looked.lacks and not course.all(ClaimCompleted)
    return ClaimStage.INCOMPLETE if is_incomplete else ClaimStage.UNDER_REVIEW


def refund_of(looked: Looked) -> Refund | None:
    """Where the money is, by the decision that stands."""
    since = looked.current.at if looked.current else None
    entries = [one for one in looked.matter.course.entries if since is None or one.at >= since]
    paid = [(one.at, one.what) for one in looked.matter.course.entries if isinstance(one.what, RefundPaid)]
    confirmed = [(one.at, one.what) for one in entries if isinstance(one.what, RefundConfirmed)]
    if not paid and not confirmed:
        return None
    at, what = (paid or confirmed)[-1]
    due = [one.due_at for one in looked.clocks if one.code == _PAYMENT and one.ended_at is None]
    return Refund(
        money=what.money,
        confirmed_at=confirmed[-1][0] if confirmed else None,
        paid_at=at if paid else None,
        by=None if paid or not due else due[-1],
    )


def _headline(looked: Looked, stage: ClaimStage) -> Say:
    plain = words.STAGE[stage]
    if stage is ClaimStage.DECIDED and looked.current is not None:
        remedy = words.REMEDY[looked.current.remedy]
        return Say(zh=f"已裁定：{remedy.zh}", en=f"Decided: {remedy.en[0].lower()}{remedy.en[1:]}")
    refund = refund_of(looked)
    if stage in {ClaimStage.REFUND_DUE, ClaimStage.REFUND_PAID} and refund is not None:
        sum_ = words.amount(refund.money)
        if refund.paid_at:
            return Say(zh=f"已退款 {sum_.zh}", en=f"{sum_.en} has been paid back")
        return Say(zh=f"退款 {sum_.zh}已确认，等待到账", en=f"A refund of {sum_.en} is confirmed and on its way")
    return plain


def _asked(looked: Looked, party: ToldParty) -> Iterator[Due]:
    """What this side is to bring or do: what the claim lacks, evidence that was asked for, and its own clocks."""
    window = looked.case.file.evidence_window.closes_at
    if looked.current is None:
        for lack in (one for one in looked.lacks if one.of is party):
            by = window if lack.field.startswith("exhibits.") else None
            yield Due(text=lack.text, by=by, late=by is not None and by < looked.now)
        yield from _evidence(looked, party)
    yield from _goods(looked, party)
    for clock in _own_clocks(looked, party):
        yield Due(
            text=words.DUTY.get(clock.code, clock.title), by=clock.due_at, late=clock.state is ClockState.BREACHED
        )


def _evidence(looked: Looked, party: ToldParty) -> Iterator[Due]:
    entries = looked.matter.course.entries
    for entry in entries:
        what = entry.what
        if not isinstance(what, EvidenceAsked) or what.of is not party:
            continue
        came = any(isinstance(o.what, EvidenceCame) and o.what.of is party and o.at >= entry.at for o in entries)
        if not came:
            text = masked_text(what.what)
            yield Due(text=Say(zh=text, en=text), by=what.until, late=what.until < looked.now)


def _goods(looked: Looked, party: ToldParty) -> Iterator[Due]:
    current, matter = looked.current, looked.matter
    if party is not Party.BUYER or current is None or current.remedy not in _MUST_COME_BACK:
        return
    unboxed = any(one.role is Role.UNBOXING_VIDEO for one in matter.report.exhibits) if matter.report else False
    if where_goods_are(matter.file, matter.course, unboxed=unboxed) is Whereabouts.WITH_BUYER:
        yield Due(text=words.SEND_BACK)


def _own_clocks(looked: Looked, party: ToldParty) -> Iterator[ClockReading]:
    for clock in looked.clocks:
        is_open = clock.ended_at is None and clock.state in {*_RUNS, ClockState.BREACHED}
        if clock.holder is party and is_open and clock.code not in _OF_PEOPLE:
            yield clock


def _answer_by(looked: Looked, party: ToldParty) -> datetime | None:
    """The other side's clocks are told as the one instant by which there is an answer, and to the buyer only."""
    holders = {Party.SELLER, Party.PLATFORM} if party is Party.BUYER else {Party.PLATFORM}
    due = (
        one.due_at for one in looked.clocks
        if one.state in _RUNS and one.holder in holders and one.code not in {*_OF_PEOPLE, _PAYMENT}
    )  # fmt: skip
    return min((at for at in due if at is not None), default=None)


def _explained(decision: Decision, party: ToldParty) -> Explained:
    return Explained(
        at=decision.at,
        remedy=words.REMEDY[decision.remedy],
        refund=decision.refund,
        freight=words.FREIGHT.get(decision.freight),
        reasons=tuple(_reasons(decision)),
        appeal=tuple(_outlook(decision)) if party is Party.SELLER else (),
    )


def _reasons(decision: Decision) -> Iterator[Say]:
    """Why. What a person noted stays with those who decide; where they decided otherwise than the table, its own words
    would contradict the decision, and only the findings are told beside the reason that they gave."""
    noted = decision.note
    said = [one for one in decision.reasons if not (noted and one.text == Say(zh=noted, en=noted))]
    if decision.overrules is not None:
        yield words.OVERRULED[decision.overrules]
        said = [one for one in said if _is_finding(one)]
    yield from (_masked(one.text) for one in said)


def _is_finding(reason: Reason) -> bool:
    return any(cite in _CODES for cite in reason.cites)


def _outlook(decision: Decision) -> Iterator[Outlook]:
    stands = {Answer.MET: True, Answer.NOT_MET: False}
    for ground in decision.recommendation.appeal:
        yield Outlook(stands=stands.get(ground.answer), text=_masked(ground.text))


def _masked(text: Say) -> Say:
    return Say(zh=masked_text(text.zh), en=masked_text(text.en))


def _timeline(looked: Looked, party: ToldParty) -> Iterator[Passed]:
    """The newest last."""
    for entry in looked.matter.course.entries:
        text = words.happened(entry.what, party)
        if text is not None:
            yield Passed(at=entry.at, text=text)


def _last_at(looked: Looked, kind: type[Happening]) -> datetime | None:
    return max((one.at for one in looked.matter.course.entries if isinstance(one.what, kind)), default=None)
