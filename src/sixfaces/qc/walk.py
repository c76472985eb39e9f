"""The walk through an SOP: which steps there are for the answers so far, and which is next.

1. Of several answers to a step the last counts.
2. A step is open where each of its conditions is met by the answer to an open step before it: an answer that is changed
   later opens and closes steps, and the answers to closed ones rest.
3. The next step is the first open one without an answer that this inspector may answer. An optional one may be passed
   over by an empty answer.
"""

from collections.abc import Sequence, Set
from typing import NamedTuple

from sixfaces.domain.inspection import StepAnswer
from sixfaces.domain.sop import DONE, GOOD, OUT, Condition, Inspector, Sop, SopStep, StepForm


class Walk(NamedTuple):
    """Open steps in order, and the answers to them that count."""

    steps: tuple[SopStep, ...]
    answers: dict[str, StepAnswer]

    @property
    def left(self) -> tuple[SopStep, ...]:
        """Open steps without an answer."""
        return tuple(step for step in self.steps if step.id not in self.answers)

    @property
    def needed(self) -> tuple[SopStep, ...]:
        """Those of them without which nothing can be concluded."""
        return tuple(step for step in self.left if not step.optional)

    def next(self, inspectors: Set[Inspector]) -> SopStep | None:
        """The one step that who may answer as these is asked now; None where none is left to them."""
        return next((step for step in self.left if step.by & inspectors), None)


def walk(sop: Sop, answers: Sequence[StepAnswer]) -> Walk:
    """As the module says."""
    last = {answer.step: answer for answer in answers}  # 1.
    steps: list[SopStep] = []
    counted: dict[str, StepAnswer] = {}
    said: dict[str, frozenset[str]] = {}
    for step in sop.steps:
        if not all(_is_met(condition, said) for condition in step.only_if):  # 2.
            continue
        steps.append(step)
        if step.id in last:
            counted[step.id] = last[step.id]
            said[step.id] = said_by(step, last[step.id])
    return Walk(tuple(steps), counted)


def said_by(step: SopStep, answer: StepAnswer) -> frozenset[str]:
    """What conditions can ask of an answer."""
    if step.form is StepForm.NUMBER:
        return frozenset() if answer.number is None or not step.good else frozenset({_range(step, answer.number)})
    if step.form is StepForm.CONFIRM:
        return frozenset({DONE})
    return frozenset(answer.values)


def is_out(step: SopStep, answer: StepAnswer) -> bool:
    """Whether a number lies outside of what is good."""
    return OUT in said_by(step, answer) and step.form is StepForm.NUMBER


def _range(step: SopStep, number: float) -> str:
    low, high = step.good or (number, number)
    return GOOD if low <= number <= high else OUT


def _is_met(condition: Condition, said: dict[str, frozenset[str]]) -> bool:
    return bool(said.get(condition.step, frozenset()) & frozenset(condition.values))
