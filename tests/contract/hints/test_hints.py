"""Hints: they wake somebody, and whatever happens to the broker, whoever hints neither waits nor hears of it."""

import os
import time

import pytest

from sixfaces.adapters.brokers import open_broker, waiting
from sixfaces.adapters.hints import hints_by
from sixfaces.adapters.hints_broker import BrokerHints
from sixfaces.adapters.wakeups import Wakeups
from sixfaces.domain.errors import SettingsError
from sixfaces.pipeline.ids import new_id
from tests.contract.hints.conftest import both_ends
from tests.servers.ports import free_port
from tests.servers.rabbitmq import RabbitServer
from tests.servers.redis import RedisServer

SOON_S = 0.2
"""Hinting is leaving a note: this is generous for a busy machine."""


def woken(wakeups: Wakeups, count: int, *, within_s: float = 90.0) -> set[str]:
    """The ids that arrive, read as a thread that works reads them."""
    found: set[str] = set()
    until = time.monotonic() + within_s
    while len(found) < count and time.monotonic() < until:
        found |= {id for id in [wakeups.wait(0.2)] if id is not None}
    return found


def test_a_hint_wakes_somebody_with_the_jobs_id(address: str) -> None:
    with both_ends(address) as (hints, wakeups):
        ids = {new_id() for _ in range(5)}
        for id in ids:
            hints.hint(id, priority=5)
        assert woken(wakeups, 5) == ids


def test_ten_thousand_hints_are_a_matter_of_moments_and_hold_a_bounded_number(address: str) -> None:
    hints = hints_by(address)
    started = time.monotonic()
    for _ in range(10_000):
        hints.hint(new_id(), priority=5)
    assert time.monotonic() - started < 5
    if isinstance(hints, BrokerHints):
        hints.close()
        opened = open_broker(address)
        assert waiting(opened.broker) <= 1200
        opened.broker.flush(open_broker(address).broker.get_declared_queues().pop())
        opened.broker.close()
    else:
        assert isinstance(hints, Wakeups)
        assert len(hints._ids) == 256


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_not_there_is_neither_heard_nor_waited_for(scheme: str) -> None:
    hints = hints_by(f"{scheme}://127.0.0.1:{free_port()}/")
    for _ in range(20):
        started = time.monotonic()
        hints.hint(new_id(), priority=5)
        assert time.monotonic() - started < SOON_S
    assert isinstance(hints, BrokerHints)
    started = time.monotonic()
    hints.close()
    assert time.monotonic() - started < 3


def test_a_broker_that_stands_still_is_not_waited_for(redis_broker: RedisServer) -> None:
    hints = hints_by(redis_broker.address)
    redis_broker.pause()
    try:
        for _ in range(20):
            started = time.monotonic()
            hints.hint(new_id(), priority=5)
            assert time.monotonic() - started < SOON_S
    finally:
        redis_broker.pause(going_on=True)
        assert isinstance(hints, BrokerHints)
        hints.close()


def hinted_again(hints: object, wakeups: Wakeups, *, within_s: float) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        hints.hint(new_id(), priority=5)  # type: ignore[attr-defined]  # both kinds of hints have it
        if wakeups.wait(0.5) is not None:
            return True
    return False


def test_hints_flow_again_after_redis_was_killed_and_came_back_empty(redis_broker: RedisServer) -> None:
    assert survives(redis_broker.address, redis_broker)


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="RabbitMQ takes half a minute to come back; run in CI")
def test_hints_flow_again_after_rabbitmq_was_killed(rabbit_broker: RabbitServer) -> None:
    assert survives(rabbit_broker.address, rabbit_broker)


def survives(address: str, server: RedisServer | RabbitServer) -> bool:
    """Whether hints that flowed flow again after the broker was killed."""
    with both_ends(address) as (hints, wakeups):
        assert hinted_again(hints, wakeups, within_s=10)
        server.kill()
        for _ in range(5):
            hints.hint(new_id(), priority=5)
        server.start()
        return hinted_again(hints, wakeups, within_s=30)


def test_a_wiped_broker_carries_the_next_hint(redis_broker: RedisServer) -> None:
    with both_ends(redis_broker.address) as (hints, wakeups):
        assert hinted_again(hints, wakeups, within_s=10)
        redis_broker.wipe()
        assert hinted_again(hints, wakeups, within_s=10)


def test_an_id_that_waits_already_is_not_kept_twice() -> None:
    wakeups = Wakeups()
    for _ in range(50):
        wakeups.hint("a", priority=5)
    assert (wakeups.wait(0), wakeups.wait(0)) == ("a", None)


@pytest.mark.parametrize("wrong", ["sqs://x", "", "localhost", "kafka://x"])
def test_an_address_of_another_kind_is_refused_by_its_name(wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        hints_by(wrong)
    assert caught.value.code == "settings.queue"


def test_nothing_heavy_is_loaded_for_hints_in_memory() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from sixfaces.adapters.hints import hints_by; hints_by('memory://');"
        "sys.exit(','.join({'redis', 'pika', 'dramatiq'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
