"""A RabbitMQ of our own: node name, ports and folders of its own, and its own port mapper (Debian: rabbitmq-server)."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pika  # type: ignore[import-untyped]  # it has no types
import psutil
import pytest

from tests.servers.ports import free_port

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
STARTING_S = 240.0
"""Eight seconds on a machine that does nothing else."""


class RabbitServer:
    """One server with what it keeps in `folder`. `kill` is kill -9 of the node; `start` recovers from that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port, self._distribution, self._mapper = free_port(), free_port(), free_port()
        self.address = f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Returns once it takes connections: some eight seconds."""
        with (self._folder / "out").open("ab") as out:
            self._process = subprocess.Popen(
                [SERVER], env=self._environment(), stdout=out, stderr=out, cwd=self._folder, start_new_session=True
            )
        until = time.monotonic() + STARTING_S
        while True:
            try:
                pika.BlockingConnection(pika.URLParameters(self.address)).close()
                return
            except (pika.exceptions.AMQPError, OSError):
                if time.monotonic() > until or self._process.poll() is not None:
                    raise RuntimeError((self._folder / "out").read_text()[-2000:]) from None
                time.sleep(0.1)

    def kill(self) -> None:
        """The node and all its processes, at once."""
        if self._process is None:
            return
        for process in self._own():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _own(self) -> list[psutil.Process]:
        """All processes whose environment names this server's folder: the port mapper puts itself elsewhere."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("RABBITMQ_MNESIA_BASE") == str(self._folder / "data"):
                    found.append(process)
        return found

    def _environment(self) -> dict[str, str]:
        config = self._folder / "rabbitmq.conf"
        config.write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\ndisk_free_limit.absolute = 10MB\nlog.console = true\n"
        )
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"sixfaces{self.port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(config.with_suffix("")),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none",
            "ERL_EPMD_PORT": str(self._mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }


@contextmanager
def rabbit_server() -> Iterator[RabbitServer]:
    """A running RabbitMQ. Skips where there is none, except in CI."""
    if not SERVER.exists():
        reason = "no rabbitmq-server (Debian: apt-get install rabbitmq-server)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="rabbitmq-"))
    server = RabbitServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
