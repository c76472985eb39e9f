"""Golden cases of `completeness.six_faces`."""

import math
from typing import Any

import pytest

from sixfaces.criteria.completeness_faces import six_faces
from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import DecodeFact, UnmeasuredFact
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Face, FaceFact, FaceSeries, ParcelFact
from sixfaces.domain.rules import Finding
from tests.golden.building import evidence, exhibit, fact, span
from tests.golden.reading_findings import judged

PARCEL = ParcelFact(soft=False, tracked_s=60)


def face(which: Face, *, sure: float = 1.0, **worse: Any) -> Measured:  # noqa: ANN401 any field
    good = {"view_cos": 0.9, "dwell_s": 1.0, "uncovered": 1.0, "in_frame": 1.0, "edge_px": 200, "sharpness": 0.8}
    value = FaceFact.model_validate({"face": which, "best_s": 3.1, **good, **worse})
    return Measured(fact=value, span=span(3, 4), confidence=sure)


def five(without: Face) -> list[Measured | Model]:
    return [PARCEL, *(face(which) for which in Face if which is not without)]


def found(*facts: Measured | Model) -> Finding:
    return judged(six_faces, evidence(exhibit(*facts)))


def test_six_faces_well_shown_are_met() -> None:
    finding = found(*five(Face.LEFT), face(Face.LEFT, view_cos=math.cos(math.radians(59))))
    assert (finding.answer, finding.value, finding.threshold, finding.margin) == (Answer.MET, 6, 6, 0)
    assert finding.text.en == "All six faces are shown; the most oblique is the left (59.0°, at most 60°)."
    assert finding.text.zh == "包裹六个面均已出镜；最斜的是左侧面（59.0°，上限 60°）。"


def test_a_face_never_in_view_is_named() -> None:
    finding = found(*five(Face.BOTTOM))
    assert (finding.answer, finding.value, finding.margin) == (Answer.NOT_MET, 5, -1)
    assert finding.text.zh == "六个面中 5 个面合格；不合格的面——底面：未出镜。"
    assert finding.text.en == "5 of six faces are shown; not shown – bottom: never in view."
    assert finding.fix is not None
    assert "底面" in finding.fix.zh
    assert "turn the bottom of the parcel" in finding.fix.en


@pytest.mark.parametrize(
    ("worse", "en", "zh"),
    [
        ({"view_cos": math.cos(math.radians(60.5))}, "too oblique (60.5°, at most 60°)", "太斜（60.5°，上限 60°）"),
        ({"dwell_s": 0.29}, "too short (0.29 s, at least 0.3)", "太短（0.29 秒，至少 0.3）"),
        ({"uncovered": 0.49}, "covered (49% uncovered, at least 50%)", "被遮挡（露出 49%，至少 50%）"),
        ({"in_frame": 0.49}, "out of frame (49% in the frame, at least 50%)", "出画（画内 49%，至少 50%）"),
        ({"edge_px": 39}, "too small (shorter edge 39 px, at least 40)", "太小（短边 39 像素，至少 40）"),
        ({"sharpness": 0.19}, "blurred (sharpness 0.19, at least 0.2)", "模糊（清晰度 0.19，至少 0.2）"),
    ],
)
def test_a_face_that_does_not_count_says_why_with_numbers(worse: dict[str, float], en: str, zh: str) -> None:
    finding = found(*five(Face.BACK), face(Face.BACK, **worse))
    assert finding.answer is Answer.NOT_MET
    assert f"back: 0:03.1 {en}" in finding.text.en
    assert f"背面：0:03.1 {zh}" in finding.text.zh
    assert finding.spans == ((3.1, 3.1),)


@pytest.mark.parametrize(
    "edge",
    [
        {"view_cos": math.cos(math.radians(60))}, {"dwell_s": 0.3}, {"uncovered": 0.5}, {"in_frame": 0.5},
        {"edge_px": 40}, {"sharpness": 0.2},
    ],
)  # fmt: skip
def test_a_face_exactly_at_the_threshold_counts(edge: dict[str, float]) -> None:
    assert found(*five(Face.BACK), face(Face.BACK, **edge)).answer is Answer.MET


def test_the_best_of_several_views_counts() -> None:
    assert found(*five(Face.BACK), face(Face.BACK, view_cos=0.1), face(Face.BACK)).answer is Answer.MET


def test_a_face_recognised_unsurely_is_for_a_person() -> None:
    finding = found(*five(Face.BACK), face(Face.BACK, sure=0.6))
    assert (finding.answer, finding.value) == (Answer.CANNOT_TELL, 5)
    assert "recognised with confidence 0.60 only" in finding.text.en
    assert found(*five(Face.BACK), face(Face.BACK, sure=0.6, dwell_s=0.1)).answer is Answer.CANNOT_TELL


