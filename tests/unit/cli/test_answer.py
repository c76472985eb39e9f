"""The short answer on the terminal agrees with the page and with how rules are counted."""

import re
from pathlib import Path

import pytest

from sixfaces.cli.answer import MOST_REASONS, human_answer
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.rules import RuleCode
from sixfaces.report.decisive import heard
from sixfaces.report.page import MOST_REASONS as MOST_ON_PAGE
from sixfaces.report.page import html_report
from tests.unit.report.specimens import criteria, report


def more_in(text: str) -> int:
    found = re.search(r"and (\d+) more", text)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("number", [1, 4, 5, len(RuleCode)])
def test_reasons_told_and_reasons_more_are_all_rules_that_count(number: int) -> None:
    untold = {code.name.lower(): Answer.CANNOT_TELL for code in list(RuleCode)[:number]}
    shown = report(criteria=criteria(**untold), verdict=Verdict.NEEDS_REVIEW)
    carrying = sum(finding.answer is Answer.CANNOT_TELL for finding in heard(shown))
    answer = human_answer(shown, Path("report.html"), "en")
    page = html_report(shown, pictures=lambda _: None, language="en")
    assert more_in(answer) == max(carrying - MOST_REASONS, 0)
    assert more_in(page) == max(carrying - MOST_ON_PAGE, 0)
