"""What judging ends in: the case's verdict, the four criteria with every finding, and each exhibit's own verdict."""

from sixfaces.domain.answer import Verdict
from sixfaces.domain.model import Model, Sha256
from sixfaces.domain.rules import Criterion, CriterionJudgement


class Judgement(Model):
    """The judged evidence of one case. `exhibits` holds the verdict of each exhibit by its digest."""

    verdict: Verdict
    criteria: dict[Criterion, CriterionJudgement]
    exhibits: dict[Sha256, Verdict]
