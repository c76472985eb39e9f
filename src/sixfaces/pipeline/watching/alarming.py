"""Raises alarms (D25, D26): counts the days that are new, looks at every series, tells of what rises, once.

1. count    the last days again, days that nobody has counted yet, and such as have become other since, some at a time
2. look     what is usual comes from a year before the last eight weeks, the rise from these; what lies before the day
            on which an alarm was acknowledged is not looked at again
3. raise    one alarm for each measure and group, until a person acknowledges it; endpoints are told by its id
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import structlog

from sixfaces.domain.records import Transaction
from sixfaces.domain.watching import Alarm
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.watching import errors
from sixfaces.pipeline.watching.counting import AT_ONCE, RIPE, batched, count_day, day_between, days_of
from sixfaces.pipeline.webhooks.announcing import announce
from sixfaces.watching.detecting import Signal, is_alarm, signal_of, threshold
from sixfaces.watching.series import Series, Span, series_of
from sixfaces.watching.shipping import SETTLES

log = structlog.get_logger()

WINDOW = timedelta(56)
PAST = timedelta(364)
MOST_DAYS = 30
"""Days that are counted in one round: the rest of a long past comes in the next ones."""
YOUNG = timedelta(2)
"""Days so young are counted in each round."""
_LOOK_BACK = timedelta(2)
_ONCE_IN = timedelta(hours=20)


SPARE = timedelta(31)
"""A clock that was put back, or a day that is counted late, finds what it compares with."""
MOST_FORGOTTEN = 2000
"""Counts that go in one round: several days' worth, so that an old installation catches up."""


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
    _forget(service, tenant, today)
    with service.records.begin(tenant, reading=True) as transaction:
        rises = list(risen(transaction, today))
    if not rises:
        return []
    with service.records.begin(tenant) as transaction:
        raised = [alarm for rise in rises if (alarm := _raised(transaction, tenant, rise)) is not None]
    for alarm in raised:
        log.warning("alarm_raised", alarm=alarm.id, kind=alarm.measure)
    return raised


def _forget(service: Service, tenant: str, today: date) -> None:
    """Days that no look goes back to any more."""
    with service.records.begin(tenant) as transaction:
        transaction.day_counts.prune(before=today - WINDOW - PAST - timedelta(SETTLES) - SPARE, limit=MOST_FORGOTTEN)


def days_to_count(transaction: Transaction) -> Sequence[date]:
    """1."""
    now, first = transaction.now, transaction.now.date() - WINDOW - PAST
    today, counted = now.date(), transaction.day_counts.counted(first)
    start = min(counted, default=None) or _oldest(transaction, first)
    every = [start + timedelta(n) for n in range((today - start).days + 1)]
    young = [day for day in every if day >= today - YOUNG]
    new = [day for day in every if day not in counted]
    ripened = [day for day, at in counted.items() if at.date() <= day + RIPE < today]
    days = dict.fromkeys([*young, *new, *ripened, *_touched(transaction, counted, first)])
    return list(days)[:MOST_DAYS]


def _touched(transaction: Transaction, counted: Mapping[date, datetime], first: date) -> Iterator[date]:
    """Days of whose cases something was written after they were counted: each once a day at most."""
    if not counted:
        return
    since = max(counted.values()) - _LOOK_BACK
    written = transaction.watching.touched(since)
    latest: dict[date, datetime] = {}
    for ids in batched(sorted(written), AT_ONCE):
        for case in transaction.watching.cases(ids).values():
            for day in days_of(case):
                latest[day] = max(written[case.id], latest.get(day, written[case.id]))
    for day, at in sorted(latest.items()):
        last = counted.get(day)
        if day >= first and (last is None or (last < at and last < transaction.now - _ONCE_IN)):
            yield day


def _oldest(transaction: Transaction, first: date) -> date:
    """The first day that may count, or on which there was a case."""
    start = day_between(first)._replace(until=transaction.now, limit=1)
    cases = transaction.watching.cases_opened(start)
    return cases[0].opened_at.astimezone(UTC).date() if cases else transaction.now.date()


def risen(transaction: Transaction, today: date) -> Iterator[Rise]:
    """2. Every series that has reached the threshold of so many."""
    first = today - WINDOW
    counts = transaction.day_counts
    shipped = counts.shipped(first - PAST - timedelta(SETTLES), today)
    counted = min(counts.counted(first - PAST), default=first)
    span = Span(first, today, counted)
    every = series_of(counts.sums(first - PAST, first), counts.since(first), shipped, span=span)
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
