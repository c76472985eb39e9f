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

from sixfaces.criteria.combining import CRITERION_OF, Uses, combined, told_by
from sixfaces.criteria.registry import RULES
from sixfaces.criteria.rule import Rule
from sixfaces.domain.answer import Answer, Verdict, unanimous
from sixfaces.domain.evidence import Evidence
from sixfaces.domain.judgement import Judgement, ToldOf
from sixfaces.domain.model import Say, Sha256
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Criterion, CriterionJudgement, Finding, Requirement, RuleCode

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
    found: dict[Criterion, list[Finding]] = {criterion: [] for criterion in Criterion}
    told = []
    for seen in evidence.exhibits:
        # 1.
        findings = [rule.judge(evidence, seen, policy) for rule in rules if seen.exhibit.role in rule.roles]
        for finding in findings:
            found[CRITERION_OF[finding.code]].append(finding)
        told.append(ToldOf(seen.exhibit.role, tuple([told_by(finding) for finding in findings])))
    # 2. to 6.
    amount = combined(told, Uses(policy))
    if amount.unseen:
        for finding in _without_video(policy, rules):
            found[CRITERION_OF[finding.code]].append(finding)
    verdicts: dict[Sha256, list[Verdict]] = {}
    for seen, verdict in zip(evidence.exhibits, amount.exhibits, strict=True):
        verdicts.setdefault(seen.exhibit.sha256, []).append(verdict)
    return Judgement(
        verdict=amount.verdict,
        criteria={
            criterion: CriterionJudgement(answer=answer, findings=tuple(found[criterion]))
            for criterion, answer in amount.criteria.items()
        },
        exhibits={sha: unanimous(all_, otherwise=Verdict.NEEDS_REVIEW) for sha, all_ in verdicts.items()},
    )


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
