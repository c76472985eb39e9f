"""Judges a case: all evidence and a policy in, one judgement out. Pure: no I/O, no clock, no randomness.

1. Every rule that applies to an exhibit's role gives one finding about it.
2. A finding counts if the policy requires its rule; under `required_if_known` it does not count when what is missing
   is a fact of the case (`case.*`). Advisory findings are told and never counted.
3. An exhibit's verdict comes from all its counting answers together: one `not_met` rejects, all `met` accepts, all
   else is for a person. Over no counting answer at all it is for a person, too.
4. The case is decided by its unboxing videos alone. A rule that is required but that none of the registered rules
   answers is as good as `cannot_tell`: a gap in the registry must not make evidence look better.
5. Several unboxing videos must agree: if their verdicts or their answers on a criterion differ, a person looks.
6. Without an unboxing video no criterion can be told, and a finding under each says so; but where no exhibit at all
   could be decoded, validity is `not_met` whatever the files were handed in as.
"""

from sixfaces.criteria.registry import RULES
from sixfaces.criteria.rule import Rule
from sixfaces.domain.answer import Answer, Verdict, all_of, unanimous, verdict_of
from sixfaces.domain.evidence import Evidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.judgement import Judgement
from sixfaces.domain.model import Say, Sha256
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Criterion, CriterionJudgement, Finding, Requirement, RuleCode

CRITERION_OF = {code: code.criterion for code in RuleCode}

NO_VIDEO = Say(
    zh="这一售后单没有提交拆包视频，无法判断。",
    en="No unboxing video was handed in for this case, so this cannot be judged.",
)
HAND_IN_VIDEO = Say(
    zh="请提交从包裹完好封口开始、一镜到底的拆包视频（角色 unboxing_video）。",
    en="Hand in an unboxing video (role unboxing_video) that starts with the sealed parcel and runs without a cut.",
)


def judge(evidence: Evidence, policy: Policy, *, rules: tuple[Rule, ...] = RULES) -> Judgement:
    """The judgement of the case under the policy. Never raises for what the evidence contains."""
    told: dict[Criterion, list[Finding]] = {criterion: [] for criterion in Criterion}
    verdicts: dict[Sha256, list[Verdict]] = {}
    videos: list[dict[Criterion, list[Answer]]] = []
    for seen in evidence.exhibits:
        # 1. and 2.
        role, answers = seen.exhibit.role, _Answers(policy)
        for rule in rules:
            if role in rule.roles:
                answers.take(rule.judge(evidence, seen, policy), told)
        # 3.
        verdicts.setdefault(seen.exhibit.sha256, []).append(answers.verdict)
        # 4.
        if role is Role.UNBOXING_VIDEO:
            answers.take_silence()
            videos.append(answers.counting)
    # 6.
    if not videos:
        videos = _nothing_to_see(told[Criterion.VALIDITY], evidence)
        for finding in _without_video(policy, rules):
            told[CRITERION_OF[finding.code]].append(finding)
    # 5.
    return Judgement(
        verdict=unanimous((_verdict(video) for video in videos), otherwise=Verdict.NEEDS_REVIEW),
        criteria={
            criterion: CriterionJudgement(
                answer=unanimous((all_of(video[criterion]) for video in videos), otherwise=Answer.CANNOT_TELL),
                findings=tuple(findings),
            )
            for criterion, findings in told.items()
        },
        exhibits={sha: unanimous(found, otherwise=Verdict.NEEDS_REVIEW) for sha, found in verdicts.items()},
    )


class _Answers:
    """The counting answers about one exhibit, by criterion."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._silent = {code for code, rule in policy.rules.items() if rule.use is Requirement.REQUIRED}
        self.counting: dict[Criterion, list[Answer]] = {criterion: [] for criterion in Criterion}

    def take(self, finding: Finding, told: dict[Criterion, list[Finding]]) -> None:
        """2. Tell the finding, and count it if the policy lets it decide anything."""
        code = finding.code
        criterion = CRITERION_OF[code]
        told[criterion].append(finding)
        self._silent.discard(code)
        use = self._policy.rules[code].use
        if use is Requirement.REQUIRED or (use is Requirement.REQUIRED_IF_KNOWN and not _lacks_case(finding)):
            self.counting[criterion].append(finding.answer)

    def take_silence(self) -> None:
        """4. Required rules that nobody answered."""
        for code in self._silent:
            self.counting[CRITERION_OF[code]].append(Answer.CANNOT_TELL)

    @property
    def verdict(self) -> Verdict:
        """What the answers taken so far amount to."""
        return _verdict(self.counting)


def _lacks_case(finding: Finding) -> bool:
    """2. Whether what is missing is a fact of the case."""
    return finding.missing is not None and finding.missing.startswith("case.")


def _verdict(answers: dict[Criterion, list[Answer]]) -> Verdict:
    return verdict_of(all_of(answer for of_criterion in answers.values() for answer in of_criterion))


def _nothing_to_see(validity: list[Finding], evidence: Evidence) -> list[dict[Criterion, list[Answer]]]:
    """6. What stands for the missing video where nothing that was handed in could be decoded; else nothing does."""
    undecoded = {f.exhibit for f in validity if f.code is RuleCode.DECODES and f.answer is Answer.NOT_MET}
    if not undecoded or undecoded != {seen.exhibit.sha256 for seen in evidence.exhibits}:
        return []
    return [{criterion: [Answer.CANNOT_TELL] for criterion in Criterion} | {Criterion.VALIDITY: [Answer.NOT_MET]}]


def _without_video(policy: Policy, rules: tuple[Rule, ...]) -> list[Finding]:
    """6. One finding for each criterion, under the first rule that the policy requires (else the first there is)."""
    spoken: dict[Criterion, RuleCode] = {}
    for code in (*(rule.code for rule in rules), *RuleCode):
        if policy.rules[code].use is Requirement.REQUIRED:
            spoken.setdefault(CRITERION_OF[code], code)
    for code in RuleCode:
        spoken.setdefault(CRITERION_OF[code], code)
    return [
        Finding(
            code=spoken[criterion],
            answer=Answer.CANNOT_TELL,
            text=NO_VIDEO,
            fix=HAND_IN_VIDEO,
            missing="exhibit.unboxing_video",
        )
        for criterion in Criterion
    ]
