"""All rows from one database to another, in one transaction of the target: all of them arrive, or none.

1. refuse    a target that holds anything else; one that holds these very rows has been moved to before
2. copy      table by table, parents first, in batches; JSON as the text it is, never by way of today's models
3. compare   every row of the target with the source's, by one digest a table, and the log's root
4. commit    a move that dies before has left nothing
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, inspect, select, text

from sixfaces.adapters.records.clock import clock
from sixfaces.adapters.records.custody import SqlCustody
from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.held import Held
from sixfaces.adapters.records.migrating import migrate, opened
from sixfaces.adapters.records.plain_rows import plain_tables
from sixfaces.adapters.records.reached import NEWEST
from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.tables import log_head, segments
from sixfaces.adapters.records.trouble import translated
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.model import Say

BATCH = 200
Rows = Sequence[Mapping[str, Any]]


class Moved(NamedTuple):
    """Rows of each table, the log's size and root. `was_there`: an earlier move had brought them."""

    rows: dict[str, int]
    size: int
    root: str
    was_there: bool


def is_free(target: str) -> bool:
    """Whether a database can be moved to: it is empty, or has our tables and no rows. False where it has rows of ours.

    Raises RecordsError `records.occupied` for tables that are not ours, or of another version.
    """
    engine = engine_of(target)
    try:
        with translated(), engine.connect() as connection:
            if connection.dialect.name != "postgresql":
                raise _occupied()
            names = set(inspect(connection).get_table_names())
            if not names:
                return True
            if "alembic_version" not in names:
                raise _occupied()
            if connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() != [NEWEST]:
                raise _occupied()
    finally:
        engine.dispose()
    with opened(target) as connection:
        return _is_empty(connection)


def move_rows(source: Held, target: str, *, segments_instead: Rows | None = None) -> Moved:
    """Copy, compare, commit. `segments_instead`: where the bytes of unfinished uploads lie now, if they moved as well.

    Raises RecordsError `records.occupied`, `records.differs` where what arrived is not what was sent.
    """
    migrate(target)
    with opened(target) as connection:
        tables = plain_tables()
        connection.execute(text(f"LOCK TABLE {', '.join(table.name for table in tables)} IN EXCLUSIVE MODE"))
        _refuse_unknown(source.connection, tables)
        is_new = _is_empty(connection)
        if is_new:
            for table in tables:
                _copy(source.connection, connection, table, segments_instead=segments_instead)
            _count_on(source.connection, connection)
        counted = {table.name: _compared(source.connection, connection, table, is_new=is_new) for table in tables}
        size, root = _log(source.connection)
        if _log(connection) != (size, root):
            raise _differs("log")
    return Moved(counted, size, root, was_there=not is_new)


def _is_empty(connection: Connection) -> bool:
    if connection.execute(select(log_head.c.size)).scalar_one() != 0:
        return False
    others = (table for table in plain_tables() if table.name != log_head.name)
    return not any(connection.execute(select(select(table).exists())).scalar_one() for table in others)


def _refuse_unknown(source: Connection, tables: Sequence[Table]) -> None:
    """A table that this version does not know would be left behind."""
    known = {table.name for table in tables} | {"alembic_version"}
    left = set(inspect(source).get_table_names()) - known
    if left:
        raise _differs(", ".join(sorted(left)))


def _copy(source: Connection, target: Connection, table: Table, *, segments_instead: Rows | None) -> None:
    if table.name == log_head.name:
        target.execute(table.delete())
    if table.name == segments.name and segments_instead is not None:
        batches: Iterator[Rows] = iter([segments_instead] if segments_instead else [])
    else:
        batches = ([row._asdict() for row in part] for part in _streamed(source, table).partitions(BATCH))
    for batch in batches:
        target.execute(table.insert(), list(batch))


def _count_on(source: Connection, target: Connection) -> None:
    """Numbers that a database draws go on above all that were ever drawn."""
    for name, last in source.execute(text("SELECT name, seq FROM sqlite_sequence")).all():
        drawn = select(func.setval(func.pg_get_serial_sequence(name, "id"), last))
        target.execute(drawn)


def _compared(source: Connection, target: Connection, table: Table, *, is_new: bool) -> int:
    sent, came = _digest(source, table), _digest(target, table)
    if sent != came:
        raise _differs(table.name) if is_new else _occupied()
    return sent[0]


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """How many rows, and one digest over them in the order of their keys. Where an unfinished upload's bytes lie is
    the one thing that may differ."""
    digest, count = hashlib.sha256(), 0
    left_out = {"place"} if table.name == segments.name else set[str]()
    names = [column.name for column in table.c if column.name not in left_out]
    for row in _streamed(connection, table):
        told = row._asdict()
        digest.update(json.dumps([_spelled(told[name], table, name) for name in names]).encode() + b"\n")
        count += 1
    return count, digest.hexdigest()


def _streamed(connection: Connection, table: Table) -> Any:  # noqa: ANN401 a result, which is generic in what it selects
    options = {"yield_per": BATCH, "stream_results": connection.dialect.name == "postgresql"}
    return connection.execute(select(table).order_by(*table.primary_key), execution_options=options)


def _spelled(value: object, table: Table, name: str) -> object:
    """The value as both databases tell it. JSONB keeps values and not their spelling."""
    if isinstance(value, bytes | memoryview):
        value = bytes(value)
        return value.hex() if "json" not in table.c[name].info else _tree(value)
    if isinstance(value, str) and "json" in table.c[name].info:
        return _tree(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _tree(value: str | bytes) -> str:
    def number(digits: str) -> str:
        return f"#{(Decimal(digits) + 0).normalize()}"

    return json.dumps(json.loads(value, parse_float=number, parse_int=number), sort_keys=True)


def _log(connection: Connection) -> tuple[int, str]:
    custody = SqlCustody(Scope(connection, None, clock(connection)))
    size = custody.size()
    return size, custody.root(size)


def _occupied() -> RecordsError:
    return RecordsError(
        "records.occupied",
        Say(
            zh="目标数据库不是空的 PostgreSQL 数据库，其中的内容也不是这次迁移的。",
            en="The target is no empty PostgreSQL database, and what it holds is not of this move.",
        ),
        Say(zh="请指定一个新建的空数据库。", en="Name a new, empty database."),
    )


def _differs(what: str) -> RecordsError:
    return RecordsError(
        "records.differs",
        Say(zh=f"迁移后的内容与原库不一致（{what}）。", en=f"What arrived is not what was sent ({what})."),
        Say(
            zh="目标库中没有留下任何内容，原库未改动；请运行 sixfaces fsck 检查原库后重试。",
            en="Nothing was left in the target, and the source is as it was: run `sixfaces fsck` on it, then again.",
        ),
    )
