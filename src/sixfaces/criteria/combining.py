"""From answers to verdicts: one function for judging and for judging again, so that neither can drift from the other.

The numbers are those of `judge`: what counts (2.), an exhibit's verdict (3.), the case's (4. to 6.).
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sixfaces.domain.answer import Answer, Verdict, all_of, unanimous, verdict_of
from sixfaces.domain.exhibit import Role
from sixfaces.domain.judgement import Lacks, Told, ToldOf
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Criterion, Finding, Requirement, RuleCode

CRITERION_OF = {code: code.criterion for code in RuleCode}


class Combined(NamedTuple):
    """What the answers amount to. `exhibits`: the verdicts in the order of what was told. `unseen`: there is no
    unboxing video."""

    verdict: Verdict
    criteria: dict[Criterion, Answer]
    exhibits: tuple[Verdict, ...]
    unseen: bool


class Uses:
    """How a policy uses the rules, made ready once for as many cases as are judged by it."""

    def __init__(self, policy: Policy) -> None:
        self._of = {code: rule.use for code, rule in policy.rules.items()}
        self.required = frozenset(code for code, use in self._of.items() if use is Requirement.REQUIRED)

    def use(self, code: RuleCode) -> Requirement:
        """What the policy uses a rule for."""
        return self._of[code]

    def counts(self, told: Told) -> bool:
        """2. Whether the policy lets the answer decide anything."""
        use = self._of[told.code]
        return use is Requirement.REQUIRED or (use is Requirement.REQUIRED_IF_KNOWN and told.lacks is not Lacks.CASE)


def told_by(finding: Finding) -> Told:
    """A finding without its words."""
    missing = finding.missing
    if missing is None:
        return Told(finding.code, finding.answer, Lacks.NOTHING)
    lacks = next((one for one in (Lacks.CASE, Lacks.OBSERVATION) if missing.startswith(f"{one.value}.")), Lacks.NOTHING)
    return Told(finding.code, finding.answer, lacks)


def combined(told: Sequence[ToldOf], uses: Uses) -> Combined:
    """What the answers about all exhibits amount to."""
    exhibits, videos = [], []
    for one in told:
        counting: dict[Criterion, list[Answer]] = {criterion: [] for criterion in Criterion}
        silent = set(uses.required)
        for answer in one.answers:
            silent.discard(answer.code)
            if uses.counts(answer):
                counting[CRITERION_OF[answer.code]].append(answer.answer)
        exhibits.append(_verdict(counting))  # 3.
        if one.role is Role.UNBOXING_VIDEO:  # 4.
            for code in silent:
                counting[CRITERION_OF[code]].append(Answer.CANNOT_TELL)
            videos.append(counting)
    unseen = not videos
    if unseen:
        videos = _nothing_to_see(told)
    return Combined(
        verdict=unanimous((_verdict(video) for video in videos), otherwise=Verdict.NEEDS_REVIEW),  # 5.
        criteria={
            criterion: unanimous((all_of(video[criterion]) for video in videos), otherwise=Answer.CANNOT_TELL)
            for criterion in Criterion
        },
        exhibits=tuple(exhibits),
        unseen=unseen,
    )


def _verdict(answers: dict[Criterion, list[Answer]]) -> Verdict:
    return verdict_of(all_of(answer for of_criterion in answers.values() for answer in of_criterion))


def _nothing_to_see(told: Collection[ToldOf]) -> list[dict[Criterion, list[Answer]]]:
    """6. What stands for the missing video where nothing that was handed in could be decoded; else nothing does."""
    if not told or not all(_is_undecoded(one) for one in told):
        return []
    return [{criterion: [Answer.CANNOT_TELL] for criterion in Criterion} | {Criterion.VALIDITY: [Answer.NOT_MET]}]


def _is_undecoded(one: ToldOf) -> bool:
    return any(told.code is RuleCode.DECODES and told.answer is Answer.NOT_MET for told in one.answers)
