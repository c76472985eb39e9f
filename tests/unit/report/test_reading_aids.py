"""Times, numbers and foreign text as people see them; and which findings they see first."""

import pytest

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.model import Say
from sixfaces.domain.rules import Criterion, Requirement, RuleCode
from sixfaces.report.clocks import clock, margin, number, size, stretch
from sixfaces.report.decisive import counts, decisive, disagreeing, left_untold
from sixfaces.report.holes import holes
from sixfaces.report.visible import visible
from tests.unit.report.specimens import PHOTO, criteria, finding, report, video


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00.0"),
        (59.96, "1:00.0"),
        (61.25, "1:01.2"),
        (3599.99, "1:00:00.0"),
        (3661.5, "1:01:01.5"),
        (-1.5, "-0:01.5"),
    ],
)
def test_media_time_reads_as_a_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_a_moment_is_shown_once_and_a_stretch_by_both_ends() -> None:
    assert stretch(1.0, 1.01) == "0:01.0"
    assert stretch(1.0, 2.0) == "0:01.0–0:02.0"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (True, None, "是/yes"),
        (5, None, "5/5"),
        (1 / 3, "1", "0.3333/0.3333"),
        (1234567.0, "B", "1234567 B/1234567 B"),
        (1, "reads", "1 次/1 read"),
        (10, "reads", "10 次/10 reads"),
        (1.5, "s", "1.5 秒/1.5 s"),
        (172800, "s", "2 天/2 days"),
        (2520.0, "s", "42 分钟/42 min"),
        (29.97, "1/s", "29.97 帧/秒/29.97 fps"),
        ("unknown_key", None, "密钥未登记/unknown key"),
        ("SF123", None, "SF123/SF123"),
        ("2026-06-20T13:00:00.250000+08:00", "s", "2026-06-20 13:00:00+08:00/2026-06-20 13:00:00+08:00"),
    ],
)
def test_numbers_carry_their_unit_in_both_languages(value: float | str, unit: str | None, text: str) -> None:
    told = number(value, unit)
    assert told is not None
    assert f"{told.zh}/{told.en}" == text


def test_what_is_not_told_has_no_number() -> None:
    assert number(None, "s") is None


def test_a_margin_shows_its_side() -> None:
    assert margin(finding(RuleCode.SHARPNESS, Answer.MET, margin=0.2)) == Say(zh="+0.2", en="+0.2")
    assert margin(finding(RuleCode.SHARPNESS, Answer.NOT_MET, margin=-3, unit="s")) == Say(zh="−3 秒", en="−3 s")
    assert margin(finding(RuleCode.SHARPNESS, Answer.MET)) is None


def test_sizes_have_decimal_units() -> None:
    assert [size(n) for n in (0, 999, 1500, 3_574_434, 5 * 10**12)] == ["0 B", "999 B", "1.5 kB", "3.6 MB", "5000.0 GB"]


def test_overrides_and_controls_are_spelled_out() -> None:
    assert visible("cod\u202egpj.exe") == "cod‹U+202E›gpj.exe"
    assert visible("a\x1b[31mb\x07\u200f") == "a‹U+001B›[31mb‹U+0007›‹U+200F›"
    assert visible("one\ntwo\t3") == "one two 3"
    assert visible("\udc80") == "‹U+DC80›"
    assert visible("包裹👨‍👩‍👧") == "包裹👨‍👩‍👧"


def test_long_text_is_cut() -> None:
    assert visible("x" * 5000, longest=10) == "x" * 9 + "…"


def test_rejected_cases_lead_with_what_is_not_met() -> None:
    assert [f.code for f in decisive(report())] == [RuleCode.SIX_FACES, RuleCode.ONE_TAKE]


def test_accepted_cases_lead_with_what_people_ask_first() -> None:
    accepted = report(verdict=Verdict.ACCEPTED, criteria=criteria())
    assert [f.code for f in decisive(accepted)][:3] == [RuleCode.WAYBILL, RuleCode.SIX_FACES, RuleCode.ONE_TAKE]


