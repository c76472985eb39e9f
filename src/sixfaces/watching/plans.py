"""Single sampling plans of ISO 2859-1 (GB/T 2828.1), percent nonconforming, as data: tables 1, 2-A, 2-B and 2-C.

In each master table the acceptance numbers stand in diagonals: one letter further down, the same number stands one AQL
further to the left. So a table is one row of numbers and where each letter's row begins. Arrows lead along a column
to the next plan: down before the first number, up after the last.
"""

from typing import NamedTuple

from sixfaces.domain.sampling import Level, Plan, Strictness

LETTERS = "ABCDEFGHJKLMNPQR"
AQLS = (
    "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5", "4.0",
    "6.5", "10",
)  # fmt: skip
"""Acceptance quality limits in percent nonconforming."""

SIZES = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)
"""The largest lot of each range of table 1; there is one range more beyond the last."""
CODE_LETTERS = {
    Level.S1: "AAAABBBBCCCCDDD",
    Level.S2: "AAABBBCCCDDDEEE",
    Level.S3: "AABBCCDDEEFFGGH",
    Level.S4: "AABCCDEEFGGHJJK",
    Level.I: "AABCCDEFGHJKLMN",
    Level.II: "ABCDEFGHJKLMNPQ",
    Level.III: "BCDEFGHJKLMNPQR",
}
"""Table 1: for each level the letter of each range of lots."""

UP, DOWN = -1, -2


class Master(NamedTuple):
    """A master table. `sizes`: of the samples, by letter; `row`: from where a letter accepts at nothing wrong;
    `first`: the column in which letter A does."""

    letters: str
    sizes: tuple[int, ...]
    row: tuple[int, ...]
    first: int


_FULL = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000)
MASTERS = {
    Strictness.NORMAL: Master(LETTERS, _FULL, (0, UP, DOWN, 1, 2, 3, 5, 7, 10, 14, 21), AQLS.index("6.5")),
    Strictness.TIGHTENED: Master(
        LETTERS + "S", (*_FULL, 3150), (0, DOWN, DOWN, 1, 2, 3, 5, 8, 12, 18), AQLS.index("10")
    ),
    Strictness.REDUCED: Master(
        LETTERS, (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800),
        (0, UP, DOWN, DOWN, 1, 2, 3, 5, 6, 8, 10), AQLS.index("6.5"),
    ),
}  # fmt: skip


def code_letter(lot: int, level: Level) -> str:
    """Table 1. A lot of one is looked at whole."""
    place = next((n for n, most in enumerate(SIZES) if lot <= most), len(SIZES))
    return CODE_LETTERS[level][place]


def plan_for(lot: int, level: Level, aql: str, *, strictness: Strictness) -> Plan:
    """The plan for a lot of this size. Raises KeyError for `stopped`, ValueError for an AQL that is none."""
    plan = plan_of(code_letter(lot, level), aql, strictness)
    return plan if plan.size < lot else plan.model_copy(update={"size": lot, "whole": True})


def plan_of(letter: str, aql: str, strictness: Strictness) -> Plan:
    """The plan that the master table leads to from a letter and an AQL, by the arrows."""
    master, column = MASTERS[strictness], AQLS.index(aql)
    at = _followed(master, master.letters.index(letter), column)
    accept = _cell(master, at, column)
    return Plan(
        strictness=strictness, letter=master.letters[at], size=master.sizes[at], accept=accept, reject=accept + 1
    )


def _followed(master: Master, start: int, column: int) -> int:
    """The letter that a cell leads to; where an arrow points out of the table, the other way."""
    towards = _cell(master, start, column)
    for step in (1, -1) if towards == DOWN else (-1, 1):
        at = start
        while 0 <= at < len(master.letters) and _cell(master, at, column) < 0:
            at += step
        if 0 <= at < len(master.letters):
            return at
    raise ValueError("a column without a plan")


def _cell(master: Master, letter: int, column: int) -> int:
    place = column - (master.first - letter)
    if place < 0:
        return DOWN
    return master.row[place] if place < len(master.row) else UP
