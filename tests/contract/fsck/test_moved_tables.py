"""`sixfaces move` takes every table there is: each has a row in this test, those that come later as well."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Double, Integer, LargeBinary, Table
from sqlalchemy.types import TypeDecorator

from sixfaces.adapters.fsck.examine import Installation, fsck
from sixfaces.adapters.records.columns import Kept, Tree
from sixfaces.adapters.records.walls import metadata
from tests.contract.fsck.erased import erased
from tests.contract.fsck.test_move import bucket, moving, postgres_rows, server, settings, sqlite_rows, target
from tests.servers.postgres import Postgres

__all__ = ["bucket", "server", "settings", "target"]

OURS = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"


def tables_of(place: Installation) -> list[str]:
    """As the migrations have made them: what the code knows of is not asked."""
    return sorted(name for (name,) in sqlite_rows(place, OURS))


def count(table: str) -> str:
    return f"SELECT count(*) FROM {table}"


def made_up(column: Column[Any]) -> object:
    """A value that the column can hold; all rows are of one tenant."""
    if column.name == "tenant":
        return "main"
    kind: Any = column.type
    if isinstance(kind, Kept | Tree):
        return '{"made": [1, 2.50, "up 王"]}'
    if isinstance(kind, TypeDecorator):
        kind = kind.impl
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, DateTime):
        return datetime(2026, 1, 2, 3, 4, 5, 678901, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(kind, Integer):
        return 7
    if isinstance(kind, Double):
        return 0.25
    return b"\x00\xff" if isinstance(kind, LargeBinary) else f"made up {column.name} 王"


def fill(place: Installation, table: Table) -> None:
    """One row that hangs on rows of the tables above it, each column with something in it."""
    row = {column.name: made_up(column) for column in table.c}
    with closing(sqlite3.connect(place.database.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for key in table.foreign_key_constraints:
            if key.referred_table is table:
                row |= dict.fromkeys(set(key.column_keys) - {"tenant"})
                continue
            theirs = ", ".join(one.column.name for one in key.elements)
            its = "WHERE tenant = 'main'" if "tenant" in key.referred_table.c else ""
            found = connection.execute(f"SELECT {theirs} FROM {key.referred_table.name} {its}").fetchone()
            row |= dict(zip(key.column_keys, found, strict=True))
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        connection.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(row.values()))


def test_every_table_that_the_migrations_make_is_moved(
    place: Installation, settings: dict[str, str], target: str, server: Postgres
) -> None:
    erased(place)
    for table in metadata.sorted_tables:
        if sqlite_rows(place, count(table.name)) == [(0,)]:
            fill(place, table)
    every = tables_of(place)
    assert [name for name in every if sqlite_rows(place, count(name)) == [(0,)]] == [], "one that the code forgot"
    code, said = moving(target)
    assert code in {0, 4}, said  # made-up rows are no evidence, and the audit may say so
    for name in every:
        assert postgres_rows(server, target, count(name)) == sqlite_rows(place, count(name)), name
    for table in metadata.sorted_tables:
        for column in table.c:
            there = f'SELECT count("{column.name}") FROM {table.name}'
            assert postgres_rows(server, target, there) == sqlite_rows(place, there), (table.name, column.name)


def test_what_was_erased_and_what_was_decided_are_moved_and_sound(
    place: Installation, settings: dict[str, str], target: str, server: Postgres
) -> None:
    erased(place)
    assert fsck(place) == ()
    code, said = moving(target)
    assert code == 0, said
    assert fsck(place._replace(database=target)) == ()
    for asked in (
        "SELECT count(*) FROM exhibits WHERE erased IS NOT NULL",
        "SELECT count(*) FROM erasures WHERE state = 'done'",
        "SELECT count(*) FROM decisions",
        "SELECT count(*) FROM webhook_endpoints",
    ):
        ((found,),) = postgres_rows(server, target, asked)
        assert (found > 0, [(found,)]) == (True, sqlite_rows(place, asked)), asked
