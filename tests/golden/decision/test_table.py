"""The shipped table says exactly one thing in every situation there can be, and never pays on doubt."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.decision.table import holds, row_for, words_of
from sixfaces.domain.decision import DecisionTable, Remedy, Situation
from sixfaces.domain.errors import RulebookError
from sixfaces.rulebook.decisions import DATA, TABLES, fields

NAMES = tuple(fields())
VALUES = {name: sorted(values) for name, values in fields().items()}
SIZES = tuple(len(VALUES[name]) for name in NAMES)
PAYS = {Remedy.COMPENSATE, Remedy.PARTIAL_REFUND, Remedy.RETURN_REFUND, Remedy.REFUND_ONLY}
SHIPPED = (DATA / "default-2026.1.toml").read_text("utf-8")


@cache
def spoken() -> np.ndarray:
    """For every situation the number of the row that speaks, by counting each one: not by the loader's own sums."""
    table = TABLES.load("default")
    order = sorted(range(len(table.rows)), key=lambda n: table.rows[n].rank)
    speaks = np.full(SIZES, -1, np.int16)
    for n in order:
        at = [[VALUES[name].index(v) for v in sorted(table.rows[n].when.get(name, VALUES[name]))] for name in NAMES]
        speaks[np.ix_(*at)] = n
    return speaks


def situations(**only: str) -> st.SearchStrategy[Situation]:
    chosen = {name: st.sampled_from([only[name]] if name in only else values) for name, values in VALUES.items()}
    return st.fixed_dictionaries(chosen).map(Situation.model_validate)


def test_every_situation_has_a_row_and_every_row_a_situation() -> None:
    speaks, table = spoken(), TABLES.load("default")
    assert speaks.size > 4_000_000
    assert (speaks >= 0).all()
    heard = {table.rows[n].id.partition(".")[0] for n in np.unique(speaks)}
    assert heard == {row.id.partition(".")[0] for row in table.rows}


@given(situations())
def test_the_row_that_speaks_is_the_one_that_was_counted(situation: Situation) -> None:
    words, table = words_of(situation), TABLES.load("default")
    at = tuple(VALUES[name].index(words[name]) for name in NAMES)
    assert row_for(situation, table) == table.rows[spoken()[at]]


@given(situations())
def test_of_one_rank_at_most_one_row_holds(situation: Situation) -> None:
    table, words = TABLES.load("default"), words_of(situation)
    ranks = [row.rank for row in table.rows if holds(row, words)]
    assert len(set(ranks)) == len(ranks) > 0


@pytest.mark.parametrize("found", ["swapped", "incomplete", "used"])
def test_nothing_is_held_against_a_buyer_on_a_video_that_was_not_accepted(found: str) -> None:
    table, speaks = TABLES.load("default"), spoken()
    at = [[VALUES[name].index(v) for v in VALUES[name]] for name in NAMES]
    at[NAMES.index("found")] = [VALUES["found"].index(found)]
    at[NAMES.index("seller")] = [n for n, v in enumerate(VALUES["seller"]) if v != "accepted"]
    at[NAMES.index("reason")] = [n for n, v in enumerate(VALUES["reason"]) if v != "not_received"]
    rows = {int(n) for n in np.unique(speaks[np.ix_(*at)])}
    assert {table.rows[n].liable for n in rows} <= {None, "seller", "carrier"}


def test_what_is_doubtful_is_paid_by_nobody_but_a_person() -> None:
    table, speaks = TABLES.load("default"), spoken()
    at = [[VALUES[name].index(v) for v in VALUES[name]] for name in NAMES]
    at[NAMES.index("found")] = [VALUES["found"].index(word) for word in ("disputed", "referred")]
    rows = {table.rows[n].remedy for n in np.unique(speaks[np.ix_(*at)])}
    assert rows == {Remedy.ASK_PERSON}


def test_rows_that_close_by_themselves_need_no_signature_and_blame_no_buyer() -> None:
    table = TABLES.load("default")
    rows = [row for row in table.rows if {row.id, row.id.partition(".")[0]} & table.automatic]
    assert len(rows) >= len(table.automatic)
    assert all(row.remedy in PAYS and not row.signs and row.liable != "buyer" for row in rows)


def refused(text: str, folder: Path) -> str:
    path = folder / "mine-2026.1.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RulebookError) as caught:
        TABLES.load_file(path)
    assert caught.value.fix.zh
    return caught.value.text.en


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('found = ["disputed"] }', 'found = ["disputed", "referred"] }', "both rows hold in one situation"),
        ('when = { found = ["disputed"] }', 'when = { found = ["lost"] }', "known are"),
        ('when = { found = ["disputed"] }', 'when = { finding = ["disputed"] }', "known are"),
        ('id = "sent_away"', 'id = "looks_differ"', "two rows have one id"),
        ('where = ["lost"] }', 'where = ["lost"], fit = ["true"] }', "no row holds in this situation"),
        ('"not_shipped", "in_transit_came_back"', '"not_sent", "in_transit_came_back"', "there are no such rows"),
        ("late_share = 0.5", "late_share = 1.5", "late_share"),
        ('exchange = "resend", repair = "resend" }', 'exchange = "resend" }', "must name every kind of claim"),
    ],
)
def test_a_table_with_a_hole_a_conflict_or_a_slip_is_refused(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    assert was in SHIPPED
    assert told in refused(SHIPPED.replace(was, becomes, 1), tmp_path)


def test_a_row_that_never_speaks_is_refused(tmp_path: Path) -> None:
    hidden = '\n[[rows]]\nid = "hidden"\nrank = 1\nwhen = { where = ["lost"] }\nremedy = "none"\ncites = ["D16"]\n'
    text = SHIPPED + hidden + 'says = { zh = "不会", en = "Never." }\n'
    assert "it never comes to this row" in refused(text, tmp_path)


def test_a_table_of_ones_own_states_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "mine-2026.1.toml"
    path.write_text('extends = "default@2026.1"\nname = "mine"\nversion = "2026.1"\nwindow_days = 14\n', "utf-8")
    mine: DecisionTable = TABLES.load_file(path)
    shipped = TABLES.load("default")
    assert (mine.window_days, mine.rows) == (14, shipped.rows)
    assert mine.digest != shipped.digest
    assert TABLES.load_file(path).digest == mine.digest
