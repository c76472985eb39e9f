"""The box and the item beside those of a packing video: told, shown, and never decided by a look alone."""

from typing import Any

import pytest

from sixfaces.criteria.consistency_packed import same_box_as_packed, same_item_as_packed
from sixfaces.criteria.judge import judge
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.domain.packed_facts import Change, Changed, PackedBoxFact, PackedItemFact, PicturesBeside
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.rules import RuleCode
from sixfaces.rulebook.loader import load_policy
from tests.golden.building import SIGNED, WAYBILL, evidence, exhibit, fact
from tests.golden.genuine import MEDIA, genuine
from tests.golden.policies import POLICY
from tests.golden.reading_findings import judged

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
PACKING, SECOND = "c" * 64, "d" * 64
OUT = "SF5550001112223"
SENT: dict[str, Any] = {"outbound_parcel": {"waybill": OUT}}
DENTED = PicturesBeside(
    picture="faces/top.jpg", packed="faces/top.jpg", changes=(Change(what=Changed.MARK, box=(0.1, 0.1, 0.2, 0.2)),)
)


def box(
    same: Answer,
    *,
    packing: str = PACKING,
    by: str = "own_marks",
    likely: float = 0.95,
    beside: tuple[PicturesBeside, ...] = (),
) -> PackedBoxFact:
    return PackedBoxFact(packing=packing, same=same, design=MET, by=by, likely=likely, beside=beside)


def unsure(found: Model, confidence: float = 0.6) -> Measured:
    return fact(found).model_copy(update={"confidence": confidence})


def code(text: str, reads: int = 5) -> CodeFact:
    return CodeFact(format="Code128", text=text, reads=reads, carrier="SF")


def packing(*facts: Model, sha256: str = PACKING) -> ExhibitEvidence:
    return exhibit(*facts, role="packing_video", sha256=sha256, name="packing.mp4")


def case(*facts: Model | Measured, packings: tuple[ExhibitEvidence, ...] | None = None, **about: Any) -> Evidence:  # noqa: ANN401 any section
    return evidence(exhibit(*facts), *((packing(),) if packings is None else packings), **about)


def test_without_a_packing_video_there_is_nothing_to_compare_and_the_case_lacks_it() -> None:
    for rule in (same_box_as_packed, same_item_as_packed):
        finding = judged(rule, case(packings=()))
        assert finding.answer is CANNOT_TELL
        assert finding.missing == "case.packing_video"


def test_the_same_print_alone_leaves_it_open_and_says_that_stock_looks_alike() -> None:
    finding = judged(same_box_as_packed, case(unsure(box(CANNOT_TELL, by="print_only", likely=0.6))))
    assert finding.answer is CANNOT_TELL
    assert "all cartons of that kind bear" in finding.text.en
    assert "60%" in finding.text.zh
    assert finding.value == 0.6


def test_a_comparison_that_is_not_sure_enough_decides_nothing() -> None:
    for same in (MET, NOT_MET):
        assert judged(same_box_as_packed, case(unsure(box(same)))).answer is CANNOT_TELL


def test_the_box_is_known_again_by_its_own_marks_and_what_changed_is_a_question() -> None:
    finding = judged(same_box_as_packed, case(box(MET, beside=(DENTED,))))
    assert finding.answer is MET
    assert "to be looked at: a dent, tear or stain" in finding.text.en
    assert "请查看：凹痕、破损或污渍" in finding.text.zh


def test_of_several_packing_videos_one_that_fits_is_enough_and_all_must_differ_for_another_box() -> None:
    both = (packing(), packing(sha256=SECOND))
    other, own = box(NOT_MET, likely=0.05), box(MET, packing=SECOND)
    assert judged(same_box_as_packed, case(other, own, packings=both)).answer is MET
    differ = case(other, box(NOT_MET, packing=SECOND, likely=0.05), packings=both)
    assert judged(same_box_as_packed, differ).answer is NOT_MET
    half = case(other, unsure(box(CANNOT_TELL, packing=SECOND, likely=0.4)), packings=both)
    assert judged(same_box_as_packed, half).answer is CANNOT_TELL


def test_the_label_that_went_out_read_on_both_is_the_same_box_whatever_the_pictures_say() -> None:
    read = case(code(OUT), unsure(box(CANNOT_TELL)), packings=(packing(code(OUT)),), **SENT)
    finding = judged(same_box_as_packed, read)
    assert finding.answer is MET
    assert finding.value == OUT


@pytest.mark.parametrize("reads", [(1, 5), (5, 1)])
def test_a_label_read_once_is_not_read(reads: tuple[int, int]) -> None:
    read = case(code(OUT, reads[0]), unsure(box(CANNOT_TELL)), packings=(packing(code(OUT, reads[1])),), **SENT)
    assert judged(same_box_as_packed, read).answer is CANNOT_TELL


