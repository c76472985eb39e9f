"""Jobs a second: through database and broker, against the broker alone; two workers against one.

`python -m tests.bench.bench_work`
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dramatiq
import structlog
from dramatiq.worker import Worker

from sixfaces.adapters.brokers import open_broker
from sixfaces.adapters.hints import hints_by
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.records import Page
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from tests.rig.workshop import ROOT, new_job, open_workshop
from tests.servers.postgres import postgres
from tests.servers.redis import redis_server

BARE = 2000
JOBS = 600
LONG_JOBS, LONG_MS = 60, 100.0


def bare(address: str) -> tuple[float, float]:
    """Sent and done a second by dramatiq alone: a no-op actor, four threads."""
    broker = open_broker(address).broker
    left, done = threading.Semaphore(0), 0

    @dramatiq.actor(broker=broker, queue_name="bare")
    def nothing(number: str) -> None:
        left.release()

    started = time.perf_counter()
    for _ in range(BARE):
        nothing.send(new_id())
    sent_s = time.perf_counter() - started
    worker = Worker(broker, queues={"bare"}, worker_threads=4, worker_timeout=100)
    started = time.perf_counter()
    worker.start()
    while done < BARE and left.acquire(timeout=60):
        done += 1
    done_s = time.perf_counter() - started
    worker.stop()
    broker.close()
    return BARE / sent_s, done / done_s


def add(service: Service, count: int) -> float:
    """Added a second, each in a transaction of its own with its hint, as a request does it."""
    started = time.perf_counter()
    for _ in range(count):
        with service.records.begin("main") as transaction:
            job = transaction.jobs.add(new_job(transaction.now, JobKind.JUDGE, new_id()))
        service.hints.hint(job.id, priority=job.priority)
    return count / (time.perf_counter() - started)


def ready(service: Service) -> int:
    """Jobs that are not done."""
    with service.records.begin(None, reading=True) as transaction:
        found = [
            transaction.jobs.find(kind=None, state=state, page=Page(limit=5000))
            for state in (JobState.READY, JobState.RUNNING)
        ]
    return sum(map(len, found))


@contextmanager
def workers(count: int, folder: Path, url: str, *, queue: str, ms: float) -> Iterator[None]:
    """So many worker processes."""
    command = [sys.executable, "-m", "tests.bench.work_process", str(folder), url, queue, str(ms)]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(count)]
    try:
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)


def done_by(count: int, service: Service, *, folder: Path, url: str, queue: str, ms: float) -> float:
    """Jobs done a second by so many workers, from the first job that is done to the last."""
    most = ready(service)
    with workers(count, folder, url, queue=queue, ms=ms):
        while (now := ready(service)) == most:
            time.sleep(0.01)
        started = time.perf_counter()
        while ready(service):
            time.sleep(0.02)
        return now / (time.perf_counter() - started)


def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with postgres() as database, redis_server() as broker, tempfile.TemporaryDirectory() as name:
        folder, url = Path(name), database.database()
        sent, taken = bare(broker.address)
        service = open_workshop(folder, url=url, hints=hints_by(broker.address))
        place = {"folder": folder, "url": url, "queue": broker.address}
        added = add(service, JOBS)
        done = done_by(1, service, ms=0.0, **place)  # type: ignore[arg-type]  # `place` has what it takes
        rates = []
        for count in (1, 2):
            add(service, LONG_JOBS * count)
            rates.append(done_by(count, service, ms=LONG_MS, **place))  # type: ignore[arg-type]  # as above
        service.records.close()  # type: ignore[attr-defined]  # SqlRecords
    sys.stdout.write(
        "## Work: jobs a second\n\n"
        "PostgreSQL is the queue of record (every job is added, claimed and ended in transactions of its own, on disk);"
        " Redis carries hints.\n\n"
        "| | added a second | done a second |\n|---|---|---|\n"
        f"| dramatiq on Redis alone, four threads | {sent:.0f} | {taken:.0f} |\n"
        f"| job row and hint, one worker | {added:.0f} | {done:.0f} |\n"
        f"| ratio | {added / sent:.2f} | {done / taken:.2f} |\n\n"
        f"Jobs that compute for {LONG_MS:.0f} ms: {rates[0]:.1f} a second by one worker, {rates[1]:.1f} by two: "
        f"{rates[1] / rates[0]:.2f} times.\n"
    )


if __name__ == "__main__":
    main()
