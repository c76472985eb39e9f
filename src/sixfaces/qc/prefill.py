"""What the machine saw of a step: shown beside it with its moment, and never taken for an answer."""

from collections.abc import Iterable

from sixfaces.domain.inspection import Seen
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Finding
from sixfaces.domain.sop import SopStep

MOST_SEEN = 10


def seen(step: SopStep, report: Report | None) -> tuple[Seen, ...]:
    """Findings of the rule that the step names; none where there is no report."""
    if step.machine is None or report is None:
        return ()
    findings = (one for judgement in report.criteria.values() for one in judgement.findings)
    return tuple(_seen(step, findings))[:MOST_SEEN]


def _seen(step: SopStep, findings: Iterable[Finding]) -> Iterable[Seen]:
    for one in findings:
        if one.code == step.machine:
            at = one.spans[0][0] if one.spans else None
            yield Seen(step=step.id, rule=one.code, answer=one.answer, text=one.text, exhibit=one.exhibit, at_s=at)
