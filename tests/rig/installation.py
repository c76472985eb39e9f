"""A small installation of the real parts: SQLite, a folder of bytes, and an instrument that measures nothing heavy."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvicorn

from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.api.app import create_app
from sixfaces.bootstrap import prepare
from sixfaces.config import Settings
from sixfaces.domain.case import CaseFile
from sixfaces.domain.comparison import Comparison, Reference
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.ports import Pictures
from sixfaces.intake.accept import IntakeLimits
from sixfaces.intake.upload_rules import UploadLimits
from sixfaces.pipeline.filing import Expected, file_case
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.keys import KeyOrder, make_key, principal_of
from sixfaces.pipeline.service import Measuring, Service
from tests.rig.tables import with_tables
from tests.unit.pipeline.fakes import FakeObservatory

LIMITS = UploadLimits(files=IntakeLimits(64 << 20, 8 << 20), open_bytes=1 << 30, keep=timedelta(hours=1))
OBSERVERS = "fake 1"


class NoComparer:
    """Compares nothing."""

    def compare(
        self, references: Sequence[Reference], *, views: Mapping[str, bytes], pictures: Pictures
    ) -> tuple[Comparison, ...]:
        return ()


class KeptHints:
    """Remembers hints; nobody works on them."""

    def __init__(self) -> None:
        self.hinted: list[str] = []

    def hint(self, job_id: str, *, priority: int) -> None:
        self.hinted.append(job_id)


def open_service(folder: Path, *, limits: UploadLimits = LIMITS) -> Service:
    """The installation in the folder; may be opened by several processes at once."""
    store = open_blobs(str(folder / "blobs"))
    return Service(
        records=SqlRecords(database(folder)),
        blobs=store.blobs,
        spool=store.spool,
        hints=KeptHints(),
        measuring=Measuring(observatory=FakeObservatory(), comparer=NoComparer(), keyring={}, observers=OBSERVERS),
        code_version="test",
        uploads=limits,
    )


def database(folder: Path) -> str:
    """Its address."""
    return f"sqlite:///{folder / 'records.sqlite'}"


@dataclass(frozen=True)
class Person:
    """Somebody with a key."""

    principal: Principal
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """What they send with every request."""
        return {"Authorization": f"Bearer {self.key}"}


def new_person(service: Service, *, role: ApiRole = ApiRole.ADMIN, tenant: str = "main") -> Person:
    """A key of this role."""
    with service.records.begin(tenant) as tx:
        key, text = make_key(tx, tenant, KeyOrder(role=role, name="test"))
    return Person(principal_of(key), text)


def new_case(service: Service, who: Person) -> FiledCase:
    """An open case with a number of its own."""
    with service.records.begin(who.principal.tenant) as tx:
        return file_case(tx, who.principal, CaseFile(case_id=f"C-{new_id()}"), expected=Expected()).case


def prepared(folder: Path) -> Path:
    """The folder, with its keys and its database made."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with_tables(database(folder))
    prepare(Settings(data=folder))
    return folder


def listening() -> socket.socket:
    """A socket on a free loopback port. Clients may connect at once: they wait until somebody accepts."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", 0))
    found.listen(128)
    return found


def address(sock: socket.socket) -> str:
    """Its URL."""
    return f"http://127.0.0.1:{sock.getsockname()[1]}"


def server_of(service: Service, settings: Settings) -> uvicorn.Server:
    """The API as `sixfaces serve` runs it, without workers."""
    config = uvicorn.Config(
        create_app(service, settings),
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
        lifespan="off",
    )
    return uvicorn.Server(config)


@contextmanager
def serving(service: Service, settings: Settings) -> Iterator[str]:
    """The API in a thread of this process; its URL."""
    server, sock = server_of(service, settings), listening()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    yield address(sock)
    server.should_exit = True
    thread.join(10)
    sock.close()
    assert not thread.is_alive()
