"""Rows that nobody needs any more go, a few in each transaction, so that whoever writes waits for none of it.

What is never pruned: cases, exhibits, verdicts, the custody log, dead letters, quarantines, holds and erasures; and of
a case that is held nothing at all of its course: neither its events nor its uploads nor what both sides
were told of it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from sixfaces.domain.records import Transaction
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

BATCH = 200
"""Rows of one transaction: some milliseconds of SQLite's one writer."""

MOST_BATCHES = 50
"""Of each kind in one round."""

PAUSE_S = 0.01
"""Between two of them: who waits for a lock gets it."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How long rows are kept after their time was over."""

    events: timedelta
    jobs: timedelta
    """Deliveries of webhooks, and notices, too."""
    uploads: timedelta


def prune(service: Service, keep: Keep) -> dict[str, int]:
    """One round; how many rows went, by their kind. Safe to run anywhere, at any time, twice at once."""
    kinds: dict[str, Callable[[Transaction], int]] = {
        "events": lambda tx: tx.pruning.events(older=keep.events, limit=BATCH),
        "jobs": lambda tx: tx.pruning.jobs(older=keep.jobs, limit=BATCH),
        "uploads": lambda tx: tx.pruning.uploads(older=keep.uploads, limit=BATCH),
        "answers": lambda tx: tx.pruning.answers(limit=BATCH),
        "deliveries": lambda tx: tx.webhooks.prune(before=tx.now - keep.jobs, limit=BATCH),
        "notices": lambda tx: tx.notices.prune(before=tx.now - keep.jobs, limit=BATCH),
    }
    gone = {kind: _all(service, once) for kind, once in kinds.items()}
    for kind, count in gone.items():
        if count:
            log.info("pruned", kind=kind, count=count)
    return gone


def _all(service: Service, once: Callable[[Transaction], int]) -> int:
    gone = 0
    for _ in range(MOST_BATCHES):
        with service.records.begin(None) as transaction:
            count = once(transaction)
        gone += count
        if count < BATCH:
            break
        time.sleep(PAUSE_S)
    return gone
