"""Judging from stored records: `python -m tests.bench.bench_judging`. Target: 2,000 exhibits a second on one core.

Each exhibit is one line of JSON as the archive keeps it, and each is another one: its own waybill, digest and times,
so that nothing remembered from the last exhibit helps with the next.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

from sixfaces.criteria.judge import judge
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import Evidence, ExhibitEvidence, History
from sixfaces.domain.observation import Record
from sixfaces.rulebook.loader import load_policy
from tests.golden.building import CLOSES, SIGNED, WAYBILL, exhibit
from tests.golden.genuine import MEDIA, genuine

EXHIBITS = 400
ROUNDS = 7
SUSTAINED_S = 5.0


def archive(count: int) -> list[tuple[CaseFile, str]]:
    """`count` different honest takes with their cases, records as stored JSON."""
    template = exhibit(*genuine(), media=MEDIA).record.model_dump_json()
    stored = []
    for number in range(count):
        waybill, later = f"SF{7_000_000_000_000 + number * 7919}", timedelta(seconds=number)
        record = template.replace(WAYBILL, waybill).replace("a" * 64, f"{number:064x}")
        case = CaseFile.model_validate(
            {
                "case_id": f"C-{number}",
                "order": {"order_id": f"T-2026-{number:06}", "items": [{"sku": "S1", "quantity": 1}]},
                "return_parcel": {"waybill": waybill, "signed_at": SIGNED + later},
                "evidence_window": {"opens_at": SIGNED, "closes_at": CLOSES},
            }
        )
        stored.append((case, record))
    return stored


def rate(work: Callable[[], object], count: int) -> float:
    """Exhibits a second of one core, by processor time: the best of some rounds, as other work disturbs the rest."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return count / best


def judged(stored: Sequence[tuple[CaseFile, str]]) -> list[Verdict]:
    """What the figure is about: each record read and judged."""
    policy = load_policy("default")
    verdicts = []
    for case, text in stored:
        evidence = Evidence(case, (ExhibitEvidence(Record.model_validate_json(text)),), History(searched=True))
        verdicts.append(judge(evidence, policy).verdict)
    return verdicts


def sustained(seconds: float) -> float:
    """Exhibits a second of wall time that this process judges while its siblings do the same."""
    stored = archive(EXHIBITS)
    judged(stored)
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        judged(stored)
        count += EXHIBITS
    return count / (time.perf_counter() - start)


def on_all_cores(cores: int) -> float:
    """What a batch judges a second with one process a core."""
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:
        return sum(pool.map(sustained, [SUSTAINED_S] * cores))


def main() -> None:
    """Print the table."""
    stored = archive(EXHIBITS)
    verdicts = judged(stored)
    if set(verdicts) != {Verdict.ACCEPTED}:
        raise SystemExit(f"the archive is not judged as it must be: {sorted(set(verdicts))}")
    observations = len(Record.model_validate_json(stored[0][1]).observations)
    both = rate(lambda: judged(stored), EXHIBITS)
    reading = rate(lambda: sum(Record.model_validate_json(text).exhibit.bytes for _, text in stored), EXHIBITS)
    cores = os.cpu_count() or 1
    batch = on_all_cores(cores)
    policy = rate(lambda: [load_policy("tmall") for _ in range(20)], 20)
    sys.stdout.write(
        "## Judging from stored observations\n\n"
        f"{EXHIBITS} different records of {observations} observations "
        f"({len(stored[0][1]) / 1000:.1f} kB of JSON each), all rules, policy `default`, one core.\n\n"
        "| work | per second | each |\n|---|---|---|\n"
        f"| read the record and judge it | {both:,.0f} exhibits | {1e6 / both:.0f} µs |\n"
        f"| of which reading the record | {reading:,.0f} exhibits | {1e6 / reading:.0f} µs |\n"
        f"| read and judge, {cores} processes on {cores} cores, wall time | {batch:,.0f} exhibits | |\n"
        f"| load the policy `tmall` (two files) | {policy:,.0f} policies | {1e3 / policy:.1f} ms |\n"
    )


if __name__ == "__main__":
    main()
