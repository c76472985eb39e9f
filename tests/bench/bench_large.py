"""A large installation: `python -m tests.bench.bench_large [CASES]`. Aims: case reads at 200 requests a second with
100,000 cases, ready again within 3 s, audits of 40,000 entries a second in flat memory.

Fills an installation over each database with cases, exhibits, verdicts, events, ended jobs and a custody log, and asks
of it what people ask; `sixfaces fsck` must find it sound.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil
from sqlalchemy import text

from sixfaces import bootstrap
from sixfaces.adapters.records.engine import engine_of
from sixfaces.config import Settings
from sixfaces.pipeline.custody import checkpoint_now
from sixfaces.pipeline.ids import new_id
from sixfaces.telemetry import start_logging
from tests.bench.large_floors import sql_alone
from tests.bench.large_load import MIX, RATE, SECONDS, WATCHERS, Cost, floor, load, watched
from tests.rig.archive import TENANT, fill
from tests.rig.product import Parts, Product, until_true
from tests.servers.postgres import postgres

CASES = 100_000
STARTS = 5
DONE_JOBS = 10
"""Ended jobs for each case beside those that it has."""
_MANY_JOBS = """
INSERT INTO jobs (id, tenant, kind, subject, priority, lane, state, token, failed, lost, guilt, not_before, created_at)
WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :count)
SELECT 'done-' || :mark || '-' || n, tenant, kind, subject, priority, lane, state, token, failed, lost, guilt,
       not_before, created_at
