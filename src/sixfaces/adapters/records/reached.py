"""Which tables a database has, found out without what migrates them: that alone takes a fifth of a second to load."""

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from sixfaces.adapters.records.engine import READING, Patience, engine_of
from sixfaces.adapters.records.trouble import translated

log = structlog.get_logger()

NEWEST = "0021"
"""The revision that this version knows: the last of `migrations/versions`."""
MOVED = "moved"
"""What stands in the place of a revision in a database whose rows have been moved elsewhere."""
_QUICK = Patience(connections=1)


def is_newest(url: str) -> bool:
    """Whether there is nothing to migrate. A database that is empty, older or newer is for `migrating` to look at;
    so is one that does not answer as it should.

    Raises RecordsError `records.url`, `records.unavailable`.
    """
    engine = engine_of(url, _QUICK)
    try:
        with translated(), engine.connect().execution_options(**{READING: True}) as connection:
            try:
                reached = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
            except DBAPIError:
                return False
            connection.rollback()
            if reached != [NEWEST]:
                return False
            warn_of_walls(connection)
            return True
    finally:
        engine.dispose()


def warn_of_walls(connection: Connection) -> None:
    """Logs a warning where PostgreSQL holds this role to no policy: then only our own statements keep tenants
    apart."""
    if connection.dialect.name != "postgresql":
        return
    asked = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if connection.execute(asked).scalar_one():
        log.warning("database role passes row level security", fix="give the service a role of its own")
