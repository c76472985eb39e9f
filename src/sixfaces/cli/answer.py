"""The short answer for people: the verdict, what is missing and how to fix it, where the page lies."""

from pathlib import Path

from sixfaces.domain.answer import Verdict
from sixfaces.domain.model import Say
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Criterion, Finding
from sixfaces.report import words
from sixfaces.report.clocks import stretches
from sixfaces.report.decisive import decisive, left_untold
from sixfaces.report.page import Language
from sixfaces.report.visible import visible

MOST_REASONS = 4
LONGEST = 400


def human_answer(report: Report, page: Path, language: Language) -> str:
    """Verdict, criteria, the first reasons each with its way out, notes, and where the page lies."""

    def say(text: Say) -> str:
        return visible(text.zh if language == "zh" else text.en, longest=LONGEST)

    criteria = (f"{words.MARK[report.criteria[c].answer]} {say(words.CRITERION[c])}" for c in Criterion)
    lines = [
        f"{words.VERDICT_MARK[report.verdict]} {say(words.VERDICT[report.verdict])} · {visible(report.case_id)}",
        "  ".join(criteria),
    ]
    reasons = [] if report.verdict is Verdict.ACCEPTED else decisive(report)
    for finding in reasons[:MOST_REASONS]:
        colon = say(Say(zh="：", en=": "))
        lines.append(
            f"  {words.MARK[finding.answer]} {say(words.title(finding))}{colon}{say(finding.text)}{_when(finding)}"
        )
        lines += [f"      → {say(finding.fix)}"] if finding.fix else []
    if reasons and (more := left_untold(report, reasons[:MOST_REASONS])):
        lines.append(say(Say(zh=f"  另有 {more} 条，见报告。", en=f"  and {more} more in the report.")))
    lines += [f"  · {say(note)}" for note in report.notes]
    lines.append(say(Say(zh="报告：", en="Report: ")) + visible(str(page), longest=4000))
    return "\n".join(lines)


def _when(finding: Finding) -> str:
    found = stretches(finding)
    return f" [{found[0]}]" if found else ""
