"""Defects: what answers state, where and how large as the inspector says, and whether each of them is shown."""

from collections.abc import Iterator

from sixfaces.domain.inspection import FoundDefect, StepAnswer
from sixfaces.domain.sop import Defect, Sop, SopStep
from sixfaces.qc.walk import Walk, is_out


def stated_by(step: SopStep, answer: StepAnswer) -> frozenset[str]:
    """Codes of the defects that an answer states."""
    by_choice = {code for choice in step.choices if choice.value in answer.values for code in choice.defects}
    out = {step.out_of_good} if step.out_of_good and is_out(step, answer) else set()
    return frozenset(by_choice | out)


def found(walked: Walk) -> tuple[FoundDefect, ...]:
    """All defects, each as often as it was found in another place or size."""
    unique = {
        (one.code, one.place, one.size): one
        for step in walked.steps
        if step.id in walked.answers
        for one in _of(step, walked.answers[step.id])
    }
    return tuple(unique.values())


def all_shown(walked: Walk) -> bool:
    """Whether each answer that states a defect has a witness."""
    said = ((step, walked.answers[step.id]) for step in walked.steps if step.id in walked.answers)
    return all(bool(answer.witnesses) for step, answer in said if stated_by(step, answer))


def by_code(sop: Sop) -> dict[str, Defect]:
    """The defects that an SOP knows."""
    return {one.code: one for one in sop.defects}


def _of(step: SopStep, answer: StepAnswer) -> Iterator[FoundDefect]:
    told = {one.code for one in answer.defects}
    yield from answer.defects
    yield from (FoundDefect(code=code) for code in sorted(stated_by(step, answer) - told))
