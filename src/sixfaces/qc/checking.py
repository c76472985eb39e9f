"""Whether an answer is one that its step knows. Raises InspectionError, naming the step and what it allows.

1. who       the step is for this inspector
2. form      what the form of the step needs is there; an optional step may be passed over by nothing, by whomever
3. defects   only those that the answer states, each with a place and a size where it has them
4. witness   what the step asks to be shown is there
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from sixfaces.domain.inspection import FoundDefect, StepAnswer, Witness
from sixfaces.domain.sop import Defect, Sop, SopStep, StepForm, WitnessNeed
from sixfaces.qc import refusals
from sixfaces.qc.defects import by_code, stated_by

_SLACK_S = 0.5
"""Containers tell their length to within a frame or two."""


class Shows(StrEnum):
    """What a sealed exhibit is, to who points at it."""

    MOVING = "moving"
    STILL = "still"


class Showable(NamedTuple):
    """A sealed exhibit of the case; `duration_s` is None where it is not measured yet."""

    shows: Shows
    duration_s: float | None = None


def check(sop: Sop, step: SopStep, answer: StepAnswer, *, exhibits: Mapping[str, Showable]) -> None:
    """As the module says; `exhibits` by digest."""
    for witness in answer.witnesses:
        _check_witness(step, witness, exhibits)
    if step.optional and is_empty(answer):
        return
    if answer.as_ not in step.by:  # 1.
        raise refusals.not_for_them(step)
    _check_form(step, answer)  # 2.
    _check_defects(sop, step, answer)  # 3.
    _check_shown(step, answer, exhibits)  # 4.


def is_empty(answer: StepAnswer) -> bool:
    """Whether nothing was said: an optional step is passed over so."""
    return not answer.values and answer.number is None and not answer.text and not answer.defects


def _check_form(step: SopStep, answer: StepAnswer) -> None:
    """2."""
    if (answer.number is not None) != (step.form is StepForm.NUMBER):
        raise refusals.form(step)
    if step.form is StepForm.NUMBER:
        _check_number(step, answer.number or 0.0)
    needs_text = step.form is StepForm.TEXT or (step.form is StepForm.CODE and not step.choices)
    if needs_text and not (answer.text and answer.text.strip()):
        raise refusals.form(step)
    _check_values(step, answer.values)


def _check_number(step: SopStep, number: float) -> None:
    low, high = step.low, step.high
    if (low is not None and number < low) or (high is not None and number > high):
        raise refusals.bounds(step)


def _check_values(step: SopStep, values: tuple[str, ...]) -> None:
    known = {one.value: bool(one.defects) for one in step.choices}
    unknown = [value for value in values if value not in known]
    if unknown or len(set(values)) < len(values):
        raise refusals.value(step, unknown or list(values))
    several = step.form is StepForm.CHOICES
    if (step.choices and not values) or (len(values) > 1 and not several):
        raise refusals.form(step)
    if len({known[value] for value in values}) > 1:
        raise refusals.contradiction(step, list(values))


def _check_defects(sop: Sop, step: SopStep, answer: StepAnswer) -> None:
    """3."""
    stated, known = stated_by(step, answer), by_code(sop)
    for one in answer.defects:
        if one.code not in stated:
            raise refusals.defect(step, one.code, sorted(stated))
        _check_where(step, one, known[one.code])
    told = {one.code for one in answer.defects}
    for code in sorted(stated - told):
        _check_where(step, FoundDefect(code=code), known[code])


def _check_where(step: SopStep, found: FoundDefect, defect: Defect) -> None:
    for name, allowed in (("place", defect.places), ("size", defect.sizes)):
        given = getattr(found, name)
        if (given not in allowed) if allowed else (given is not None):
            raise refusals.where(step, found.code, name=name, allowed=allowed)


def _check_witness(step: SopStep, witness: Witness, exhibits: Mapping[str, Showable]) -> None:
    exhibit = exhibits.get(witness.exhibit)
    if exhibit is None:
        raise refusals.witness_unknown(step, witness.exhibit)
    if witness.at_s is None:
        return
    ends = exhibit.duration_s
    if exhibit.shows is not Shows.MOVING or (ends is not None and witness.at_s > ends + _SLACK_S):
        raise refusals.witness_moment(step, witness.at_s, ends)


def _check_shown(step: SopStep, answer: StepAnswer, exhibits: Mapping[str, Showable]) -> None:
    """4."""
    need = step.witness
    if need is WitnessNeed.NONE or (need is WitnessNeed.IF_DEFECT and not stated_by(step, answer)):
        return
    if not any(_meets(need, witness, exhibits) for witness in answer.witnesses):
        raise refusals.witness_needed(step)


def _meets(need: WitnessNeed, witness: Witness, exhibits: Mapping[str, Showable]) -> bool:
    """A moment of footage, or a photo; footage without a moment shows nothing in particular."""
    is_photo = exhibits[witness.exhibit].shows is Shows.STILL
    if need is WitnessNeed.PHOTO:
        return is_photo
    is_moment = not is_photo and witness.at_s is not None
    return is_moment if need is WitnessNeed.MOMENT else is_photo or is_moment
