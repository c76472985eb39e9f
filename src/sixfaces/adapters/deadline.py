"""An instant at which requests to strangers are over, whatever they do."""

import os
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class Deadline:
    """Cuts the lines of a request at an instant, whatever the other side is doing: a byte now and then keeps every
    other clock from running out. Lines are held by another number: TLS takes the first one away. One that comes about
    after the instant is cut at once: nothing else would."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._lines: list[socket.socket] = []
        self.is_cut = False
        """Whether lines have been cut, and new ones will be."""
        self._lock = threading.Lock()

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._timer.cancel()
        with self._lock:
            for line in self._lines:
                line.close()
            self._lines.clear()

    @property
    def left_s(self) -> float:
        """Never nothing, as that would mean for ever."""
        return max(0.001, self._until - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether the instant has passed."""
        return time.monotonic() >= self._until

    def watch(self, event: str, told: Mapping[str, Any]) -> None:
        """What the transport tells of itself, as httpx has it in its extension `trace`."""
        if event == "connection.connect_tcp.complete":
            self.hold(told["return_value"].get_extra_info("socket"))

    def hold(self, connected: socket.socket) -> None:
        """A line that is to be cut with the others."""
        with self._lock:
            self._lines.append(socket.socket(fileno=os.dup(connected.fileno())))
            if self.is_cut:
                self._cut_lines()

    def _cut(self) -> None:
        with self._lock:
            self.is_cut = True
            self._cut_lines()

    def _cut_lines(self) -> None:
        for line in self._lines:
            with suppress(OSError):  # it has ended by itself
                line.shutdown(socket.SHUT_RDWR)
