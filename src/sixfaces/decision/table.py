"""Looks a situation up in a decision table."""

from sixfaces.domain.decision import DecisionTable, Situation, TableRow


def row_for(situation: Situation, table: DecisionTable) -> TableRow:
    """The one row that speaks: the highest that holds. Raises LookupError for a table that leaves a hole, which the
    rulebook refuses to load."""
    words = words_of(situation)
    for row in _by_rank(table):
        if holds(row, words):
            return row
    raise LookupError(f"{table.name}@{table.version} says nothing of {words}")


def holds(row: TableRow, words: dict[str, str]) -> bool:
    """Whether the row speaks of a situation in the table's words."""
    return all(words[name] in values for name, values in row.when.items())


def words_of(situation: Situation) -> dict[str, str]:
    """A situation as tables write it."""
    plain = situation.model_dump(mode="json")
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in plain.items()}


def _by_rank(table: DecisionTable) -> tuple[TableRow, ...]:
    return tuple(sorted(table.rows, key=lambda row: -row.rank))
