"""Golden cases of `consistency.item`, `quantity`, `weight`, `claimed_defect` and `batch`."""

from typing import Any

import pytest

from sixfaces.criteria.consistency_goods import batch, claimed_defect, quantity, weight
from sixfaces.criteria.consistency_item import item
from sixfaces.domain.answer import Answer
from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Role
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import (
    DefectMatchFact,
    ItemFact,
    ItemMatch,
    QuantityFact,
    Stage,
    StageFact,
    WeightFact,
)
from sixfaces.domain.reading_facts import CheckDigit, CodeFact
from sixfaces.domain.rules import Finding
from sixfaces.pipeline.choose_policy import choose_policy
from tests.golden.building import OTHER_SHA, evidence, exhibit, fact, span
from tests.golden.reading_findings import judged

EAN, OTHER_EAN = "6901234567892", "6909876543210"
OPEN = fact(StageFact(stage=Stage.OPEN), 20.0, 60.0)


def order(**line: Any) -> dict[str, Any]:  # noqa: ANN401 any field
    return {"order": {"order_id": "T1", "items": [line]}}


def ean(text: str = EAN, *, at: float = 30.0, reads: int = 4, **more: Any) -> Measured:  # noqa: ANN401 any field
    fields = {"format": "EAN13", "check_digit": CheckDigit.OK, **more}
    return fact(CodeFact(text=text, reads=reads, **fields), at, at + 2)


def compared(same: Answer, by: ItemMatch, *, score: float = 0.9, sure: float = 1.0) -> Measured:
    return Measured(fact=ItemFact(reference="S1", by=by, same=same, score=score), span=span(31, 33), confidence=sure)


def found(*facts: Measured | Model, **line: Any) -> Finding:  # noqa: ANN401 any field
    return judged(item, evidence(exhibit(*facts), **order(**(line or {"barcodes": [EAN]}))))


def test_the_orders_barcode_in_the_open_parcel_is_met() -> None:
    finding = found(OPEN, ean())
    assert (finding.answer, finding.value) == (Answer.MET, EAN)
    assert "4 reads at 0:30.0–0:32.0, at least 2" in finding.text.en
    assert "至少 2 次" in finding.text.zh


def test_a_barcode_with_its_leading_zero_dropped_is_the_same_article() -> None:
    assert found(OPEN, ean("012345678905", format="UPCA"), barcodes=["0012345678905"]).answer is Answer.MET


def test_a_serial_inside_a_gs1_code_is_met() -> None:
    serial = ean("0106901234567892\x1d21R58M123ABC", format="DataMatrix", check_digit=CheckDigit.NONE)
    assert found(OPEN, serial, barcodes=[EAN]).answer is Answer.MET
    assert found(OPEN, ean("R58M123ABC", format="Code128"), serials=["r58m-123abc"]).answer is Answer.MET


@pytest.mark.parametrize("facts", [(ean(at=5), OPEN), (ean(),), (OPEN, ean(reads=1))])
def test_a_barcode_that_may_be_on_the_carton_proves_nothing_of_what_is_inside(facts: tuple[Measured, ...]) -> None:
    assert found(*facts).answer is Answer.CANNOT_TELL


