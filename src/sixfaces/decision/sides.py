"""What each side's evidence amounts to (D3, D23): by a person who looked, else by the machine's report."""

from sixfaces.decision.course import Course
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.chronicle import Assessed, EvidenceAsked, EvidenceCame, Occurrence, Party, Side
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Sha256
from sixfaces.domain.report import ExhibitView, Report
from sixfaces.domain.rules import Criterion, Finding, RuleCode

OF_SELLER = frozenset({Role.UNBOXING_VIDEO})
OF_BUYER = frozenset({Role.BUYER_VIDEO, Role.BUYER_PHOTO})

_SAME = {Verdict.ACCEPTED: Side.ACCEPTED, Verdict.REJECTED: Side.REJECTED, Verdict.NEEDS_REVIEW: Side.NEEDS_REVIEW}


def side_of(party: Party, course: Course, report: Report | None) -> Side:
    """The seller's or the buyer's evidence. A person's word counts before the machine's, the last of several."""
    said = [one for one in course.all(Assessed) if one.of is party]
    if said:
        return said[-1].side
    roles = OF_SELLER if party is Party.SELLER else OF_BUYER
    exhibits = [one for one in (report.exhibits if report else ()) if one.role in roles]
    if report is None or not exhibits:
        return Side.NONE
    if all(_came_late(report, one) or came_overdue(party, course, one.sha256) for one in exhibits):
        return Side.LATE
    return _SAME[report.verdict] if party is Party.SELLER else _of_buyer(exhibits)


def _of_buyer(exhibits: list[ExhibitView]) -> Side:
    """One good piece is enough to show a problem; whether a photo shows it is for a person, so that the machine's
    `accepted` of a usable file is not the buyer being right: it is a doubt until somebody looks."""
    verdicts = {one.verdict for one in exhibits}
    return Side.REJECTED if verdicts == {Verdict.REJECTED} else Side.NEEDS_REVIEW


def _came_late(report: Report, exhibit: ExhibitView) -> bool:
    found = findings_of(report, RuleCode.SUBMITTED_IN_WINDOW)
    return any(one.exhibit == exhibit.sha256 and one.answer is Answer.NOT_MET for one in found)


def came_overdue(party: Party, course: Course, exhibit: Sha256) -> bool:
    """Whether an exhibit came after the instant by which its side was asked for it (D23): an earlier call for evidence
    had passed unanswered, and no other was open when it came. Evidence that nobody had asked for is not overdue."""
    came = [one for one in course.entries if isinstance(one.what, EvidenceCame) and one.what.of is party]
    at = next((one.at for one in came if isinstance(one.what, EvidenceCame) and one.what.exhibit == exhibit), None)
    if at is None:
        return False
    asked = [(one.at, one.what.until) for one in _calls(party, course) if isinstance(one.what, EvidenceAsked)]
    if any(since <= at <= until for since, until in asked):
        return False
    missed = [(since, until) for since, until in asked if since <= at and until < at]
    return any(not any(since <= one.at <= until for one in came) for since, until in missed)


def was_asked(party: Party, course: Course) -> bool:
    """Whether this side was asked for evidence."""
    return bool(_calls(party, course))


def _calls(party: Party, course: Course) -> list[Occurrence]:
    return [one for one in course.entries if isinstance(one.what, EvidenceAsked) and one.what.of is party]


def findings_of(report: Report, code: RuleCode) -> list[Finding]:
    """What the report says by one rule."""
    judged = report.criteria.get(code.criterion)
    return [one for one in judged.findings if one.code is code] if judged else []


def failing(report: Report) -> list[Finding]:
    """Findings that count and are not met: why the seller's evidence was rejected. What is said of the buyer's exhibits
    is nothing against the seller."""
    uses, others = report.rulebook.rules, {one.sha256 for one in report.exhibits if one.role not in OF_SELLER}
    every = [
        one for criterion in Criterion if criterion in report.criteria for one in report.criteria[criterion].findings
    ]
    return [
        one for one in every
        if one.answer is Answer.NOT_MET and one.exhibit not in others
        and uses.get(one.code, "required") != "advisory"
    ]  # fmt: skip
