"""Takes hints from a broker for the threads of this process: dramatiq's worker, and one actor that does little.

The work itself never runs inside an actor. A hint is acknowledged as soon as it has woken a thread, so that neither a
broker's patience nor its absence decides about work that takes minutes.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dramatiq
from dramatiq.worker import Worker

from sixfaces.adapters.brokers import ACTOR, QUEUE, open_broker
from sixfaces.adapters.wakeups import Wakeups

IDLE_MS = 200
BUSY_S = 5.0
"""How long a hint waits for a thread of a busy process. Idle ones find the job by their sweep before that."""


@contextmanager
def listening(address: str, wakeups: Wakeups) -> Iterator[None]:
    """For as long as the block lasts, hints that come from the broker wake threads of this process."""
    broker = open_broker(address).broker
    over = threading.Event()
    declare(broker, wakeups, over)
    broker.emit_after("process_boot")  # dramatiq's own command does it; a worker started from code does not
    worker = Worker(broker, queues={QUEUE}, worker_threads=1, worker_timeout=IDLE_MS)
    worker.queue_prefetch = 1  # a hint held by a busy process wakes nobody else
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.stop(timeout=2000)
        broker.close()


def declare(broker: dramatiq.Broker, wakeups: Wakeups, over: threading.Event) -> None:
    """The one actor."""

    @dramatiq.actor(broker=broker, queue_name=QUEUE, actor_name=ACTOR)
    def work(job_id: str) -> None:
        until = time.monotonic() + BUSY_S
        while not wakeups.idle and time.monotonic() < until and not over.wait(0.02):
            pass
        wakeups.hint(job_id, priority=5)
