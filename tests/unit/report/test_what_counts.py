"""The page tells what decides from what only informs, in the table and on the cards."""

from sixfaces.domain.answer import Answer
from sixfaces.domain.rules import Criterion, CriterionJudgement, Requirement, RuleCode
from sixfaces.report.page import html_report
from tests.unit.report.specimens import criteria, finding, report


def _page(missing: str) -> str:
    judged = criteria()
    lacking = finding(RuleCode.WEIGHT, Answer.CANNOT_TELL, missing=missing)
    others = [f for f in judged[Criterion.CONSISTENCY].findings if f.code not in (RuleCode.WEIGHT, RuleCode.BATCH)]
    judged[Criterion.CONSISTENCY] = CriterionJudgement(answer=Answer.MET, findings=(*others, lacking))
    whole = report(criteria=judged)
    rules = {**whole.rulebook.rules, RuleCode.WEIGHT: Requirement.REQUIRED_IF_KNOWN}
    book = whole.rulebook.model_copy(update={"rules": rules})
    return html_report(whole.model_copy(update={"rulebook": book}), pictures=lambda _: None)


def test_a_rule_whose_fact_the_case_does_not_state_is_as_grey_as_an_advisory_one() -> None:
    row = _page("case.order.items.weight_g").partition("<code>consistency.weight</code>")[0].rpartition("<tr ")[2]
    assert row.startswith('class="cannot_tell aside"')


def test_a_rule_that_counts_is_not_grey() -> None:
    row = _page("observation.weight").partition("<code>consistency.weight</code>")[0].rpartition("<tr ")[2]
    assert row.startswith('class="cannot_tell"')


def test_a_card_tells_how_many_rules_do_not_count() -> None:
    page = _page("case.order.items.weight_g")
    assert "6 rules count: 6 met. 3 are advisory or do not apply." in page
    assert "计入结论 6 条：满足 6。另有 3 条仅供参考或不适用。" in page
