"""Digests of uploads as far as they have come, kept while one process goes on receiving them.

An offset that was committed never moves back and its bytes never change, so that a digest of the first n bytes is the
digest of any upload of that id which stands at n, whoever wrote them.
"""

import hashlib
import threading
from collections import OrderedDict
from typing import Any

_MOST = 4096
"""Uploads remembered; who falls out is hashed again from disk when it is sealed."""


class RunningDigests:
    """SHA-256 states by upload. Safe to use from several threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._states: OrderedDict[str, tuple[int, Any]] = OrderedDict()

    def at(self, upload_id: str, offset: int) -> Any:  # noqa: ANN401 hashlib's objects have no public type
        """A SHA-256 object of the first `offset` bytes, the caller's own; None where this process has not seen them."""
        if offset == 0:
            return hashlib.sha256()
        with self._lock:
            known, state = self._states.get(upload_id, (None, None))
            return state.copy() if known == offset and state is not None else None

    def keep(self, upload_id: str, offset: int, state: Any) -> None:  # noqa: ANN401 as above
        """Remember a copy of the state after `offset` bytes, in the place of an earlier one."""
        with self._lock:
            self._states[upload_id] = (offset, state.copy())
            self._states.move_to_end(upload_id)
            while len(self._states) > self._most:
                self._states.popitem(last=False)

    def forget(self, upload_id: str) -> None:
        """The upload has ended."""
        with self._lock:
            self._states.pop(upload_id, None)
