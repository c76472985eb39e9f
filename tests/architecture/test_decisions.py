"""Every decision record is complete and names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_holes() -> None:
    assert [int(p.name[:4]) for p in RECORDS] == list(range(1, len(RECORDS) + 1))
    assert len(RECORDS) >= 8


@pytest.mark.parametrize("record", RECORDS, ids=lambda p: p.stem)
def test_a_decision_says_why_and_which_test_holds_it(record: Path) -> None:
    text = record.read_text("utf-8")
    for heading in ("## Context", "## Decision", "## Consequences", "## Held by"):
        assert heading in text
    named = re.findall(r"`((?:tests|pyproject)[\w/.-]+?)(?:::[\w]+)?`", text.split("## Held by")[1])
    assert named, "no test is named"
    assert [name for name in named if not (ROOT / name).exists()] == []
