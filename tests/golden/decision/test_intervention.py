"""The platform steps in (D19), and what else appeals fail on (D18)."""

import pytest

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import (
    Assessed,
    Excused,
    Happening,
    Leg,
    Occurrence,
    Party,
    Promised,
    PromiseEnded,
    Refused,
    SellerAssessed,
    Settled,
    Side,
    Stepped,
)
from sixfaces.domain.decision import Remedy
from sixfaces.domain.sop import QcOutcome
from tests.golden.decision.telling import DAY, NOON, case_file, filmed, ground, happened, inspected, recommended

STEPPED = happened(Stepped(), NOON + 4 * DAY)
PROVED = happened(Assessed(of=Party.BUYER, side=Side.ACCEPTED, text="The seam is open."), NOON + 3 * DAY)


def back(reason: str = "quality_defect", price: str = "20.00") -> CaseFile:
    return case_file("return_refund", reason, price=price, return_parcel={"signed_at": NOON + 3 * DAY})


def test_nothing_closes_without_a_person_while_the_platform_looks_into_it() -> None:
    file = back("no_reason")
    assert recommended(file).automatic
    found = recommended(file, STEPPED)
    assert (found.remedy, found.automatic) == (Remedy.RETURN_REFUND, False)
    assert found.reasons[0].cites == ("D19",)
    assert "platform" in found.waits_for[0].en
    settled = recommended(file, STEPPED, happened(Settled(), NOON + 5 * DAY))
    assert settled.automatic


def test_valid_evidence_of_the_buyers_is_supported_where_nobody_inspected() -> None:
    waiting = recommended(back(), PROVED, report=filmed(Verdict.ACCEPTED))
    assert (waiting.row, waiting.remedy) == ("inspect_first", Remedy.ASK_PERSON)
    found = recommended(back(), PROVED, STEPPED, report=filmed(Verdict.ACCEPTED))
    assert (found.liable, found.remedy, found.automatic) == (Party.SELLER, Remedy.RETURN_REFUND, False)
    assert str(found.refund.amount if found.refund else None) == "20.00"
    assert ground(found, "platform_supports_buyer").answer is Answer.NOT_MET
    assert ground(found, "platform_supports_buyer").cites == ("D19",)


def test_what_an_inspection_found_counts_before_the_buyers_photo() -> None:
    looked = (inspected(QcOutcome.NO_QUALITY_PROBLEM),)
    found = recommended(back(), PROVED, STEPPED, report=filmed(Verdict.ACCEPTED), inspections=looked)
    assert found.row == "no_problem_as_no_reason"
    assert ground(found, "platform_supports_buyer").answer is Answer.MET


def test_evidence_nobody_looked_at_supports_nothing_yet() -> None:
    doubtful = happened(Assessed(of=Party.BUYER, side=Side.NEEDS_REVIEW, text="Blurred."), NOON + 3 * DAY)
    found = recommended(back(), doubtful, STEPPED)
    assert found.remedy is Remedy.ASK_PERSON
    assert ground(found, "platform_supports_buyer").answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    ("code", "word"),
    [("return_address", "return_address"), ("other_way_offered", "other_way"), ("decent_manner", "manner")],
)
def test_what_only_people_know_of_the_seller_is_a_ground_once_they_say_so(code: str, word: str) -> None:
    def said(*, holds: bool, day: int) -> Occurrence:
        what = SellerAssessed.model_validate({"ground": word, "holds": holds, "text": "Seen in the chat."})
        return happened(what, NOON + day * DAY)

    assert code not in {one.code for one in recommended(back()).appeal}
    against = said(holds=False, day=3)
    assert ground(recommended(back(), against), code).answer is Answer.NOT_MET
    found = recommended(back(), against, said(holds=True, day=4))
    assert ground(found, code).answer is Answer.MET


@pytest.mark.parametrize(
    ("why", "answer"), [("not_resalable", Answer.NOT_MET), (None, Answer.CANNOT_TELL), ("damaged", None)]
)
def test_a_return_that_was_refused_for_reasons_unknown_is_not_said_to_be_refused_for_resale(
    why: str | None, answer: Answer | None
) -> None:
    refused = happened(Refused.model_validate({"leg": Leg.RETURN, "why": why}), NOON + 3 * DAY)
    found = recommended(case_file("return_refund", "quality_defect"), refused)
    assert {one.code: one.answer for one in found.appeal}.get("not_refused_for_resale") is answer


def promised(*more: Happening) -> tuple[Answer | None, bool]:
    """How the ground stands four days after a promise that was to be kept within one."""
    promise = happened(Promised(promise="gift", text="A gift.", until=NOON + DAY), NOON)
    others = [happened(what, NOON + n * DAY / 4) for n, what in enumerate(more, start=1)]
    found = recommended(case_file("return_refund", "no_reason"), promise, *others, now=NOON + 4 * DAY)
    return {one.code: one.answer for one in found.appeal}.get("promise_kept"), found.situation.promise_broken


def test_a_promise_whose_time_passed_in_silence_was_broken() -> None:
    assert promised() == (Answer.NOT_MET, True)
    assert promised(PromiseEnded(promise="gift", kept=True)) == (Answer.MET, False)
    renewed = Promised(promise="gift", text="A gift, later.", until=NOON + 9 * DAY)
    assert promised(renewed) == (Answer.CANNOT_TELL, False)
    assert promised(Settled()) == (Answer.CANNOT_TELL, False)
    assert promised(Excused(why="illness", text="Ill.")) == (Answer.NOT_MET, True)
