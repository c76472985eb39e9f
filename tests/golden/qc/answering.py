"""Answers that steps take, for golden tests of inspections."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from sixfaces.domain.inspection import FoundDefect, StepAnswer, Witness
from sixfaces.domain.sop import Inspector, Sop, SopStep, StepForm, WitnessNeed
from sixfaces.qc.checking import Showable, Shows
from sixfaces.qc.defects import by_code, stated_by

NOON = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
PHOTO, FILM = "a" * 64, "b" * 64
EXHIBITS = {PHOTO: Showable(Shows.STILL), FILM: Showable(Shows.MOVING, 60.0)}


def answered(sop: Sop, step: SopStep, *values: str, number: float | None = None) -> StepAnswer:
    """A valid answer with these values, or this number: defects are placed, and shown where that is needed."""
    text = "没有其他情况。" if step.form is StepForm.TEXT else "SN-1" if step.form is StepForm.CODE else None
    bare = StepAnswer(step=step.id, values=values, number=number, text=text, by="test", as_=min(step.by), at=NOON)
    known = by_code(sop)
    placed = tuple(
        FoundDefect(code=code, place=next(iter(known[code].places), None), size=next(iter(known[code].sizes), None))
        for code in sorted(stated_by(step, bare))
    )
    is_shown = step.witness not in (WitnessNeed.NONE, WitnessNeed.IF_DEFECT) or bool(placed)
    witness = Witness(exhibit=FILM, at_s=3.0) if step.witness is WitnessNeed.MOMENT else Witness(exhibit=PHOTO)
    return bare.model_copy(update={"defects": placed, "witnesses": (witness,) if is_shown else ()})


def well(sop: Sop, step: SopStep) -> StepAnswer:
    """An answer that all is well."""
    if step.form is StepForm.NUMBER:
        low, high = step.good or (step.low or 0.0, step.high or 0.0)
        return answered(sop, step, number=(low + high) / 2)
    fine = [choice.value for choice in step.choices if not choice.defects]
    return answered(sop, step, *fine[:1])


def leading_to(sop: Sop, step: SopStep, wanted: str) -> StepAnswer:
    """An answer that conditions take for this."""
    if step.form is StepForm.NUMBER:
        low, high = step.good or (0.0, 0.0)
        outside = step.low if step.low is not None and step.low < low else step.high
        return answered(sop, step, number=(low + high) / 2 if wanted == "good" else outside)
    return answered(sop, step) if step.form is StepForm.CONFIRM else answered(sop, step, wanted)


@st.composite
def any_answer(draw: st.DrawFn, sop: Sop, step: SopStep) -> StepAnswer:
    """Any answer that the step takes."""
    if step.form is StepForm.NUMBER:
        return answered(sop, step, number=draw(st.floats(step.low or 0.0, step.high or 0.0)))
    if not step.choices:
        return answered(sop, step)
    good = [one.value for one in step.choices if not one.defects]
    bad = [one.value for one in step.choices if one.defects]
    pool = draw(st.sampled_from([one for one in (good, bad) if one]))
    most = len(pool) if step.form is StepForm.CHOICES else 1
    return answered(sop, step, *draw(st.lists(st.sampled_from(pool), min_size=1, max_size=most, unique=True)))


ANYBODY = frozenset(Inspector)
