"""Figures of this process: by the route's pattern and the status, never by address, tenant or key."""

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sixfaces.api.original_figures import Counted, Stored
from sixfaces.api.outbox_figures import Kind, Outbox, Standing
from sixfaces.api.queue_figures import Queue
from sixfaces.api.streams import Streams
from sixfaces.domain.records import JobCount

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
"""Anything else that strangers may send is one figure."""

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)


class Measures:
    """One registry for each app, so that two apps in a process do not mix."""

    def __init__(self, streams: Streams) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "sixfaces_requests_total", "Answered requests.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "sixfaces_request_seconds",
            "Seconds to the answer's end.",
            ("route",),
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        streams_open = Gauge("sixfaces_streams_open", "Event streams that are open.", registry=self._registry)
        streams_open.set_function(lambda: streams.count)

    def serve_queue(self, queue: Callable[[], Sequence[JobCount]]) -> None:
        """Tell of the queue as well, asked at most every few seconds: strangers may ask for figures."""
        self._registry.register(Queue(queue))

    def serve_originals(self, count: Callable[[], Counted]) -> None:
        """Tell of stored originals as well, asked at most every minute."""
        self._registry.register(Stored(count))

    def serve_outbox(self, kind: Kind, count: Callable[[], Standing]) -> None:
        """Tell of an outbox as well, asked at most every few seconds."""
        self._registry.register(Outbox(kind, count))

    def request(self, method: str, route: str, *, status: int, seconds: float) -> None:
        """One answered request."""
        self._requests.labels(method if method in METHODS else OTHER, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """As Prometheus reads them."""
        return generate_latest(self._registry)
