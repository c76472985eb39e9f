"""APIs in processes of their own over one installation. A killed one comes back at the same address."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.rig.installation import address, listening

ROOT = Path(__file__).resolve().parents[2]


class ApiProcess:
    """One API. Its socket is this process's: while the API is down, clients wait at the door."""

    def __init__(self, folder: Path, *more: str) -> None:
        self._more = more
        self._folder = folder
        self._sock: socket.socket = listening()
        self.url = address(self._sock)
        self.start()

    def start(self) -> None:
        """Start it, if it is not running."""
        descriptor = self._sock.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rig.api_process", str(self._folder), str(descriptor), *self._more],
            cwd=ROOT,
            pass_fds=(descriptor,),
            stdout=2,  # what a bench prints is its section
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process that runs now."""
        return self._process.pid

    def kill(self) -> None:
        """As the power would."""
        self.signal(signal.SIGKILL)
        self._process.wait(10)

    def signal(self, number: int) -> None:
        """Send a signal, such as SIGSTOP."""
        os.kill(self._process.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.kill()
        self._sock.close()
