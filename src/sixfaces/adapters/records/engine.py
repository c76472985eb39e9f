"""From an address to an engine: every connection is set up so that what is committed stays.

SQLite: write-ahead log, fsync at every commit, and one writer at a time by BEGIN IMMEDIATE, because a transaction that
reads first and writes later would otherwise fail when another wrote in between. PostgreSQL: psycopg 3, limits on how
long statements, locks and idle transactions may last.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from sixfaces.adapters.records.trouble import unavailable
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.model import Say

READING = "sixfaces_reading"
"""Execution option of a connection that will only read."""


class Patience(NamedTuple):
    """How long to wait, in seconds, and how many connections one process may hold."""

    lock_s: float = 10.0
    statement_s: float = 30.0
    connect_s: float = 5.0
    connections: int = 20


def engine_of(url: str, patience: Patience = Patience()) -> Engine:  # noqa: B008 immutable
    """An engine; nothing is opened yet. Raises RecordsError `records.url`, and `records.unavailable` where SQLite's
    folder cannot be made."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise _bad_url() from None
    kind = address.get_backend_name()
    if kind == "sqlite" and address.database and address.database != ":memory:":
        return _sqlite(address.set(drivername="sqlite+pysqlite"), patience)
    if kind in ("postgresql", "postgres"):
        return _postgres(address.set(drivername="postgresql+psycopg"), patience)
    raise _bad_url()


def _sqlite(address: URL, patience: Patience) -> Engine:
    try:
        Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unavailable() from error
    engine = create_engine(
        address,
        connect_args={"timeout": patience.lock_s, "isolation_level": None, "check_same_thread": False},
        pool_size=patience.connections,
        max_overflow=0,
        pool_timeout=patience.lock_s,
        json_serializer=str,
        hide_parameters=True,  # what people typed must not reach a log by an error's text
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        _keep_write_ahead_log(connection, patience.lock_s)
        for pragma in (
            f"busy_timeout={int(patience.lock_s * 1000)}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-16000",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver is in autocommit mode: left to itself it would begin at the first write, and too late.
        reading = bool(connection.get_execution_options().get(READING))
        if connection.info.get(READING) is not reading:  # most transactions of a connection are like the one before
            connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
            connection.info[READING] = reading
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _keep_write_ahead_log(connection: sqlite3.Connection, patience_s: float) -> None:
    """The file remembers it. Turning it on is the one thing for which SQLite does not wait by itself when several
    processes open a new file at once."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _postgres(address: URL, patience: Patience) -> Engine:
    settings = {
        "lock_timeout": int(patience.lock_s * 1000),
        "statement_timeout": int(patience.statement_s * 1000),
        "idle_in_transaction_session_timeout": int(patience.statement_s * 2000),
        "timezone": "UTC",
        "synchronous_commit": "on",
    }
    asked: dict[str, Any] = {
        "connect_timeout": max(2, round(patience.connect_s)),
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "application_name": "sixfaces",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": int(patience.statement_s * 1000),
    }
    return create_engine(
        address,
        connect_args=asked,
        pool_size=patience.connections,
        max_overflow=0,
        pool_timeout=patience.lock_s,
        pool_recycle=1800,
        json_serializer=str,  # the column types hand over JSON as text, and take it back as such
        json_deserializer=bytes,
        hide_parameters=True,
    )


def _bad_url() -> RecordsError:
    return RecordsError(
        "records.url",
        Say(zh="SIXFACES_DATABASE_URL 不是可用的数据库地址。", en="SIXFACES_DATABASE_URL is no database address."),
        Say(
            zh="请写成 sqlite:///路径 或 postgresql://用户:密码@主机/库名。",
            en="Write sqlite:///path or postgresql://user:password@host/database.",
        ),
    )
