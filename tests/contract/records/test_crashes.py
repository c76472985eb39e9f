"""kill -9 in the midst of writing: whatever was confirmed is there afterwards, and nothing is there by half."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.records import CaseQuery, Page
from sixfaces.vault.merkle import root_of
from tests.contract.records.making import filed, sealed
from tests.servers.postgres import Postgres, postgres

ENOUGH = 60


@pytest.fixture
def mortal() -> Iterator[Postgres]:
    """A server for this test alone."""
    with postgres() as server:
        yield server


def holds_what_was_confirmed(records: SqlRecords, confirmed: list[str]) -> None:
    """Every confirmed case is there, each has its exhibit, and the log is whole."""
    with records.begin("main", reading=True) as tx:
        there = {case.id for case in tx.cases.find(CaseQuery(), Page(limit=9999))}
        assert set(confirmed) <= there
        assert all(len(tx.exhibits.of_case(id)) == 1 for id in there)
        entries = tx.custody.entries(first=0, limit=9999)
        assert len(entries) == len(there) == tx.custody.size()
        assert tx.custody.root(len(entries)) == root_of(bytes.fromhex(one.leaf) for one in entries).hex()


def test_a_killed_postgresql_forgets_nothing_confirmed_and_is_used_again(mortal: Postgres) -> None:
    url = mortal.database()
    migrate(url)
    records = SqlRecords(url)
    confirmed: list[str] = []
    errors: list[str] = []
    enough = Event()

    def write(number: int) -> None:
        count = 0
        while not errors or errors[-1] == "records.conflict":
            try:
                with records.begin("main") as tx:
                    case = filed(tx, f"C-{number}-{count}")
                    sealed(tx, case, case.id)
            except RecordsError as error:
                errors.append(error.code)
            else:
                confirmed.append(case.id)
            count += 1
            if len(confirmed) > ENOUGH:
                enough.set()

    writers = [Thread(target=write, args=(number,)) for number in range(4)]
    for one in writers:
        one.start()
    assert enough.wait(60)
    mortal.crash()
    for one in writers:
        one.join(60)
    assert set(errors) == {"records.unavailable"}
    assert not records.healthy()
    mortal.start()
    holds_what_was_confirmed(records, confirmed)
    with records.begin("main") as tx:
        sealed(tx, filed(tx, "after"), "after")
    records.close()


def test_connections_of_before_a_restart_fail_no_request(mortal: Postgres) -> None:
    url = mortal.database()
    migrate(url)
    records = SqlRecords(url)
    with records.begin("main") as tx:
        case = filed(tx)
    mortal.stop()
    mortal.start()
    with records.begin("main", reading=True) as tx:
        assert tx.cases.get(case.id) == case
    records.close()


WRITER = """
import sys
from sixfaces.adapters.records.store import SqlRecords
from tests.contract.records.making import filed, sealed
records = SqlRecords(sys.argv[1])
for number in range(100000):
    with records.begin("main") as tx:
        case = filed(tx, f"C-{number}")
        sealed(tx, case, case.id)
    print(case.id, flush=True)
"""


def test_a_process_killed_over_sqlite_forgets_nothing_confirmed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    migrate(url)
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True, cwd=root
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        confirmed = [writer.stdout.readline().strip() for _ in range(ENOUGH)]
        writer.kill()
        confirmed += [line.strip() for line in writer.stdout if line.endswith("\n")]
    records = SqlRecords(url)
    holds_what_was_confirmed(records, confirmed)
    records.close()
