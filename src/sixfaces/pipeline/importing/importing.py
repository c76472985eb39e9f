"""Imports a file or an event: statements in their order, some of them a transaction; what is wrong with a row is told
and the rest goes on. Whatever breaks it off, the same file again goes on where it ended: what is in changes nothing."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from sixfaces.domain.importing import ImportReport, Outcome, Refusal, Statement
from sixfaces.domain.job import Job
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.importing.taking import Done, For, done, planned, worst
from sixfaces.pipeline.service import Service

MOST_REFUSED = 10_000
"""After so many a file is not what its mapping describes; what was read until then is in."""
_BATCH = 20
_LEASE = timedelta(minutes=1)


class Order(NamedTuple):
    """What is to be imported: of which platform, by which mapping, and whether anything is to be written."""

    platform: str
    mapping: str
    dry_run: bool = False


class _Counts:
    """The report as it grows."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._outcomes = dict.fromkeys(Outcome, 0)
        self._entries = 0
        self.refused: list[Refusal] = []

    def count(self, became: Sequence[Done | Refusal]) -> None:
        for one in became:
            if isinstance(one, Refusal):
                self.refused.append(one)
            else:
                self._outcomes[one.outcome] += 1
                self._entries += one.entries

    def report(self, *, stopped: bool) -> ImportReport:
        counts = {outcome.value: many for outcome, many in self._outcomes.items()}
        return ImportReport(
            platform=self._order.platform, mapping=self._order.mapping, dry_run=self._order.dry_run, **counts,
            entries=self._entries, rows_refused=len(self.refused), stopped=stopped, refused=tuple(self.refused),
        )  # fmt: skip


def import_all(
    service: Service,
    who: Principal,
    stated: Iterator[Statement | Refusal],
    *,
    order: Order,
    patiently: Callable[[Callable[[], list[Done | Refusal]]], list[Done | Refusal]],
) -> ImportReport:
    """Take in all that is stated. Raises what reading it raises, and RecordsError."""
    counts = _Counts(order)
    while part := list(islice(stated, _BATCH)):

        def transact(part: Sequence[Statement | Refusal] = part) -> list[Done | Refusal]:
            with service.records.begin(who.tenant, reading=order.dry_run) as transaction:
                return taken(transaction, who, part, order=order)

        became = patiently(transact)
        hint(service, became)
        counts.count(became)
        if len(counts.refused) > MOST_REFUSED:
            return counts.report(stopped=True)
    return counts.report(stopped=False)


def import_event(
    transaction: Transaction, who: Principal, stated: Iterable[Statement | Refusal], *, order: Order
) -> tuple[ImportReport, list[Done | Refusal]]:
    """Take in what one event states, in a transaction of the caller's."""
    counts = _Counts(order)
    became = taken(transaction, who, list(stated), order=order)
    counts.count(became)
    return counts.report(stopped=False), became


def taken(
    transaction: Transaction, who: Principal, part: Sequence[Statement | Refusal], *, order: Order
) -> list[Done | Refusal]:
    """What became of each."""
    if order.dry_run:
        return [one if isinstance(one, Refusal) else _looked(transaction, who, one, order=order) for one in part]
    return [one if isinstance(one, Refusal) else _done(transaction, who, one, order=order) for one in part]


def hint(service: Service, became: Iterable[Done | Refusal]) -> None:
    """Wake workers for the jobs that were committed."""
    for job in (job for one in became if isinstance(one, Done) for job in one.jobs):
        service.hints.hint(job.id, priority=job.priority)


def jobs_of(became: Iterable[Done | Refusal]) -> list[Job]:
    """All jobs that were brought about."""
    return [job for one in became if isinstance(one, Done) for job in one.jobs]


def _looked(transaction: Transaction, who: Principal, statement: Statement, *, order: Order) -> Done | Refusal:
    plans = planned(transaction, statement, For(who, order.platform))
    if isinstance(plans, Refusal):
        return plans
    return Done(worst([plan.outcome for plan in plans]), sum(len(plan.entries) for plan in plans))


def _done(transaction: Transaction, who: Principal, statement: Statement, *, order: Order) -> Done | Refusal:
    """The lines of an order are to be the same in all of its cases, so that two of these are not made at once: who
    comes second waits for the first one's transaction."""
    if statement.order is None:
        return done(transaction, who, statement, platform=order.platform)
    digest = hashlib.sha256(f"{who.tenant}\n{order.platform}\n{statement.order}".encode()).hexdigest()
    name = f"order:{digest}"
    transaction.leases.take(name, order.mapping, lasting=_LEASE)
    became = done(transaction, who, statement, platform=order.platform)
    transaction.leases.give_back(name, order.mapping)
    return became
