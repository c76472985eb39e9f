"""One suite over both databases: each test finds all tables, and no rows in them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.tables import log_head
from sixfaces.adapters.records.walls import metadata
from tests.servers.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A PostgreSQL for all tests of this process that do not crash it."""
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    found: str = request.param
    return found


@pytest.fixture
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    server: Postgres = request.getfixturevalue("server")
    return server.database()


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str:
    """The address of a database with all tables and no rows."""
    address: str = request.getfixturevalue(f"{kind}_url")
    return address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file."""
    path = tmp_path_factory.mktemp("template") / "records.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A copy of the migrated file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'records.sqlite')}"


@pytest.fixture(scope="session")
def postgres_shared(server: Postgres) -> str:
    """A migrated database."""
    address = server.database()
    migrate(address)
    return address


@pytest.fixture
def postgresql_url(server: Postgres, postgres_shared: str) -> Iterator[str]:
    """The migrated database, in which a superuser wipes out afterwards what a test has put there."""
    yield postgres_shared
    wiped = "; ".join(f"DELETE FROM {table.name}" for table in metadata.sorted_tables if table is not log_head)
    with psycopg.connect(server.superuser(postgres_shared), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger fires
        connection.execute(f"{wiped}; UPDATE log_head SET size = 0, at = '1970-01-01 00:00:00Z'")


@pytest.fixture
def records(url: str) -> Iterator[SqlRecords]:
    """The records."""
    opened = SqlRecords(url)
    yield opened
    opened.close()
