"""Figures of the outbox of webhooks, of all tenants together."""

import time
from collections.abc import Callable, Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.webhook import DeliveryState
from sixfaces.domain.webhook_ports import DeliveryCount

ASKED_EVERY_S = 15.0
"""Whatever was delivered and is still remembered is counted: not at every question."""


class Outbox(Collector):
    """What `count` counts, as figures; nothing while the database is away."""

    def __init__(self, count: Callable[[], Sequence[DeliveryCount]]) -> None:
        self._count = count
        self._counted: Sequence[DeliveryCount] = ()
        self._until = float("-inf")

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked when the collector is registered."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures; a state that no delivery is in is 0."""
        if time.monotonic() >= self._until:
            try:
                self._counted = self._count()
            except RecordsError:
                return
            self._until = time.monotonic() + ASKED_EVERY_S
        by = {one.state: one for one in self._counted}
        rows = GaugeMetricFamily("sixfaces_webhook_deliveries", "Deliveries that are remembered.", labels=("state",))
        for state in DeliveryState:
            rows.add_metric((state,), by[state].deliveries if state in by else 0)
        pending = by.get(DeliveryState.PENDING)
        age = GaugeMetricFamily(
            "sixfaces_oldest_due_webhook_delivery_seconds",
            "How long the delivery that waits longest could have been sent.",
            value=pending.overdue.total_seconds() if pending and pending.overdue else 0.0,
        )
        yield from (rows, age)
