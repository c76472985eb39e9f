"""Golden cases of `consistency.waybill` and `consistency.order_reference`."""

from typing import Any

import pytest

from sixfaces.criteria.consistency_order import order_reference
from sixfaces.criteria.consistency_waybill import waybill
from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Stage, StageFact
from sixfaces.domain.reading_facts import CheckDigit, CodeFact, TextFact
from sixfaces.domain.rules import Finding
from tests.golden.building import WAYBILL, evidence, exhibit, fact, span
from tests.golden.reading_findings import judged

OTHER = "SF9876543210987"


def code(text: str = WAYBILL, *, reads: int = 5, at: float = 12.3, **more: Any) -> Measured:  # noqa: ANN401 any field
    return fact(CodeFact(format=more.pop("format", "Code128"), text=text, reads=reads, **more), at, at + 1.7)


def printed(text: str, *, score: float = 0.95, masked: bool = False) -> Measured:
    return fact(TextFact(text=text, reads=3, score=score, masked=masked), 12.0, 13.0)


def found(*facts: Measured | UnmeasuredFact, **case: Any) -> Finding:  # noqa: ANN401 any section
    return judged(waybill, evidence(exhibit(*facts), **case))


def test_the_waybill_read_often_enough_is_met_and_says_when_and_how_often() -> None:
    finding = found(code())
    assert finding.answer is Answer.MET
    assert finding.value == WAYBILL
    assert finding.spans == ((12.3, 14.0),)
    assert finding.cites == ("o1",)
    assert finding.text.en == (
        "The label carries the case's waybill SF1234567890123: 5 reads at 0:12.3–0:14.0 (at least 2)."
    )
    assert finding.text.zh == "面单运单号与售后单一致：SF1234567890123，于 0:12.3–0:14.0 共读到 5 次（至少 2 次）。"


@pytest.mark.parametrize(("reads", "answer"), [(1, Answer.CANNOT_TELL), (2, Answer.MET), (3, Answer.MET)])
def test_the_least_number_of_reads_decides(reads: int, answer: Answer) -> None:
    finding = found(code(reads=reads))
    assert finding.answer is answer
    if answer is Answer.CANNOT_TELL:
        assert (finding.value, finding.threshold, finding.margin) == (1, 2, -1)


def test_two_codes_of_one_label_vote_together() -> None:
    assert found(code(reads=1), code(f"https://t.cn/?n={WAYBILL}", reads=1, format="QRCode")).answer is Answer.MET


def test_a_waybill_masked_in_the_case_is_met_by_a_code_that_fits_it() -> None:
    assert found(code(), return_parcel={"waybill": "SF12****0123"}).answer is Answer.MET
    assert found(code(), return_parcel={"waybill": "SF****0123"}).answer is Answer.CANNOT_TELL


def test_another_waybill_of_the_same_carrier_is_not_met() -> None:
    finding = found(code(OTHER, carrier="SF"))
    assert finding.answer is Answer.NOT_MET
    assert finding.value == OTHER
    assert "SF1234567890123" in finding.text.zh
    assert "not the case's SF1234567890123" in finding.text.en


def test_another_number_of_the_same_shape_is_a_waybill_even_without_a_known_carrier() -> None:
    assert found(code("43032014763458"), return_parcel={"waybill": "43557366200854"}).answer is Answer.NOT_MET


@pytest.mark.parametrize(
    "other",
    [
        code("6901234567892", format="EAN13", check_digit=CheckDigit.OK),
        code("https://shop.example/item/99", format="QRCode"),
        code("X001ABCDEF", format="Code128"),
        code(OTHER, carrier="SF", check_digit=CheckDigit.FAILED),
        code("T1"),
    ],
)
def test_a_code_that_is_no_waybill_contradicts_nothing(other: Measured) -> None:
    finding = found(other)
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.missing == "observation.code"


def test_a_carton_number_of_the_same_shape_is_no_waybill() -> None:
    carton = code("16901234567892", format="ITF", check_digit=CheckDigit.OK)
    assert found(carton, return_parcel={"waybill": "43557366200854"}).answer is Answer.CANNOT_TELL


def test_a_rival_seen_in_two_stretches_keeps_all_its_votes() -> None:
    rivals = (code(reads=8, rivals=(OTHER,)), code(OTHER, reads=2, at=20), code(OTHER, reads=1, at=30))
    assert found(*rivals).answer is Answer.CANNOT_TELL


def test_another_waybill_read_once_is_not_enough_to_reject() -> None:
    assert found(code(OTHER, carrier="SF", reads=1)).answer is Answer.CANNOT_TELL


def test_several_other_waybills_may_be_the_neighbours() -> None:
    finding = found(code(OTHER, carrier="SF"), code("SF5555555555555", carrier="SF", at=20))
    assert finding.answer is Answer.CANNOT_TELL
    assert "neighbouring" in finding.text.en


def test_a_waybill_first_seen_in_the_open_parcel_is_not_the_parcels() -> None:
    opened = fact(StageFact(stage=Stage.OPEN), 10.0, 30.0)
    assert found(opened, code(OTHER, carrier="SF")).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(("reads", "answer"), [(14, Answer.CANNOT_TELL), (15, Answer.MET)])