def test_without_a_stated_number_a_carriers_code_on_both_is_the_label_that_went_out() -> None:
    read = case(code(OUT), unsure(box(CANNOT_TELL)), packings=(packing(code(OUT)),))
    assert judged(same_box_as_packed, read).value == OUT
    back = case(code(WAYBILL), unsure(box(CANNOT_TELL)), packings=(packing(code(WAYBILL)),))
    assert judged(same_box_as_packed, back).answer is CANNOT_TELL
    article = CodeFact(format="EAN13", text="6901234567892", reads=9)
    printed = case(article, unsure(box(CANNOT_TELL)), packings=(packing(article),))
    assert judged(same_box_as_packed, printed).answer is CANNOT_TELL


def test_a_serial_number_read_on_both_is_the_same_piece() -> None:
    order: dict[str, Any] = {"order": {"items": [{"serials": ["SN-0042-7781"]}]}}
    serial = CodeFact(format="Code128", text="SN-0042-7781", reads=4)
    finding = judged(same_item_as_packed, case(serial, packings=(packing(serial),), **order))
    assert finding.answer is MET
    assert "same piece" in finding.text.en
    alone = judged(same_item_as_packed, case(serial, **order))
    assert alone.answer is CANNOT_TELL


def test_the_returns_own_label_speaks_neither_for_nor_against_the_box() -> None:
    plain, labelled = case(box(MET), **SENT), case(box(MET), code(WAYBILL), **SENT)
    assert judged(same_box_as_packed, plain).answer is judged(same_box_as_packed, labelled).answer is MET


def test_a_packing_video_of_another_waybill_is_not_compared_with() -> None:
    foreign = packing(code("SF9990001112223"))
    finding = judged(same_box_as_packed, case(box(NOT_MET, likely=0.05), packings=(foreign,), **SENT))
    assert finding.answer is CANNOT_TELL
    assert "SF9990001112223" in finding.text.en
    also = packing(sha256=SECOND)
    known = case(box(NOT_MET, likely=0.05), box(MET, packing=SECOND), packings=(foreign, also), **SENT)
    assert judged(same_box_as_packed, known).answer is MET


@pytest.mark.parametrize("about", [SENT, {}])
def test_footage_of_the_return_handed_in_as_packing_is_not_compared_with(about: dict[str, Any]) -> None:
    finding = judged(same_box_as_packed, case(box(MET), code(WAYBILL), packings=(packing(code(WAYBILL)),), **about))
    assert finding.answer is CANNOT_TELL
    assert WAYBILL in finding.text.en


def test_a_parcel_that_came_back_under_the_waybill_it_went_out_with_is_compared() -> None:
    refused: dict[str, Any] = {"outbound_parcel": {"waybill": WAYBILL}}
    read = case(code(WAYBILL), unsure(box(CANNOT_TELL)), packings=(packing(code(WAYBILL)),), **refused)
    assert judged(same_box_as_packed, read).answer is MET


def test_a_packing_video_that_shows_no_parcel_says_so() -> None:
    hole = UnmeasuredFact(of=("packed_box",), code="no_packed_faces", detail="-")
    finding = judged(same_box_as_packed, case(hole))
    assert finding.answer is CANNOT_TELL
    assert "no face of a box is seen clearly enough in the packing video" in finding.text.en


def test_an_item_with_the_same_print_is_the_same_article_and_perhaps_not_the_same_piece() -> None:
    found = PackedItemFact(packing=PACKING, same=MET, by="item_print", likely=0.95)
    finding = judged(same_item_as_packed, case(found))
    assert finding.answer is MET
    assert "not as a piece" in finding.text.en
    assert "不一定是同一件" in finding.text.zh


@pytest.mark.parametrize("same", list(Answer))
def test_neither_rule_ever_changes_a_verdict(same: Answer) -> None:
    policy = load_policy("default")
    facts = (box(same), PackedItemFact(packing=PACKING, same=same, by="item_print", likely=0.9))
    honest = evidence(exhibit(*genuine(), media=MEDIA), return_parcel={"waybill": WAYBILL, "signed_at": SIGNED})
    beside = evidence(
        exhibit(*genuine(), *facts, media=MEDIA), packing(), return_parcel={"waybill": WAYBILL, "signed_at": SIGNED}
    )
    assert judge(beside, policy).verdict is judge(honest, policy).verdict is Verdict.ACCEPTED


def test_a_policy_that_was_kept_before_these_rules_asks_nothing_of_them() -> None:
    kept = POLICY.model_dump(mode="json")
    for rule in (RuleCode.SAME_BOX_AS_PACKED, RuleCode.SAME_ITEM_AS_PACKED):
        del kept["rules"][rule.value]
    read = Policy.model_validate(kept)
    assert read.rules[RuleCode.SAME_BOX_AS_PACKED].use == "advisory"
