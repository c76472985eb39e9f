"""How findings become answers and verdicts: rules of a policy, several exhibits, several videos, none at all."""

from collections.abc import Mapping

import pytest

from sixfaces.criteria.judge import HAND_IN_VIDEO, judge
from sixfaces.criteria.rule import EVERY_ROLE, UNBOXING, Rule
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy, RuleUse
from sixfaces.domain.rules import Criterion, Finding, Requirement, RuleCode
from sixfaces.rulebook.loader import load_policy
from tests.golden.building import OTHER_SHA, SHA, evidence, exhibit
from tests.golden.genuine import MEDIA, genuine
from tests.golden.policies import POLICY

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
CODES = {"d": RuleCode.DECODES, "s": RuleCode.SHARPNESS, "c": RuleCode.CLOCK}


def policy(**uses: Requirement) -> Policy:
    """The round policy with all rules advisory but those named by their first letter."""
    rules = {code: RuleUse(use=Requirement.ADVISORY, reason="test") for code in RuleCode}
    rules |= {CODES[letter]: RuleUse(use=use, reason="test") for letter, use in uses.items()}
    return POLICY.model_copy(update={"rules": rules})


def always(code: RuleCode, answers: Mapping[str, Answer], missing: str | None = None) -> Rule:
    """A rule that answers by the exhibit's digest."""

    def say(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
        sha = seen.exhibit.sha256
        return Finding(code=code, answer=answers[sha], text=Say(zh="测试", en="test"), exhibit=sha, missing=missing)

    return Rule(code, EVERY_ROLE, say)


REQUIRED, IF_KNOWN = Requirement.REQUIRED, Requirement.REQUIRED_IF_KNOWN


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ((MET, MET), Verdict.ACCEPTED),
        ((MET, CANNOT_TELL), Verdict.NEEDS_REVIEW),
        ((CANNOT_TELL, NOT_MET), Verdict.REJECTED),
        ((MET, NOT_MET), Verdict.REJECTED),
    ],
)
def test_all_required_rules_must_be_met(answers: tuple[Answer, Answer], verdict: Verdict) -> None:
    rules = tuple(always(CODES[letter], {SHA: answer}) for letter, answer in zip("ds", answers, strict=True))
    found = judge(evidence(exhibit()), policy(d=REQUIRED, s=REQUIRED), rules=rules)
    assert found.verdict is verdict
    assert found.exhibits == {SHA: verdict}


def test_advisory_answers_are_told_and_never_decide() -> None:
    rules = (always(CODES["d"], {SHA: MET}), always(CODES["s"], {SHA: NOT_MET}))
    found = judge(evidence(exhibit()), policy(d=REQUIRED), rules=rules)
    assert found.verdict is Verdict.ACCEPTED
    validity = found.criteria[Criterion.VALIDITY]
    assert validity.answer is MET
    assert [f.answer for f in validity.findings] == [MET, NOT_MET]


@pytest.mark.parametrize(
    ("answer", "missing", "verdict"),
    [
        (CANNOT_TELL, "case.received_at", Verdict.ACCEPTED),
        (CANNOT_TELL, "observation.capture_time", Verdict.NEEDS_REVIEW),
        (CANNOT_TELL, None, Verdict.NEEDS_REVIEW),
        (NOT_MET, None, Verdict.REJECTED),
        (MET, None, Verdict.ACCEPTED),
    ],
)
def test_a_rule_required_if_known_counts_unless_the_case_lacks_its_fact(
    answer: Answer, missing: str | None, verdict: Verdict
) -> None:
    rules = (always(CODES["d"], {SHA: MET}), always(CODES["c"], {SHA: answer}, missing))
    assert judge(evidence(exhibit()), policy(d=REQUIRED, c=IF_KNOWN), rules=rules).verdict is verdict


def test_a_required_rule_counts_even_where_the_case_lacks_its_fact() -> None:
    rules = (always(CODES["c"], {SHA: CANNOT_TELL}, "case.received_at"),)
    assert judge(evidence(exhibit()), policy(c=REQUIRED), rules=rules).verdict is Verdict.NEEDS_REVIEW


def test_a_required_rule_that_nobody_answers_is_not_met_by_silence() -> None:
    rules = (always(CODES["d"], {SHA: MET}),)
    found = judge(evidence(exhibit()), policy(d=REQUIRED, c=REQUIRED), rules=rules)
    assert found.verdict is Verdict.NEEDS_REVIEW
    assert found.criteria[Criterion.TIMELINESS].answer is CANNOT_TELL


def test_over_no_counting_rule_nothing_is_told() -> None:
    found = judge(evidence(exhibit()), policy(), rules=(always(CODES["d"], {SHA: MET}),))
    assert found.verdict is Verdict.NEEDS_REVIEW
    assert {judged.answer for judged in found.criteria.values()} == {CANNOT_TELL}


