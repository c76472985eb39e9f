"""A worker's hold on one job: the lease that a heartbeat prolongs, and the token without which nothing is written."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import structlog

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import Job, JobState
from sixfaces.domain.records import Transaction
from sixfaces.domain.tracing import NOTHING, Span
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

BEATS = 3
"""Heartbeats within one lease: two may be late before the job is lost."""

TRIES = 8
"""Times a write is tried against transactions that won, before that counts as a failure."""

T = TypeVar("T")


class LeaseLostError(Exception):
    """Another worker may have the job by now: what was done of it is worth nothing."""


class RefusedError(Exception):
    """A write came with a token that is no longer the current one; nothing was written."""


class HandedBackError(Exception):
    """This worker is to end: the job goes back as if it had never been claimed."""


class GuiltyError(Exception):
    """The subject killed the process that worked on it, or drove it over its limits."""

    def __init__(self, reason: Quarantine) -> None:
        super().__init__(reason.code)
        self.reason = reason


class Hold:
    """The hold on a claimed job. Steps ask `check` now and then, and write through `write` only."""

    def __init__(self, service: Service, job: Job, *, lease: timedelta, interrupted: threading.Event) -> None:
        self.job = job
        self.span: Span = NOTHING
        self._service, self._lease = service, lease
        self._interrupted, self._lost, self._over = interrupted, threading.Event(), threading.Event()

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Prolong the lease from a thread of its own for as long as the block lasts."""
        thread = threading.Thread(target=self._beat, name=f"lease of {self.job.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def check(self) -> None:
        """Raises LeaseLostError or HandedBackError where going on is of no use."""
        if self._lost.is_set():
            raise LeaseLostError(self.job.id)
        if self._interrupted.is_set():
            raise HandedBackError(self.job.id)

    def write(self, body: Callable[[Transaction], T]) -> T:
        """Run `body` in a transaction of the job's tenant that only the holder can commit.

        `body` runs again where another transaction won. Raises RefusedError for a token that is not the current one.
        """
        for attempt in range(1, TRIES + 1):
            try:
                with self._service.records.begin(self.job.tenant) as transaction:
                    if not transaction.jobs.holds(self.job):
                        raise RefusedError(self.job.id)
                    return body(transaction)
            except RecordsError as exc:
                if exc.code != "records.conflict" or attempt == TRIES:
                    raise
                time.sleep(random.uniform(0.0, 0.02 * 2**attempt))
        raise AssertionError("the last try returns or raises")

    def ended(self, transaction: Transaction, state: JobState = JobState.DONE, *, reason: Quarantine | None = None
              ) -> None:  # fmt: skip
        """End the job beside its result. Raises RefusedError, which undoes both, for a stale token."""
        if not transaction.jobs.end(self.job, state, reason=reason):
            raise RefusedError(self.job.id)

    def _beat(self) -> None:
        while not self._over.wait(self._lease.total_seconds() / BEATS):
            try:
                with self._service.records.begin(None) as transaction:
                    held = transaction.jobs.extend(self.job, lease=self._lease)
            except RecordsError as exc:  # nobody can claim the job either while the database is away
                log.warning("heartbeat_failed", job=self.job.id, code=exc.code)
                continue
            if not held and not self._over.is_set():
                self._lost.set()
                return
