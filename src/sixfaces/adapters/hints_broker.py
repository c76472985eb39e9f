"""Hints through a broker, sent by a thread of its own: whoever hints neither waits for the broker nor hears of it."""

import queue
import threading
import time

import structlog
from dramatiq import Message

from sixfaces.adapters.brokers import ACTOR, QUEUE, Opened, open_broker, waiting

log = structlog.get_logger()

MOST_HELD = 1000
"""Hints that wait here to be sent, and hints that wait at the broker while no worker takes them: more wake nobody."""

SENDING_S = 0.5
PAUSE_S = 2.0
"""After a failure nothing is tried for so long; hints of that time are dropped, and the sweep does their work."""

COUNT_EVERY = 100
CLOSING_S = 1.0


class BrokerHints:
    """Implements `domain.ports.Hints` by a Redis or RabbitMQ server at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._ids: queue.Queue[str | None] = queue.Queue(MOST_HELD)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._away_until = 0.0
        self._sent = self._full = 0

    def hint(self, job_id: str, *, priority: int) -> None:
        """Leave the id to the thread that sends. Returns at once, whatever the broker does."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
                self._thread.start()
        try:
            self._ids.put_nowait(job_id)
        except queue.Full:
            return

    def close(self) -> None:
        """Send what is left, for a second at most."""
        if self._thread is not None:
            self._ids.put(None)
            self._thread.join(CLOSING_S)

    def _run(self) -> None:
        opened = open_broker(self.address, patience_s=SENDING_S)
        while (job_id := self._ids.get()) is not None:
            if time.monotonic() >= self._away_until:
                self._send(opened, job_id)
        opened.broker.close()

    def _send(self, opened: Opened, job_id: str) -> None:
        try:
            if self._sent % COUNT_EVERY == 0:
                self._full = waiting(opened.broker) >= MOST_HELD
            self._sent += 1
            if not self._full:
                message = Message(queue_name=QUEUE, actor_name=ACTOR, args=(job_id,), kwargs={}, options={})  # type: ignore[var-annotated]  # a message without a result
                opened.broker.enqueue(message)
        except opened.away as exc:
            self._away_until = time.monotonic() + PAUSE_S
            log.warning("hints_not_sent", code=type(exc).__name__)
