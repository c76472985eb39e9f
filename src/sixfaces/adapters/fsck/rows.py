"""Raw rows of an installation's database, all of one moment: sqlite3 or psycopg, and SQL that both understand."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.model import Say

if TYPE_CHECKING:
    from psycopg import Connection

Row = tuple[Any, ...]
_SQLITE = "sqlite"
_AT_ONCE = 500


class DamagedError(Exception):
    """The database file itself cannot be read any further."""


class Rows(Protocol):
    """A frozen view of the database."""

    now: datetime

    def ask(self, sql: str) -> Iterator[Row]:
        """Rows as they come, never all at once. Raises DamagedError."""
        ...

    def complaints(self) -> Iterator[tuple[str, str]]:
        """What the database says against itself, as (code, place)."""
        ...


@contextmanager
def opened_rows(url: str) -> Iterator[Rows]:
    """The database under an address as SIXFACES_DATABASE_URL has it. Raises RecordsError `records.unreadable`."""
    scheme, _, rest = url.partition("://")
    kind = scheme.partition("+")[0]
    if kind == _SQLITE:
        with _sqlite(Path(rest.removeprefix("/").partition("?")[0])) as rows:
            yield rows
    elif kind in {"postgresql", "postgres"}:
        with _postgres(f"postgresql://{rest}") as rows:
            yield rows
    else:
        raise _unreadable(kind)


def instant(value: str | datetime) -> datetime:
    """An instant as either database tells it, aware, in UTC."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


class _SqliteRows:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.now = instant(connection.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')").fetchone()[0])

    def ask(self, sql: str) -> Iterator[Row]:
        """As in the interface."""
        try:
            yield from self._connection.execute(sql)
        except sqlite3.DatabaseError as exc:
            raise DamagedError(str(exc)) from exc

    def complaints(self) -> Iterator[tuple[str, str]]:
        """As in the interface."""
        for (told,) in self.ask("PRAGMA integrity_check(20)"):
            if told != "ok":
                yield "database_damaged", told
        for table, row, parent, _ in self.ask("PRAGMA foreign_key_check"):
            yield "reference_dangling", f"{table} {row} -> {parent}"


@contextmanager
def _sqlite(path: Path) -> Iterator[Rows]:
    if not path.is_file():
        raise _unreadable(str(path))
    # Opened for writing because a log that a crash left behind has to be played back; then nothing is written.
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        try:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            rows = _SqliteRows(connection)
        except sqlite3.OperationalError as exc:
            raise _unreadable(f"{path}: {exc}") from exc
        except sqlite3.DatabaseError as exc:
            raise DamagedError(f"{path}: {exc}") from exc
        yield rows


class _PostgresRows:
    def __init__(self, connection: "Connection[Row]") -> None:
        self._connection = connection
        self._count = 0
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        self.now = instant(row[0]) if row else datetime.now(UTC)

    def ask(self, sql: str) -> Iterator[Row]:
        """As in the interface."""
        import psycopg

        self._count += 1
        try:
            with self._connection.cursor(name=f"fsck{self._count}") as cursor:
                cursor.itersize = _AT_ONCE
                yield from cursor.execute(sql.encode())
        except (psycopg.DataError, psycopg.InternalError) as exc:
            raise DamagedError(str(exc).strip()) from exc

    def complaints(self) -> Iterator[tuple[str, str]]:
        """A server keeps its references itself, and looks over its files only with tools of its own (pg_amcheck)."""
        yield from ()


@contextmanager
def _postgres(address: str) -> Iterator[Rows]:
    import psycopg

    try:
        connection = psycopg.connect(address, options="-c timezone=UTC -c sixfaces.tenant=*", connect_timeout=10)
    except psycopg.OperationalError as exc:
        raise _unreadable(str(exc).strip()) from exc
    with closing(connection):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield _PostgresRows(connection)


def _unreadable(what: str) -> RecordsError:
    return RecordsError(
        "records.unreadable",
        Say(zh=f"无法打开数据库：{what}。", en=f"The database cannot be opened: {what}."),
        Say(
            zh="请检查 SIXFACES_DATA 或 SIXFACES_DATABASE_URL，并确认数据库可以访问。",
            en="Check SIXFACES_DATA or SIXFACES_DATABASE_URL, and that the database can be reached.",
        ),
    )