def test_the_waybill_must_lead_over_another_label_in_the_picture(reads: int, answer: Answer) -> None:
    finding = found(code(reads=reads), code(OTHER, carrier="SF", reads=5, at=30))
    assert finding.answer is answer
    if answer is Answer.CANNOT_TELL:
        assert OTHER in finding.text.zh
        assert (finding.value, finding.threshold) == (2.8, 3)


@pytest.mark.parametrize(("reads", "answer"), [(2, Answer.CANNOT_TELL), (3, Answer.MET)])
def test_a_rival_at_the_same_place_weighs_at_least_one_vote(reads: int, answer: Answer) -> None:
    assert found(code(reads=reads, rivals=(OTHER,))).answer is answer


def test_a_waybill_that_lost_the_vote_at_its_place_is_for_a_person() -> None:
    assert found(code(OTHER, carrier="SF", rivals=(WAYBILL,))).answer is Answer.CANNOT_TELL


def test_a_waybill_inside_a_longer_number_is_for_a_person() -> None:
    finding = found(code(f"99{WAYBILL}00", carrier="SF"))
    assert finding.answer is Answer.CANNOT_TELL
    assert "only in part" in finding.text.en


def test_an_unsure_code_decides_nothing() -> None:
    weak = Measured(fact=CodeFact(format="Code128", text=WAYBILL, reads=9), span=span(1, 2), confidence=0.79)
    assert found(weak).answer is Answer.CANNOT_TELL
    strong = Measured(fact=CodeFact(format="Code128", text=WAYBILL, reads=9), span=span(1, 2), confidence=0.8)
    assert found(strong).answer is Answer.MET


@pytest.mark.parametrize("text", [f"运单号 {WAYBILL}", "SF12****0123"])
def test_print_read_by_ocr_is_named_for_a_person_and_decides_nothing(text: str) -> None:
    finding = found(printed(text, masked="*" in text), code(OTHER, carrier="SF"))
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.value == text
    assert "OCR is advisory" in finding.text.en


def test_print_below_the_score_is_not_believed() -> None:
    assert found(printed(WAYBILL, score=0.79)).missing == "observation.code"


def test_nothing_read_asks_for_a_closer_view() -> None:
    finding = found()
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.fix is not None
    assert "2 pixels" in finding.fix.en
    assert "2 个像素" in finding.fix.zh


def test_an_observer_that_could_not_read_says_why() -> None:
    finding = found(UnmeasuredFact(of=("code",), code="codes.too_small", detail="no frame large enough"))
    assert finding.missing == "observation.code"
    assert "no frame large enough" in finding.text.en


def test_a_case_without_a_waybill_says_what_is_missing() -> None:
    finding = found(code(), return_parcel={})
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, "case.return_parcel.waybill")


def test_a_code_of_thousands_of_characters_does_not_flood_the_finding() -> None:
    finding = found(code("9" * 3900, carrier="SF"), code("A" * 4000))
    assert len(finding.text.en) < 1000


ORDER = {"order_id": "T-2026-0001", "items": [{"sku": "S1"}]}


def referred(*facts: Measured, **case: Any) -> Finding:  # noqa: ANN401 any section
    return judged(order_reference, evidence(exhibit(*facts), **{"order": ORDER, **case}))


def test_a_code_with_the_order_number_is_met() -> None:
    finding = referred(code("订单号:T20260001|x", format="QRCode"))
    assert (finding.answer, finding.value) == (Answer.MET, "T-2026-0001")


def test_a_code_with_the_claim_number_is_met() -> None:
    assert referred(code("RMA-778899"), claim={"claim_id": "RMA778899"}, order={}).answer is Answer.MET


def test_the_waybill_of_the_case_leads_to_the_order() -> None:
    finding = referred(code())
    assert (finding.answer, finding.value) == (Answer.MET, WAYBILL)
    assert "可凭运单号关联" in finding.text.zh


def test_a_code_that_names_another_order_is_not_met() -> None:
    finding = referred(code('{"order_id": "T-2026-0002"}', format="QRCode"))
    assert (finding.answer, finding.value) == (Answer.NOT_MET, "T-2026-0002")


def test_another_order_on_the_right_parcel_is_for_a_person() -> None:
    both = referred(code(), code("order_no=T-2026-0002", format="QRCode", at=20))
    assert both.answer is Answer.CANNOT_TELL


def test_a_number_of_another_form_is_not_another_order() -> None:
    assert referred(code("order_no=778899", format="QRCode")).answer is Answer.CANNOT_TELL


def test_the_order_number_by_ocr_alone_is_for_a_person() -> None:
    finding = referred(printed("订单 T-2026-0001"))
    assert (finding.answer, finding.value) == (Answer.CANNOT_TELL, "订单 T-2026-0001")


def test_a_case_without_order_and_claim_numbers_says_what_is_missing() -> None:
    finding = referred(code(), order={}, claim={})
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, "case.order.order_id")
