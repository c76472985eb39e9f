"""Digests of a stream, reckoned in a thread beside whatever else is done with its pieces."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

_MOST = 16
"""Pieces that may wait to be hashed: what memory an upload can take."""


class Hashing:
    """Feeds hashlib objects in order. Not for several threads at once."""

    def __init__(self, states: Sequence[Any]) -> None:
        self._states = states
        self._waiting: list[Future[None]] = []
        self._thread: ThreadPoolExecutor | None = None

    def update(self, piece: bytes) -> None:
        """The next bytes; returns before they are hashed."""
        if not self._states:
            return
        if len(self._waiting) >= _MOST:
            self.settle()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "sixfaces-hash")
        self._waiting.append(self._thread.submit(self._feed, piece))

    def settle(self) -> None:
        """Wait until every piece has been hashed: the states may be looked at until the next `update`."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.result()

    def close(self) -> None:
        """Let go of the thread."""
        if self._thread is not None:
            self._thread.shutdown()

    def _feed(self, piece: bytes) -> None:
        for state in self._states:
            state.update(piece)
