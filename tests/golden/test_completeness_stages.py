"""Golden cases of the rules that follow the unboxing from the sealed parcel to the inspected item."""

from typing import Any

import pytest

from sixfaces.criteria.completeness_stages import inspection_shown, item_shown, opening_shown, sealed_at_start
from sixfaces.criteria.completeness_waybill import waybill_shown
from sixfaces.criteria.rule import Judge
from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import BreakCause, BreakFact, DecodeFact, UnmeasuredFact
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import InspectionFact, QuantityFact, SealFact, Stage, StageFact
from sixfaces.domain.reading_facts import CodeFact, TextFact
from sixfaces.domain.rules import Finding
from tests.golden.building import WAYBILL, evidence, exhibit, fact, span
from tests.golden.reading_findings import judged

STOPPED = DecodeFact(frames=10, covered_s=5, expected_s=60, stopped_by="time_limit")


def stage(which: Stage, start: float, end: float, *, sure: float = 1.0) -> Measured:
    return Measured(fact=StageFact(stage=which), span=span(start, end), confidence=sure)


ABSENT, SEALED, SHOWING = stage(Stage.ABSENT, 0, 2), stage(Stage.SEALED, 2, 4), stage(Stage.SHOWING, 4, 12)
OPENING, OPEN, OUT = stage(Stage.OPENING, 12, 20), stage(Stage.OPEN, 20, 30), stage(Stage.ITEM_OUT, 30, 60)


def seal(intact: Answer, *, sure: float = 1.0) -> Measured:
    return Measured(fact=SealFact(intact=intact), span=span(2, 4), confidence=sure)


def found(judge: Judge, *facts: Measured | Model, **case: Any) -> Finding:  # noqa: ANN401 any section
    return judged(judge, evidence(exhibit(*facts), **case))


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ((seal(Answer.MET), SEALED), Answer.MET),
        ((seal(Answer.MET),), Answer.MET),
        ((ABSENT, SEALED, OPENING), Answer.MET),
        ((SHOWING,), Answer.MET),
        ((seal(Answer.NOT_MET), SEALED), Answer.NOT_MET),
        ((OPEN, OUT), Answer.NOT_MET),
        ((ABSENT, OPENING), Answer.NOT_MET),
        ((seal(Answer.CANNOT_TELL), SEALED), Answer.CANNOT_TELL),
        ((seal(Answer.MET, sure=0.79), SEALED), Answer.CANNOT_TELL),
        ((seal(Answer.NOT_MET, sure=0.79), SEALED), Answer.CANNOT_TELL),
        ((seal(Answer.MET), OPEN), Answer.CANNOT_TELL),
        ((seal(Answer.MET), seal(Answer.NOT_MET)), Answer.CANNOT_TELL),
        ((stage(Stage.OPEN, 0, 9, sure=0.7),), Answer.CANNOT_TELL),
    ],
)
def test_seal_and_first_stage_decide_whether_it_was_sealed(facts: tuple[Measured, ...], answer: Answer) -> None:
    finding = found(sealed_at_start, *facts)
    assert finding.answer is answer
    assert "0:0" in finding.text.zh or "0:20" in finding.text.zh or "0:12" in finding.text.zh


def test_a_parcel_already_open_says_so_and_asks_to_start_earlier() -> None:
    finding = found(sealed_at_start, OPEN, OUT)
    assert finding.text.en == (
        "When the parcel first appears (at 0:20.0–0:30.0) it is already open: the footage does not start before the "
        "opening."
    )
    assert "已处于“已打开”状态" in finding.text.zh
    assert finding.fix is not None
    assert "补录" in finding.fix.zh


def test_a_seal_that_was_not_judged_is_not_made_up_from_the_stage() -> None:
    hole = UnmeasuredFact(of=("seal",), code="seal.too_dark", detail="tape not visible")
    finding = found(sealed_at_start, hole, SEALED)
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, "observation.seal")
    assert found(sealed_at_start).missing == "observation.seal"


def test_the_opening_seen_is_met_and_unsurely_seen_is_for_a_person() -> None:
    assert found(opening_shown, SEALED, OPENING, OPEN).text.en == "The parcel is seen being opened at 0:12.0–0:20.0."
    finding = found(opening_shown, SEALED, stage(Stage.OPENING, 12, 20, sure=0.75), OPEN)
    assert (finding.answer, finding.value, finding.threshold, finding.margin) == (Answer.CANNOT_TELL, 0.75, 0.8, -0.05)


def test_a_parcel_never_opened_is_not_met() -> None:
    assert found(opening_shown, SEALED, SHOWING).answer is Answer.NOT_MET


def test_an_opening_lost_in_a_break_is_not_met_and_one_in_unbroken_footage_is_for_a_person() -> None:
    cut = fact(BreakFact(cause=BreakCause.CUT, certain=True, score=9, threshold=6), 14, 14.1)
    assert found(opening_shown, SEALED, SHOWING, OPEN, cut).answer is Answer.NOT_MET
    assert found(opening_shown, SEALED, SHOWING, OPEN).answer is Answer.CANNOT_TELL
    at_the_boundary = fact(BreakFact(cause=BreakCause.CUT, certain=True, score=9, threshold=6), 19.7, 19.8)
    closed_till_open = stage(Stage.SHOWING, 4, 20)
    assert found(opening_shown, SEALED, closed_till_open, OPEN, at_the_boundary).answer is Answer.NOT_MET
    earlier = fact(BreakFact(cause=BreakCause.CUT, certain=True, score=9, threshold=6), 17.0, 17.1)
    assert found(opening_shown, SEALED, closed_till_open, OPEN, earlier).answer is Answer.CANNOT_TELL
    assert found(opening_shown, OPEN).answer is Answer.NOT_MET


