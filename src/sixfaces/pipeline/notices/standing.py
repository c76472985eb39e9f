"""How a claim stands in the eyes of one side (D13, D24), computed on reading from everything that is known of it.

What is left out is the other side's: its data, its deadlines, what people noted, why somebody was late, suspicions.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sixfaces.domain.answer import Answer
from sixfaces.domain.chronicle import ClaimCompleted, ClaimOpened, ClaimWithdrawn, Happening, Party, Settled
from sixfaces.domain.decision import Decision, Reason
from sixfaces.domain.model import Say
from sixfaces.domain.notice import ToldParty
from sixfaces.domain.personal import masked_text
from sixfaces.domain.records import Transaction
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.service_times import ClockState
from sixfaces.domain.standing import ClaimStage, Explained, Outlook, Passed, Refund, Standing
from sixfaces.pipeline.claims.matters import Looked
from sixfaces.pipeline.notices.inspected import found_in
from sixfaces.pipeline.notices.refunding import PAYMENT, refund_of
from sixfaces.pipeline.notices.wanted import OF_PEOPLE, wanted
from sixfaces.report import standing_words as words

_RUNS = frozenset({ClockState.RUNNING, ClockState.WARNED})
_OVER = frozenset({ClaimStage.SETTLED, ClaimStage.WITHDRAWN})
_CODES = frozenset(code.value for code in RuleCode)
MOST_ITEMS = 20


def standing_of(transaction: Transaction, looked: Looked, party: ToldParty) -> Standing:
    """All that the side may know, in words."""
    file, stage, refund = looked.case.file, stage_of(looked), refund_of(looked)
    return Standing(
        party=party,
        case_id=file.case_id,
        order_id=file.order.order_id,
        items=tuple(masked_text(one.title) for one in file.order.items[:MOST_ITEMS] if one.title),
        kind=words.KIND[file.claim.kind] if file.claim.kind else None,
        reason=words.REASON[file.claim.reason] if file.claim.reason else None,
        stage=stage,
        headline=_headline(looked, stage, refund),
        asked=() if stage in _OVER else tuple(wanted(looked, party, is_decided=_decided(looked) is not None)),
        answer_by=None if stage in _OVER or _decided(looked) else _answer_by(looked, party),
        decision=_explained(looked.current, party) if looked.current else None,
        found=found_in(transaction, looked),
        refund=refund,
        timeline=tuple(_timeline(looked, party)),
        zone=looked.table.zone,
        now=looked.now,
    )


def stage_of(looked: Looked) -> ClaimStage:
    """How far the claim has come: the latest of what has happened."""
    refund, decided = refund_of(looked), _decided(looked)
    over = _ended(looked)
    if over is not None:
        return over
    if refund is not None and refund.paid_at is None:
        return ClaimStage.REFUND_DUE
    if refund is not None and (decided is None or decided.refund is not None) and not _is_reopened(looked):
        return ClaimStage.REFUND_PAID
    if decided is not None:
        return ClaimStage.DECIDED
    is_incomplete = looked.lacks and not looked.matter.course.all(ClaimCompleted)
    return ClaimStage.INCOMPLETE if is_incomplete else ClaimStage.UNDER_REVIEW


def _ended(looked: Looked) -> ClaimStage | None:
    """Whether it is over: nothing that goes on with it came after its end."""
    opened, decided = _last_at(looked, ClaimOpened), looked.current.at if looked.current else None
    withdrawn, settled = _last_at(looked, ClaimWithdrawn), _last_at(looked, Settled)
    if withdrawn is not None and (opened is None or opened <= withdrawn):
        return ClaimStage.WITHDRAWN
    later = [at for at in (opened, decided) if at is not None and settled is not None and at > settled]
    return ClaimStage.SETTLED if settled is not None and not later else None


def _decided(looked: Looked) -> Decision | None:
    """The decision that stands; None where the claim was opened again after it."""
    return None if _is_reopened(looked) else looked.current


def _is_reopened(looked: Looked) -> bool:
    opened = _last_at(looked, ClaimOpened)
    last = [at for at in (looked.current.at if looked.current else None, _last_at(looked, Settled)) if at is not None]
    return opened is not None and bool(last) and opened > max(last)


def _headline(looked: Looked, stage: ClaimStage, refund: Refund | None) -> Say:
    if stage is ClaimStage.DECIDED and looked.current is not None:
        remedy = words.REMEDY[looked.current.remedy]
        return Say(zh=f"已裁定：{remedy.zh}", en=f"Decided: {remedy.en[0].lower()}{remedy.en[1:]}")
    if refund is None or stage not in {ClaimStage.REFUND_DUE, ClaimStage.REFUND_PAID}:
        return words.STAGE[stage]
    whole, paid = words.amount(refund.money), words.amount(refund.paid) if refund.paid else None
    if paid is None:
        return Say(zh=f"退款 {whole.zh}已确认，等待支付", en=f"A refund of {whole.en} is confirmed and on its way")
    if stage is ClaimStage.REFUND_PAID:
        return Say(zh=f"已退款 {paid.zh}", en=f"{paid.en} has been paid back")
    return Say(zh=f"应退款 {whole.zh}，已支付 {paid.zh}", en=f"{paid.en} of {whole.en} has been paid back")


def _answer_by(looked: Looked, party: ToldParty) -> datetime | None:
    """The other side's clocks are told as the one instant by which there is an answer, and to the buyer only."""
    holders = {Party.SELLER, Party.PLATFORM} if party is Party.BUYER else {Party.PLATFORM}
    due = (
        one.due_at for one in looked.clocks
        if one.state in _RUNS and one.holder in holders and one.code not in {*OF_PEOPLE, PAYMENT}
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
    would contradict the decision, and only the findings are told beside the reason that they gave. What compares with
    the cases of others is told without whose."""
    noted = decision.note
    said = [one for one in decision.reasons if not (noted and one.text == Say(zh=noted, en=noted))]
    if decision.overrules is not None:
        yield words.OVERRULED[decision.overrules]
        said = [one for one in said if _is_finding(one)]
    yield from dict.fromkeys(_masked(_public(one) or one.text) for one in said)


def _public(reason: Reason) -> Say | None:
    return next((words.PUBLIC[cite] for cite in reason.cites if cite in words.PUBLIC), None)


def _is_finding(reason: Reason) -> bool:
    return any(cite in _CODES for cite in reason.cites)


def _outlook(decision: Decision) -> Iterator[Outlook]:
    stands = {Answer.MET: True, Answer.NOT_MET: False}
    found = decision.recommendation.reasons
    for ground in decision.recommendation.appeal:
        yield Outlook(stands=stands.get(ground.answer), text=_masked(_publicly(ground.text, found)))


def _publicly(text: Say, found: Iterable[Reason]) -> Say:
    """A text into which findings were joined, with the public words of those that have them."""
    for reason in found:
        public = _public(reason)
        if public is not None:
            zh = text.zh.replace(reason.text.zh.rstrip("。"), public.zh.rstrip("。"))
            text = Say(zh=zh, en=text.en.replace(reason.text.en, public.en))
    return text


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
