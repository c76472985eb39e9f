"""The counter of one process counts as the library does."""

import sys
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import RateLimitItem, RateLimitItemPerSecond, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from sixfaces.api import own_counter
from sixfaces.api.own_counter import OwnCounter

EACH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
STEPS = st.lists(st.tuples(st.floats(0, 7), st.sampled_from("ab")), max_size=40)
TIGHT = RateLimitItemPerSecond(3, 5)


@EACH
@given(steps=STEPS, amount=st.integers(1, 5), began=st.floats(1e9, 2e9))
def test_it_lets_through_what_the_library_would_and_tells_the_same(
    monkeypatch: pytest.MonkeyPatch, steps: list[tuple[float, str]], amount: int, began: float
) -> None:
    item, now = RateLimitItemPerSecond(amount, 5), began
    monkeypatch.setattr("time.time", lambda: now)
    own, library = OwnCounter(), SlidingWindowCounterRateLimiter(MemoryStorage())
    for passed, who in steps:
        now += passed
        assert own.test(item, who) == library.test(item, who)
        assert own.hit(item, who) == library.hit(item, who)
        (reset, left), (their_reset, their_left) = own.get_window_stats(item, who), library.get_window_stats(item, who)
        assert left == their_left
        assert abs(reset - their_reset) % 5 == pytest.approx(0, abs=1e-5) or reset == pytest.approx(their_reset)


def test_many_threads_get_no_more_than_one_would() -> None:
    counter, item, let = OwnCounter(), parse("500/day"), list[bool]()
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=lambda: let.extend(_hits(counter, item, 200))) for _ in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    finally:
        sys.setswitchinterval(switching)
    assert (len(let), sum(let)) == (1200, 500)


def test_who_has_long_been_gone_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1e9
    monkeypatch.setattr("time.time", lambda: now)
    monkeypatch.setattr(own_counter, "MOST_KNOWN", 10)
    counter = OwnCounter()
    for number in range(100):
        now += 1
        counter.hit(TIGHT, f"stranger {number}")
    assert len(counter._windows) <= 30
    assert counter.get_window_stats(TIGHT, "stranger 99").remaining == 2


def _hits(counter: OwnCounter, item: RateLimitItem, times: int) -> list[bool]:
    return [counter.hit(item, "one") for _ in range(times)]
