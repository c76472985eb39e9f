"""The outlook of a seller's appeal (D18): each ground on which appeals fail, and how it stands in this case.

`met`: the ground does not stand against the seller. `not_met`: the appeal fails on it. `cannot_tell`: nobody knows yet.
Grounds that have nothing to do with the claim are left out.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sixfaces.decision.appeal_words import WORDS
from sixfaces.decision.claim_state import is_stepped_in, promises_open
from sixfaces.decision.course import Course
from sixfaces.decision.sides import failing, findings_of, was_asked
from sixfaces.decision.situation import FAULT, Matter
from sixfaces.domain.answer import Answer, all_of
from sixfaces.domain.case import ClaimReason
from sixfaces.domain.chronicle import (
    CarrierAnswered,
    Leg,
    Party,
    Promised,
    PromiseEnded,
    Refused,
    SellerAssessed,
    Side,
    Signed,
)
from sixfaces.domain.decision import Found, Ground, Situation, Whereabouts
from sixfaces.domain.model import Say
from sixfaces.domain.rules import RuleCode

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
            text = _words(words[told.answer], told.more)
            yield Ground(code=code, answer=told.answer, text=text, cites=CITES.get(code, ("D18",)))


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
    entry = course.signed(Leg.OUTBOUND)
    answers = [one for one in course.all(CarrierAnswered) if one.leg is Leg.OUTBOUND]
    at_door = entry is not None and isinstance(entry.what, Signed) and entry.what.proof is not None
    return at_door or (bool(answers) and answers[-1].proof is not None)


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
    """Only where evidence is due of the seller: the goods are there to be filmed, or somebody asked for it."""
    if situation.where is not Whereabouts.WITH_SELLER and not was_asked(Party.SELLER, matter.course):
        return Told(None)
    if situation.seller in {Side.NONE, Side.NEEDS_REVIEW}:
        return Told(None if situation.seller is Side.NEEDS_REVIEW else Answer.NOT_MET)
    return Told(Answer.NOT_MET if situation.seller is Side.LATE else Answer.MET)


def _promise(matter: Matter, situation: Situation) -> Told:
    if situation.promise_broken:
        return Told(Answer.NOT_MET)
    if not matter.course.all(PromiseEnded) and not matter.course.all(Promised):
        return Told(None)
    return Told(Answer.CANNOT_TELL if promises_open(matter.course) else Answer.MET)


def _really_faulty(matter: Matter, situation: Situation) -> Told:
    if situation.reason not in FAULT:
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
    """A return for a fault must not be refused because it cannot be sold again. For other motives it may be; of
    one that nobody has told, nothing is known."""
    refused = [one for one in matter.course.all(Refused) if one.leg is Leg.RETURN]
    if situation.reason not in FAULT or not refused:
        return Told(None)
    if situation.found is Found.NO_QUALITY_PROBLEM:
        return Told(Answer.MET)
    motives = {one.why for one in refused}
    if "not_resalable" in motives:
        return Told(Answer.NOT_MET)
    return Told(Answer.CANNOT_TELL if None in motives else None)


def _intact(matter: Matter, situation: Situation) -> Told:
    if situation.reason in FAULT or situation.where is not Whereabouts.WITH_SELLER or situation.found is Found.NONE:
        return Told(None)
    return Told(Answer.NOT_MET if situation.fit and situation.found is Found.NO_QUALITY_PROBLEM else Answer.MET)


def _service(matter: Matter, situation: Situation) -> Told:
    return Told(Answer.NOT_MET if matter.breached & _SLOW else None)


def _assessed(ground: str) -> Look:
    """What only people can say: their last word counts, and without one the ground is left out."""

    def look(matter: Matter, situation: Situation) -> Told:
        said = [one.holds for one in matter.course.all(SellerAssessed) if one.ground == ground]
        return Told((Answer.MET if said[-1] else Answer.NOT_MET) if said else None)

    return look


def _platform(matter: Matter, situation: Situation) -> Told:
    """Where the platform stepped in, valid evidence of the buyer's finds the seller liable, unless an inspection says
    otherwise."""
    if not is_stepped_in(matter.course) or situation.reason not in FAULT:
        return Told(None)
    if situation.found in _AGAINST_BUYER:
        return Told(Answer.MET if situation.seller is Side.ACCEPTED else Answer.CANNOT_TELL)
    known = {Side.ACCEPTED: Answer.NOT_MET, Side.NEEDS_REVIEW: Answer.CANNOT_TELL}
    return Told(known.get(situation.buyer, Answer.MET))


LOOKS: dict[str, Look] = {
    "sign_for_proof": _sign_for,
    "inspected_on_the_spot": _on_the_spot,
    "shows_problem": _shows_problem,
    "same_batch": _batch,
    "in_time": _in_time,
    "promise_kept": _promise,
    "goods_in_order": _really_faulty,
    "not_counterfeit": _counterfeit,
    "not_refused_for_resale": _resale,
    "not_intact": _intact,
    "served_promptly": _service,
    "return_address": _assessed("return_address"),
    "other_way_offered": _assessed("other_way"),
    "decent_manner": _assessed("manner"),
    "platform_supports_buyer": _platform,
}
"""What looks at each ground. What only people know is entered by them."""
GROUNDS = {code: (look, WORDS[code]) for code, look in LOOKS.items()}
"""Every ground: what looks, and its words for each answer."""
CITES = {"platform_supports_buyer": ("D19",)}
"""What a ground rests on, where that is not D18."""
