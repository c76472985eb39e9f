"""What judging ends in: the case's verdict, the four criteria with every finding, and each exhibit's own verdict."""

from sixfaces.domain.answer import Verdict
from sixfaces.domain.model import Model
from sixfaces.domain.rules import Criterion, CriterionJudgement


class Judgement(Model):
    """The judged evidence of one case. `exhibits` holds one verdict for each exhibit, in the evidence's order.

    `template` repeats that the policy has unconfirmed values: the verdict stands, but must be shown as such.
    """

    verdict: Verdict
    criteria: dict[Criterion, CriterionJudgement]
    exhibits: tuple[Verdict, ...]
    template: bool = False
