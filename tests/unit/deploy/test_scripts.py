"""The scripts of deploy/: whether a container is healthy, and secrets that the compose file takes."""

import http.server
import json
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from sixfaces.bootstrap import notary
from sixfaces.config import Settings, read_settings
from tests.unit.deploy.yaml_files import DEPLOY

HEALTHY: dict[str, Any] = runpy.run_path(str(DEPLOY / "healthy.py"))
SECRETS: dict[str, Any] = runpy.run_path(str(DEPLOY / "make_secrets.py"))


class Answering(http.server.BaseHTTPRequestHandler):
    """Says what the server was told to say."""

    def do_GET(self) -> None:
        self.send_response(getattr(self.server, "says", {}).get(self.path, 404))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def answering(says: dict[str, int]) -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.says = says  # type: ignore[attr-defined]  # read by the handler above
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def processes(folder: Path, *commands: str) -> Path:
    for number, command in enumerate(commands, 1):
        place = folder / str(number)
        place.mkdir()
        (place / "cmdline").write_bytes(command.replace(" ", "\0").encode() + b"\0" if command else b"")
    (folder / "meminfo").write_text("")
    return folder


SUPERVISOR = "python -m sixfaces.workers.supervisor 2"
WORKER = "python -m sixfaces.workers.process"


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (404, False)])
def test_an_api_is_healthy_where_healthz_says_so(tmp_path: Path, status: int, healthy: bool) -> None:
    with answering({"/healthz": status}) as port:
        assert HEALTHY["healthy"]("api", port=port, processes=tmp_path) is healthy
        assert HEALTHY["healthy"]("any", port=port, processes=processes(tmp_path, "sixfaces serve")) is healthy


def test_an_api_that_does_not_answer_is_not_healthy(tmp_path: Path) -> None:
    with answering({}) as port:
        pass
    assert HEALTHY["healthy"]("api", port=port, processes=tmp_path) is False


@pytest.mark.parametrize(
    ("commands", "healthy"),
    [((SUPERVISOR, WORKER), True), ((SUPERVISOR, ""), False), ((WORKER,), False), (("python -m other",), False)],
)
def test_a_worker_is_healthy_with_a_process_beside_its_supervisor(
    tmp_path: Path, commands: tuple[str, ...], healthy: bool
) -> None:
    assert HEALTHY["healthy"]("worker", port=1, processes=processes(tmp_path, *commands)) is healthy


def test_a_supervisor_without_workers_is_unhealthy_by_the_images_own_check(tmp_path: Path) -> None:
    assert HEALTHY["healthy"]("any", port=1, processes=processes(tmp_path, SUPERVISOR)) is False


def test_the_probe_knows_the_processes_as_they_are_called() -> None:
    root = DEPLOY.parent / "src"
    for name in (HEALTHY["WORKER"], HEALTHY["SUPERVISOR"]):
        assert (root / Path(*name.split("."))).with_suffix(".py").is_file()


def test_the_probe_tells_by_its_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering({"/healthz": 200}) as port:
        monkeypatch.setenv("SIXFACES_PORT", str(port))
        command = [sys.executable, "-I", str(DEPLOY / "healthy.py"), "api"]
        assert subprocess.run(command, check=False).returncode == 0
    assert subprocess.run(command, check=False).returncode == 1


def test_secrets_fit_together_and_are_read_as_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "secrets"
    SECRETS["make"](folder)
    (folder / "sixfaces_queue").write_text((folder / "sixfaces_queue.redis").read_text())
    monkeypatch.setenv("SIXFACES_SECRETS", str(folder))
    settings = read_settings()
    database, queue = urlsplit(settings.database_url or ""), urlsplit(settings.queue)
    assert settings.distributed
    assert unquote(database.password or "") == (folder / "postgres_sixfaces_password").read_text().strip()
    assert (folder / "redis.conf").read_text().split() == ["requirepass", unquote(queue.password or "")]
    rabbit = urlsplit((folder / "sixfaces_queue.rabbitmq").read_text().strip())
    assert f"default_pass = {rabbit.password}\n" in (folder / "rabbitmq.conf").read_text()
    (identity,) = json.loads((folder / "s3.json").read_text())["identities"]
    (pair,) = identity["credentials"]
    credentials = (folder / "aws_credentials").read_text()
    assert f"= {pair['accessKey']}\n" in credentials
    assert f"= {pair['secretKey']}\n" in credentials
    assert folder.stat().st_mode & 0o777 == 0o700


def test_secrets_are_random_and_never_replaced(tmp_path: Path) -> None:
    SECRETS["make"](tmp_path / "a")
    SECRETS["make"](tmp_path / "b")
    for name in ("sixfaces_database_url", "aws_credentials", "redis.conf"):
        assert (tmp_path / "a" / name).read_text() != (tmp_path / "b" / name).read_text()
    (tmp_path / "a" / "redis.conf").unlink()
    before = sorted(p.name for p in (tmp_path / "a").iterdir())
    with pytest.raises(FileExistsError, match="nothing was made"):
        SECRETS["make"](tmp_path / "a")
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == before


def test_keys_are_made_once_and_rotated_without_losing_the_old_one(tmp_path: Path) -> None:
    make = runpy.run_path(str(DEPLOY / "make_keys.py"))["make_keys"]
    folder = tmp_path / "keys"
    first = make(folder, rotate=False)
    made = ["challenge.pem", "custody-keys.txt", "custody.pem", "links.key", "webhooks.key"]
    assert sorted(p.name for p in folder.iterdir()) == made
    assert make(folder, rotate=False) == first
    second = make(folder, rotate=True)
    lines = [line.split() for line in (folder / "custody-keys.txt").read_text().splitlines()]
    assert [line[0] for line in lines] == [first, second]
    assert lines[0][2] != "-"
    assert lines[1][2] == "-"


def test_keys_that_may_only_be_read_are_used_as_they_are(tmp_path: Path) -> None:
    make = runpy.run_path(str(DEPLOY / "make_keys.py"))["make_keys"]
    made = make(tmp_path / "keys", rotate=False)
    for path in (tmp_path / "keys").iterdir():
        path.chmod(0o440)
    (tmp_path / "keys").chmod(0o550)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "keys").iterdir()}
    settings = Settings(data=tmp_path / "data", custody_keys=tmp_path / "keys")
    assert notary(settings).key.verifier.text == made
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "keys").iterdir()} == before
    (tmp_path / "keys").chmod(0o750)
