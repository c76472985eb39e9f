"""Raises alarms (D25, D26): counts the days that are new, looks at every series, tells of what rises, once.

1. count    yesterday and today again, and days that nobody has counted yet, some at a time
2. look     what is usual comes from a year before the last eight weeks, the rise from these; what lies before the day
            on which an alarm was acknowledged is not looked at again
3. raise    one alarm for each measure and group, until a person acknowledges it; endpoints are told by its id
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import structlog

from sixfaces.domain.records import Transaction
from sixfaces.domain.watching import Alarm
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.watching import errors
from sixfaces.pipeline.watching.counting import count_day, day_between
from sixfaces.pipeline.webhooks.announcing import announce
from sixfaces.watching.detecting import Signal, is_alarm, signal_of, threshold
from sixfaces.watching.series import SETTLES, Series, series_of

log = structlog.get_logger()

WINDOW = timedelta(56)
PAST = timedelta(364)
MOST_DAYS = 30
"""Days that are counted in one round: the rest of a long past comes in the next ones."""


class Rise(NamedTuple):
    """A series that has risen."""

    series: Series
    signal: Signal
    threshold: float


def sweep_alarms(service: Service) -> None:
    """All tenants. Harmless when done twice at once."""
    with service.records.begin(None, reading=True) as transaction:
        tenants = transaction.watching.tenants()
    for tenant in tenants:
        watch_tenant(service, tenant)


def watch_tenant(service: Service, tenant: str) -> list[Alarm]:
    """Count, look, raise; the alarms that are new."""
    with service.records.begin(tenant, reading=True) as transaction:
        today, days = transaction.now.date(), days_to_count(transaction)
    for day in days:
        with service.records.begin(tenant) as transaction:
            count_day(transaction, day)
    with service.records.begin(tenant, reading=True) as transaction:
        rises = list(risen(transaction, today))
    if not rises:
        return []
    with service.records.begin(tenant) as transaction:
        raised = [alarm for rise in rises if (alarm := _raised(transaction, tenant, rise)) is not None]
    for alarm in raised:
        log.warning("alarm_raised", alarm=alarm.id, kind=alarm.measure)
    return raised


def days_to_count(transaction: Transaction) -> Sequence[date]:
    """1."""
    today, newest = transaction.now.date(), transaction.day_counts.newest()
    first = newest - timedelta(1) if newest is not None else _oldest(transaction, today)
    days = [first + timedelta(n) for n in range((today - first).days + 1)]
    return days[:MOST_DAYS]


def _oldest(transaction: Transaction, today: date) -> date:
    """The first day that may count, or on which there was a case."""
    since = today - WINDOW - PAST
    start = day_between(since)._replace(until=transaction.now, limit=1)
    first = transaction.watching.cases_opened(start)
    return first[0].created_at.date() if first else today


def risen(transaction: Transaction, today: date) -> Iterator[Rise]:
    """2. Every series that has reached the threshold of so many."""
    first = today - WINDOW
    counts = transaction.day_counts
    shipped = counts.shipped(first - PAST - timedelta(SETTLES), today)
    every = series_of(counts.sums(first - PAST, first), counts.since(first), shipped, first=first)
    latest, most = transaction.alarms.latest(), threshold(len(every))
    for one in every:
        last = latest.get((one.measure, one.group))
        if last is not None and last.acknowledged_at is None:
            continue
        after = last.acknowledged_at.date() if last is not None and last.acknowledged_at is not None else date.min
        signal = signal_of((day for day in one.days if day.day > after), one.rate, one.kind)
        if signal is not None and is_alarm(signal, most):
            yield Rise(one, signal, most)


def _raised(transaction: Transaction, tenant: str, rise: Rise) -> Alarm | None:
    """3. None where somebody else was faster."""
    series, signal = rise.series, rise.signal
    alarm = Alarm(
        id=new_id(),
        tenant=tenant,
        measure=series.measure,
        group=series.group,
        since=signal.since,
        events=signal.events,
        exposure=signal.exposure,
        usual=series.rate,
        chance=signal.chance,
        strength=signal.strength,
        threshold=rise.threshold,
        raised_at=transaction.now,
    )
    if not transaction.alarms.add(alarm):
        return None
    data = {"alarm": alarm.id, "measure": alarm.measure, "dimension": alarm.group.dimension.value}
    announce(transaction, WebhookKind.ALARM_RAISED, tenant=tenant, subject=alarm.id, data=data)
    return alarm


def acknowledge(transaction: Transaction, by: str, alarm_id: str, *, note: str) -> Alarm:
    """Somebody says what they make of it; what comes after today may raise another. Raises RequestError
    `request.missing`, WatchingError `watching.acknowledged`."""
    alarm = transaction.alarms.get(alarm_id, lock=True)
    if alarm is None:
        raise missing()
    if alarm.acknowledged_at is not None:
        raise errors.acknowledged()
    said = {"acknowledged_at": transaction.now, "acknowledged_by": by, "note": note}
    alarm = alarm.model_copy(update=said)
    transaction.alarms.acknowledge(alarm)
    return alarm
