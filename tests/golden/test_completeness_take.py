"""Golden cases of `completeness.one_take` and `completeness.always_in_view`."""

import pytest

from sixfaces.criteria.completeness_take import always_in_view, one_take
from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import (
    BreakCause,
    BreakFact,
    ContinuityFact,
    DecodeFact,
    Steadiness,
    TakeFact,
    UnmeasuredFact,
)
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import AbsenceFact, ParcelFact, Stage, StageFact
from sixfaces.domain.rules import Finding
from tests.golden.building import evidence, exhibit, fact, span
from tests.golden.reading_findings import judged

STOPPED = DecodeFact(frames=10, covered_s=5, expected_s=60, stopped_by="time_limit")


def continuity(smallest: float | None = 0.1) -> ContinuityFact:
    return ContinuityFact(steadiness=Steadiness.FIXED, frames=1800, smallest_removal_s=smallest)


def take(index: int = 0, start: float = 0.0, end: float = 60.0) -> Measured:
    return fact(TakeFact(index=index), start, end)


def gap(
    at: float = 12.3, *, certain: bool = True, sure: float = 1.0, lost: float | None = None,
    cause: BreakCause = BreakCause.JUMP,
) -> Measured:  # fmt: skip
    value = BreakFact(cause=cause, certain=certain, score=9.4, threshold=6.0, lost_s=lost)
    return Measured(fact=value, span=span(at, at), confidence=sure)


def found(*facts: Measured | Model) -> Finding:
    return judged(one_take, evidence(exhibit(*facts)))


def test_one_unbroken_take_is_met_and_says_how_short_a_removal_would_show() -> None:
    finding = found(take(), continuity())
    assert (finding.answer, finding.value, finding.threshold, finding.margin) == (Answer.MET, 0.1, 0.5, 0.4)
    assert finding.text.en == (
        "One take (0:00.0–1:00.0) without a cut, pause or jump; a removal as short as 0.1 s would be found "
        "(0.5 s required)."
    )


@pytest.mark.parametrize("cause", list(BreakCause))
def test_a_certain_break_of_any_cause_is_not_met(cause: BreakCause) -> None:
    finding = found(take(), continuity(), gap(cause=cause))
    assert (finding.answer, finding.value, finding.margin, finding.unit) == (Answer.NOT_MET, 1, -1, "breaks")
    assert finding.spans == ((12.3, 12.3),)
    assert "0:12.3" in finding.text.zh
    assert "score 9.4, threshold 6.0" in finding.text.en


def test_a_break_tells_how_much_was_lost() -> None:
    assert "缺 0.80 秒" in found(continuity(), gap(lost=0.8)).text.zh


@pytest.mark.parametrize("doubt", [gap(certain=False), gap(sure=0.79)])
def test_a_doubtful_break_is_for_a_person_with_its_moment(doubt: Measured) -> None:
    finding = found(take(), continuity(), doubt)
    assert finding.answer is Answer.CANNOT_TELL
    assert "0:12.3 同场景跳变" in finding.text.zh


def test_two_takes_without_a_recorded_break_are_for_a_person() -> None:
    assert found(take(0, 0, 30), take(1, 30, 60), continuity()).answer is Answer.CANNOT_TELL


def test_hundreds_of_breaks_are_told_in_a_short_text() -> None:
    finding = found(continuity(), *(gap(float(at)) for at in range(300)))
    assert len(finding.text.en) < 600
    assert "and 294 more" in finding.text.en
    assert len(finding.spans) == 300


@pytest.mark.parametrize(
    ("smallest", "answer"),
    [(0.5, Answer.MET), (0.51, Answer.CANNOT_TELL), (None, Answer.CANNOT_TELL)],
)
def test_footage_on_which_a_removal_could_hide_is_for_a_person(smallest: float | None, answer: Answer) -> None:
    finding = found(take(), continuity(smallest))
    assert finding.answer is answer
    if smallest == 0.51:
        assert (finding.value, finding.threshold, finding.margin) == (0.51, 0.5, -0.01)
        assert "a removal shorter than 0.51 s could go unnoticed" in finding.text.en