def test_the_item_seen_coming_out_is_met() -> None:
    finding = found(item_shown, SEALED, OPEN, OUT)
    assert (finding.answer, finding.spans) == (Answer.MET, ((30.0, 60.0),))


def test_footage_that_ends_before_the_item_is_out_is_not_met() -> None:
    finding = found(item_shown, SEALED, OPENING, OPEN)
    assert finding.answer is Answer.NOT_MET
    assert "0:20.0–0:30.0, open" in finding.text.en
    assert "已打开" in finding.text.zh


@pytest.mark.parametrize(
    "facts",
    [
        (SEALED, OPEN, stage(Stage.ITEM_OUT, 30, 60, sure=0.5)),
        (SEALED, stage(Stage.OPEN, 20, 30, sure=0.5)),
        (SEALED, OPEN, STOPPED),
        (SEALED, OPEN, fact(QuantityFact(count=0), 30, 40)),
    ],
)
def test_an_item_that_may_be_there_or_a_parcel_that_held_none_is_for_a_person(facts: tuple[Any, ...]) -> None:
    assert found(item_shown, *facts).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(("seconds", "answer"), [(5.0, Answer.MET), (4.9, Answer.NOT_MET)])
def test_the_inspection_must_last_long_enough(seconds: float, answer: Answer) -> None:
    finding = found(inspection_shown, OUT, fact(InspectionFact(views=3), 35, 35 + seconds))
    assert (finding.answer, finding.threshold, finding.unit) == (answer, 5, "s")
    assert f"{seconds:.1f} 秒（要求 5 秒，3 个角度）" in finding.text.zh


def test_pieces_of_inspection_add_up_and_unsure_ones_are_for_a_person() -> None:
    first, second = fact(InspectionFact(views=1), 35, 38), fact(InspectionFact(views=1), 40, 42)
    assert found(inspection_shown, first, second).answer is Answer.MET
    unsure = Measured(fact=InspectionFact(views=1), span=span(40, 42), confidence=0.7)
    assert found(inspection_shown, first, unsure).answer is Answer.CANNOT_TELL


def test_no_inspection_at_all_is_not_met_once_the_stages_are_known() -> None:
    finding = found(inspection_shown, SEALED, OPEN, OUT)
    assert (finding.answer, finding.value, finding.margin) == (Answer.NOT_MET, 0.0, -5)
    assert found(inspection_shown, SEALED, OUT, STOPPED).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    ("judge", "kind"),
    [(opening_shown, "stage"), (item_shown, "stage"), (inspection_shown, "inspection")],
)
def test_what_was_not_measured_is_a_question(judge: Judge, kind: str) -> None:
    hole = UnmeasuredFact(of=(kind,), code="parcel.later", detail="comes later")
    finding = found(judge, hole)
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, f"observation.{kind}")
    assert found(judge).missing == f"observation.{kind}"


def code(text: str, reads: int, **more: Any) -> Measured:  # noqa: ANN401 any field
    return fact(CodeFact(format="Code128", text=text, reads=reads, **more), 5, 6)


@pytest.mark.parametrize(("reads", "answer"), [(2, Answer.MET), (1, Answer.CANNOT_TELL)])
def test_any_waybill_read_often_enough_was_shown(reads: int, answer: Answer) -> None:
    for shown in (code(WAYBILL, reads), code("SF9876543210987", reads, carrier="SF")):
        finding = found(waybill_shown, shown)
        assert (finding.answer, finding.value, finding.threshold) == (answer, reads, 2)
    assert "0:05.0–0:06.0" in finding.text.zh


def test_a_waybill_is_shown_even_where_the_case_states_none() -> None:
    assert found(waybill_shown, code("SF9876543210987", 3, carrier="SF"), return_parcel={}).answer is Answer.MET


@pytest.mark.parametrize("text", [WAYBILL, "SF12****0123"])
def test_print_that_ocr_could_read_was_legible(text: str) -> None:
    line = fact(TextFact(text=text, reads=2, score=0.9), 5, 6)
    assert found(waybill_shown, line).answer is Answer.MET
    assert found(waybill_shown, fact(TextFact(text=text, reads=2, score=0.7), 5, 6)).answer is Answer.CANNOT_TELL


def test_nothing_read_may_still_be_legible_to_a_person() -> None:
    finding = found(waybill_shown, SEALED, code("SHELF-7", 9))
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, "observation.code")
    hole = UnmeasuredFact(of=("code",), code="codes.failed", detail="no reader")
    assert "no reader" in found(waybill_shown, hole).text.en


def test_footage_without_any_parcel_shows_no_waybill() -> None:
    assert found(waybill_shown, stage(Stage.ABSENT, 0, 60)).answer is Answer.NOT_MET
    assert found(waybill_shown, stage(Stage.ABSENT, 0, 60, sure=0.6)).answer is Answer.CANNOT_TELL
