"""What this process knows to be in the custody log: who read what a moment ago."""

import threading
import time

MOST_KNOWN = 20_000


class RecentReadings:
    """Readings that need no second entry yet, so that most requests ask the log nothing."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, ...], float] = {}
        self._lock = threading.Lock()

    def knows(self, reading: tuple[str, ...]) -> bool:
        """Whether it was remembered and its time is not over."""
        return time.monotonic() < self._until.get(reading, 0.0)

    def remember(self, reading: tuple[str, ...], *, seconds: float) -> None:
        """It stands in the log, for so long."""
        with self._lock:
            if len(self._until) >= MOST_KNOWN:
                self._until.clear()  # what is forgotten is asked of the log again
            self._until[reading] = time.monotonic() + seconds
