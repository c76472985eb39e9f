"""The custody log: `python -m tests.bench.bench_custody`. Aim: entries verified at 40,000 a second on one core.

The log is a real one in SQLite, written through the records; its originals are small, as their hashing is measured by
the store's own bench.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sixfaces.domain.custody import Act, Deed, Entry
from sixfaces.pipeline.auditing import Known, verify_installation
from sixfaces.pipeline.custody import checkpoint_now
from sixfaces.telemetry import start_logging
from sixfaces.vault.canonical import entry_bytes
from sixfaces.vault.merkle import Growing, leaf_hash, proves_inclusion
from tests.rig.chronicle import Chronicle, chronicle

ENTRIES = 40_000
AT_ONCE = 100
ROUNDS = 5


def filled(log: Chronicle, count: int) -> float:
    """Appends entries as observing does, a hundred in a transaction; returns entries a second."""
    body = {"sha256": "0" * 64, "observers": "usability 3, fingerprints 1", "record_sha256": "1" * 64}
    start = time.perf_counter()
    for first in range(0, count, AT_ONCE):
        with log.service.records.begin("main") as tx:
            tx.custody.append(*(_deed(first + index, body) for index in range(AT_ONCE)))
        if first % 1000 == 0:
            checkpoint_now(log.service, log.notary)
    checkpoint_now(log.service, log.notary)
    return count / (time.perf_counter() - start)


def _deed(number: int, body: dict[str, str]) -> Deed:
    return Deed(tenant="main", act=Act.OBSERVE, subject=f"{number:036}", actor="worker:one", body=dict(body))


def best(work: Callable[[], object], count: int) -> float:
    """Entries a second of one core by processor time, the best of some rounds."""
    least = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return count / least


def hashed(entries: list[Entry]) -> bytes:
    """What the audit does with entries that have been read: canonical bytes, leaf, tree."""
    log = Growing()
    for entry in entries:
        assert leaf_hash(entry_bytes(entry)).hex() == entry.leaf
        log.append(bytes.fromhex(entry.leaf))
    return log.root()


def main() -> None:
    """Print the section."""
    start_logging("error", "console")
    with tempfile.TemporaryDirectory() as folder:
        log = chronicle(Path(folder), [[b"a take"]])
        appended = filled(log, ENTRIES)
        with log.service.records.begin(None, reading=True) as tx:
            size = tx.custody.size()
            entries = [one for first in range(0, size, 1000) for one in tx.custody.entries(first=first, limit=1000)]
            newest = tx.custody.checkpoint()
            assert newest is not None
            proofs = [tx.custody.inclusion(seq, newest.size) for seq in range(0, newest.size, 100)]
        known = Known(log.notary.keys)
        assert verify_installation(log.service.records, log.service.blobs, known).faults == ()
        audited = best(lambda: verify_installation(log.service.records, log.service.blobs, known), size)
        only_hashed = best(lambda: hashed(entries), size)
        leaves = {entry.seq: entry.leaf for entry in entries}
        proven = best(
            lambda: [proves_inclusion(one, leaf=leaves[one.seq], root=newest.root) for one in proofs], len(proofs)
        )
        log.close()
    sys.stdout.write(
        f"## Custody log\n\n{size:,} entries in SQLite, a signed checkpoint for each 1,000, one core.\n\n"
        "| work | per second |\n|---|---|\n"
        f"| audit: read every entry, its leaf, the tree, each checkpoint | {audited:,.0f} entries |\n"
        f"| of which canonical bytes, leaf and tree | {only_hashed:,.0f} entries |\n"
        f"| verify an inclusion proof ({len(proofs[0].path)} steps) | {proven:,.0f} proofs |\n"
        f"| append, {AT_ONCE} in a transaction, wall time | {appended:,.0f} entries |\n"
    )


if __name__ == "__main__":
    main()
