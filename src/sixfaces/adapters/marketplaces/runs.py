"""Rows of one claim, or one order, that follow each other are one statement; where one of them is refused, all are.

Of JSON a record is a whole by itself: what lists its goods is never taken in half, and two records are two statements.
"""

from collections.abc import Iterable, Iterator
from functools import reduce

from sixfaces.adapters.marketplaces.rows import Row, Whose, once
from sixfaces.domain.importing import Refusal, StatedItem, Statement, Tree

MOST_LINES = 1000
"""Rows of a table that are taken together as one claim."""


def together(rows: Iterable[Row | Refusal]) -> Iterator[Statement | Refusal]:
    """What is stated, in the order of the rows. A row of which not even the claim can be read is refused alone."""
    run: list[Row] = []
    for row in rows:
        if run and not (isinstance(row, Row) and _goes_on(run, row)):
            yield from _of(run)
            run = []
        if isinstance(row, Refusal):
            yield row
        else:
            run.append(row)
    if run:
        yield from _of(run)


def _goes_on(run: list[Row], row: Row) -> bool:
    first = run[0]
    if not row.record.is_table:
        return row.record.line == first.record.line
    return len(run) < MOST_LINES and None not in (first.whose, row.whose) and _is_same(first.whose, row.whose)


def _is_same(one: Whose | None, other: Whose | None) -> bool:
    """Of one claim; or rows of orders, of one order. A claim's row may leave its order out."""
    if one is None or other is None or one.number != other.number:
        return False
    return one.order == other.order or (one.number is not None and None in (one.order, other.order))


def _of(run: list[Row]) -> Iterator[Statement | Refusal]:
    refused: list[Refusal] = []
    for row in run:
        if isinstance(row.read, Refusal) and row.read not in refused:
            refused.append(row.read)
    if not refused:
        yield _in_one_currency(reduce(joined, (row.read for row in run if isinstance(row.read, Statement))))
        return
    lines = tuple(dict.fromkeys(row.record.line for row in run))
    yield refused[0].model_copy(update={"lines": lines if len(lines) > 1 else ()})
    yield from refused[1:]


def joined(one: Statement, other: Statement) -> Statement:
    """Later rows fill what earlier ones left empty, and stand where both say something; the same goods twice are two
    lines of the order."""
    return one._replace(
        lines=tuple(dict.fromkeys((*one.lines, *other.lines))),
        order=one.order if one.order is not None else other.order,
        fields=_over(one.fields, other.fields),
        items=(*one.items, *other.items),
        told=tuple(once((*one.told, *other.told))),
        columns={**one.columns, **other.columns},
    )


def _in_one_currency(statement: Statement) -> Statement:
    """Exports that tell an order's currency in its first row alone mean all of its lines."""
    named = {item.fields["currency"] for item in statement.items if "currency" in item.fields}
    if len(named) != 1:
        return statement
    (currency,) = named
    items = (StatedItem({"currency": currency, **item.fields}, item.claimed) for item in statement.items)
    return statement._replace(items=tuple(items))


def _over(below: Tree, above: Tree) -> Tree:
    tree = dict(below)
    for name, value in above.items():
        known = tree.get(name)
        tree[name] = _over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return tree
