"""Requests counted in this process alone, by the sliding window by which the library counts in Redis. The library's own
memory starts a thread at each request that comes after a pause, which takes longer than to read a case."""

import threading
import time
from math import floor, inf
from typing import NamedTuple

from limits import RateLimitItem
from limits.util import WindowStats

MOST_KNOWN = 10_000
"""Who has not asked for two windows is forgotten when more than so many are known."""

Asker = tuple[float, tuple[str, ...]]
"""The seconds of a window, and whose it is."""


class _Window(NamedTuple):
    """Requests in the window of this number, and in the one before it."""

    number: int
    asked: int
    before: int


class OwnCounter:
    """Counts for any number of threads; waits for nothing."""

    def __init__(self) -> None:
        self._windows: dict[Asker, _Window] = {}
        self._lock = threading.Lock()
        self._room = MOST_KNOWN

    def hit(self, item: RateLimitItem, *who: str) -> bool:
        """One more, unless that would be one too many."""
        now, seconds = time.time(), item.get_expiry()
        with self._lock:
            window = self._window((seconds, who), now)
            if floor(_weighted(window, now, seconds)) + 1 > item.amount:
                return False
            self._windows[seconds, who] = window._replace(asked=window.asked + 1)
            if len(self._windows) > self._room:
                self._forget(now)
        return True

    def test(self, item: RateLimitItem, *who: str) -> bool:
        """Whether one more would be let through."""
        return self.get_window_stats(item, *who).remaining > 0

    def get_window_stats(self, item: RateLimitItem, *who: str) -> WindowStats:
        """When there will be room for one more than now, in seconds since 1970, and how many are left."""
        now, seconds = time.time(), item.get_expiry()
        with self._lock:
            window = self._window((seconds, who), now)
        ends = seconds - now % seconds
        waits = (ends % (seconds / window.before) if window.before else inf, ends if window.asked else inf)
        left = max(0, item.amount - floor(_weighted(window, now, seconds)))
        return WindowStats(now + min(waits) if min(waits) < inf else now, left)

    def _window(self, asker: Asker, now: float) -> _Window:
        number = int(now // asker[0])
        known = self._windows.get(asker)
        if known is None or known.number < number - 1:
            return _Window(number, 0, 0)
        return known if known.number >= number else _Window(number, 0, known.asked)

    def _forget(self, now: float) -> None:
        """All together and seldom, so that many who come new cost no more than few."""
        recent = {who: one for who, one in self._windows.items() if one.number >= now // who[0] - 1}
        self._windows, self._room = recent, max(MOST_KNOWN, 2 * len(recent))


def _weighted(window: _Window, now: float, seconds: float) -> float:
    """The window before counts by the share of it that a window ending now would reach back to."""
    return window.before * (seconds - now % seconds) / seconds + window.asked
