"""Threads that start at one instant, as parallel requests do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def race(count: int, run: Callable[[int], T]) -> list[T]:
    """What each of `count` threads made of its number; the first error of any is raised."""
    start = Barrier(count)

    def one(number: int) -> T:
        start.wait(30)
        return run(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
