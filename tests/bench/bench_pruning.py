"""Pruning beside writers: `python -m tests.bench.bench_pruning`. Aim: at the 99th percentile a writer waits no longer
than one batch takes.

One thread writes as a request does (an event of a case, committed); another prunes 20,000 old events meanwhile.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.tables import events
from sixfaces.domain.records import Records
from sixfaces.pipeline.pruning import BATCH, Keep, prune
from sixfaces.pipeline.service import Service
from sixfaces.telemetry import start_logging
from tests.rig.keeping import Keeping, keeping
from tests.servers.postgres import postgres

OLD = 20_000
AT_ONCE = 1000
WRITES = 300
KEEP = Keep(timedelta(days=1), timedelta(days=1), timedelta(days=1))


def filled(made: Keeping) -> str:
    """A case with many events that are old; its id."""
    case = made.case(closed=False)
    for _ in range(OLD // AT_ONCE):
        with made.service.records.begin("main") as tx:
            for number in range(AT_ONCE):
                tx.events.tell(case, "told", {"number": number, "exhibit": "0" * 36})
    with made.service.records.begin("main") as tx:
        scope = tx.events._scope  # type: ignore[attr-defined]  # the clock is the database's: only its rows can be old
        scope.done(update(events).values(at=tx.now - timedelta(days=2)))
    return case


def waited(records: Records, case: str) -> list[float]:
    """Milliseconds that each write took."""
    took = []
    for number in range(WRITES):
        start = time.perf_counter()
        with records.begin("main") as tx:
            tx.events.tell(case, "new", {"number": number})
        took.append(1000 * (time.perf_counter() - start))
        time.sleep(0.002)
    return took


@contextmanager
def pruning(service: Service) -> Iterator[list[float]]:
    """Prune in a thread of its own for as long as the block lasts; rows a second of each round."""
    pace, over = list[float](), threading.Event()

    def go() -> None:
        while not over.is_set():
            start = time.perf_counter()
            gone = prune(service, KEEP)["events"]
            if not gone:
                break
            pace.append(gone / (time.perf_counter() - start))

    thread = threading.Thread(target=go)
    thread.start()
    yield pace
    over.set()
    thread.join()


def measured(name: str, made: Keeping) -> str:
    """One line of the table."""
    case = filled(made)
    alone = statistics.quantiles(waited(made.service.records, case), n=100)
    with pruning(made.service) as pace:
        beside = statistics.quantiles(waited(made.service.records, case), n=100)
    rows = f"{statistics.median(pace):,.0f}" if pace else "-"
    return f"| {name} | {alone[49]:.1f} | {alone[98]:.1f} | {beside[49]:.1f} | {beside[98]:.1f} | {rows} |"


def main() -> None:
    """Print the section."""
    start_logging("error", "console")
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        lines = [measured("SQLite", keeping(Path(folder) / "small"))]
        served = keeping(Path(folder) / "served", url=server.database())
        lines.append(measured("PostgreSQL", served))
        assert isinstance(served.service.records, SqlRecords)
        served.service.records.close()
    sys.stdout.write(
        "## Pruning beside writers\n\n"
        f"{WRITES} small writes, alone and while {OLD:,} old events are pruned, {BATCH} in a transaction.\n\n"
        "| database | alone p50 ms | p99 ms | beside pruning p50 ms | p99 ms | rows pruned a second |\n"
        "|---|---|---|---|---|---|\n" + "\n".join(lines) + "\n"
    )


if __name__ == "__main__":
    main()
