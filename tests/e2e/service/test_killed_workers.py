"""Worker processes that are killed, paused and ended: nothing is lost, nothing is done twice, nothing hangs."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from sixfaces.domain.custody import Act
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.pipeline.service import Service
from sixfaces.workers.supervisor import Supervisor
from tests.rig.workshop import ROOT, Sent, all_jobs, file_exhibit, new_case, open_workshop, unfinished
from tests.servers.postgres import postgres
from tests.servers.redis import redis_server

LEASE_S = 2.0
UNSHAKEN_S = 4.0
"""A lease that is lost by nothing but a death, however loaded the machine is."""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return open_workshop(tmp_path)


Worker = subprocess.Popen[str]


@contextmanager
def worker(
    folder: Path, *, queue: str = "memory://", grace_s: float = 5.0, url: str | None = None, lease_s: float = LEASE_S
) -> Iterator[Worker]:
    """A worker process in a group of its own, ready to work."""
    ready = folder / "ready"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.rig.worker_process", str(folder), queue, str(lease_s), str(grace_s)]
    process = subprocess.Popen(
        [*command, *([url] if url else [])],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        until_true(ready.exists)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
        kill(process)
        if process.stdout:
            process.stdout.close()


def kill(process: Worker) -> None:
    """Kill -9 of the worker and its children, at once."""
    with suppress(psutil.NoSuchProcess, ProcessLookupError):
        for one in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
            one.kill()
    process.wait()


def until_true(true: Callable[[], object], *, within_s: float = 60.0) -> float:
    """Wait for it; how long it took."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < within_s, "it never came true"
        time.sleep(0.02)
    return time.monotonic() - started


def job_now(service: Service, job: Job) -> Job:
    with service.records.begin(None, reading=True) as tx:
        found = tx.jobs.get(job.id)
    assert found is not None
    return found


def running(service: Service, job: Job) -> bool:
    return job_now(service, job).state is JobState.RUNNING


def acts(service: Service) -> list[Act]:
    with service.records.begin(None, reading=True) as tx:
        return [entry.act for entry in tx.custody.entries(first=0, limit=1000)]


def test_the_work_of_a_killed_worker_is_done_by_another_within_ten_seconds(service: Service, tmp_path: Path) -> None:
    with worker(tmp_path, lease_s=UNSHAKEN_S) as first:
        _, job = file_exhibit(service, new_case(service), Sent(b"slow 6"))
        until_true(lambda: running(service, job))
        with worker(tmp_path, lease_s=UNSHAKEN_S):
            kill(first)
            assert until_true(lambda: running(service, job) and job_now(service, job).lost == 1) < 10
            until_true(lambda: unfinished(service) == 0)
    ended = job_now(service, job)
    assert (ended.state, ended.lost, ended.guilt, ended.failed) == (JobState.DONE, 1, 0, 0)
    assert acts(service) == [Act.SEAL, Act.OBSERVE, Act.JUDGE]


def test_a_worker_that_was_paused_beyond_its_lease_writes_nothing_when_it_wakes(tmp_path: Path) -> None:
    """On PostgreSQL: one who is paused with SQLite's only write lock in hand holds up everybody."""
    with postgres() as server:
        url = server.database()
        service = open_workshop(tmp_path, url=url)
        with worker(tmp_path, url=url, lease_s=UNSHAKEN_S) as first:
            _, job = file_exhibit(service, new_case(service), Sent(b"slow 1"))
            until_true(lambda: running(service, job))
            first.send_signal(signal.SIGSTOP)
            with worker(tmp_path, url=url, lease_s=UNSHAKEN_S) as second:
                until_true(lambda: unfinished(service) == 0)
                first.send_signal(signal.SIGCONT)
                time.sleep(LEASE_S)  # it would write in this time, if it could
                second.terminate()
                assert second.wait(20) == 0
            first.terminate()
            said, _ = first.communicate(timeout=20)
        assert "refused" in said or "lost" in said
        assert "done" not in said
        assert acts(service) == [Act.SEAL, Act.OBSERVE, Act.JUDGE]
        assert job_now(service, job).lost == 1
        service.records.close()  # type: ignore[attr-defined]  # the server goes, and its connections first