FROM counted, (SELECT * FROM jobs WHERE state = 'done' LIMIT 1) AS one
"""


class Spent(NamedTuple):
    """What a command took: seconds, of processors, and MiB at its peak."""

    wall_s: float
    cpu_s: float
    peak: float


class Figures(NamedTuple):
    """Of one database."""

    cases: int
    filled: float
    sql_ms: float
    whole: Cost
    kinds: dict[str, Cost]
    watched: tuple[float, float, float]
    starts: list[Spent]
    fsck: Spent
    audit: Spent
    entries: int
    metrics_ms: float


def measured(settings: Settings, url: str, cases: int) -> Figures:
    """Everything over one database."""
    bootstrap.prepare(settings)
    started = time.perf_counter()
    filed = fill(url, settings.data / "blobs", cases)
    filled = cases / (time.perf_counter() - started)
    service, notary = bootstrap.open_service(settings), bootstrap.notary(settings)
    checkpoint_now(service, notary)
    sql_ms = sql_alone(service.records, url, tenant=TENANT, case_id=filed[0].id)
    parts = Parts({"SIXFACES_DATABASE_URL": url})
    with Product(settings.data, parts) as product:
        starts = [start(product) for _ in range(STARTS)]
        whole, kinds = load(product, filed)
        watching = watched(product, filed)
        fsck = _run(product, "fsck", "--json")
        audit = _run(product, "audit", "verify", "--skip-bytes", "--json")
        _done_jobs(url, DONE_JOBS * cases)
        metrics_ms = _metrics(product)
    with service.records.begin(None, reading=True) as tx:
        entries = tx.custody.size()
    return Figures(cases, filled, sql_ms, whole, kinds, watching, starts, fsck, audit, entries, metrics_ms)


def start(product: Product) -> Spent:
    """From exec until it says that it is ready to all who ask."""
    started = time.perf_counter()
    server = product.serve()
    with httpx.Client(base_url=server.url) as client:
        until_true(lambda: client.get("/readyz").status_code == 200, every_s=0.01)
    wall_s = time.perf_counter() - started
    own = psutil.Process(server.pid)
    times, peak = own.cpu_times(), own.memory_info().rss / 2**20
    server.ended()
    return Spent(wall_s, times.user + times.system, peak)


def imports() -> Spent:
    """Python and the two largest libraries, for comparison; the median, as of starts."""
    return _median(
        [_spent([sys.executable, "-c", "import fastapi, sqlalchemy"], dict(os.environ)) for _ in range(STARTS)]
    )


def _run(product: Product, *command: str) -> Spent:
    return _spent([str(Path(sys.executable).with_name("sixfaces")), *command], dict(product.env))


def _spent(command: Sequence[str], env: dict[str, str]) -> Spent:
    started = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Spent(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _done_jobs(url: str, count: int) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT set_config('sixfaces.tenant', '*', true)"))
        connection.execute(text(_MANY_JOBS), {"count": count, "mark": new_id()})
    engine.dispose()


def _metrics(product: Product) -> float:
    """Milliseconds of the first /metrics, which counts the queue."""
    server = product.serve()
    with httpx.Client(base_url=server.url, timeout=60) as client:
        client.get("/readyz")
        started = time.perf_counter()
        client.get("/metrics").raise_for_status()
        taken = time.perf_counter() - started
    server.ended()
    return taken * 1000


@contextmanager
def databases(root: Path) -> Iterator[dict[str, tuple[Settings, str]]]:
    """Installations without tables, by the name of their database."""
    with postgres(under=root) as server:
        places = {"SQLite": f"sqlite:///{root / 'lite' / 'records.sqlite'}", "PostgreSQL": server.database()}
        folders = {"SQLite": root / "lite", "PostgreSQL": root / "postgres"}
        yield {name: (Settings(data=folders[name], database_url=url), url) for name, url in places.items()}


def _median(spent: Sequence[Spent]) -> Spent:
    return sorted(spent, key=lambda one: one.wall_s)[len(spent) // 2]


def _tables(bare: Cost, bare_start: Spent, found: dict[str, Figures], cases: int) -> Iterator[str]:
    yield f"## A large installation\n\n{cases:,} cases with two exhibits each. {RATE:.0f} requests a second for "
    yield f"{SECONDS:.0f} s on a fixed schedule, each timed from the instant at which it was to be sent.\n\n"
    yield f"| | {' | '.join(f'{name} p50 ms | p99 ms | of a core' for name in found)} |\n"
    yield f"|---|{'---|' * 3 * len(found)}\n"
    yield f"| bare route, a constant | {' | '.join(bare.cells for _ in found)} |\n"
    yield f"| **all requests** | {' | '.join(one.whole.cells for one in found.values())} |\n"
    for kind in MIX:
        cells = (f"{one.kinds[kind].p50:.1f} | {one.kinds[kind].p99:.1f} | " for one in found.values())
        yield f"| {kind} | {' | '.join(cells)} |\n"
    refused = sum(one.whole.refused for one in found.values())
    yield f"\nAnswers that were no 200: {refused}.\n\n| | {' | '.join(found)} |\n|---|{'---|' * len(found)}\n"
    for name, cell in _rows(found, bare, bare_start):
        yield f"| {name} | {' | '.join(cell)} |\n"
    yield f"\n`python -c 'import fastapi, sqlalchemy'`: {_told(bare_start)}.\n"


def _rows(found: dict[str, Figures], bare: Cost, bare_start: Spent) -> Iterator[tuple[str, list[str]]]:
    every = list(found.values())
    yield "the same SQL as a case read by the driver alone, p50", [f"{one.sql_ms:.2f} ms" for one in every]
    reads = [one.kinds["case by its id"].p50 for one in every]
    yield "a case read, times a bare route, p50", [f"{read / bare.p50:.1f}" for read in reads]
    floors = [bare.p50 + one.sql_ms for one in every]
    yield "and times a bare route with its SQL", [f"{read / low:.1f}" for read, low in zip(reads, floors, strict=True)]
    starts = [_median(one.starts) for one in every]
    yield "exec to ready, median of 5", [_told(one) for one in starts]
    ratios = [(one.wall_s / bare_start.wall_s, one.cpu_s / bare_start.cpu_s) for one in starts]
    yield "of it, times those imports: wall, processor", [f"{wall:.1f}, {cpu:.1f}" for wall, cpu in ratios]
    yield (
        f"{WATCHERS} who watch: of a core, MiB more, case read p50",
        [f"{one.watched[0]:.0%}, {one.watched[1]:.0f}, {one.watched[2]:.1f} ms" for one in every],
    )
    yield "`sixfaces fsck`", [_told(one.fsck) for one in every]
    yield "`sixfaces audit verify --skip-bytes`", [_told(one.audit) for one in every]
    yield (
        "of it, entries a second of wall and of processor time",
        [f"{one.entries / one.audit.wall_s:,.0f}, {one.entries / one.audit.cpu_s:,.0f}" for one in every],
    )
    done = f"{every[0].cases * DONE_JOBS:,}"
    yield f"first /metrics with {done} ended jobs more", [f"{one.metrics_ms:.0f} ms" for one in every]
    yield "filled for this, cases a second", [f"{one.filled:.0f}" for one in every]


def _told(one: Spent) -> str:
    return f"{one.wall_s:.2f} s, {one.cpu_s:.2f} s of processor, {one.peak:.0f} MiB"


def main() -> int:
    """Print the section."""
    start_logging("error", "console")
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)  # the server runs as another user where this one is root
        with databases(root) as places:
            bare, bare_start = floor(), imports()
            found = {name: measured(settings, url, cases) for name, (settings, url) in places.items()}
    sys.stdout.write("".join(_tables(bare, bare_start, found, cases)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
