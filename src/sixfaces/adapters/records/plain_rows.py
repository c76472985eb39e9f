"""The tables once more, with every column as the database holds it: JSON is text and nothing is read into models."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from sixfaces.adapters.records.columns import Kept, Tree
from sixfaces.adapters.records.walls import metadata


@cache
def plain_tables() -> Sequence[Table]:
    """All tables, parents first. A column whose text is JSON of a database's own spelling has `json` in its `info`."""
    plain = MetaData()
    return tuple(Table(table.name, plain, *map(_plain, table.c)) for table in metadata.sorted_tables)


def _plain(column: Column[Any]) -> Column[Any]:
    kind: TypeEngine[Any] = column.type
    is_json = isinstance(kind, Kept) and not kind.bulky
    if is_json:
        kind = Text().with_variant(JSONB(none_as_null=True), "postgresql")
    elif isinstance(kind, Kept | Tree):
        kind = Text()
    info = {"json": True} if is_json else {}
    return Column(column.name, kind, primary_key=column.primary_key, autoincrement=False, info=info)
