"""The page of statistics in the docs is made of its data, and its data are what the machine says."""

from pathlib import Path

import pytest

from tests.bench.machine_statistics import CHANGES, PAGE, drift_row, page_of, quiet_line
from tests.bench.machine_truth import DATA, DEFECTS, FIXTURES, Known, of_fixture, read, written

KNOWN = read(DATA.read_text("utf-8"))


def test_the_page_is_what_its_command_makes_of_the_data() -> None:
    assert PAGE.read_text("utf-8") == page_of(KNOWN)


def test_the_data_are_of_all_committed_takes_and_of_every_defect() -> None:
    assert [one.name for one in KNOWN if one.kind == "fixture"] == list(FIXTURES)
    rendered = [one for one in KNOWN if one.kind == "rendered"]
    assert len(rendered) >= 2 * len(DEFECTS)
    assert [int(one.name) for one in rendered] == list(range(1_700_000, 1_700_000 + len(rendered)))
    assert written(KNOWN) == DATA.read_text("utf-8")


def test_the_page_says_that_nobody_has_looked_and_what_it_says_nothing_of() -> None:
    page = PAGE.read_text("utf-8")
    assert "**No person has looked at any of this.**" in page
    assert "nothing of real footage" in page


@pytest.mark.parametrize("name", ["bad_tiny_320x180.mp4"])
def test_what_the_machine_says_of_a_committed_take_is_what_the_data_say(name: str, tmp_path: Path) -> None:
    (kept,) = (one for one in KNOWN if one.name == name)
    assert _told(of_fixture(name, tmp_path / "out")) == _told(kept)


def _told(known: Known) -> list[tuple[str, str, bool]]:
    """Confidence may differ in its last digit from machine to machine."""
    return [(one.rule, one.answer.value, one.true) for one in known.statements]


def test_drift_is_found_as_the_page_says() -> None:
    page = PAGE.read_text("utf-8")
    assert "| " + " | ".join(drift_row(CHANGES[1])) + " |" in page
    assert quiet_line() in page
