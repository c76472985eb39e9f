"""One suite over both databases: a fresh one with all tables for each test, copied from one that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
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
def postgres_template(server: Postgres) -> str:
    """A migrated database."""
    address = server.database()
    migrate(address)
    return address


@pytest.fixture
def postgresql_url(server: Postgres, postgres_template: str) -> str:
    """A copy of the migrated database."""
    return server.database(like=postgres_template)


@pytest.fixture
def records(url: str) -> Iterator[SqlRecords]:
    """The records."""
    opened = SqlRecords(url)
    yield opened
    opened.close()
