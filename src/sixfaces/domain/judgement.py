"""What judging ends in: the case's verdict, the four criteria with every finding, and each exhibit's own verdict."""

from enum import StrEnum
from typing import NamedTuple

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Model, Sha256
from sixfaces.domain.rules import Criterion, CriterionJudgement, RuleCode


class Lacks(StrEnum):
    """What kind of fact was missing for an answer."""

    NOTHING = ""
    CASE = "case"
    """One that the parties did not supply."""
    OBSERVATION = "observation"
    """One that was not, or could not be, measured."""


class Told(NamedTuple):
    """One rule's answer without words."""

    code: RuleCode
    answer: Answer
    lacks: Lacks


class ToldOf(NamedTuple):
    """All answers about one exhibit."""

    role: Role
    answers: tuple[Told, ...]


class Judgement(Model):
    """The judged evidence of one case. `exhibits` holds the verdict of each exhibit by its digest."""

    verdict: Verdict
    criteria: dict[Criterion, CriterionJudgement]
    exhibits: dict[Sha256, Verdict]
