"""Installations in which things are kept and erased, over SQLite and over PostgreSQL."""

import secrets
from collections.abc import Iterator
from typing import cast

import pytest

from sixfaces.adapters.records.store import SqlRecords
from tests.rig.keeping import Keeping, keeping
from tests.servers.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A PostgreSQL."""
    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    """Over SQLite, for all tests of this process: each has films and waybills of its own."""
    made = keeping(tmp_path_factory.mktemp("small"))
    yield made
    cast(SqlRecords, made.service.records).close()


@pytest.fixture(scope="session")
def served(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    """Over PostgreSQL, likewise."""
    made = keeping(tmp_path_factory.mktemp("served"), url=server.database())
    yield made
    cast(SqlRecords, made.service.records).close()


@pytest.fixture(params=["small", "served"])
def either(request: pytest.FixtureRequest) -> Keeping:
    """Each of both."""
    found: Keeping = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def film() -> bytes:
    """One that no other test has."""
    return secrets.token_hex(16).encode()


@pytest.fixture
def other() -> bytes:
    """Another."""
    return secrets.token_hex(16).encode()


@pytest.fixture
def waybill() -> str:
    """A waybill that no other test has."""
    return f"SF{secrets.randbelow(10**12):012}"
