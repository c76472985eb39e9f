"""A Redis of our own on a free loopback port with a folder of its own (Debian: redis-server)."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.servers.ports import free_port


class RedisServer:
    """One server. `kill` is kill -9; `wipe` loses everything, as a broker may."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.address = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Returns once it answers."""
        settings = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", "")
        self._process = subprocess.Popen(["redis-server", *settings], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 15
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    if time.monotonic() > until or self._process.poll() is not None:
                        raise
                    time.sleep(0.02)

    def wipe(self) -> None:
        """Everything it holds is gone."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def kill(self) -> None:
        """At once, with all it holds: it writes nothing to disk."""
        self._signal(signal.SIGKILL)

    def pause(self, *, going_on: bool = False) -> None:
        """Stand still, as a server does whose machine swaps: connections open, and no answer comes."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT if going_on else signal.SIGSTOP)

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait()


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A running Redis. Skips where there is none, except in CI."""
    if shutil.which("redis-server") is None:
        reason = "no redis-server (Debian: apt-get install redis-server)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="redis-"))
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.pause(going_on=True)
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