def test_another_article_in_the_open_parcel_is_not_met() -> None:
    finding = found(OPEN, ean(OTHER_EAN))
    assert (finding.answer, finding.value) == (Answer.NOT_MET, OTHER_EAN)
    assert EAN in finding.text.zh


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ((ean(OTHER_EAN, at=5), OPEN), {}),
        ((OPEN, ean(OTHER_EAN, reads=1)), {}),
        ((OPEN, ean(OTHER_EAN, check_digit=CheckDigit.FAILED)), {}),
        ((OPEN, ean(OTHER_EAN, format="QRCode")), {}),
        ((OPEN, ean(OTHER_EAN)), {"serials": ["R58M123ABC"]}),
    ],
)
def test_a_foreign_code_that_may_mean_anything_rejects_nobody(
    facts: tuple[Measured, ...], line: dict[str, Any]
) -> None:
    assert found(*facts, **line).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    ("same", "by", "score", "answer"),
    [
        (Answer.MET, ItemMatch.SERIAL, 0.1, Answer.MET),
        (Answer.MET, ItemMatch.APPEARANCE, 0.7, Answer.MET),
        (Answer.MET, ItemMatch.APPEARANCE, 0.69, Answer.CANNOT_TELL),
        (Answer.NOT_MET, ItemMatch.APPEARANCE, 0.1, Answer.NOT_MET),
        (Answer.CANNOT_TELL, ItemMatch.BARCODE, 0.9, Answer.CANNOT_TELL),
        (Answer.CANNOT_TELL, ItemMatch.APPEARANCE, 1.0, Answer.CANNOT_TELL),
        (Answer.CANNOT_TELL, ItemMatch.EMBEDDING, 0.9, Answer.MET),
        (Answer.CANNOT_TELL, ItemMatch.EMBEDDING, 0.89, Answer.CANNOT_TELL),
    ],
)
def test_an_observers_comparison_decides(same: Answer, by: ItemMatch, score: float, answer: Answer) -> None:
    finding = found(compared(same, by, score=score), reference_images=["item.jpg"])
    assert finding.answer is answer
    assert f"{score:.2f}" in finding.text.zh


def test_a_comparison_of_pictures_is_told_by_the_more_telling_one() -> None:
    both = (
        compared(Answer.CANNOT_TELL, ItemMatch.APPEARANCE, score=0.4, sure=0.5),
        compared(Answer.CANNOT_TELL, ItemMatch.EMBEDDING, score=0.8),
    )
    finding = found(*both, reference_images=["item.jpg"])
    assert finding.answer is Answer.CANNOT_TELL
    assert "appearance, score 0.40" in finding.text.en


def test_the_policies_that_come_along_let_no_model_decide() -> None:
    policy, _ = choose_policy(CaseFile(case_id="C-1"), None)
    assert policy.thresholds.goods.item_embedding == 1.0


def test_an_unsure_comparison_is_for_a_person() -> None:
    assert found(compared(Answer.NOT_MET, ItemMatch.APPEARANCE, sure=0.79)).answer is Answer.CANNOT_TELL


def test_evidence_for_and_against_is_for_a_person() -> None:
    finding = found(OPEN, ean(), compared(Answer.NOT_MET, ItemMatch.APPEARANCE, score=0.2))
    assert finding.answer is Answer.CANNOT_TELL
    assert "互相矛盾" in finding.text.zh


def test_an_order_with_nothing_to_compare_says_what_is_missing() -> None:
    assert found(OPEN, ean(), sku="S1").missing == "case.order.items.barcodes"


def test_an_item_that_nobody_compared_is_unmeasured() -> None:
    assert found(UnmeasuredFact(of=("item",), code="item.later", detail="not yet")).missing == "observation.item"


def counted(*counts: int, sure: float = 1.0, quantity_: int | None = 2) -> Finding:
    facts = [Measured(fact=QuantityFact(count=n), span=span(40, 45), confidence=sure) for n in counts]
    return judged(quantity, evidence(exhibit(*facts), **order(quantity=quantity_)))


@pytest.mark.parametrize(("taken", "answer", "margin"), [
    (2, Answer.MET, 0), (1, Answer.NOT_MET, -1), (0, Answer.NOT_MET, -2), (3, Answer.CANNOT_TELL, -1),
])  # fmt: skip
def test_the_count_decides_the_quantity(taken: int, answer: Answer, margin: int) -> None:
    finding = counted(taken)
    assert (finding.answer, finding.value, finding.threshold, finding.margin) == (answer, taken, 2, margin)
    assert f"取出 {taken} 件，订单为 2 件" in finding.text.zh
    assert f"Items taken out at 0:40.0–0:45.0: {taken}; ordered: 2." in finding.text.en


def test_counts_that_disagree_or_are_unsure_are_for_a_person() -> None:
    assert counted(1, 2).answer is Answer.CANNOT_TELL
    assert counted(1, sure=0.79).answer is Answer.CANNOT_TELL