def test_a_missing_face_rejects_nobody_while_the_tracking_is_unsure_or_cut_short() -> None:
    unsure = Measured(fact=PARCEL, confidence=0.7)
    assert found(unsure, *five(Face.TOP)[1:]).answer is Answer.CANNOT_TELL
    stopped = DecodeFact(frames=10, covered_s=5, expected_s=60, stopped_by="time_limit")
    finding = found(*five(Face.TOP), stopped)
    assert finding.answer is Answer.CANNOT_TELL
    assert "decoding was stopped by the time limit for one file" in finding.text.en


def test_a_missing_face_rejects_nobody_while_names_were_in_doubt_or_lacking_for_a_view_s_time() -> None:
    for doubt in ({"names_sure": 0.6}, {"unnamed_s": 0.4}):
        finding = found(PARCEL.model_copy(update=doubt), *five(Face.LEFT)[1:])
        assert finding.answer is Answer.CANNOT_TELL
    finding = found(PARCEL.model_copy(update={"names_sure": 0.95, "unnamed_s": 0.1}), *five(Face.LEFT)[1:])
    assert finding.answer is Answer.NOT_MET


def test_a_soft_parcel_has_no_six_faces() -> None:
    finding = found(ParcelFact(soft=True, tracked_s=60), *five(Face.TOP)[1:])
    assert finding.answer is Answer.CANNOT_TELL
    assert "软包装" in finding.text.zh


def test_a_tracked_parcel_that_shows_no_face_lacks_all_six() -> None:
    finding = found(PARCEL)
    assert (finding.answer, finding.value) == (Answer.NOT_MET, 0)
    assert finding.fix is not None
    assert "top, bottom, front, back, left and right" in finding.fix.en


def test_faces_not_measured_are_a_question_not_a_fault() -> None:
    hole = UnmeasuredFact(of=("face",), code="parcel.later", detail="faces come with the parcel network")
    assert found(hole).missing == "observation.face"
    assert found(fact(PARCEL), hole).missing == "observation.face"
    assert "faces come with the parcel network" in found(hole).text.zh


def test_what_this_version_does_not_measure_asks_for_a_look_and_not_for_another_film() -> None:
    hole = UnmeasuredFact(of=("face",), code="observer_absent", detail="no observer measures this yet")
    finding = found(hole)
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.fix is not None
    assert "look at the footage for this: the six faces of the parcel" in finding.fix.en
    assert "请人工查看" in finding.fix.zh
    assert "turn" not in finding.fix.en.lower()


def stretch(*rows: tuple[float, float, float], sure: float = 1.0, **best: Any) -> Measured:  # noqa: ANN401 any field
    """The back's stretch from (time, degrees, uncovered) rows a tenth of a second each; all else is well."""
    count = len(rows)
    series = FaceSeries(
        at_s=tuple(at for at, _, _ in rows), for_s=(0.1,) * count,
        view_cos=tuple(round(math.cos(math.radians(deg)), 4) for _, deg, _ in rows),
        uncovered=tuple(share for _, _, share in rows), in_frame=(1.0,) * count, edge_px=(200.0,) * count,
        sharpness=(0.8,) * count,
    )  # fmt: skip
    first = next(series.rows())
    own = {"best_s": first.at_s, "view_cos": first.view_cos, "uncovered": first.uncovered, "dwell_s": 9.0}
    return face(Face.BACK, sure=sure, **{**own, **best}, series=series)


def test_only_the_time_in_which_all_limits_hold_counts() -> None:
    assert found(*five(Face.BACK), stretch((1, 50, 1), (2, 50, 1), (3, 50, 1))).answer is Answer.MET
    slanting = stretch((1, 50, 1), (2, 50, 1), (3, 65, 1), (4, 50, 0.3))
    finding = found(*five(Face.BACK), slanting)
    assert finding.answer is Answer.NOT_MET
    assert "too short (0.20 s, at least 0.3)" in finding.text.en


def test_a_stretch_is_judged_by_a_view_that_counts_even_if_another_looks_better() -> None:
    large_but_covered = stretch((1, 5, 0.4), (2, 40, 1), (3, 41, 1), (4, 42, 1))
    finding = found(*five(Face.BACK), large_but_covered)
    assert finding.answer is Answer.MET
    assert "the most oblique is the back (40.0°" in finding.text.en


def test_a_stretch_in_which_no_moment_counts_says_why_by_its_best_view() -> None:
    finding = found(*five(Face.BACK), stretch((1, 70, 1), (2, 75, 1)))
    assert finding.answer is Answer.NOT_MET
    assert "back: 0:01.0 too oblique (70.0°, at most 60°)" in finding.text.en
