"""Keeps one observer's mistakes from costing the facts of the others."""

import sys
import time
import traceback
from collections.abc import Callable, Iterable
from itertools import islice

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.observe.observer import Observer, Tier

MOST_FACTS = 2000
"""Facts taken from one observer; a file made to yield millions of timestamp gaps is told in its first ones."""


class Guarded:
    """One observer at work. After its first mistake it is fed no more and ends in an honest hole."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self.took_s = 0.0
        """Seconds that it has been at work."""
        self._failed: str | None = None

    def wants(self, tier: Tier) -> bool:
        """Whether to feed it this tier."""
        return tier in self.observer.wants

    def feed(self, hand_over: Callable[[Observer], None]) -> None:
        """Hand one frame, block, probe or file to it."""
        if self._failed is not None:
            return
        started = time.perf_counter()
        try:
            hand_over(self.observer)
        except Exception as error:  # noqa: BLE001 whatever goes wrong inside one observer stays its own
            self._fail(error)
        self.took_s += time.perf_counter() - started

    def finish(self) -> list[Measured]:
        """Its facts, or the hole that it leaves."""
        facts: list[Measured] = []
        started = time.perf_counter()
        if self._failed is None:
            try:
                facts = list(islice(self.observer.finish(), MOST_FACTS + 1))
            except Exception as error:  # noqa: BLE001 as above
                self._fail(error)
        self.took_s += time.perf_counter() - started
        if self._failed is not None:
            return [self._hole("observer_failed", self._failed)]
        if len(facts) > MOST_FACTS:
            return [*facts[:MOST_FACTS], self._hole("too_many_facts", f"only the first {MOST_FACTS} are kept")]
        return facts

    def _fail(self, error: Exception) -> None:
        self._failed = type(error).__name__
        sys.stderr.write(f"observer {self.observer.name} failed:\n")
        traceback.print_exception(error, limit=-8)

    def _hole(self, code: str, detail: str) -> Measured:
        return Measured(fact=UnmeasuredFact(of=self.observer.measures, code=code, detail=detail))


def first_to_last(guards: Iterable[Guarded], hand_over: Callable[[Observer], None], *, tier: Tier) -> None:
    """Hand the same thing to every observer that wants the tier."""
    for guard in guards:
        if guard.wants(tier):
            guard.feed(hand_over)
