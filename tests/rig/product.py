"""The product as it is run: `sixfaces serve` and workers in processes of their own, over one installation of either
form, to be killed, paused and started again. `sound` asks `sixfaces fsck`, the oracle of every fault."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
import psutil

from sixfaces.adapters.fsck.examine import Findings, Installation, examine
from sixfaces.pipeline.ids import new_id
from sixfaces.vault.custody_keys import PUBLIC
from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = {**TUS, "Content-Type": "application/offset+octet-stream"}
LOGS = "SIXFACES_TEST_LOGS"
"""Names the file that the log lines of the installation's processes go to; without it, to where the tests' own do."""

AT_EASE = {"SIXFACES_LANG": "en", "SIXFACES_RATE": "1000000/minute", "SIXFACES_RATE_UNKNOWN": "1000000/minute"}


@dataclass(frozen=True)
class Parts:
    """What an installation stands on besides its folder: settings, and where fsck finds it. None: in the folder."""

    settings: Mapping[str, str] = field(default_factory=dict)
    database: str | None = None
    blobs: str | None = None
    s3_endpoint: str | None = None


P = TypeVar("P", bound="Process")


class Process:
    """One process of the product. `kill` is kill -9 of it and of everything that it started, at once."""

    def __init__(self, command: list[str], env: Mapping[str, str]) -> None:
        self._command, self._env = command, env
        self.start()

    def start(self) -> None:
        """Start it, if it is not running."""
        with ExitStack() as stack:
            to = self._env.get(LOGS)
            stderr = stack.enter_context(Path(to).open("ab")) if to else None
            self._process = subprocess.Popen(
                self._command,
                env=self._env,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process that runs now."""
        return self._process.pid

    def line(self) -> str:
        """The next line that it says."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def signal(self, number: int) -> None:
        """Send a signal to it alone, such as SIGSTOP."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """As the power would."""
        with suppress(psutil.NoSuchProcess):
            one = psutil.Process(self.pid)
            one.suspend()  # so that nothing is started while its children are counted
            for process in [*one.children(recursive=True), one]:
                with suppress(psutil.NoSuchProcess):  # one that ended by itself saves no other
                    process.kill()
        self._process.wait(20)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def ended(self, *, within_s: float = 40.0) -> str:
        """End it as whoever keeps services does; what it said meanwhile."""
        self.signal(signal.SIGTERM)
        said, _ = self._process.communicate(timeout=within_s)
        assert self._process.returncode == 0, said
        return said

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        return self._process.poll() is None


class Server(Process):
    """`sixfaces serve`; comes back at the same address after it was killed."""

    def __init__(self, env: Mapping[str, str], *, workers: int) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.admin_key: str | None = None
        command = [str(Path(sys.executable).with_name("sixfaces")), "serve", "--port", str(self.port), "--json"]
        super().__init__(command, {**env, "SIXFACES_WORKERS": str(workers)})

    def start(self) -> None:
        """As of a process; returns once it listens."""
        super().start()
        told = self.line()
        if not told:  # no failed assertion: tests of what is not kept yet wait for one
            raise RuntimeError("it ended before it listened")
        self.admin_key = json.loads(told)["admin_key"] or self.admin_key


class Product:
    """One installation in `data`. Whatever was started in it is killed when the block ends."""

    def __init__(self, data: Path, parts: Parts = Parts(), **more: str) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("SIXFACES_")}
        self.data, self._parts = data, parts
        self.env: dict[str, str] = {**ours, **AT_EASE, **parts.settings, "SIXFACES_DATA": str(data), **more}
        self.admin_key = ""
        self._started: list[Process] = []
        self._askers: list[Asker] = []

    def serve(self, *, workers: int = 0, **more: str) -> Server:
        """One more server. The first of an installation learns the admin's key."""
        server = self._kept(Server({**self.env, **more}, workers=workers))
        self.admin_key = server.admin_key or self.admin_key
        return server

    def worker(self, *, lease_s: float = 6.0, **more: str) -> Process:
        """The product's worker process, whose children do what the first word of their file says."""
        (only,) = self.workers([more], lease_s=lease_s)
        return only

    def workers(self, settings: Sequence[Mapping[str, str]], *, lease_s: float = 6.0) -> list[Process]:
        """One for each of these settings, started together."""
        command = [sys.executable, "-m", "tests.rig.acting_worker", str(lease_s)]
        started = [self._kept(Process(command, {**self.env, **more})) for more in settings]
        if [one.line() for one in started] != ["ready\n"] * len(started):
            raise RuntimeError("a worker ended before it was ready")
        return started

    def command(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself."""
        run = [str(Path(sys.executable).with_name("sixfaces")), *arguments]
        return subprocess.run(
            run, env={**self.env, **more}, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
        )

    @property
    def first(self) -> Server:
        """The server that was started first."""
        return next(one for one in self._started if isinstance(one, Server))

    @property
    def place(self) -> Installation:
        """Where its parts are."""
        return Installation(
            self._parts.database or f"sqlite:///{self.data / 'records.sqlite'}",
            self._parts.blobs or str(self.data / "blobs"),
            self.data / "keys" / PUBLIC,
            s3_endpoint=self._parts.s3_endpoint,
        )

    def sound(self) -> Findings:
        """What fsck counted; it must find no fault."""
        found = examine(self.place)
        assert found.faults == ()
        return found

    def asker(self, server: Server, key: str | None = None) -> "Asker":
        """Somebody who asks this server, the admin unless another key is given."""
        asker = Asker(server.url, key or self.admin_key)
        self._askers.append(asker)
        return asker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for asker in self._askers:
            asker.close()
        for process in self._started:
            process.kill()

    def _kept(self, process: P) -> P:
        self._started.append(process)
        return process


class Asker(httpx.Client):
    """A client with a key."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30)

    def case(self, **said: Any) -> dict[str, Any]:  # noqa: ANN401 JSON
        """A new case, as the API tells it."""
        number = f"C-{new_id()}"
        answer = self.put(f"/v1/cases/by-number/{number}", json={"case_id": number} | said)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def hand_in(self, case: str, data: bytes, *, name: str = "take.mp4", **more: str) -> httpx.Response:
        """A file in one request."""
        params = {"name": name, "role": "unboxing_video", **more}
        return self.post(f"/v1/cases/{case}/exhibits", params=params, content=data)

    def sealed(self, case: str, data: bytes, **more: str) -> dict[str, Any]:
        """The receipt of a file that is taken."""
        answer = self.hand_in(case, data, **more)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def upload(self, length: int | None, case: str, **more: str) -> str:
        """The path of a new upload."""
        told = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
        answer = self.post("/v1/uploads", headers={**TUS, **told, "Sixfaces-Case": case, **more})
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    def append(self, path: str, data: bytes, *, at: int, **more: str) -> httpx.Response:
        """Bytes to an upload."""
        return self.patch(path, content=data, headers={**OCTETS, "Upload-Offset": str(at), **more})

    def offset(self, path: str) -> int:
        """How many bytes of the upload are acknowledged."""
        answer = self.head(path, headers=TUS)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["upload-offset"])


def until_true(true: Callable[[], object], *, within_s: float = 90.0, every_s: float = 0.05) -> float:
    """Wait for it; how many seconds it took."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > within_s:
            raise TimeoutError(f"it did not come true in {within_s} s")
        time.sleep(every_s)
    return time.monotonic() - started
