"""A new database has its tables at once: a SQLite file is a copy of one that was migrated once in this process, and
one of PostgreSQL comes with them (`Postgres.database(tables=True)`). Migrating takes as long as most tests do."""

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from sixfaces.adapters.records.reached import is_newest


def with_tables(url: str) -> str:
    """The same address; what is there now has the newest tables, and keeps its rows."""
    place = make_url(url).database if url.startswith("sqlite:") else None
    if place is not None and not Path(place).exists():
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        Path(place).write_bytes(_migrated())
    elif not is_newest(url):
        _migrate(url)
    return url


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.sqlite"
        _migrate(f"sqlite:///{path}")
        return path.read_bytes()


def _migrate(url: str) -> None:
    from sixfaces.adapters.records.migrating import migrate  # only here: processes over what is there start sooner

    migrate(url)
