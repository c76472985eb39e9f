"""Both forms of an installation: SQLite, a folder and memory; PostgreSQL, S3 (Ceph) and Redis."""

import itertools
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from sixfaces.adapters.s3_client import S3Access, connect
from tests.promises.forms import Broken, embedded
from tests.rig.product import Asker, Parts, Product
from tests.servers import ceph
from tests.servers.postgres import Postgres, postgres
from tests.servers.redis import RedisServer, redis_server

BUCKET = "promises"
Installed = Callable[..., Product]


@pytest.fixture(autouse=True)
def _quiet(_logging_as_before: None) -> None:
    """Of thousands of jobs only what went wrong is told, so that a failure's reason is not drowned."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the system has one: kills of processes lose no more there than on a disk."""
    in_memory = Path("/dev/shm")
    if not os.access(in_memory, os.W_OK):
        yield tmp_path_factory.mktemp("memory")
        return
    with tempfile.TemporaryDirectory(dir=in_memory, prefix="sixfaces-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def bucket() -> Iterator[S3Access]:
    """A bucket in a Ceph for all tests of this process, and its credentials in the environment."""
    with ceph.ceph() as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", ceph.KEY_ID)
        patch.setenv("AWS_SECRET_ACCESS_KEY", ceph.SECRET)
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        access = S3Access(BUCKET, endpoint=address, region="us-east-1", key_id=ceph.KEY_ID, secret=ceph.SECRET)
        connect(access).create_bucket(Bucket=BUCKET)
        yield access


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgres]:
    """A PostgreSQL for all tests of this process; whoever crashes it starts it again."""
    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def broker() -> Iterator[RedisServer]:
    """A Redis for all tests of this process; whoever kills it starts it again."""
    with redis_server() as running:
        yield running


@pytest.fixture(scope="session")
def distributed(bucket: S3Access, database_server: Postgres, broker: RedisServer) -> Callable[[], Parts]:
    """A new database, a prefix of its own, and the broker."""
    numbers = itertools.count()

    def made() -> Parts:
        url, blobs = database_server.database(), f"s3://{BUCKET}/{os.getpid()}-{next(numbers)}"
        settings = {
            "SIXFACES_DATABASE_URL": url,
            "SIXFACES_BLOBS": blobs,
            "SIXFACES_S3_ENDPOINT": bucket.endpoint or "",
            "SIXFACES_QUEUE": broker.address,
        }
        return Parts(settings, url, blobs, bucket.endpoint)

    return made


@pytest.fixture(params=["embedded", "distributed"])
def form(request: pytest.FixtureRequest) -> Parts:
    """The parts of a new installation of each form."""
    if request.param == "embedded":
        return embedded()
    made: Callable[[], Parts] = request.getfixturevalue("distributed")
    return made()


@pytest.fixture
def broken(request: pytest.FixtureRequest, form: Parts) -> Broken:
    """What of the form can be killed besides the product's own processes."""
    if form.database is None:
        return Broken(None, None)
    return Broken(request.getfixturevalue("database_server"), request.getfixturevalue("broker"))


@pytest.fixture
def data(memory: Path) -> Path:
    """An empty folder for an installation."""
    return Path(tempfile.mkdtemp(dir=memory))


@pytest.fixture
def product(form: Parts, data: Path) -> Iterator[Product]:
    """An installation of the test's own, of each form; nothing runs in it yet."""
    with Product(data, form) as made:
        yield made


@pytest.fixture
def alone(data: Path) -> Iterator[Product]:
    """An embedded installation of the test's own."""
    with Product(data) as made:
        yield made


@pytest.fixture(scope="session")
def busy(memory: Path) -> Iterator[Product]:
    """One embedded installation for all tests of this process that break nothing: its one process serves and works."""
    with Product(Path(tempfile.mkdtemp(dir=memory))) as made:
        made.serve(workers=1)
        yield made


@pytest.fixture(scope="session")
def busy_at(busy: Product) -> Asker:
    """Its admin."""
    return busy.asker(busy.first)
