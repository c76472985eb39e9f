"""docs/rulebook.md shows the rulebook as it is."""

import re
from pathlib import Path

from sixfaces.domain.policy import Thresholds
from sixfaces.rulebook.loader import load_policy, policy_names
from sixfaces.rulebook.page import tables, written

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rulebook.md"


def test_the_page_holds_the_tables_of_the_rulebook() -> None:
    text = PAGE.read_text("utf-8")
    assert written(text) == text, "write it again: python -m sixfaces.rulebook.page docs/rulebook.md"


def test_the_tables_name_every_threshold_with_unit_bounds_and_value() -> None:
    shown = tables()
    for group in Thresholds.model_fields:
        for name in getattr(load_policy("default").thresholds, group).__class__.model_fields:
            assert f"| `{group}.{name}` |" in shown
    assert "| deg | 10 to 80 | 60 |" in shown
    assert "| 1 | 0 to 1 | 0.7 |" in shown


def test_every_domain_rule_that_a_policy_cites_is_explained_on_the_page() -> None:
    cited = {rule for name in policy_names() for use in load_policy(name).rules.values() for rule in use.cites}
    explained = set(re.findall(r"^\| (D\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE))
    assert cited <= explained
