"""Times, numbers and foreign text as people see them; and which findings they see first."""

import pytest

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.rules import Criterion, Requirement, RuleCode
from sixfaces.report.clocks import clock, margin, number, size, stretch
from sixfaces.report.decisive import counts, decisive, disagreeing
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
    [(None, None, ""), (True, None, "✓"), (5, None, "5"), (1 / 3, "1", "0.3333"), (1234567.0, "B", "1234567 B")],
)
def test_numbers_carry_their_unit(value: float | None, unit: str | None, text: str) -> None:
    assert number(value, unit) == text


def test_a_margin_shows_its_side() -> None:
    assert margin(finding(RuleCode.SHARPNESS, Answer.MET, margin=0.2)) == "+0.2"
    assert margin(finding(RuleCode.SHARPNESS, Answer.NOT_MET, margin=-3, unit="s")) == "−3 s"
    assert margin(finding(RuleCode.SHARPNESS, Answer.MET)) == ""


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
    assert line.en == "six faces, stages (parcel.no_model: no network)"


def test_what_is_said_of_several_videos_alike_is_said_once_and_of_none_in_particular() -> None:
    judged = criteria(six_faces=Answer.NOT_MET)
    other = finding(RuleCode.SIX_FACES, Answer.NOT_MET, exhibit=PHOTO, spans=((1, 2),))
    whole = judged[Criterion.COMPLETENESS]
    judged[Criterion.COMPLETENESS] = whole.model_copy(update={"findings": (*whole.findings, other)})
    (reason,) = decisive(report(criteria=judged, exhibits=(video(), video(sha256=PHOTO))))
    assert reason.exhibit is None
    assert reason.spans == ()


def test_videos_that_contradict_each_other_are_called_that() -> None:
    pair = (video(verdict="accepted"), video(sha256=PHOTO, verdict="rejected"))
    assert disagreeing(report(verdict=Verdict.NEEDS_REVIEW, exhibits=pair))
    assert not disagreeing(report(verdict=Verdict.NEEDS_REVIEW))
    assert not disagreeing(report())
