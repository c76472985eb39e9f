"""Hints inside one process: job ids that threads wait for, each once, a bounded number of them."""

import threading
from collections import OrderedDict

MOST = 256
"""More say no more than these: there is work. Whoever is woken asks the database what ought to run."""


class Wakeups:
    """Implements `domain.ports.Hints` for the threads of this process."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._changed = threading.Condition()
        self._waiting = 0

    def hint(self, job_id: str, *, priority: int) -> None:
        """Wake a thread, if one waits. Ids that are there already, or for which there is no room, change nothing."""
        with self._changed:
            if len(self._ids) < self._most:
                self._ids.setdefault(job_id)
                self._changed.notify()

    def wait(self, timeout_s: float) -> str | None:
        """The next id; None after so long without one, or when all were woken."""
        with self._changed:
            self._waiting += 1
            try:
                if not self._ids:
                    self._changed.wait(timeout_s)
                return self._ids.popitem(last=False)[0] if self._ids else None
            finally:
                self._waiting -= 1

    def wake_all(self) -> None:
        """Let every waiting thread look whether it is to end."""
        with self._changed:
            self._changed.notify_all()

    @property
    def idle(self) -> int:
        """Threads that wait and have nothing to wake for."""
        with self._changed:
            return max(0, self._waiting - len(self._ids))

    def close(self) -> None:
        """Nothing to close."""
