"""A SQLite database held by one process alone, so that its rows can go elsewhere and nobody writes meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, create_engine, make_url, select, text, union
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from sixfaces.adapters.records.erasing_tables import erasures, removals
from sixfaces.adapters.records.migrating import behind, moved
from sixfaces.adapters.records.reached import MOVED, NEWEST
from sixfaces.adapters.records.stray_tables import strays
from sixfaces.adapters.records.tables import segments, uploads
from sixfaces.adapters.records.trouble import translated
from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.model import Say

_PATIENCE_S = 2.0


class Unfinished(NamedTuple):
    """A row of `segments`, and the token of its upload."""

    tenant: str
    upload_id: str
    start: int
    length: int
    place: str
    token: int


class Held(NamedTuple):
    """The database: nobody else reads or writes it."""

    connection: Connection

    def gone(self) -> Sequence[str]:
        """Prefixes of what was erased, or removed as a stray: keys of originals, and what was made of them."""
        removed = union(select(removals.c.tenant, removals.c.sha256), select(strays.c.tenant, strays.c.sha256))
        cases = select(erasures.c.tenant, erasures.c.case_id).distinct()
        places = []
        for tenant, sha256 in self.connection.execute(removed):
            places += [original_key(tenant, sha256), f"derived/{tenant}/{sha256}/"]
        places.append("archive/")  # parts are written anew where something goes
        return [*places, *(f"derived/{tenant}/cases/{case}/" for tenant, case in self.connection.execute(cases))]

    def unfinished(self) -> Sequence[Unfinished]:
        """Bytes in the spool, in order."""
        mine = (uploads.c.tenant == segments.c.tenant) & (uploads.c.id == segments.c.upload_id)
        asked = select(segments, uploads.c.token).join(uploads, mine).order_by(*segments.primary_key)
        return [Unfinished(**row._asdict()) for row in self.connection.execute(asked)]

    def mark_moved(self) -> None:
        """From now on no server starts on it; all of its rows stay."""
        self.connection.execute(text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})
        self.connection.exec_driver_sql("COMMIT")
        self.connection.exec_driver_sql("BEGIN EXCLUSIVE")


@contextmanager
def held(url: str) -> Iterator[Held]:
    """Hold the database at this address for as long as the block lasts.

    Raises RecordsError `records.no_source` for none that can be moved, `records.in_use` where any process has it open,
    `records.moved`, `records.behind`.
    """
    engine = create_engine(
        _address(url), poolclass=NullPool, connect_args={"timeout": _PATIENCE_S, "isolation_level": None}
    )
    with translated(), engine.connect() as connection:
        _take(connection)
        reached = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        if reached == [MOVED]:
            raise moved()
        if reached != [NEWEST]:
            raise behind()
        yield Held(connection)
        connection.exec_driver_sql("ROLLBACK")


def _take(connection: Connection) -> None:
    """A database with a write-ahead log leaves that mode only where nobody else has it open: the one sure sign. Who
    opens it turns the log on again."""
    try:
        mode = connection.exec_driver_sql("PRAGMA journal_mode=DELETE").scalar_one()
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        again = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    except DBAPIError as error:
        raise _in_use() from error
    if (mode, again) != ("delete", "delete"):
        raise _in_use()


def _address(url: str) -> str:
    try:
        address = make_url(url)
    except ArgumentError:
        raise _no_source() from None
    if address.get_backend_name() != "sqlite" or not Path(address.database or "").is_file():
        raise _no_source()
    return address.set(drivername="sqlite+pysqlite").render_as_string(hide_password=False)


def _in_use() -> RecordsError:
    return RecordsError(
        "records.in_use",
        Say(zh="数据库正被其他进程使用。", en="Another process has the database open."),
        Say(
            zh="请先停止 sixfaces serve 与所有 worker，再运行一次。",
            en="Stop `sixfaces serve` and all workers, then run this again.",
        ),
    )


def _no_source() -> RecordsError:
    return RecordsError(
        "records.no_source",
        Say(zh="没有可以迁出的 SQLite 数据库。", en="There is no SQLite database to move."),
        Say(
            zh="请让 SIXFACES_DATA 或 SIXFACES_DATABASE_URL 指向原来的安装。",
            en="Have SIXFACES_DATA or SIXFACES_DATABASE_URL name the installation as it was.",
        ),
    )
