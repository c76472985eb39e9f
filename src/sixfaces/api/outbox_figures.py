"""Figures of the outboxes, of webhooks and of notices, of all tenants together."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.notice import NoticeState
from sixfaces.domain.webhook import DeliveryState

ASKED_EVERY_S = 15.0
"""Whatever was delivered and is still remembered is counted: not at every question."""

Standing = Sequence[tuple[StrEnum, int, timedelta | None]]
"""By state: how many, and for how long one of them could have been sent at most."""


class Kind(NamedTuple):
    """What lies in an outbox: the states it may be in, and how the figures are called."""

    states: type[StrEnum]
    rows: str
    age: str
    what: str


DELIVERIES = Kind(
    DeliveryState, "sixfaces_webhook_deliveries", "sixfaces_oldest_due_webhook_delivery_seconds", "delivery"
)
NOTICES = Kind(NoticeState, "sixfaces_notices", "sixfaces_oldest_due_notice_seconds", "notice")
WAITS = "pending"


class Outbox(Collector):
    """What `count` counts, as figures; nothing while the database is away."""

    def __init__(self, kind: Kind, count: Callable[[], Standing]) -> None:
        self._kind, self._count = kind, count
        self._counted: Standing = ()
        self._until = float("-inf")

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked when the collector is registered."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures; a state that nothing is in is 0."""
        if time.monotonic() >= self._until:
            try:
                self._counted = self._count()
            except RecordsError:
                return
            self._until = time.monotonic() + ASKED_EVERY_S
        kind, many = self._kind, {state: rows for state, rows, _ in self._counted}
        rows = GaugeMetricFamily(kind.rows, f"By state, each {kind.what} that is remembered.", labels=("state",))
        for state in kind.states:
            rows.add_metric((state,), many.get(state, 0))
        overdue = next((late for state, _, late in self._counted if state == WAITS), None)
        age = GaugeMetricFamily(
            kind.age,
            f"How long the {kind.what} that waits longest could have been sent.",
            value=overdue.total_seconds() if overdue else 0.0,
        )
        yield from (rows, age)
