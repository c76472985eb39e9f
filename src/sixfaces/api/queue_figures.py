"""Figures of the queue, of all tenants together: what workers are scaled by. Every server tells the same."""

import time
from collections.abc import Callable, Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.records import JobCount

ASKED_EVERY_S = 5.0
"""The database is asked no more often, whoever asks for figures."""

_LIVE = (JobState.READY, JobState.RUNNING)
_TOLD = (*_LIVE, JobState.DEAD, JobState.QUARANTINED)


class Queue(Collector):
    """What `count` counts, as figures; nothing while the database is away."""

    def __init__(self, count: Callable[[], Sequence[JobCount]]) -> None:
        self._count = count
        self._counted: Sequence[JobCount] = ()
        self._until = float("-inf")

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked when the collector is registered."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures. A kind or state that has no job is 0, so that rules can be written on all of them."""
        if time.monotonic() >= self._until:
            try:
                self._counted = self._count()
            except RecordsError:
                return
            self._until = time.monotonic() + ASKED_EVERY_S
        by = {(one.kind, one.state): one for one in self._counted}
        jobs = GaugeMetricFamily("sixfaces_jobs", "Jobs that are not done.", labels=("kind", "state"))
        due = GaugeMetricFamily("sixfaces_jobs_due", "Jobs that run, or might if a worker were free.", labels=("kind",))
        age = GaugeMetricFamily(
            "sixfaces_oldest_ready_job_seconds", "How long the job that waits longest could have run.", labels=("kind",)
        )
        for kind in JobKind:
            for state in _TOLD:
                jobs.add_metric((kind, state), by[kind, state].jobs if (kind, state) in by else 0)
            due.add_metric((kind,), sum(by[kind, state].due for state in _LIVE if (kind, state) in by))
            waiting = by.get((kind, JobState.READY))
            age.add_metric((kind,), _seconds(waiting))
        yield from (jobs, due, age)


def _seconds(waiting: JobCount | None) -> float:
    return waiting.waited.total_seconds() if waiting and waiting.waited else 0.0
