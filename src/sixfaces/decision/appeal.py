"""The outlook of a seller's appeal (D18): each ground on which appeals fail, and how it stands in this case.

`met`: the ground does not stand against the seller. `not_met`: the appeal fails on it. `cannot_tell`: nobody knows yet.
Grounds that have nothing to do with the claim are left out.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sixfaces.decision.course import Course
from sixfaces.decision.sides import failing, findings_of
from sixfaces.decision.situation import Matter
from sixfaces.domain.answer import Answer, all_of
from sixfaces.domain.case import ClaimReason
from sixfaces.domain.chronicle import CarrierAnswered, Leg, PromiseEnded, Refused, Side, Signed
from sixfaces.domain.decision import Found, Ground, Situation, Whereabouts
from sixfaces.domain.model import Say
from sixfaces.domain.rules import RuleCode

_FAULT = frozenset(
    {
        ClaimReason.QUALITY_DEFECT, ClaimReason.DAMAGED, ClaimReason.WRONG_ITEM, ClaimReason.MISSING_ITEM,
        ClaimReason.NOT_AS_DESCRIBED, ClaimReason.COUNTERFEIT, ClaimReason.PERISHABLE,
    }
)  # fmt: skip
_AGAINST_BUYER = frozenset({Found.SWAPPED, Found.INCOMPLETE, Found.USED, Found.NO_QUALITY_PROBLEM})
_BY_SIDE = {Side.ACCEPTED: Answer.MET, Side.NEEDS_REVIEW: Answer.CANNOT_TELL}
_SLOW = frozenset({"first_reply", "first_review", "refund_paid", "not_received_answer"})
"""Clocks of the seller whose breach counts as passive service."""


class Told(NamedTuple):
    """How a ground stands; None leaves it out. `more` are words of the findings that it rests on."""

    answer: Answer | None
    more: tuple[Say, ...] = ()


Look = Callable[[Matter, Situation], Told]


def grounds(matter: Matter, situation: Situation) -> tuple[Ground, ...]:
    """All grounds that have to do with the claim, those that fail first."""
    order = {Answer.NOT_MET: 0, Answer.CANNOT_TELL: 1, Answer.MET: 2}
    return tuple(sorted(_grounds(matter, situation), key=lambda one: order[one.answer]))


def _grounds(matter: Matter, situation: Situation) -> Iterator[Ground]:
    for code, (look, words) in GROUNDS.items():
        told = look(matter, situation)
        if told.answer is not None:
            yield Ground(code=code, answer=told.answer, text=_words(words[told.answer], told.more), cites=("D18",))


def _words(text: Say, more: tuple[Say, ...]) -> Say:
    if not more:
        return text
    return Say(
        zh=f"{text.zh}{'；'.join(one.zh.rstrip('。') for one in more)}。"[:3900],
        en=f"{text.en} {' '.join(one.en for one in more)}"[:3900],
    )


def _sign_for(matter: Matter, situation: Situation) -> Told:
    if situation.reason is not ClaimReason.NOT_RECEIVED:
        return Told(None)
    if situation.where is Whereabouts.WITH_BUYER:
        return Told(Answer.MET if _has_proof(matter.course) else Answer.CANNOT_TELL)
    is_open = situation.where in {Whereabouts.SIGNED_BY_UNKNOWN, Whereabouts.ON_THE_WAY}
    return Told(Answer.CANNOT_TELL if is_open else Answer.NOT_MET)


def _has_proof(course: Course) -> bool:
    entry, answer = course.signed(Leg.OUTBOUND), course.last(CarrierAnswered)
    at_door = entry is not None and isinstance(entry.what, Signed) and entry.what.proof is not None
    return at_door or (answer is not None and answer.proof is not None)


def _on_the_spot(matter: Matter, situation: Situation) -> Told:
    """Inspected before the camera at the opening: the machine's verdict on the unboxing says so, rule by rule."""
    if situation.where is not Whereabouts.WITH_SELLER:
        return Told(None)
    if situation.seller in {Side.NONE, Side.LATE}:
        return Told(Answer.NOT_MET)
    against = tuple(one.text for one in failing(matter.report)) if matter.report else ()
    answer = _BY_SIDE.get(situation.seller, Answer.NOT_MET)
    return Told(answer, against[:5] if answer is Answer.NOT_MET else ())


def _shows_problem(matter: Matter, situation: Situation) -> Told:
    if situation.found not in _AGAINST_BUYER:
        return Told(None)
    if situation.seller is Side.ACCEPTED:
        return Told(Answer.MET if _witnessed(matter) else Answer.CANNOT_TELL)
    return Told(Answer.CANNOT_TELL if situation.seller is Side.NEEDS_REVIEW else Answer.NOT_MET)


def _witnessed(matter: Matter) -> bool:
    return all(one.shown for one in matter.inspections)


def _batch(matter: Matter, situation: Situation) -> Told:
    found = findings_of(matter.report, RuleCode.BATCH) if matter.report else []
    return Told(all_of(one.answer for one in found) if found else None)


def _in_time(matter: Matter, situation: Situation) -> Told:
    if situation.seller in {Side.NONE, Side.NEEDS_REVIEW}:
        return Told(None if situation.seller is Side.NEEDS_REVIEW else Answer.NOT_MET)
    return Told(Answer.NOT_MET if situation.seller is Side.LATE else Answer.MET)


def _promise(matter: Matter, situation: Situation) -> Told:
    if not matter.course.all(PromiseEnded):
        return Told(None)
    return Told(Answer.NOT_MET if situation.promise_broken else Answer.MET)


