"""Every promise has its test and its row, and what is not kept is told in both."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| P(\d+) \| (.+) \|$", PAGE, re.MULTILINE))
TESTS = "\n".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
OPEN = {int(n) for n in re.findall(r"@pytest\.mark\.xfail\([^@]*?\)\ndef test_p(\d\d)_", TESTS)}
PROMISES = range(1, 26)


@pytest.mark.parametrize("number", PROMISES)
def test_a_promise_has_its_test_and_its_row(number: int) -> None:
    assert f"def test_p{number:02}_" in TESTS
    told = ROWS[str(number)].split(" | ")
    assert len(told) == 5
    assert re.match(r"(kept|not yet)\b", told[-1])
    assert [path for path in re.findall(r"`([\w/.]+)`", told[1]) if "/" in path and not _exists(path)] == []


def _exists(path: str) -> bool:
    return (ROOT / "tests" / path).exists()


def test_what_is_not_kept_is_told_on_the_page_and_nothing_else_is() -> None:
    told = {int(n) for n, row in ROWS.items() if re.match(r"(kept in part|not yet)\b", row.split(" | ")[-1])}
    assert told >= OPEN
    assert set() == OPEN, "a promise that is kept from now on, or no longer"
    assert len(ROWS) == len(PROMISES)
