"""Decision tables: `data/decisions/NAME-VERSION.toml`, refused unless exactly one row speaks in every situation.

1. A row whose `remedy` names a remedy for each kind of claim stands for one row per kind.
2. `when` names fields of a situation and values that these can have; what it does not name may be anything.
3. No two rows of one rank hold in the same situation, and no row is hidden behind others of a higher rank.
4. Together the rows hold in every situation there can be.
"""

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from sixfaces.domain.case import ClaimKind
from sixfaces.domain.decision import DecisionTable, Situation, TableRow
from sixfaces.domain.model import Say
from sixfaces.rulebook.dated import Shelf, Tree
from sixfaces.rulebook.source import wrong
from sixfaces.rulebook.zones import check_zone

DATA = Path(__file__).parent / "data" / "decisions"

Box = Mapping[str, frozenset[str]]
"""For each field of a situation, the values that it may have."""


@cache
def fields() -> dict[str, frozenset[str]]:
    """Every field of a situation with all its values, as tables write them."""
    found = {}
    for name, info in Situation.model_fields.items():
        kind = info.annotation
        found[name] = frozenset(("true", "false") if kind is bool else (str(value) for value in kind or ()))
    return found


def box_of(row: TableRow) -> Box:
    """All situations in which the row holds."""
    return {name: row.when.get(name, values) for name, values in fields().items()}


def _expanded(tree: Tree, path: Path) -> Tree:
    """1. One row per kind."""
    rows: list[dict[str, Any]] = []
    for row in tree.get("rows", ()):
        by_kind = row.get("remedy")
        if not isinstance(by_kind, dict):
            rows.append(row)
            continue
        if set(by_kind) != set(ClaimKind):
            missing = ", ".join(sorted(set(ClaimKind) ^ set(by_kind)))
            raise wrong(
                path,
                f"rows.{row.get('id')}.remedy",
                given=missing,
                zh="须恰好列出每种申请类型",
                en="must name every kind of claim",
            )
        named = row.get("when", {}).get("kind", list(ClaimKind))
        for kind, remedy in by_kind.items():
            if kind in named:
                when = {**row.get("when", {}), "kind": [kind]}
                rows.append({**row, "id": f"{row.get('id')}.{kind}", "remedy": remedy, "when": when})
    return {**tree, "rows": rows}


def _checked(table: DecisionTable, path: Path) -> None:
    check_zone(table.zone, "zone", path)
    for row in table.rows:
        _check_row(row, path)
    ids = [row.id for row in table.rows]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise wrong(path, "rows.id", given=twice, zh="行的编号重复", en="two rows have one id")
    _check_conflicts(table, path)
    _check_hidden(table, path)
    _check_whole(table, path)
    unknown = sorted(set(table.automatic) - {name for one in ids for name in (one, one.partition(".")[0])})
    if unknown:
        raise wrong(path, "automatic", given=unknown, zh="没有这样的行", en="there are no such rows")


def _check_row(row: TableRow, path: Path) -> None:
    """2. Fields and values that there are."""
    for name, values in row.when.items():
        known = fields().get(name)
        if known is None or not values or not values <= known:
            raise wrong(
                path, f"rows.{row.id}.when.{name}", given=sorted(values),
                zh=f"可用的取值：{sorted(known or fields())}", en=f"known are {sorted(known or fields())}",
            )  # fmt: skip


def _check_conflicts(table: DecisionTable, path: Path) -> None:
    """3. Rows of one rank are apart in at least one field."""
    for one, other in combinations(table.rows, 2):
        if one.rank == other.rank and overlap(box_of(one), box_of(other)):
            raise wrong(
                path,
                f"rows.{one.id}",
                given=other.id,
                zh="与该行在同一情形下同时成立",
                en="both rows hold in one situation",
            )


def _check_hidden(table: DecisionTable, path: Path) -> None:
    """3. Something is left to each row as it is written when all higher ones have spoken."""
    spoken = {row.id.partition(".")[0] for row in table.rows if _is_left(row, table)}
    for row in table.rows:
        if row.id.partition(".")[0] not in spoken:
            raise wrong(path, f"rows.{row.id}", given=row.rank, zh="永远轮不到该行", en="it never comes to this row")


def _check_whole(table: DecisionTable, path: Path) -> None:
    """4. Nothing is left when all rows have spoken."""
    left: list[Box] = [fields()]
    for row in table.rows:
        left = [piece for box in left for piece in without(box, box_of(row))]
    if left:
        lacking = {name: sorted(values) for name, values in left[0].items() if values != fields()[name]}
        raise wrong(path, "rows", given=lacking, zh="没有行涵盖这种情形", en="no row holds in this situation")


def _is_left(row: TableRow, table: DecisionTable) -> bool:
    left: list[Box] = [box_of(row)]
    for higher in (other for other in table.rows if other.rank > row.rank):
        left = [piece for box in left for piece in without(box, box_of(higher))]
    return bool(left)


def overlap(one: Box, other: Box) -> bool:
    """Whether there is a situation in both."""
    return all(one[name] & other[name] for name in one)


def without(box: Box, cut: Box) -> list[Box]:
    """What is left of a box, as boxes that are apart from each other."""
    if not overlap(box, cut):
        return [box]
    pieces: list[Box] = []
    rest = dict(box)
    for name in box:
        outside = rest[name] - cut[name]
        if outside:
            pieces.append({**rest, name: outside})
        rest[name] = rest[name] & cut[name]
    return pieces


TABLES: Shelf[DecisionTable] = Shelf(
    DATA, DecisionTable, Say(zh="裁定规则表", en="decision table"), shaped=_expanded, check=_checked
)
"""All decision tables that are shipped."""
