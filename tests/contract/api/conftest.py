"""One API for all tests in this process, as `sixfaces serve` runs it, with two tenants and everything a route shows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.api.app import create_app
from sixfaces.api.server import Server, listening_socket
from sixfaces.config import Settings
from tests.contract.api.people import Api
from tests.rig.installation import open_service, prepared
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


@contextmanager
def running(settings: Settings) -> Iterator[Api]:
    """The API over an installation, while the block lasts."""
    service = open_service(settings.data)
    if settings.database_url is not None:
        service = replace(service, records=SqlRecords(settings.database_url))
    sock, ready = listening_socket(settings), threading.Event()
    server = Server(create_app(service, settings), settings, on_ready=ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    address = sock.getsockname()
    thread.start()
    assert ready.wait(20)
    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=30) as client:
        yield Api(service, settings, client, address)
    server.stop()
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def strict_api(tmp_path: Path) -> Iterator[Api]:
    """One that lets nobody ask often."""
    settings = Settings(data=prepared(tmp_path), port=0, rate="5/hour", rate_unknown="3/hour")
    with running(settings) as api:
        yield api
