"""How often a key may ask. Counted in this process, or in Redis where the queue is Redis and processes are several."""

import time
from typing import NamedTuple

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from sixfaces.api import refusals
from sixfaces.api.own_counter import OwnCounter
from sixfaces.config import Settings
from sixfaces.domain.errors import RequestError

REDIS_S = 0.5
"""A Redis that does not answer in so many seconds is away."""


_LOOK = parse("1/second")


class Rate(NamedTuple):
    """What is left to a key: `limit` requests a window, `left` of them, in `seconds` a new window."""

    limit: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As clients are told."""
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.left),
            "ratelimit-reset": str(self.seconds),
        }


class Rates:
    """Counts requests. Where Redis is away this process counts for itself: no request fails for it."""

    def __init__(self, settings: Settings) -> None:
        self._per_key = parse(settings.rate)
        self._per_stranger = parse(settings.rate_unknown)
        self._own = OwnCounter()
        self.may_wait = _is_redis(settings)
        """Whether another machine is asked, so that counting has no place on the event loop."""
        self._shared = SlidingWindowCounterRateLimiter(_storage(settings)) if self.may_wait else self._own

    def count(self, key_id: str) -> Rate:
        """One more request of this key. Raises RequestError `request.rate`."""
        return self._count(self._per_key, "key", key_id)

    def count_stranger(self, address: str) -> None:
        """One more refused request from this address. Raises RequestError `request.rate`."""
        self._count(self._per_stranger, "stranger", address)

    def let_look(self, address: str) -> None:
        """Let this address ask the database for a key that this process does not know. One that has been refused too
        often may do so once a second: somebody with a good key may share it. Raises RequestError `request.rate`."""
        for counter in (self._shared, self._own):
            try:
                strange = (self._per_stranger, "stranger", address)
                if counter.test(*strange) or counter.hit(_LOOK, "look", address):
                    return
            except StorageError:
                continue
            raise TooMany(Rate(self._per_stranger.amount, 0, 1))

    def _count(self, limit: RateLimitItem, kind: str, who: str) -> Rate:
        for counter in (self._shared, self._own):
            try:
                fits = counter.hit(limit, kind, who)
                reset, left = counter.get_window_stats(limit, kind, who)
            except StorageError:
                continue
            rate = Rate(limit.amount, left, max(1, round(reset - time.time())))
            if not fits:
                raise TooMany(rate)
            return rate
        return Rate(limit.amount, 0, 1)


class TooMany(RequestError):
    """Carries the headers that tell when to come again."""

    def __init__(self, rate: Rate) -> None:
        told = refusals.too_many(rate.seconds)
        super().__init__(told.code, told.text, told.fix)
        self.headers = {**rate.headers, "retry-after": str(rate.seconds)}


def _is_redis(settings: Settings) -> bool:
    return settings.queue.startswith(("redis://", "rediss://"))


def _storage(settings: Settings) -> Storage:
    options = {"socket_timeout": REDIS_S, "socket_connect_timeout": REDIS_S}
    storage = storage_from_string(settings.queue, wrap_exceptions=True, **options)
    assert isinstance(storage, Storage)  # the address does not ask for an asynchronous one
    return storage
