"""The three answers, the three verdicts, and how answers combine."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Answer(StrEnum):
    """What a rule says. `cannot_tell` is an answer, not an error."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


class Verdict(StrEnum):
    """What the evidence of an exhibit or a case amounts to."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEEDS_REVIEW = "needs_review"


def all_of(answers: Iterable[Answer]) -> Answer:
    """`not_met` if any is, else `cannot_tell` if any is, else `met`; over nothing `cannot_tell`."""
    seen = set(answers)
    if Answer.NOT_MET in seen:
        return Answer.NOT_MET
    if seen == {Answer.MET}:
        return Answer.MET
    return Answer.CANNOT_TELL


def verdict_of(required: Answer) -> Verdict:
    """The verdict that the combined answer of all required rules amounts to (DESIGN §5)."""
    return {
        Answer.MET: Verdict.ACCEPTED,
        Answer.NOT_MET: Verdict.REJECTED,
        Answer.CANNOT_TELL: Verdict.NEEDS_REVIEW,
    }[required]


def unanimous(opinions: Iterable[T], *, otherwise: T) -> T:
    """The one opinion all share, else `otherwise`: several videos of one case must agree."""
    seen = set(opinions)
    return seen.pop() if len(seen) == 1 else otherwise
