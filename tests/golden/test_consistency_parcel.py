"""Golden cases of `consistency.same_parcel`."""

import pytest

from sixfaces.criteria.consistency_parcel import same_parcel
from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import BreakCause, BreakFact, ContinuityFact, Steadiness, TakeFact, UnmeasuredFact
from sixfaces.domain.model import Model, Say
from sixfaces.domain.observation import Measured, MediaFailure
from sixfaces.domain.parcel_facts import AbsenceFact, IdentityFact, ParcelFact, Stage, StageFact
from sixfaces.domain.rules import Finding
from tests.golden.building import evidence, exhibit, fact, span
from tests.golden.reading_findings import judged

CONTINUITY = ContinuityFact(steadiness=Steadiness.FIXED, frames=1800, smallest_removal_s=0.1)
WATCHED = (fact(ParcelFact(soft=False, tracked_s=58.0), 1.0, 59.0), fact(TakeFact(index=0), 0.0, 60.0), CONTINUITY)


def absence(start: float, end: float, *, sure: float = 1.0) -> Measured:
    return Measured(fact=AbsenceFact(reason="left_frame"), span=span(start, end), confidence=sure)


def identity(same: Answer, start: float, end: float, *, sure: float = 1.0) -> Measured:
    return Measured(fact=IdentityFact(same=same, by="tape and label"), span=span(start, end), confidence=sure)


def jump(at: float, *, certain: bool = True, cause: BreakCause = BreakCause.JUMP) -> Measured:
    return fact(BreakFact(cause=cause, certain=certain, score=9.0, threshold=6.0), at, at + 0.1)


def found(*facts: Measured | Model) -> Finding:
    return judged(same_parcel, evidence(exhibit(*facts)))


def test_a_parcel_followed_without_a_gap_is_one() -> None:
    finding = found(*WATCHED)
    assert finding.answer is Answer.MET
    assert finding.text.en == "The parcel was followed for 58.0 s over 0:01.0–0:59.0: it is one."
    assert finding.text.zh == "包裹在 0:01.0–0:59.0 被连续跟踪 58.0 秒，为同一包裹。"


def test_a_parcel_that_is_another_after_a_gap_is_not_met() -> None:
    finding = found(*WATCHED, absence(20, 22), identity(Answer.NOT_MET, 20, 22))
    assert finding.answer is Answer.NOT_MET
    assert "0:20.0–0:22.0" in finding.text.zh
    assert finding.value == "tape and label"


def test_a_parcel_known_again_after_every_gap_is_one() -> None:
    tracked = fact(ParcelFact(soft=False, tracked_s=56.0), 1.0, 59.0)
    finding = found(tracked, *WATCHED[1:], absence(20, 22), identity(Answer.MET, 20, 22), jump(30),
                    identity(Answer.MET, 30, 30.2))  # fmt: skip
    assert finding.answer is Answer.MET
    assert "known again after 2 gaps" in finding.text.en


@pytest.mark.parametrize(
    "gap",
    [
        (absence(20, 22),),
        (jump(20),),
        (jump(20, certain=False),),
        (absence(20, 22), identity(Answer.MET, 40, 41)),
        (absence(20, 22), identity(Answer.MET, 20, 22, sure=0.7)),
        (absence(20, 22), identity(Answer.CANNOT_TELL, 20, 22)),
        (identity(Answer.NOT_MET, 20, 22, sure=0.7),),
    ],
)
def test_a_gap_that_nothing_bridges_is_for_a_person(gap: tuple[Measured, ...]) -> None:
    finding = found(*WATCHED, *gap)
    assert finding.answer is Answer.CANNOT_TELL
    assert "0:20" in finding.text.zh
    assert finding.margin is not None
    assert finding.margin < 0


def test_what_the_comparison_came_to_is_told_in_both_languages() -> None:
    alike = Measured(fact=IdentityFact(same=Answer.CANNOT_TELL, by="print_only"), span=span(20, 22), confidence=0.0)
    finding = found(*WATCHED, absence(20, 22), alike)
    assert finding.text.en.endswith("(compared: the same print, which all cartons of that kind bear).")
    assert finding.text.zh.endswith("（比对结果：箱面印刷一致，但同款纸箱印刷都相同）。")
    other = Measured(fact=IdentityFact(same=Answer.NOT_MET, by="label"), span=span(20, 22), confidence=0.9)
    assert "by the small print of the waybill label" in found(*WATCHED, absence(20, 22), other).text.en


def test_a_doubtful_break_of_the_sound_does_not_break_the_watch() -> None:
    assert found(*WATCHED, jump(20, certain=False, cause=BreakCause.AUDIO_BREAK)).answer is Answer.MET
    assert found(*WATCHED, jump(20, certain=True, cause=BreakCause.AUDIO_BREAK)).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(("end", "answer"), [(21.0, Answer.MET), (21.1, Answer.CANNOT_TELL)])
def test_an_absence_counts_once_it_is_longer_than_the_policy_allows(end: float, answer: Answer) -> None:
    assert found(*WATCHED, absence(20, end)).answer is answer


def test_the_time_before_the_parcel_comes_in_is_no_gap() -> None:
    assert found(*WATCHED, absence(0, 5), fact(StageFact(stage=Stage.SEALED), 5, 20)).answer is Answer.MET


def test_an_empty_parcel_put_aside_is_no_gap() -> None:
    assert found(*WATCHED, absence(50, 55), fact(StageFact(stage=Stage.ITEM_OUT), 45, 60)).answer is Answer.MET


@pytest.mark.parametrize(("tracked", "answer"), [(57.0, Answer.MET), (56.9, Answer.CANNOT_TELL)])
def test_a_parcel_followed_in_part_only_is_for_a_person(tracked: float, answer: Answer) -> None:
    finding = found(fact(ParcelFact(soft=False, tracked_s=tracked), 1.0, 59.0), *WATCHED[1:])
    assert finding.answer is answer
    assert (finding.threshold, finding.unit) == (1, "s")


def test_an_unsure_parcel_is_for_a_person() -> None:
    weak = Measured(fact=ParcelFact(soft=False, tracked_s=58.0), span=span(1, 59), confidence=0.7)
    assert found(weak, *WATCHED[1:]).answer is Answer.CANNOT_TELL


def test_footage_not_measured_to_its_end_is_for_a_person() -> None:
    failure = MediaFailure(code="media.time", text=Say(zh="超时。", en="Time ran out."), fix=Say(zh="重试", en="retry"))
    finding = judged(same_parcel, evidence(exhibit(*WATCHED, failure=failure)))
    assert finding.answer is Answer.CANNOT_TELL
    assert "Time ran out" in finding.text.en


def test_without_parcel_or_continuity_nothing_can_be_told() -> None:
    hole = UnmeasuredFact(of=("parcel", "face"), code="parcel.no_network", detail="not measured by this version")
    finding = found(hole, *WATCHED[1:])
    assert finding.missing == "observation.parcel"
    assert "not measured by this version" in finding.text.en
    assert found(WATCHED[0]).missing == "observation.break"