def test_a_worker_that_is_told_to_end_hands_its_job_back_uncounted(service: Service, tmp_path: Path) -> None:
    with worker(tmp_path, grace_s=0.2) as process:
        _, job = file_exhibit(service, new_case(service), Sent(b"slow 60"))
        until_true(lambda: running(service, job))
        process.terminate()
        assert process.wait(15) == 0
    back = job_now(service, job)
    assert (back.state, back.lost, back.guilt, back.failed) == (JobState.READY, 0, 0, 0)


def test_a_worker_that_is_told_to_end_finishes_what_it_can(service: Service, tmp_path: Path) -> None:
    with worker(tmp_path, grace_s=30) as process:
        _, job = file_exhibit(service, new_case(service), Sent(b"slow 0.5"))
        until_true(lambda: running(service, job))
        process.terminate()
        assert process.wait(30) == 0
    assert job_now(service, job).state is JobState.DONE


def test_the_second_signal_hands_back_at_once(service: Service, tmp_path: Path) -> None:
    with worker(tmp_path, grace_s=60) as process:
        _, job = file_exhibit(service, new_case(service), Sent(b"slow 60"))
        until_true(lambda: running(service, job))
        process.terminate()
        time.sleep(0.3)
        process.terminate()
        assert process.wait(15) == 0
    assert (job_now(service, job).state, job_now(service, job).lost) == (JobState.READY, 0)


def test_workers_and_broker_that_die_at_random_lose_nothing_and_do_nothing_twice(
    service: Service, tmp_path: Path
) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201 to repeat a failure
    chance = random.Random(seed)
    with redis_server() as broker, worker(tmp_path, queue=broker.address) as steady:
        filed = [
            file_exhibit(
                service, new_case(service, tenant=f"t{n % 3}"), Sent(b"abort" if n == 5 else f"slow 0.{n}".encode())
            )
            for n in range(9)
        ]
        for _ in range(3):
            with worker(tmp_path, queue=broker.address) as doomed:
                time.sleep(chance.uniform(0.2, 2.0))
                kill(doomed)
            broker.wipe()
        assert steady.poll() is None
        until_true(lambda: unfinished(service) == 0, within_s=90)
    with service.records.begin(None, reading=True) as tx:
        jobs = [job for job in all_jobs(tx.jobs.find) if job.kind is JobKind.OBSERVE]
    poisoned = filed[5][1].id
    assert {job.state for job in jobs if job.id != poisoned} == {JobState.DONE}
    assert [(job.state, job.guilt) for job in jobs if job.id == poisoned] == [(JobState.QUARANTINED, 1)]
    for exhibit, _ in filed:
        with service.records.begin(exhibit.tenant, reading=True) as tx:
            assert len(tx.verdicts.of_case(exhibit.case_id)) == 1
    assert acts(service).count(Act.JUDGE) == len(filed)
    assert acts(service).count(Act.OBSERVE) == len(filed) - 1


def test_a_supervisor_starts_again_what_dies_and_ends_what_it_started() -> None:
    supervisor = Supervisor(2, command=(sys.executable, "-c", "import time; time.sleep(600)"))
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        until_true(lambda: all(supervisor._workers))
        before = [one[0].pid for one in supervisor._workers if one]
        psutil.Process(before[0]).kill()
        until_true(lambda: all(supervisor._workers) and supervisor._workers[0][0].pid != before[0])  # type: ignore[index]  # `all` has seen to it
        after = [one[0].pid for one in supervisor._workers if one]
        assert after[1] == before[1]
    finally:
        supervisor.end(signal.SIGTERM)
        thread.join(20)
    assert not thread.is_alive()
    assert not any(psutil.pid_exists(pid) for pid in {*before, *after})