def _really_faulty(matter: Matter, situation: Situation) -> Told:
    if situation.reason not in _FAULT:
        return Told(None)
    known = {Found.DEFECT_CONFIRMED: Answer.NOT_MET, Found.NO_QUALITY_PROBLEM: Answer.MET}
    if situation.found is Found.INCOMPLETE and situation.reason is ClaimReason.MISSING_ITEM:
        return Told(Answer.NOT_MET)
    return Told(known.get(situation.found, Answer.CANNOT_TELL))


def _counterfeit(matter: Matter, situation: Situation) -> Told:
    if situation.reason is not ClaimReason.COUNTERFEIT:
        return Told(None)
    return _really_faulty(matter, situation)


def _resale(matter: Matter, situation: Situation) -> Told:
    """A return for a fault must not be refused because it cannot be sold again."""
    refused = any(one.leg is Leg.RETURN for one in matter.course.all(Refused))
    if situation.reason not in _FAULT or not refused:
        return Told(None)
    return Told(Answer.MET if situation.found is Found.NO_QUALITY_PROBLEM else Answer.NOT_MET)


def _intact(matter: Matter, situation: Situation) -> Told:
    if situation.reason in _FAULT or situation.where is not Whereabouts.WITH_SELLER or situation.found is Found.NONE:
        return Told(None)
    return Told(Answer.NOT_MET if situation.fit and situation.found is Found.NO_QUALITY_PROBLEM else Answer.MET)


def _service(matter: Matter, situation: Situation) -> Told:
    return Told(Answer.NOT_MET if matter.breached & _SLOW else None)


def _three(met: Say, not_met: Say, cannot_tell: Say) -> dict[Answer, Say]:
    return {Answer.MET: met, Answer.NOT_MET: not_met, Answer.CANNOT_TELL: cannot_tell}


GROUNDS: dict[str, tuple[Look, dict[Answer, Say]]] = {
    "sign_for_proof": (
        _sign_for,
        _three(
            Say(zh="有收件人签收的凭证。", en="There is proof that the addressee signed for it."),
            Say(zh="没有收件人签收的有效凭证。", en="There is no valid proof that the addressee signed for it."),
            Say(zh="签收情况尚待承运商核实。", en="The carrier has yet to say who signed for it."),
        ),
    ),
    "inspected_on_the_spot": (
        _on_the_spot,
        _three(
            Say(
                zh="拆包视频有效，证明当场验货。",
                en="A valid unboxing video proves that the goods were inspected at the opening.",
            ),
            Say(
                zh="没有当场验货的有效证明。",
                en="There is no valid proof that the goods were inspected at the opening.",
            ),
            Say(zh="拆包视频需人工复核。", en="A person must look at the unboxing video."),
        ),
    ),
    "shows_problem": (
        _shows_problem,
        _three(
            Say(zh="证据显示了所称的问题。", en="The evidence shows what the seller says."),
            Say(zh="证据不能显示所称的问题。", en="The evidence cannot show what the seller says."),
            Say(
                zh="证据能否显示所称的问题待确认。",
                en="Whether the evidence shows what the seller says is to be settled.",
            ),
        ),
    ),
    "same_batch": (
        _batch,
        _three(
            Say(zh="凭证与订单批次相符。", en="The proof is of the order's batch."),
            Say(zh="凭证与订单批次无关。", en="The proof has nothing to do with the order's batch."),
            Say(zh="批次未知。", en="The batch is not known."),
        ),
    ),
    "in_time": (
        _in_time,
        _three(
            Say(zh="凭证按时提交。", en="The proof came in time."),
            Say(zh="凭证未提交或逾期。", en="The proof did not come, or came late."),
            Say(zh="提交时间未知。", en="When the proof came is not known."),
        ),
    ),
    "promise_kept": (
        _promise,
        _three(
            Say(zh="已履行对买家的承诺。", en="What was promised to the buyer was kept."),
            Say(zh="未履行对买家的承诺。", en="A promise to the buyer was not kept."),
            Say(zh="承诺是否履行未知。", en="Whether the promise was kept is not known."),
        ),
    ),
    "goods_in_order": (
        _really_faulty,
        _three(
            Say(zh="质检未发现所称问题。", en="The inspection found no such problem."),
            Say(zh="质检确认商品确有问题。", en="The inspection confirms the problem."),
            Say(zh="商品是否有问题尚无质检结论。", en="No inspection has settled whether there is a problem."),
        ),
    ),
    "not_counterfeit": (
        _counterfeit,
        _three(
            Say(zh="质检未发现假冒。", en="The inspection found no counterfeit."),
            Say(zh="质检确认假冒。", en="The inspection confirms a counterfeit."),
            Say(zh="是否假冒尚未确认。", en="Whether it is a counterfeit is not settled."),
        ),
    ),
    "not_refused_for_resale": (
        _resale,
        _three(
            Say(zh="拒收退货有质检依据。", en="The inspection bears out that the return was refused."),
            Say(
                zh="以影响二次销售为由拒收质量问题退货，不成立。",
                en="A return for a fault was refused as unfit for resale: that does not hold.",
            ),
            Say(zh="拒收理由待确认。", en="Why the return was refused is to be settled."),
        ),
    ),
    "not_intact": (
        _intact,
        _three(
            Say(zh="退回商品并非完好。", en="The goods did not come back intact."),
            Say(zh="商品完好退回。", en="The goods came back intact."),
            Say(zh="退回商品的状况未知。", en="How the goods came back is not known."),
        ),
    ),
    "served_promptly": (
        _service,
        _three(
            Say(zh="服务及时。", en="The seller served in time."),
            Say(zh="未在时限内服务。", en="The seller did not serve in time."),
            Say(zh="服务时效未知。", en="Whether the seller served in time is not known."),
        ),
    ),
}
"""Every ground: what looks, and its words for each answer. Whether the return address was clear and whether another way
was offered is known to people only."""