def test_an_unstated_or_uncounted_quantity_says_which_is_missing() -> None:
    assert counted(2, quantity_=None).missing == "case.order.items.quantity"
    assert counted().missing == "observation.quantity"


def weighed(carrier_g: float | None, *scales: float, item_g: float | None = 1000.0, pieces: int | None = 1) -> Finding:
    facts = [fact(WeightFact(grams=grams), 3.0, 4.0) for grams in scales]
    line = {"weight_g": item_g, "quantity": pieces}
    return judged(weight, evidence(exhibit(*facts), return_parcel={"weight_g": carrier_g}, **order(**line)))


@pytest.mark.parametrize(
    ("carrier", "answer", "margin"),
    [
        (900, Answer.MET, 0), (899, Answer.NOT_MET, -1), (1000, Answer.MET, 100), (1100, Answer.MET, 0),
        (1101, Answer.CANNOT_TELL, -1),
    ],
)  # fmt: skip
def test_a_parcel_lighter_than_its_goods_is_short_and_a_heavier_one_is_for_a_person(
    carrier: float, answer: Answer, margin: float
) -> None:
    finding = weighed(carrier)
    assert (finding.answer, finding.margin) == (answer, margin)
    assert (finding.value, finding.threshold, finding.unit) == (carrier, 1000, "g")
    assert "允许相差 100 克" in finding.text.zh


def test_light_goods_get_the_least_tolerance_in_grams() -> None:
    assert weighed(151, item_g=100, pieces=2).answer is Answer.MET
    assert weighed(149, item_g=100, pieces=2).answer is Answer.NOT_MET


def test_a_scale_in_the_picture_weighs_as_well() -> None:
    assert weighed(None, 600).answer is Answer.NOT_MET
    assert weighed(1000, 1050).answer is Answer.MET


def test_scales_that_disagree_are_for_a_person() -> None:
    finding = weighed(1000, 600)
    assert finding.answer is Answer.CANNOT_TELL
    assert "disagree by 400 g" in finding.text.en


@pytest.mark.parametrize(("item_g", "pieces", "missing"), [
    (None, 1, "case.order.items.weight_g"), (1000.0, None, "case.order.items.quantity"),
])  # fmt: skip
def test_an_unknown_weight_says_what_is_missing(item_g: float | None, pieces: int | None, missing: str) -> None:
    assert weighed(1000, item_g=item_g, pieces=pieces).missing == missing
    assert weighed(None).missing == "case.return_parcel.weight_g"


def defect(*facts: Measured | Model, reason: str | None = "damaged", photo: bool = True) -> Finding:
    exhibits = [exhibit(*facts)]
    if photo:
        exhibits.append(exhibit(role=Role.BUYER_PHOTO, sha256=OTHER_SHA, name="buyer.jpg"))
    return judged(claimed_defect, evidence(*exhibits, claim={"reason": reason}))


@pytest.mark.parametrize("same", list(Answer))
def test_the_comparison_with_the_buyers_photo_decides(same: Answer) -> None:
    finding = defect(fact(DefectMatchFact(same=same, score=0.8), 50, 52))
    assert (finding.answer, finding.value) == (same, 0.8)
    assert "0:50.0–0:52.0" in finding.text.zh


def test_an_unsure_comparison_of_the_defect_is_for_a_person() -> None:
    weak = Measured(fact=DefectMatchFact(same=Answer.NOT_MET, score=0.1), confidence=0.5)
    assert defect(weak).answer is Answer.CANNOT_TELL


def test_without_reason_photo_or_comparison_the_defect_names_what_is_missing() -> None:
    assert defect(reason=None).missing == "case.claim.reason"
    assert defect(reason="no_reason").missing == "case.claim.reason"
    assert defect(photo=False).missing == "case.exhibits.buyer_photo"
    assert defect().missing == "observation.defect_match"


def test_nobody_can_tell_the_batch_yet() -> None:
    finding = judged(batch, evidence(exhibit()))
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, "case.order.items.batch")