@pytest.mark.parametrize(
    ("first", "second", "verdict", "answer"),
    [
        (MET, MET, Verdict.ACCEPTED, MET),
        (NOT_MET, NOT_MET, Verdict.REJECTED, NOT_MET),
        (MET, NOT_MET, Verdict.NEEDS_REVIEW, CANNOT_TELL),
        (MET, CANNOT_TELL, Verdict.NEEDS_REVIEW, CANNOT_TELL),
        (CANNOT_TELL, NOT_MET, Verdict.NEEDS_REVIEW, CANNOT_TELL),
    ],
)
def test_several_videos_must_agree(first: Answer, second: Answer, verdict: Verdict, answer: Answer) -> None:
    known = evidence(exhibit(), exhibit(sha256=OTHER_SHA))
    for order in (known, Evidence(known.case, known.exhibits[::-1], known.history)):
        rules = (always(CODES["d"], {SHA: first, OTHER_SHA: second}),)
        found = judge(order, policy(d=REQUIRED), rules=rules)
        assert found.verdict is verdict
        assert found.criteria[Criterion.VALIDITY].answer is answer
        assert len(found.criteria[Criterion.VALIDITY].findings) == 2


def test_other_exhibits_get_their_own_verdict_and_do_not_decide_the_case() -> None:
    photo = exhibit(role=Role.BUYER_PHOTO, sha256=OTHER_SHA)
    rules = (always(CODES["d"], {SHA: MET, OTHER_SHA: NOT_MET}),)
    found = judge(evidence(exhibit(), photo), policy(d=REQUIRED), rules=rules)
    assert found.verdict is Verdict.ACCEPTED
    assert found.exhibits == {SHA: Verdict.ACCEPTED, OTHER_SHA: Verdict.REJECTED}


def test_rules_of_other_roles_do_not_apply() -> None:
    only_videos = Rule(CODES["d"], UNBOXING, always(CODES["d"], {SHA: NOT_MET}).judge)
    photo = exhibit(role=Role.BUYER_PHOTO)
    found = judge(evidence(photo), policy(d=REQUIRED), rules=(only_videos,))
    assert found.exhibits == {SHA: Verdict.NEEDS_REVIEW}


@pytest.mark.parametrize("exhibits", [(), (exhibit(role=Role.BUYER_PHOTO),)])
def test_without_an_unboxing_video_no_criterion_can_be_told_and_each_says_so(
    exhibits: tuple[ExhibitEvidence, ...],
) -> None:
    found = judge(evidence(*exhibits), load_policy("default"))
    assert found.verdict is Verdict.NEEDS_REVIEW
    for criterion, judged in found.criteria.items():
        assert judged.answer is CANNOT_TELL
        last = judged.findings[-1]
        assert last.code.criterion is criterion
        assert last.missing == "exhibit.unboxing_video"
        assert last.fix == HAND_IN_VIDEO
        assert "拆包视频" in last.text.zh


def test_the_same_bytes_in_two_roles_share_one_verdict_only_if_both_agree() -> None:
    twice = evidence(exhibit(), exhibit(role=Role.BUYER_PHOTO))
    only_videos = Rule(CODES["d"], UNBOXING, always(CODES["d"], {SHA: MET}).judge)
    found = judge(twice, policy(d=REQUIRED), rules=(only_videos, always(CODES["s"], {SHA: MET})))
    assert found.exhibits == {SHA: Verdict.NEEDS_REVIEW}


@pytest.mark.parametrize("name", ["default", "tmall"])
def test_an_honest_take_is_accepted_under_the_complete_policies(name: str) -> None:
    found = judge(evidence(exhibit(*genuine(), media=MEDIA)), load_policy(name))
    assert found.verdict is Verdict.ACCEPTED
    assert {judged.answer for judged in found.criteria.values()} == {MET}
    assert sum(len(judged.findings) for judged in found.criteria.values()) == len(RuleCode)


OPTIONAL = {
    "tool_tag", "text", "challenge", "moment", "recapture", "provenance", "container", "weight", "item", "inspection",
    "take",
}  # fmt: skip
"""Kinds of facts that the default policy can do without."""


@pytest.mark.parametrize("kind", sorted({m.fact.kind for m in genuine()} - OPTIONAL))
def test_an_honest_take_is_not_accepted_once_a_kind_of_fact_is_missing(kind: str) -> None:
    lost = {kind, "challenge"} if kind == "capture_time" else {kind}
    kept = [measured for measured in genuine() if measured.fact.kind not in lost]
    assert judge(evidence(exhibit(*kept, media=MEDIA)), load_policy("default")).verdict is not Verdict.ACCEPTED
