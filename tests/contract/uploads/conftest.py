"""One API for all tests of uploads in this process, over a real database and a real folder."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.config import Settings
from sixfaces.domain.blobs import original_key
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from tests.rig.installation import Person, new_case, new_person, open_service, prepared, serving
from tests.rig.node_clients import Node, node_clients
from tests.servers.postgres import Postgres, postgres

TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = {**TUS, "Content-Type": "application/offset+octet-stream"}


@dataclass(frozen=True)
class Api:
    """A running API, and the installation behind it."""

    url: str
    service: Service
    admin: Person
    client: httpx.Client = field(repr=False)

    def new_case(self) -> FiledCase:
        return new_case(self.service, self.admin)

    def new_upload(self, length: int | None, **more: str) -> str:
        """The path of a new upload to a new case."""
        told = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
        headers = {**TUS, **told, "Sixfaces-Case": self.new_case().file.case_id, **more}
        answer = self.client.post("/v1/uploads", headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    def patch(self, path: str, data: bytes, *, at: int, **more: str) -> httpx.Response:
        return self.client.patch(path, content=data, headers={**OCTETS, "Upload-Offset": str(at), **more})

    def offset(self, path: str) -> int:
        answer = self.client.head(path, headers=TUS)
        assert answer.status_code == 200
        return int(answer.headers["upload-offset"])

    def sealed(self, data: bytes, tenant: str = "main") -> bytes | None:
        """What the store holds under the digest of these bytes."""
        key = original_key(tenant, hashlib.sha256(data).hexdigest())
        if self.service.blobs.size(key) is None:
            return None
        with self.service.blobs.open(key) as pieces:
            return b"".join(pieces)


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the system has one: nobody pulls the plug here, and fsync costs most of the time."""
    in_memory = Path("/dev/shm")
    if not os.access(in_memory, os.W_OK):
        yield tmp_path_factory.mktemp("memory")
        return
    with tempfile.TemporaryDirectory(dir=in_memory, prefix="sixfaces-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def api(memory: Path) -> Iterator[Api]:
    folder = prepared(memory / "api")
    service = open_service(folder)
    admin = new_person(service)
    with (
        serving(service, Settings(data=folder, rate="1000000/minute")) as url,
        httpx.Client(base_url=url, headers=admin.headers, timeout=30) as client,
    ):
        yield Api(url, service, admin, client)


@pytest.fixture(scope="session")
def stranger(api: Api) -> Person:
    """Somebody of another tenant."""
    return new_person(api.service, tenant="other")


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Clients that others wrote for Node."""
    return node_clients(tmp_path_factory.mktemp("node"))


@pytest.fixture
def folder(memory: Path) -> Path:
    return prepared(memory / new_id())


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A PostgreSQL for all tests of this process."""
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, folder: Path) -> Iterator[Service]:
    """An installation of the test's own, on each kind of database."""
    opened = open_service(folder)
    if request.param == "sqlite":
        yield opened
        return
    url = request.getfixturevalue("server").database(tables=True)
    records = SqlRecords(url)
    yield replace(opened, records=records)
    records.close()


@pytest.fixture
def sender(service: Service) -> Person:
    """Somebody who hands files in to it."""
    return new_person(service, role=ApiRole.ADMIN)
