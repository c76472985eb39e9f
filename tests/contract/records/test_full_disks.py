"""A disk that runs full in the midst of writing: refused, nothing confirmed is lost, and room is all that is needed."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.errors import RecordsError
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import deed, digest, filed, record
from tests.servers.postgres import Postgres, postgres

BULK = 100_000


class SmallDisk:
    """A file system in memory, of some MiB."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        _carried_out("mount", "-t", "tmpfs", "-o", f"size={size}m,mode=755", "tmpfs", str(folder))

    def grow(self, size: int) -> None:
        """There is room again."""
        _carried_out("mount", "-o", f"remount,size={size}m", str(self.folder))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a disk may be mounted, and where another user may pass."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = Path(tempfile.mkdtemp(prefix="sixfaces-disk-"))
    place.chmod(0o755)
    yield place
    subprocess.run(["umount", "--lazy", place], check=False, capture_output=True)
    place.rmdir()


def test_sqlite_on_a_full_disk(folder: Path) -> None:
    disk = SmallDisk(folder, 3)
    url = f"sqlite:///{folder / 'records.sqlite'}"
    migrate(url)
    records = SqlRecords(url)
    confirmed = _filled(records)
    disk.grow(50)
    assert _missing(records, confirmed) == []
    _goes_on(records)
    records.close()


def test_postgresql_on_a_full_disk(folder: Path) -> None:
    disk = SmallDisk(folder, 80)
    with postgres(under=folder) as server:
        url = server.database()
        migrate(url)
        records = SqlRecords(url)
        confirmed = _filled(records)
        disk.grow(400)
        _recovered(server, records)
        assert _missing(records, confirmed) == []
        _goes_on(records)
        records.close()


def _filled(records: SqlRecords) -> list[str]:
    """The names of what was confirmed before the disk was full."""
    confirmed: list[str] = []
    with pytest.raises(RecordsError) as caught:
        _fill(records, confirmed)
    assert caught.value.code in {"records.full", "records.unavailable"}
    assert len(confirmed) > 5
    return confirmed


def _fill(records: SqlRecords, confirmed: list[str]) -> None:
    while len(confirmed) < 5000:
        name = new_id()
        with records.begin("main") as tx:
            filed(tx, name)
            tx.observations.keep(record(name), by="v1", results=os.urandom(BULK // 2).hex())
            tx.custody.append(deed(subject=name))
        confirmed.append(name)


def _missing(records: SqlRecords, confirmed: list[str]) -> list[str]:
    """Of what was confirmed; the log holds exactly that."""
    with records.begin("main", reading=True) as tx:
        assert tx.custody.size() == len(confirmed)
        return [n for n in confirmed if not (tx.cases.by_case_id(n) and tx.observations.get(digest(n), by="v1"))]


def _goes_on(records: SqlRecords) -> None:
    """There is room again, and work goes on without a restart."""
    with records.begin("main") as tx:
        filed(tx, "after")


def _recovered(server: Postgres, records: SqlRecords) -> None:
    """A server that cannot write its log crashes and recovers, or leaves; whoever keeps services starts it again."""
    deadline = time.monotonic() + 20
    while not records.healthy():
        assert time.monotonic() < deadline
        if not server.is_running():
            server.start()
        time.sleep(0.05)


def _carried_out(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"no small disk can be mounted here: {done.stderr}")
    assert done.returncode == 0, done.stderr
