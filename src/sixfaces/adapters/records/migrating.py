"""Brings a database to the tables that this version knows, in one transaction, one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from sixfaces.adapters.records.engine import Patience, engine_of
from sixfaces.adapters.records.reached import MOVED, warn_of_walls
from sixfaces.adapters.records.trouble import translated
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.model import Say

_STEPS = Path(__file__).parent / "migrations"
_LOCK = 0x51F_FACE5
"""Of PostgreSQL's advisory locks."""
_SLOW = Patience(lock_s=120.0, statement_s=3600.0, connections=1)


def migrate(url: str, *, to: str = "head") -> None:
    """Make all tables, or bring old ones up to date, keeping what is in them; nothing where they are. `to` names
    another revision, also an older one, or `base` for none. Logs a warning where the role is one that PostgreSQL's row
    level security does not hold.

    Raises RecordsError `records.newer` for a database that a later version has been at, `records.moved`, `records.url`,
    `records.unavailable`, `records.full`.
    """
    with opened(url) as connection:
        move(connection, to)
        warn_of_walls(connection)


def require(url: str) -> None:
    """Nothing, where the database is at the tables that this version knows: what a worker asks, which leaves bringing
    it there to somebody else.

    Raises RecordsError `records.newer`, `records.moved` or `records.behind`, and as `migrate` does.
    """
    with opened(url) as connection:
        reached, steps = at(connection), _steps(connection)[1]
    _refuse_unknown(reached, {step.revision for step in steps.walk_revisions()})
    if reached != steps.get_current_head():
        raise behind()


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A connection in a transaction that nobody else migrates in, and that sees all tenants' rows."""
    engine = engine_of(url, _SLOW)
    try:
        with translated(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                connection.execute(text("SELECT set_config('sixfaces.tenant', '*', true)"))
            yield connection
    finally:
        engine.dispose()


def move(connection: Connection, to: str) -> None:
    """To another revision, in the transaction of this connection. Raises RecordsError `records.newer`,
    `records.moved`."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    steps = ScriptDirectory.from_config(config)
    known = {step.revision for step in steps.walk_revisions()}
    reached = at(connection)
    _refuse_unknown(reached, known)
    if (reached is not None and to != "base" and _place(steps, reached) > _place(steps, to)) or to == "base":
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def at(connection: Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _steps(connection: Connection) -> tuple[Config, ScriptDirectory]:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    return config, ScriptDirectory.from_config(config)


def _refuse_unknown(reached: str | None, known: set[str]) -> None:
    if reached == MOVED:
        raise moved()
    if reached is not None and reached not in known:
        raise _newer(reached)


def _place(steps: ScriptDirectory, revision: str) -> int:
    """How many steps lead to a revision: there are no branches."""
    return sum(1 for _ in steps.iterate_revisions(revision, "base"))


def _newer(revision: str) -> RecordsError:
    return RecordsError(
        "records.newer",
        Say(
            zh=f"数据库由更新的版本建立（修订 {revision}），本版本不认识。",
            en=f"A later version has changed this database (revision {revision}), which this one does not know.",
        ),
        Say(
            zh="请升级 sixfaces；或恢复升级前的备份后再使用本版本。",
            en="Upgrade sixfaces, or restore the backup from before the upgrade to go on with this version.",
        ),
    )


def moved() -> RecordsError:
    """The rows have gone to another database: a second installation on them would tell another history."""
    return RecordsError(
        "records.moved",
        Say(zh="此数据库的内容已迁移到别处，不再使用。", en="The rows of this database have been moved elsewhere."),
        Say(
            zh="请把 SIXFACES_DATABASE_URL 设为迁移后的数据库（见 docs/runbooks/to-distributed.md）。",
            en="Set SIXFACES_DATABASE_URL to the database that they were moved to (docs/runbooks/to-distributed.md).",
        ),
    )


def behind() -> RecordsError:
    """The tables are of an earlier version."""
    return RecordsError(
        "records.behind",
        Say(
            zh="数据库尚未升级到本版本的表结构。", en="The database has not been brought to this version's tables yet."
        ),
        Say(
            zh="请先启动一次 sixfaces serve，它会完成升级。",
            en="Start `sixfaces serve` of this version first: it brings the database up to date.",
        ),
    )
