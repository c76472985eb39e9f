"""Decision tables and service times of an installation's own: which edition is for a claim, and what is refused."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sixfaces.domain.errors import RulebookError
from sixfaces.pipeline.claims.rules import SHIPPED, claim_rules
from sixfaces.rulebook.check import check
from sixfaces.rulebook.decisions import DATA, TABLES
from sixfaces.rulebook.service_times import DATA as TIMES
from sixfaces.rulebook.service_times import SERVICE_TIMES

TABLE = (DATA / "default-2026.1.toml").read_text("utf-8")
CLOCKS = (TIMES / "default-2026.1.toml").read_text("utf-8")
MINE = 'extends = "default@2026.1"\nname = "tmall"\nversion = "{}"\neffective_from = {}\nwindow_days = {}\n'


def own(folder: Path, **editions: str) -> Path:
    """A folder with these decision tables, by version."""
    (folder / "decisions").mkdir()
    for version, text in editions.items():
        name = f"tmall-{version.removeprefix('v').replace('_', '.')}.toml"
        (folder / "decisions" / name).write_text(text, "utf-8")
    return folder


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+08:00")


def test_a_table_of_ones_own_is_for_its_platform_from_the_day_on_which_it_begins(tmp_path: Path) -> None:
    folder = own(
        tmp_path, v2026_1=MINE.format("2026.1", "2026-02-01", 14), v2026_2=MINE.format("2026.2", "2026-06-01", 30)
    )
    rules = claim_rules(folder)
    days = {day: rules.table_of("tmall", at(day)).window_days for day in ("2026-05-31", "2026-06-01", "2020-01-01")}
    assert days == {"2026-05-31": 14, "2026-06-01": 30, "2020-01-01": 14}, "the first edition is for older claims"
    assert rules.table_of("temu", at("2026-06-01")) == SHIPPED.table_of(None, at("2026-06-01"))
    assert rules.times_of("tmall", at("2026-06-01")).name == "default"


def test_the_day_is_that_of_the_platforms_zone(tmp_path: Path) -> None:
    folder = own(
        tmp_path, v2026_1=MINE.format("2026.1", "2026-02-01", 14), v2026_2=MINE.format("2026.2", "2026-06-01", 30)
    )
    rules = claim_rules(folder)
    assert rules.table_of("tmall", datetime(2026, 5, 31, 15, 59, tzinfo=UTC)).window_days == 14
    assert rules.table_of("tmall", datetime(2026, 5, 31, 16, 0, tzinfo=UTC)).window_days == 30


def test_an_edition_that_has_ended_goes_on_where_none_follows(tmp_path: Path) -> None:
    ended = MINE.format("2026.1", "2026-02-01", 14) + "effective_until = 2026-03-01\n"
    mine = TABLES._replace(own=own(tmp_path, v2026_1=ended) / "decisions")
    assert mine.in_force("tmall", date(2026, 4, 1)).window_days == 14
    assert "tmall" in mine.names()


def test_a_file_of_ones_own_takes_the_place_of_the_one_that_comes_along(tmp_path: Path) -> None:
    text = 'extends = "default@2026.1"\nversion = "2026.2"\nwindow_days = 10\n'
    (own(tmp_path) / "decisions" / "default-2026.2.toml").write_text(text, "utf-8")
    assert claim_rules(tmp_path).table_of(None, at("2026-06-01")).window_days == 10


@pytest.mark.parametrize(
    ("text", "was", "becomes", "told"),
    [
        (TABLE, 'zone = "Asia/Shanghai"', 'zone = "Asia/Shangai"', "no such time zone"),
        (TABLE, "CNY = 30", "CNY = -5", "automatic_below"),
        (TABLE, "CNY = 30", "yuan = 5", "automatic_below"),
        (CLOCKS, 'zone = "Asia/Shanghai"', 'zone = "Asia/Shangai"', "no such time zone"),
        (CLOCKS, 'country = "CN"', 'country = "ZZ"', "no calendar"),
        (CLOCKS, 'country = "CN"', 'country = "CN"\nsubdivision = "XX"', "subdivision"),
        (CLOCKS, "parcel.signed:leg=return", "parcel.signed:leg=retrun", "known are ['outbound', 'return']"),
        (CLOCKS, '"replied:by=seller"', '"replied:by=vendor"', "known are"),
        (CLOCKS, '"replied:by=seller"', '"reviewed:agreed=yes"', "known are ['false', 'true']"),
        (CLOCKS, 'limit = "PT10M"', 'limit = "P4000D"', "days at most"),
    ],
)
def test_what_a_file_says_wrongly_is_refused_when_it_is_written(
    tmp_path: Path, text: str, was: str, becomes: str, told: str
) -> None:
    assert was in text
    folder = tmp_path / ("decisions" if text is TABLE else "service_times")
    folder.mkdir()
    path = folder / "default-2026.1.toml"
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    (found,) = check([path])
    assert isinstance(found, RulebookError), found
    assert told in f"{found.text.en} {found.fix.en}"
    with pytest.raises(RulebookError):
        claim_rules(tmp_path)


def test_yes_and_no_are_written_as_tables_write_them(tmp_path: Path) -> None:
    path = tmp_path / "default-2026.1.toml"
    path.write_text(CLOCKS.replace('"replied:by=seller"', '"reviewed:agreed=true"'), "utf-8")
    assert SERVICE_TIMES.load_file(path).clocks[0].ends[0] == "reviewed:agreed=true"


def test_a_folder_without_rulebooks_and_a_file_of_another_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="no_folder"):
        claim_rules(tmp_path)
    (own(tmp_path) / "decisions" / "tmal-2026.1.toml").write_text(MINE.format("2026.1", "2026-02-01", 14), "utf-8")
    with pytest.raises(RulebookError, match="file_name"):
        claim_rules(tmp_path)


def test_what_comes_along_is_fit() -> None:
    assert [one for one in check() if isinstance(one, RulebookError)] == []
