"""Figures of stored originals, of all tenants together: what an alarm is set on."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.originals import Damage, OriginalsCount

ASKED_EVERY_S = 60.0
"""Counting reads a row for each original."""

Counted = tuple[OriginalsCount, datetime]


class Stored(Collector):
    """What `count` counts at an instant, as figures; nothing while the database is away."""

    def __init__(self, count: Callable[[], Counted]) -> None:
        self._count = count
        self._counted: Counted | None = None
        self._until = float("-inf")

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked when the collector is registered."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures. A damage that no original has is 0, so that rules can be written on all of them."""
        if self._counted is None or time.monotonic() >= self._until:
            try:
                self._counted = self._count()
            except RecordsError:
                return
            self._until = time.monotonic() + ASKED_EVERY_S
        counted, now = self._counted
        age = (now - counted.oldest).total_seconds() if counted.oldest is not None else 0.0
        yield GaugeMetricFamily("sixfaces_originals", "Stored originals.", value=counted.originals)
        yield GaugeMetricFamily("sixfaces_originals_bytes", "Bytes of stored originals.", value=counted.bytes)
        yield GaugeMetricFamily(
            "sixfaces_oldest_check_seconds", "How long ago the original was read that was read longest ago.", value=age
        )
        damaged = GaugeMetricFamily(
            "sixfaces_originals_damaged", "Originals that were not found as they were sealed.", labels=("damage",)
        )
        for damage in Damage:
            damaged.add_metric((damage,), counted.damaged.get(damage, 0))
        yield damaged
