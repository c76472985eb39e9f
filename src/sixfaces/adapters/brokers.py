"""Dramatiq's brokers as this product uses them: they carry hints, and nothing that must not be lost.

No middleware: a hint is neither retried nor limited in time nor aged, because the database decides what runs. A
heartbeat of ten seconds and maintenance with every fifth command bring back what a dead process had in hand; by
default that takes minutes.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from dramatiq import Broker
from dramatiq.errors import BrokerConnectionError

QUEUE = "sixfaces"
ACTOR = "work"
"""One queue for all priorities: whoever is woken asks the database what ought to run first."""

HEARTBEAT_MS = 10_000
MAINTENANCE_CHANCE = 200_000
DEAD_MS = 60_000
PATIENCE_S = 2.0


class Opened(NamedTuple):
    """A broker, and what it raises while its server is away."""

    broker: Broker
    away: tuple[type[Exception], ...]


def open_broker(address: str, *, patience_s: float = PATIENCE_S) -> Opened:
    """A broker by its address; no connection is made yet. `patience_s` bounds every wait for the server."""
    broker = (
        _redis(address, patience_s) if urlsplit(address).scheme.startswith("redis") else _rabbit(address, patience_s)
    )
    broker.broker.declare_queue(QUEUE)
    return broker


def waiting(broker: Broker) -> int:
    """How many hints wait at the server."""
    from dramatiq.brokers.redis import RedisBroker

    if isinstance(broker, RedisBroker):
        return int(broker.do_qsize(QUEUE))
    return int(broker.get_queue_message_counts(QUEUE)[0])  # type: ignore[attr-defined]  # RabbitmqBroker's own


def _redis(address: str, patience_s: float) -> Opened:
    import redis
    from dramatiq.brokers.redis import RedisBroker
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    client = redis.Redis.from_url(
        address,
        socket_timeout=patience_s,
        socket_connect_timeout=patience_s,
        socket_keepalive=True,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 0),
    )
    broker = RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq leaves it untyped
        client=client,
        middleware=[],
        namespace="sixfaces",
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=MAINTENANCE_CHANCE,
        dead_message_ttl=DEAD_MS,
    )
    return Opened(broker, (redis.RedisError, BrokerConnectionError, OSError))


def _rabbit(address: str, patience_s: float) -> Opened:
    import pika  # type: ignore[import-untyped]  # has no types
    from dramatiq.brokers.rabbitmq import RabbitmqBroker

    parameters = pika.URLParameters(address)
    parameters.socket_timeout = patience_s
    parameters.stack_timeout = 2 * patience_s
    parameters.blocked_connection_timeout = patience_s
    parameters.connection_attempts = 1
    parameters.heartbeat = 30
    broker = RabbitmqBroker(confirm_delivery=True, middleware=[])
    broker.parameters = parameters
    return Opened(broker, (pika.exceptions.AMQPError, BrokerConnectionError, OSError))
