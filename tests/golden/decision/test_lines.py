"""Claims on several lines: one word for all only where it is true of all; answers of referrals answer what was sent."""

from datetime import datetime
from typing import Any

import pytest

from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Assessed, Occurrence, Party, ReferralAnswered, Side
from sixfaces.domain.decision import Found, Remedy
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.sop import QcOutcome
from tests.golden.decision.telling import DAY, NOON, case_file, filmed, happened, inspected, recommended

ITEM = {"category": "apparel", "quantity": 1, "price": "15.00", "currency": "CNY"}
BACK = {"signed_at": NOON + 3 * DAY}


def two_lines(reason: str = "quality_defect", **claim: Any) -> CaseFile:  # noqa: ANN401 any field
    said = {"kind": "return_refund", "reason": reason, "opened_at": NOON + 2 * DAY, **claim}
    order = {"order_id": "T1", "items": [ITEM, ITEM]}
    return case_file("return_refund", reason, order=order, claim=said, return_parcel=BACK)


def answered(at: datetime, line: int | None = None, *, defect: bool = True) -> Occurrence:
    return happened(ReferralAnswered(by=Party.SUPPLIER, defect=defect, text="Seen.", line=line), at)


def referred(line: int = 0) -> QcVerdict:
    return inspected(QcOutcome.REFERRED, line=line)


def test_lines_of_which_different_things_were_found_are_for_a_person() -> None:
    looks = (inspected(QcOutcome.SWAPPED, fit=False), inspected(QcOutcome.DEFECT_CONFIRMED, line=1))
    found = recommended(two_lines(), report=filmed(Verdict.ACCEPTED), inspections=looks)
    assert (found.remedy, found.automatic, found.liable) == (Remedy.ASK_PERSON, False, None)
    assert "lines differ" in found.reasons[0].text.en
    same = (inspected(QcOutcome.DEFECT_CONFIRMED), inspected(QcOutcome.DEFECT_CONFIRMED, line=1))
    assert recommended(two_lines(), inspections=same).row == "defect_confirmed.return_refund"


def test_one_line_says_nothing_of_another_that_nobody_looked_at() -> None:
    one = (inspected(QcOutcome.DEFECT_CONFIRMED),)
    found = recommended(two_lines(), inspections=one)
    assert found.remedy is Remedy.ASK_PERSON
    assert "line 2" in found.reasons[0].text.en
    assert "第 2 行" in found.reasons[0].text.zh
    named = recommended(two_lines(lines=[{"line": 0}]), inspections=one)
    assert named.row == "defect_confirmed.return_refund"


def test_what_was_found_of_a_line_that_is_not_claimed_decides_nothing() -> None:
    other = (inspected(QcOutcome.SWAPPED), inspected(QcOutcome.DEFECT_CONFIRMED, line=1))
    found = recommended(two_lines(lines=[{"line": 1}]), inspections=other)
    assert (found.situation.found, found.row) == (Found.DEFECT_CONFIRMED, "defect_confirmed.return_refund")


def test_lines_that_are_fit_and_unfit_differ_where_fitness_decides() -> None:
    looks = (inspected(QcOutcome.NO_QUALITY_PROBLEM), inspected(QcOutcome.NO_QUALITY_PROBLEM, fit=False, line=1))
    assert recommended(two_lines("no_reason"), inspections=looks).remedy is Remedy.ASK_PERSON


def test_an_answer_that_came_before_answers_no_new_referral() -> None:
    old = answered(NOON - 10 * DAY)
    assert recommended(two_lines(lines=[{"line": 0}]), old, inspections=(referred(),)).row == "sent_away"
    new = answered(NOON + DAY)
    found = recommended(two_lines(lines=[{"line": 0}]), old, new, inspections=(referred(),))
    assert found.situation.found is Found.DEFECT_CONFIRMED


@pytest.mark.parametrize("line", [None, 0])
def test_an_answer_on_one_line_is_none_on_the_other(line: int | None) -> None:
    looks = (referred(0), referred(1))
    found = recommended(two_lines(), answered(NOON + DAY, line), inspections=looks)
    assert found.row == "sent_away"
    both = recommended(two_lines(), answered(NOON + DAY, 0), answered(NOON + DAY, 1), inspections=looks)
    assert both.situation.found is Found.DEFECT_CONFIRMED


def test_rows_that_do_not_look_at_what_was_found_stand() -> None:
    looks = (inspected(QcOutcome.DEFECT_CONFIRMED),)
    claim = {"kind": "refund_unshipped", "reason": "no_reason", "opened_at": NOON}
    order = {"order_id": "T1", "items": [ITEM, ITEM]}
    file = case_file("refund_unshipped", "no_reason", order=order, claim=claim, outbound_parcel={})
    assert recommended(file, inspections=looks).row == "not_shipped"


def test_a_person_assesses_and_lines_still_differ() -> None:
    seen = happened(Assessed(of=Party.BUYER, side=Side.ACCEPTED, text="Torn."), NOON + DAY)
    looks = (inspected(QcOutcome.NO_QUALITY_PROBLEM), inspected(QcOutcome.DEFECT_CONFIRMED, line=1))
    assert recommended(two_lines(), seen, inspections=looks).remedy is Remedy.ASK_PERSON
