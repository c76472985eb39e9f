"""What goes wrong in a database, in the product's words: by code where the driver gives one, never by its prose."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from sixfaces.domain.errors import RecordsError, RequestError, SixfacesError
from sixfaces.domain.model import Say

_SQLITE_CONFLICTS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_CONFLICTS = {"40001", "40P01", "55P03", "23505"}
"""Serialization failure, deadlock, a lock that did not come in time, a row that another put there first."""
_FULL = {"53100"}
_UNSTORABLE = ("22", "54")
"""Values out of range, or too long for an index."""
_AWAY = ("08", "53", "57", "25006", "XX", "58")
"""Connection lost, too many connections, shutting down or cancelled, read-only standby, damage, its own disk."""


def unavailable() -> RecordsError:
    """The database cannot be reached or does not answer."""
    return RecordsError(
        "records.unavailable",
        Say(zh="数据库暂时无法访问。", en="The database cannot be reached now."),
        Say(
            zh="请稍后重试；若持续如此，请检查数据库服务与 SIXFACES_DATABASE_URL。",
            en="Try again shortly; if it lasts, check the database server and SIXFACES_DATABASE_URL.",
        ),
    )


def full() -> RecordsError:
    """The database has no room."""
    return RecordsError(
        "records.full",
        Say(zh="数据库所在磁盘已满。", en="The database's disk is full."),
        Say(
            zh="请腾出磁盘空间后重试，已确认的数据没有丢失。",
            en="Free some space and try again; nothing confirmed is lost.",
        ),
    )


def conflict() -> RecordsError:
    """Another transaction won."""
    return RecordsError(
        "records.conflict",
        Say(zh="同一数据正被另一请求修改。", en="Another request was changing the same data."),
        Say(zh="请重试。", en="Try again."),
    )


def unstorable(what: str) -> RequestError:
    """A value that no database column can hold."""
    return RequestError(
        "request.unstorable",
        Say(zh=f"请求中有无法保存的内容（{what}）。", en=f"The request contains what cannot be stored ({what})."),
        Say(
            zh="请去掉 NUL 字符、不成对的代理字符和超出范围的数字。",
            en="Leave out NUL characters, lone surrogates and numbers out of range.",
        ),
    )


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the driver leave as RecordsError or RequestError; a bug in a statement leaves as it is."""
    try:
        yield
    except exc.TimeoutError as error:  # no connection of the pool became free
        raise unavailable() from error
    except exc.StatementError as error:
        told = _told(error)
        if told is None:
            raise
        raise told from error


def is_gone(error: exc.DBAPIError) -> bool:
    """Whether the connection was found dead, so that nothing of the statement was done."""
    return bool(error.connection_invalidated)


def _told(error: exc.StatementError) -> SixfacesError | None:
    cause = error.orig
    if isinstance(cause, SixfacesError):  # a column type said no
        return cause
    if isinstance(cause, UnicodeEncodeError | OverflowError):
        return unstorable("text or a number that has no bytes")
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    if isinstance(error, exc.DBAPIError):
        return _of_postgres(error)
    return None


def _of_sqlite(cause: sqlite3.Error) -> SixfacesError | None:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _SQLITE_UNIQUE or code & 0xFF in _SQLITE_CONFLICTS:
        return conflict()
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return full()
    lost = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT}
    return unavailable() if code & 0xFF in lost | {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM} else None


def _of_postgres(error: exc.DBAPIError) -> SixfacesError | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # never reached it, or the connection broke
        return unavailable() if isinstance(error, exc.OperationalError | exc.InterfaceError) else None
    if state in _CONFLICTS:
        return conflict()
    if state in _FULL:
        return full()
    if state.startswith(_UNSTORABLE):
        return unstorable("a value out of range")
    return unavailable() if state.startswith(_AWAY) else None
