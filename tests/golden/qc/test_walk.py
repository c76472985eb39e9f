"""The walk through every shipped SOP, for any answers that its steps take."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sixfaces.domain.inspection import StepAnswer
from sixfaces.domain.sop import Inspector, QcOutcome, Sop, SopStep
from sixfaces.qc.checking import check
from sixfaces.qc.defects import found
from sixfaces.qc.grading import suggest
from sixfaces.qc.walk import said_by, walk
from sixfaces.rulebook.grades import GRADES
from sixfaces.rulebook.sops import SOPS
from tests.golden.qc.answering import ANYBODY, EXHIBITS, answered, any_answer, leading_to, well

SOPS_SHIPPED = {name: SOPS.load(name) for name in SOPS.names()}
SCHEMES = {sop.scheme: GRADES.load(sop.scheme) for sop in SOPS_SHIPPED.values()}
EVERY_SOP = pytest.mark.parametrize("sop", SOPS_SHIPPED.values(), ids=SOPS_SHIPPED)


@EVERY_SOP
@settings(max_examples=25, deadline=None, database=None)
@given(st.data())
def test_any_valid_answers_end_the_walk_and_no_step_is_asked_twice(sop: Sop, data: st.DataObject) -> None:
    answers: list[StepAnswer] = []
    changed = 0
    while (step := walk(sop, answers).next(ANYBODY)) is not None:
        walked = walk(sop, answers)
        assert step.id not in walked.answers
        _check_reached(step, answers, sop)
        answers.append(_given(data, sop, step))
        if data.draw(st.booleans()) and changed < 5:  # somebody corrects an answer that still counts
            changed += 1
            earlier = data.draw(st.sampled_from([one for one in walked.steps if one.id in walk(sop, answers).answers]))
            answers.append(_given(data, sop, earlier))
        assert len(answers) <= (changed + 1) * len(sop.steps) + changed
    end = walk(sop, answers)
    assert end.needed == ()
    assert set(end.answers) == {one.id for one in end.steps}
    if not changed:
        assert len({one.step for one in answers}) == len(answers)
    _check_suggestion(sop, answers)


def _given(data: st.DataObject, sop: Sop, step: SopStep) -> StepAnswer:
    answer = data.draw(any_answer(sop, step))
    check(sop, step, answer, exhibits=EXHIBITS)
    return answer


def _check_reached(step: SopStep, answers: list[StepAnswer], sop: Sop) -> None:
    """Every condition of what is asked holds by the last answer to its step."""
    last = {answer.step: answer for answer in answers}
    by_id = {one.id: one for one in sop.steps}
    for condition in step.only_if:
        assert said_by(by_id[condition.step], last[condition.step]) & set(condition.values)


def _check_suggestion(sop: Sop, answers: list[StepAnswer]) -> None:
    """There always is one; what was found is said of it, with a grade of the scheme."""
    walked, scheme = walk(sop, answers), SCHEMES[sop.scheme]
    told = suggest(sop, scheme, found(walked))
    if told.outcome is QcOutcome.REFERRED:
        assert (told.fit, told.grade, told.elsewhere) == (None, None, {})
        return
    assert told.grade in {one.grade for one in scheme.grades}
    assert told.elsewhere.keys() == scheme.crosswalk.keys()


@EVERY_SOP
def test_every_step_can_be_come_to(sop: Sop) -> None:
    for wanted in sop.steps:
        answers: list[StepAnswer] = []
        needed = _needed(sop, wanted)
        while (step := walk(sop, answers).next(ANYBODY)) is not None and step.id != wanted.id:
            answers.append(leading_to(sop, step, needed[step.id]) if step.id in needed else well(sop, step))
        assert step is not None, wanted.id
        assert step.id == wanted.id


def _needed(sop: Sop, step: SopStep) -> dict[str, str]:
    """One answer each that leads to a step."""
    by_id = {one.id: one for one in sop.steps}
    found: dict[str, str] = {}
    for condition in step.only_if:
        found |= {condition.step: condition.values[0]} | _needed(sop, by_id[condition.step])
    return found


@EVERY_SOP
def test_where_all_is_well_nothing_is_wrong(sop: Sop) -> None:
    answers: list[StepAnswer] = []
    while (step := walk(sop, answers).next(ANYBODY)) is not None:
        answers.append(well(sop, step))
    told = suggest(sop, SCHEMES[sop.scheme], found(walk(sop, answers)))
    assert (told.outcome.value, told.defects) == ("no_quality_problem", ())
    assert told.fit is not sop.perishable
    assert told.grade == SCHEMES[sop.scheme].grades[0].grade


def test_an_operator_is_not_asked_what_a_senior_answers() -> None:
    sop = SOPS_SHIPPED["apparel"]
    rub = next(step for step in sop.steps if step.id == "rub_test")
    answers = [well(sop, step) for step in sop.steps if step.id not in ("rub_test", "second_place")]
    answers.append(answered(sop, rub, "bleeds"))
    walked = walk(sop, answers)
    assert walked.next(frozenset({Inspector.OPERATOR})) is None
    senior = walked.next(frozenset({Inspector.SENIOR}))
    assert senior is not None
    assert senior.id == "second_place"


def test_a_changed_answer_closes_steps_whose_answers_rest_and_come_back() -> None:
    sop = SOPS_SHIPPED["cosmetics"]
    seal = next(step for step in sop.steps if step.id == "seal")
    content = next(step for step in sop.steps if step.id == "content")
    answers = [answered(sop, seal, "broken"), answered(sop, content, "used")]
    assert "used" in {one.code for one in found(walk(sop, answers))}
    answers.append(answered(sop, seal, "sealed"))
    assert found(walk(sop, answers)) == ()
    answers.append(answered(sop, seal, "broken"))
    assert "used" in {one.code for one in found(walk(sop, answers))}
