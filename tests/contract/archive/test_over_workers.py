"""A run over PostgreSQL and Redis by two worker processes, one of which is killed again and again, comes to what it
comes to in one process on SQLite."""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sixfaces.domain.case import CaseFile
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.reverifying import Reverification, RunState, Selection, Tally
from sixfaces.pipeline.archive import runs
from sixfaces.pipeline.archive.archiving import Archivist
from sixfaces.pipeline.archive.results import flips_of
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from tests.contract.archive.test_full_disk import lenient
from tests.rig.product import Process, until_true
from tests.rig.workshop import Sent, file_exhibit, new_case, open_workshop, run_all, runner_of
from tests.servers.postgres import postgres
from tests.servers.redis import redis_server
from tests.unit.archive.test_archiving import tomorrow

BATCH = Principal(tenant="main", key_id=new_id(), role=ApiRole.BATCH)
CASES = 8


@pytest.fixture(autouse=True)
def small_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two verdicts each, by a policy under which all of them flip."""
    monkeypatch.setattr("sixfaces.pipeline.archive.spans.MOST", 2)
    monkeypatch.setattr(runs, "load_policy", lenient)


def judged(service: Service) -> list[FiledCase]:
    """Cases of some worth, half of them archived."""
    cases = []
    for number in range(CASES):
        item = {"price": f"{number}.25", "currency": "CNY" if number % 3 else "USD"}
        file = CaseFile.model_validate({"case_id": f"C-{number}", "order": {"items": [item]}})
        cases.append(new_case(service, file))
        file_exhibit(service, cases[-1], Sent(f"take {number}".encode()))
        run_all(runner_of(service))
    Archivist(service, most=CASES // 2).write_some(tomorrow(service))
    return cases


def begun(service: Service) -> Reverification:
    run, _ = runs.start_run(service, "main", runs.Wish("default", Selection()), by="test")
    assert run.spans == CASES // 2
    return run


def is_now(service: Service, run: Reverification, state: RunState) -> bool:
    with service.records.begin("main", reading=True) as tx:
        now = runs.run_of(tx, run.id)
    assert now.failure is None, now.failure
    return now.state is state


def came_to(service: Service, run: Reverification) -> tuple[Tally, list[tuple[object, ...]]]:
    """Its tally, and its flips without ids and instants."""
    with service.records.begin("main", reading=True) as tx:
        tally, spans = tx.reverifications.progress(run.id).tally, tx.reverifications.spans(run.id, after=0, limit=99)
    flips = [flip for span in spans for flip in flips_of(service.blobs, span)]
    return tally, sorted((one.number, one.kind, one.by, sorted(one.stake.items())) for one in flips)


def given(service: Service, cases: list[FiledCase]) -> list[list[tuple[str, str]]]:
    with service.records.begin("main", reading=True) as tx:
        return [[(one.policy_version, one.verdict.value) for one in tx.verdicts.of_case(case.id)] for case in cases]


def applied(service: Service, run: Reverification, until: Callable[[], None]) -> None:
    with service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    until()


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    with postgres() as server, redis_server() as broker:
        yield server.database(), broker.address


def under_kills(folder: Path, queue: str, url: str, *, until: Callable[[], bool]) -> int:
    """Two workers, one of which is killed and started again until it is so; how often."""
    command = [sys.executable, "-m", "tests.rig.worker_process", str(folder), queue, "1.0", "0", url]
    draw, kills = random.Random(6), 0
    workers = [Process(command, os.environ) for _ in range(2)]
    try:
        while not until():
            (folder / "ready").unlink(missing_ok=True)
            workers.append(Process(command, os.environ))
            until_true((folder / "ready").exists, within_s=60.0, every_s=0.02)
            time.sleep(draw.uniform(0.0, 0.3))
            workers.pop(0).kill()
            kills += 1
            assert kills < 100, "it never ends"
    finally:
        for worker in workers:
            worker.kill()
    return kills


def test_two_killed_workers_on_servers_come_to_what_one_process_comes_to(tmp_path: Path) -> None:
    alone = open_workshop(tmp_path)
    cases = judged(alone)
    run = begun(alone)
    run_all(runner_of(alone))
    expected = came_to(alone, run)
    assert expected[0].flipped == CASES
    applied(alone, run, lambda: run_all(runner_of(alone)))
    verdicts = given(alone, cases)

    with served() as (url, queue), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shared = open_workshop(folder, url=url)
        with closing(shared.records):  # type: ignore[type-var]  # those of a database are closed
            cases = judged(shared)
            run = begun(shared)
            assert under_kills(folder, queue, url, until=lambda: is_now(shared, run, RunState.DONE))
            assert came_to(shared, run) == expected
            again = begun(shared)  # a run is the same whoever did the last one
            with shared.records.begin("main") as tx:
                runs.cancel(tx, again.id)
                runs.apply(tx, BATCH, run.id)
            under_kills(folder, queue, url, until=lambda: is_now(shared, run, RunState.APPLIED))
            run_all(runner_of(shared))
            assert given(shared, cases) == verdicts
            assert all(len(one) == 2 for one in verdicts)
