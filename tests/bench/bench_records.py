"""Records: `python -m tests.bench.bench_records`. Targets: 300 single and 3,000 batched appends a second.

Both databases on this machine's disk, every commit brought to it; PostgreSQL over a loopback socket.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.records import CaseQuery, Page, Transaction
from tests.contract.records.making import MINUTE, deed, filed, job
from tests.servers.postgres import postgres

CASES = 100_000
AT_ONCE = 5_000
READS = 2_000
SECONDS = 3.0
BATCH = 100


def rate(records: SqlRecords, work: Callable[[Transaction], int]) -> float:
    """What the transactions of some seconds did, a second."""
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        with records.begin("main") as tx:
            done += work(tx)
    return done / (time.perf_counter() - started)


def latencies(records: SqlRecords, read: Callable[[Transaction, int], object]) -> tuple[float, float]:
    """p50 and p99 in milliseconds of a reading transaction, each of another row."""
    taken = []
    for number in range(READS):
        started = time.perf_counter()
        with records.begin("main", reading=True) as tx:
            assert read(tx, number * 7919 % CASES)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def measured(url: str) -> Iterator[tuple[str, str]]:
    """Rows of the table: what, and the figure."""
    migrate(url)
    records = SqlRecords(url)
    yield "append, one entry a transaction", f"{rate(records, _append_one):,.0f}/s"
    yield f"append, {BATCH} entries a transaction", f"{rate(records, _append_many):,.0f}/s"
    yield "job added and claimed in one transaction", f"{_jobs(records):,.0f}/s"
    ids = []
    for start in range(0, CASES, AT_ONCE):
        with records.begin("main") as tx:
            for number in range(start, start + AT_ONCE):
                ids.append(filed(tx, f"C-{number}", order_id=f"T-{number}", waybill=f"SF{number:012}").id)
    size = _size(records)
    reads: tuple[tuple[str, Callable[[Transaction, int], object]], ...] = (
        ("case by its id", lambda tx, number: tx.cases.get(ids[number])),
        ("case by its number", lambda tx, number: tx.cases.by_case_id(f"C-{number}")),
        ("cases by order", lambda tx, number: tx.cases.find(CaseQuery(order_id=f"T-{number}"), Page())),
        ("cases by waybill", lambda tx, number: tx.cases.find(CaseQuery(waybill=f"SF{number:012}"), Page())),
        ("page of 50 cases", lambda tx, number: tx.cases.find(CaseQuery(), Page(before=ids[max(99, number)]))),
        ("inclusion proof", lambda tx, number: tx.custody.inclusion(number % size, size)),
    )
    for name, read in reads:
        p50, p99 = latencies(records, read)
        yield f"{name}, p50 / p99", f"{p50:.2f} / {p99:.2f} ms"
    records.close()


def _append_one(tx: Transaction) -> int:
    return len(tx.custody.append(deed(n=1)))


def _append_many(tx: Transaction) -> int:
    return len(tx.custody.append(*(deed(n=number) for number in range(BATCH))))


def _jobs(records: SqlRecords) -> float:
    def add_and_claim(tx: Transaction) -> int:
        waiting = tx.jobs.add(job(tx))
        return int(tx.jobs.claim(waiting.id, worker="w", lease=MINUTE) is not None)

    return rate(records, add_and_claim)


def _size(records: SqlRecords) -> int:
    with records.begin("main", reading=True) as tx:
        return tx.custody.size()


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Empty ones by name."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server runs as another user where this one is root
        with postgres(under=Path(folder)) as server:
            yield {"SQLite": f"sqlite:///{Path(folder) / 'records.sqlite'}", "PostgreSQL": server.database()}


def main() -> int:
    """Print the section."""
    with databases() as urls:
        columns = {name: dict(measured(url)) for name, url in urls.items()}
    sys.stdout.write(f"## Records\n\nOne thread; reads with {CASES:,} cases.\n\n")
    sys.stdout.write(f"| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}\n")
    for row in next(iter(columns.values())):
        sys.stdout.write(f"| {row} | {' | '.join(figures[row] for figures in columns.values())} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
