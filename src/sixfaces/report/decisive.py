"""Which findings carry the verdict: the reasons a reviewer reads out first."""

from collections.abc import Sequence

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.exhibit import Role
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Finding, Requirement, RuleCode

CARRIES = {
    Verdict.ACCEPTED: (Answer.MET,),
    Verdict.REJECTED: (Answer.NOT_MET,),
    Verdict.NEEDS_REVIEW: (Answer.NOT_MET, Answer.CANNOT_TELL),
}
"""A case for review holds a `not_met` only where several videos disagree: then that is what to look at first."""

FIRST_ASKED = (
    RuleCode.DECODES,
    RuleCode.INTEGRITY,
    RuleCode.WAYBILL,
    RuleCode.SIX_FACES,
    RuleCode.ONE_TAKE,
    RuleCode.SAME_PARCEL,
    RuleCode.FIRST_OPENING,
    RuleCode.RECORDED_AFTER_SIGNING,
    RuleCode.SEALED_AT_START,
)
"""The order in which people ask; the other rules follow in the order of their codes."""

FIRST_ASKED_WHEN_ACCEPTED = FIRST_ASKED[2:]
"""That a file decodes is no news where everything is met."""


def decisive(report: Report) -> list[Finding]:
    """The findings that carry the verdict, most asked for first; what several rules say alike is said once."""
    wanted = CARRIES[report.verdict]
    order = FIRST_ASKED_WHEN_ACCEPTED if report.verdict is Verdict.ACCEPTED else FIRST_ASKED
    ranks = {code: rank for rank, code in enumerate((*order, *(c for c in RuleCode if c not in order)))}
    return _once(sorted(_carriers(report), key=lambda finding: (wanted.index(finding.answer), ranks[finding.code])))


def left_untold(report: Report, told: Sequence[Finding]) -> int:
    """How many findings that carry the verdict are not among those `told` of `decisive`, counted as the tallies are.

    A rule that says what another one has said is not told by name, and so counts here.
    """
    known = {(finding.code, finding.text.en) for finding in told}
    return sum((finding.code, finding.text.en) not in known for finding in _carriers(report))


def disagreeing(report: Report) -> bool:
    """Whether a person must look because the unboxing videos of the case contradict each other."""
    videos = [view for view in report.exhibits if view.role is Role.UNBOXING_VIDEO]
    return report.verdict is Verdict.NEEDS_REVIEW and len({view.verdict for view in videos}) > 1


def _carriers(report: Report) -> list[Finding]:
    return [f for f in heard(report) if f.answer in CARRIES[report.verdict]]


def _once(carriers: list[Finding]) -> list[Finding]:
    """Findings in the same words as one: of no exhibit in particular, where they are about several."""
    alike: dict[str, list[Finding]] = {}
    for finding in carriers:
        alike.setdefault(finding.text.en, []).append(finding)
    return [
        group[0] if len({f.exhibit for f in group}) == 1 else group[0].model_copy(update={"exhibit": None, "spans": ()})
        for group in alike.values()
    ]


def heard(report: Report) -> list[Finding]:
    """The findings that have a say in the case: about its unboxing videos, or all of them where there is none."""
    videos = {view.sha256 for view in report.exhibits if view.role is Role.UNBOXING_VIDEO}
    every = (finding for judgement in report.criteria.values() for finding in judgement.findings)
    counted = [f for f in every if counts(f, report.rulebook.rules)]
    return [f for f in counted if f.exhibit in videos or f.exhibit is None or not videos]


def counts(finding: Finding, uses: dict[RuleCode, Requirement]) -> bool:
    """Whether the policy lets the finding decide: advisory ones never do, nor those whose fact the case lacks."""
    use = uses.get(finding.code, Requirement.REQUIRED)
    if use is Requirement.REQUIRED_IF_KNOWN:
        return not (finding.missing or "").startswith("case.")
    return use is Requirement.REQUIRED