@pytest.mark.parametrize(("end", "answer"), [(5.0, Answer.MET), (4.9, Answer.NOT_MET)])
def test_footage_shorter_than_any_unboxing_is_not_met(end: float, answer: Answer) -> None:
    finding = found(take(end=end), continuity())
    assert finding.answer is answer
    if answer is Answer.NOT_MET:
        assert (finding.value, finding.threshold, finding.margin) == (4.9, 5, -0.1)


def test_continuity_not_measured_or_not_to_the_end_is_a_question() -> None:
    assert found().missing == "observation.break"
    assert found(take()).answer is Answer.CANNOT_TELL
    hole = UnmeasuredFact(of=("break", "take"), code="continuity.too_few", detail="two frames only")
    assert "two frames only" in found(hole, continuity()).text.zh
    assert found(take(), continuity(), STOPPED).answer is Answer.CANNOT_TELL
    assert found(take(), continuity(), STOPPED, gap()).answer is Answer.NOT_MET


WATCHED = (fact(ParcelFact(soft=False, tracked_s=58), 1, 59), take(), continuity())


def absence(start: float, end: float, *, reason: str = "left_frame", sure: float = 1.0) -> Measured:
    value = AbsenceFact.model_validate({"reason": reason})
    return Measured(fact=value, span=span(start, end), confidence=sure)


def viewed(*facts: Measured | Model) -> Finding:
    return judged(always_in_view, evidence(exhibit(*facts)))


def test_a_parcel_always_in_view_is_met_and_tells_the_longest_absence() -> None:
    finding = viewed(*WATCHED, absence(20, 20.6), absence(30, 30.2))
    assert (finding.answer, finding.value, finding.threshold, finding.margin) == (Answer.MET, 0.6, 1, 0.4)
    assert "最长离开 0.6 秒（允许 1 秒）" in finding.text.zh


@pytest.mark.parametrize(
    ("end", "answer", "margin"), [(21.0, Answer.MET, 0.0), (21.1, Answer.NOT_MET, -0.1), (23, Answer.NOT_MET, -2)]
)
def test_the_longest_absence_decides(end: float, answer: Answer, margin: float) -> None:
    finding = viewed(*WATCHED, absence(20, end))
    assert (finding.answer, finding.margin) == (answer, margin)


@pytest.mark.parametrize(("reason", "zh", "en"), [("left_frame", "离开画面", "out of the frame"),
                                                  ("hidden", "被遮挡", "hidden")])  # fmt: skip
def test_an_absence_tells_where_and_why(reason: str, zh: str, en: str) -> None:
    finding = viewed(*WATCHED, absence(20, 23, reason=reason))
    assert f"0:20.0–0:23.0 {zh} 3.0 秒" in finding.text.zh
    assert f"0:20.0–0:23.0 {en} for 3.0 s" in finding.text.en


@pytest.mark.parametrize(
    "facts",
    [
        (absence(20, 23, sure=0.7),),
        (absence(50, 55), fact(StageFact(stage=Stage.ITEM_OUT), 45, 60)),
        (gap(),),
        (gap(certain=False),),
        (STOPPED,),
    ],
)
def test_what_may_have_left_the_view_is_for_a_person(facts: tuple[Measured | Model, ...]) -> None:
    assert viewed(*WATCHED, *facts).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(("lost", "answer"), [(1.0, Answer.CANNOT_TELL), (1.1, Answer.NOT_MET)])
def test_time_removed_by_a_break_was_not_watched(lost: float, answer: Answer) -> None:
    assert viewed(*WATCHED, gap(lost=lost)).answer is answer


def test_the_time_before_the_parcel_comes_in_does_not_count() -> None:
    assert viewed(*WATCHED, absence(0, 5), fact(StageFact(stage=Stage.SEALED), 5, 20)).answer is Answer.MET
    assert viewed(*WATCHED, absence(3, 8), fact(StageFact(stage=Stage.SEALED), 0, 3)).answer is Answer.NOT_MET


def test_an_unsure_or_unmeasured_parcel_is_a_question() -> None:
    unsure = Measured(fact=ParcelFact(soft=False, tracked_s=58), confidence=0.7)
    assert "confidence 0.70 only" in viewed(unsure, *WATCHED[1:]).text.en
    assert viewed(*WATCHED[1:]).missing == "observation.absence"
    assert viewed(WATCHED[0]).missing == "observation.break"