def test_advisory_findings_never_lead() -> None:
    shown = report(criteria=criteria(original=Answer.NOT_MET, six_faces=Answer.NOT_MET))
    assert [f.code for f in decisive(shown)] == [RuleCode.SIX_FACES]


def test_a_photo_never_carries_the_verdict_on_the_video() -> None:
    judged = criteria(six_faces=Answer.NOT_MET)
    blurred = finding(RuleCode.SHARPNESS, Answer.NOT_MET, exhibit=PHOTO)
    validity = judged[Criterion.VALIDITY]
    judged[Criterion.VALIDITY] = validity.model_copy(update={"findings": (*validity.findings, blurred)})
    shown = report(criteria=judged, exhibits=(video(), video(sha256=PHOTO, role="buyer_photo", medium="photo")))
    assert [f.code for f in decisive(shown)] == [RuleCode.SIX_FACES]


def test_a_rule_required_if_known_is_silent_only_where_the_case_lacks_its_fact() -> None:
    uses = {RuleCode.ITEM: Requirement.REQUIRED_IF_KNOWN}
    assert not counts(finding(RuleCode.ITEM, Answer.CANNOT_TELL, missing="case.order.items"), uses)
    assert counts(finding(RuleCode.ITEM, Answer.CANNOT_TELL, missing="observation.item"), uses)
    assert counts(finding(RuleCode.ITEM, Answer.NOT_MET), uses)


def test_one_reason_for_many_holes_is_said_once() -> None:
    same = {"code": "parcel.no_model", "detail": "no network"}
    view = video(unmeasured=({"of": ("face",), **same}, {"of": ("stage", "face"), **same}))
    (line,) = holes(view.unmeasured)
    assert line.en == "parcel.no_model (no network): the six faces of the parcel, the stages of the unboxing"


def test_a_hole_is_told_in_words_and_in_the_observers_own_only_for_engineers() -> None:
    view = video(
        unmeasured=(
            {"of": ("face",), "code": "observer_absent", "detail": "no observer measures this yet"},
            {"of": ("container",), "code": "observer_failed", "detail": "KeyError"},
        )
    )
    assert [line.zh for line in holes(view.unmeasured)] == [
        "本版本尚不能自动测量：包裹的六个面",
        "测量程序出错（KeyError）：文件结构",
    ]


def test_what_is_said_of_several_videos_alike_is_said_once_and_of_none_in_particular() -> None:
    judged = criteria(six_faces=Answer.NOT_MET)
    other = finding(RuleCode.SIX_FACES, Answer.NOT_MET, exhibit=PHOTO, spans=((1, 2),))
    whole = judged[Criterion.COMPLETENESS]
    judged[Criterion.COMPLETENESS] = whole.model_copy(update={"findings": (*whole.findings, other)})
    (reason,) = decisive(report(criteria=judged, exhibits=(video(), video(sha256=PHOTO))))
    assert reason.exhibit is None
    assert reason.spans == ()


def test_more_counts_all_rules_that_decide_but_those_told_by_name() -> None:
    judged = criteria(waybill=Answer.CANNOT_TELL, six_faces=Answer.CANNOT_TELL, one_take=Answer.CANNOT_TELL)
    unread = Say(zh="文件未能解码出画面。", en="No picture could be decoded.")
    for criterion, judgement in judged.items():
        findings = tuple(
            f.model_copy(update={"text": unread}) if f.answer is Answer.CANNOT_TELL else f for f in judgement.findings
        )
        judged[criterion] = judgement.model_copy(update={"findings": findings})
    shown = report(criteria=judged, verdict=Verdict.NEEDS_REVIEW)
    told = decisive(shown)
    assert len(told) == 1, "three rules say the same"
    assert left_untold(shown, told) == 2
    assert left_untold(shown, []) == 3


def test_videos_that_contradict_each_other_are_called_that() -> None:
    pair = (video(verdict="accepted"), video(sha256=PHOTO, verdict="rejected"))
    assert disagreeing(report(verdict=Verdict.NEEDS_REVIEW, exhibits=pair))
    assert not disagreeing(report(verdict=Verdict.NEEDS_REVIEW))
    assert not disagreeing(report())
