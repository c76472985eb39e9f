"""Imports of large exports: `python -m tests.bench.bench_imports`. Aim: a million rows take no more memory than a
hundred thousand.

1. read     a made refund list of Tmall is read by its mapping, in a process that tells the memory it took at most
2. taken    claims of a file go into an installation on SQLite and on PostgreSQL, then the same file once more
"""

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from sixfaces.adapters.marketplaces.reading import MappedMarketplace
from sixfaces.adapters.marketplaces.shelf import load
from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.importing import ImportReport
from sixfaces.pipeline.importing.importing import Order, import_all
from sixfaces.pipeline.service import Service
from sixfaces.telemetry import start_logging
from tests.rig.installation import new_person, open_service, prepared
from tests.servers.postgres import postgres

ROWS = (100_000, 1_000_000)
TAKEN = 2000
_HEAD = "退款编号,订单编号,商品编码,宝贝标题,买家退款金额,售后类型,退款的申请时间,退款状态,退款完结时间,买家退款原因\n"
_ROW = "{n},T{order},SKU-{sku},衬衫 蓝 L,¥{sku}.50,退货退款,2026-06-12 10:00:00,退款成功,2026-06-14 10:00:00,质量问题\n"


def export(path: Path, rows: int) -> Path:
    """A refund list; three claims an order."""
    with path.open("w", encoding="gb18030") as file:
        file.write(_HEAD)
        for n in range(rows):
            file.write(_ROW.format(n=10**15 + n, order=n // 3, sku=n % 900 + 1))
    return path


def read(path: str) -> None:
    """Read it all; print how many claims there are, seconds, and the memory of this process in MiB at most."""
    start = time.perf_counter()
    with open(path, "rb") as file:  # noqa: PTH123 the path is an argument
        count = sum(1 for _ in MappedMarketplace(load("tmall")).read(file))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{count} {time.perf_counter() - start} {peak}\n")


def taken(service: Service, path: Path) -> tuple[float, ImportReport]:
    """Claims a second, and the report."""
    who = new_person(service).principal
    found = MappedMarketplace(load("tmall"))
    start = time.perf_counter()
    with path.open("rb") as file:
        report = import_all(
            service, who, found.read(file), order=Order("tmall", found.edition), patiently=lambda work: work()
        )
    return TAKEN / (time.perf_counter() - start), report


def say(line: str) -> None:
    """One line of the section."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Print the section."""
    start_logging("error", "console")
    say("## Imports of marketplaces' exports\n")
    say("| rows | MB | seconds to read | rows a second | most memory MiB |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for rows in ROWS:
            path = export(folder / "a.csv", rows)
            told = subprocess.run(
                [sys.executable, "-m", "tests.bench.bench_imports", str(path)],
                capture_output=True,
                text=True,
                check=True,
            )
            count, seconds, peak = told.stdout.split()
            assert int(count) == rows
            speed, size = rows / float(seconds), path.stat().st_size / 1e6
            say(f"| {rows:,} | {size:.0f} | {float(seconds):.1f} | {speed:,.0f} | {float(peak):.0f} |")
        path = export(folder / "b.csv", TAKEN)
        say(f"\n{TAKEN:,} claims, three on each order, each with a paid refund:\n")
        say("| database | new claims a second | the same again a second |\n|---|---|---|")
        service = open_service(prepared(folder / "data"))
        with postgres() as server:
            url = server.database()
            migrate(url)
            for name, one in (("SQLite", service), ("PostgreSQL", replace(service, records=SqlRecords(url)))):
                first, report = taken(one, path)
                assert (report.made, report.entries) == (TAKEN, TAKEN)
                again, same = taken(one, path)
                assert same.unchanged == TAKEN
                say(f"| {name} | {first:,.0f} | {again:,.0f} |")


if __name__ == "__main__":
    read(sys.argv[1]) if len(sys.argv) > 1 else main()
