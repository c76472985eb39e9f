"""Rates in Redis: servers count together, and without Redis each counts for itself."""

import pytest

from sixfaces.api.rates import Rates
from sixfaces.config import Settings
from sixfaces.domain.errors import RequestError
from tests.servers.redis import redis_server


def counted(rates: Rates, times: int) -> int:
    """How often the key may ask, of so many tries."""
    good = 0
    for _ in range(times):
        try:
            rates.count("key")
        except RequestError as exc:
            if exc.code != "request.rate":
                raise
        else:
            good += 1
    return good


def test_two_servers_count_together_and_go_on_alone() -> None:
    with redis_server() as server:
        settings = Settings(queue=server.address, rate="4/hour")
        one, other = Rates(settings), Rates(settings)
        assert counted(one, 3) == 3
        assert counted(other, 3) == 1
        server.kill()
        assert counted(one, 6) == 4
        assert counted(other, 6) == 4


def test_a_redis_that_hangs_holds_nobody_up() -> None:
    with redis_server() as server:
        rates = Rates(Settings(queue=server.address, rate="4/hour"))
        assert rates.count("key").left == 3
        server.pause()
        try:
            assert rates.count("key").left == 3
        finally:
            server.pause(going_on=True)


@pytest.mark.parametrize("queue", ["memory://", "amqp://127.0.0.1"])
def test_other_queues_count_in_the_process(queue: str) -> None:
    assert counted(Rates(Settings(queue=queue, rate="4/hour")), 9) == 4
