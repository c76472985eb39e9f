"""One API for all tests in this process, as `sixfaces serve` runs it, with two tenants and everything a route shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sixfaces.adapters.records.migrating import migrate
from sixfaces.config import Settings
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.rig.installation import prepared
from tests.servers.postgres import postgres

FAST: dict[str, Any] = {
    "port": 0,
    "slowest_s": 2,
    "rate": "1000000/minute",
    "rate_unknown": "1000000/minute",
    "largest_body": 100_000,
}


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Over SQLite."""
    with running(Settings(data=prepared(tmp_path_factory.mktemp("api")), **FAST)) as api:
        yield api


@pytest.fixture(scope="session")
def api_on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Over PostgreSQL, where transactions do run side by side."""
    with postgres() as server:
        url = server.database()
        migrate(url)
        with running(Settings(data=prepared(tmp_path_factory.mktemp("api")), database_url=url, **FAST)) as api:
            yield api


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Api:
    """Over each of both, for what depends on who comes first."""
    found: Api = request.getfixturevalue("api" if request.param == "sqlite" else "api_on_postgres")
    return found


@pytest.fixture
def strict_api(tmp_path: Path) -> Iterator[Api]:
    """One that lets nobody ask often."""
    settings = Settings(data=prepared(tmp_path), port=0, rate="5/hour", rate_unknown="3/hour")
    with running(settings) as api:
        yield api
