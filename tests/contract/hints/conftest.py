"""The same tests over every way in which hints travel."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import pytest

from sixfaces.adapters.hints import hints_by
from sixfaces.adapters.hints_broker import BrokerHints
from sixfaces.adapters.wakeups import Wakeups
from sixfaces.domain.ports import Hints
from sixfaces.workers.listening import listening
from tests.servers.rabbitmq import rabbit_server
from tests.servers.redis import redis_server


class Server(Protocol):
    """A broker's server as these tests use it."""

    address: str

    def start(self) -> None: ...

    def kill(self) -> None: ...


@pytest.fixture(scope="session")
def redis_broker() -> Iterator[Server]:
    with redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def rabbit_broker() -> Iterator[Server]:
    with rabbit_server() as server:
        yield server


@pytest.fixture(params=["memory", "redis", "rabbitmq"])
def address(request: pytest.FixtureRequest) -> str:
    """Where hints go."""
    if request.param == "memory":
        return "memory://"
    server: Server = request.getfixturevalue("redis_broker" if request.param == "redis" else "rabbit_broker")
    return server.address


@contextmanager
def both_ends(address: str) -> Iterator[tuple[Hints, Wakeups]]:
    """Who hints, and what wakes at the other end."""
    hints = hints_by(address)
    if isinstance(hints, Wakeups):
        yield hints, hints
        return
    assert isinstance(hints, BrokerHints)
    wakeups = Wakeups()
    try:
        with listening(address, wakeups):
            yield hints, wakeups
    finally:
        hints.close()
