"""Judging an archive again: `python -m tests.bench.bench_reverify [EXHIBITS]`. Target: 5,000 exhibits a second on two
cores, flat memory at 1,000,000 exhibits, and near twice as fast with two processes as with one.

The archive is generated: its rows are of a few hundred different cases, judged for real, each row with ids and numbers
of its own. What is repeated packs better than what is not, so a part of different records is judged beside it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sixfaces.adapters.archive.parquet import ParquetParts
from sixfaces.bootstrap import observers_named
from sixfaces.domain.reverifying import Selection
from sixfaces.pipeline.archive.judging_code import code_version
from sixfaces.pipeline.archive.rejudging import Rejudging
from sixfaces.pipeline.archive.rows import head_of, row_of
from sixfaces.rulebook.loader import load_policy_file
from tests.rig.judged_cases import some_cases, verdict_on
from tests.rig.large_archive import BEGINS, DIFFERENT, Kind, make_archive

EXHIBITS = 1_000_000
OTHER_CODE = 10
"""One exhibit in so many was judged by other code: all rules run."""
ROOT = Path(__file__).resolve().parents[2]

POLICY = """
name = "bench_{name}"
version = "2026.9"
extends = "default@2026.1"
effective_from = 2026-01-01
title = {{ zh = "测试", en = "bench" }}
[thresholds.{group}]
{field} = {{ value = {value}, unit = "{unit}", reason = "bench" }}
"""
PEAK = """
import json, resource, sys
from sixfaces.cli.main import app
try:
    app(sys.argv[1:])
finally:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = sum(one.ru_utime + one.ru_stime for one in (own, children))
    sys.stderr.write("\\nPEAK " + json.dumps([own.ru_maxrss, children.ru_maxrss, spent]))
"""


class Ran(NamedTuple):
    """What the command said, how long it took, the peaks of its process and of its children in MiB, and the processor
    time of all of them."""

    told: dict[str, Any]
    wall_s: float
    peak: int
    children: int
    spent_s: float


def reverify(folder: Path, *arguments: str) -> Ran:
    """The command in a process of its own."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "reverify", "--json", *arguments],
        env={**os.environ, "SIXFACES_DATA": str(folder), "PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    own, children, spent = json.loads(done.stderr.rpartition("PEAK ")[2])
    return Ran(json.loads(done.stdout), time.perf_counter() - start, own // 1024, children // 1024, spent)


def policy(folder: Path, name: str, threshold: str, *, value: float, unit: str) -> str:
    """A policy with one threshold moved."""
    path = folder / f"bench_{name}-2026.9.toml"
    group, _, field = threshold.partition(".")
    text = POLICY.format(name=name, group=group, field=field, value=value, unit=unit)
    path.write_text(text, "utf-8")
    return str(path)


def line(words: str, ran: Ran) -> str:
    """One line of the table."""
    told = ran.told
    rate = told["exhibits"] / told["wall_s"]
    flips = ", ".join(f"{kind} {count:,}" for kind, count in told["flips"].items()) or "none"
    of_core = told["exhibits"] / ran.spent_s
    return (
        f"| {words} | {told['exhibits']:,} | {told['processes']} | {rate:,.0f} | {of_core:,.0f} | {ran.wall_s:.0f} s "
        f"| {flips} |\n"
    )


def different(path: str, records: int, code_version: str) -> float:
    """Exhibits a second of processor time over a part of records that are all different."""
    cases = some_cases(records)
    rows = [row_of(verdict_on(one, at=BEGINS), one.judged) for one in cases]
    data = ParquetParts().write(rows, head_of(one.judged for one in cases))
    wanted, moved = {row["id"] for row in rows}, load_policy_file(Path(path))
    judging = Rejudging(lambda _: moved, code_version=code_version, observers="fake 1", selection=Selection())
    start = time.process_time()
    for block in ParquetParts().read(data, part="bench"):
        list(judging.flips(block, only=wanted, part="bench"))
    return judging.counting.exhibits / (time.process_time() - start)


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    exhibits = int(arguments[0]) if arguments else EXHIBITS
    with tempfile.TemporaryDirectory(prefix="sixfaces-bench-") as name:
        sys.stdout.write("".join(told(Path(name), exhibits)))


def told(folder: Path, exhibits: int) -> Iterator[str]:
    """The section, line by line."""
    kind = Kind(observers_named(), code_version())
    made = make_archive(folder, exhibits, kind)
    other = make_archive(folder, exhibits // OTHER_CODE, Kind(kind.observers, "earlier"), since=made.until)
    few = policy(folder, "absence", "continuity.absence_s", value=0.1, unit="s")
    many = policy(folder, "sure", "evidence.confidence", value=0.9, unit="1")

    def first(share: float) -> tuple[str, str]:
        return "--until", (BEGINS + (made.until - BEGINS) * share).isoformat()

    yield (
        "## Judging an archive again\n\n"
        f"`sixfaces reverify` over an archive of {made.exhibits + other.exhibits:,} exhibits in "
        f"{made.cases + other.cases:,} cases: {(made.bytes + other.bytes) / 1e6:,.0f} MB of Parquet, rows of "
        f"{DIFFERENT} different judged cases, each with ids, numbers and waybills of its own. The rate is over what "
        "the command says it took to judge; wall and processor time are those of the whole command.\n\n"
        "| policy | exhibits | processes | exhibits/s | exhibits a second of processor time | wall | flips |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    one = reverify(folder, "--policy", few, "--workers", "1", *first(1.0))
    two = reverify(folder, "--policy", few, "--workers", "2", *first(1.0))
    yield line("`continuity.absence_s` moved: three rules run", one)
    yield line("the same", two)
    yield line("`evidence.confidence` moved: 17 rules run", reverify(folder, "--policy", many, *first(0.1)))
    yield line("judged by other code: all rules run", reverify(folder, "--since", made.until.isoformat()))
    yield f"\nTwo processes judged {one.told['wall_s'] / two.told['wall_s']:.2f} times as fast as one.\n\n"
    yield "| exhibits, one process | peak memory |\n|---|---|\n"
    small = [reverify(folder, "--policy", few, "--workers", "1", *first(share)) for share in (0.01, 0.1)]
    yield from (f"| {ran.told['exhibits']:,} | {ran.peak} MiB |\n" for ran in (*small, one))
    yield f"\nOf two processes each had {two.children} MiB at most.\n\n"
    yield "| one process, 1,000 different records, processor time | exhibits/s |\n|---|---|\n"
    yield f"| three rules run | {different(few, 1000, 'test 1'):,.0f} |\n"
    yield f"| all rules run | {different(few, 1000, 'other'):,.0f} |\n"


if __name__ == "__main__":
    main(sys.argv[1:])
