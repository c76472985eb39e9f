"""One record of a file, whatever its form: where it stands, and what stands in a column or under a path."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sixfaces.adapters.marketplaces.values import plain

PART = "[]."


class Record(NamedTuple):
    """`line` in the file. CSV: cells by column; JSON: the object itself, with one of its lines of goods as `item`."""

    line: int
    tree: Mapping[str, Any]
    item: Mapping[str, Any] | None = None
    is_table: bool = False

    def get(self, column: str) -> str | None:
        """The text there without what exports put around it; None where there is nothing."""
        if self.is_table:
            found = self.tree.get(column)
        elif PART in column:
            found = _under(self.item or {}, column.partition(PART)[2])
        else:
            found = _under(self.tree, column)
        return plain(_text(found)) or None if found is not None else None


def exploded(record: Record, items: str | None) -> Iterator[Record]:
    """A record of JSON once for each of its lines of goods."""
    found = _under(record.tree, items) if items is not None and not record.is_table else None
    if not isinstance(found, list) or not found:
        yield record
        return
    for item in found:
        yield record._replace(item=item if isinstance(item, dict) else {})


def _under(tree: Any, path: str) -> Any:  # noqa: ANN401 any JSON
    for part in path.split("."):
        if isinstance(tree, Mapping):
            tree = tree.get(part)
        elif isinstance(tree, list) and part.isdigit() and len(part) < 5 and int(part) < len(tree):
            tree = tree[int(part)]
        else:
            return None
    return tree


def _text(found: Any) -> str:  # noqa: ANN401 any JSON
    if isinstance(found, bool):
        return "true" if found else "false"
    return found if isinstance(found, str) else "" if isinstance(found, dict | list) else str(found)
