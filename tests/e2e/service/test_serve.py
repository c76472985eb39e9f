"""`sixfaces serve` in a folder of its own: ready at once, stopped cleanly, and all is there after a new start."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

READY_S = 60.0
"""On a machine that does much else; the promise of three seconds is measured by a bench."""
STOP_S = 15.0


class Running(NamedTuple):
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    admin_key: str | None

    def ask(self, method: str, path: str, key: str, **more: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.request(method, f"{self.url}{path}", headers=headers, timeout=20, **more)  # type: ignore[arg-type]  # `more` is what httpx takes


def command(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("sixfaces")), *arguments]


def environment(data: Path, **more: str) -> Mapping[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SIXFACES_")}
    return {**ours, "SIXFACES_DATA": str(data), "SIXFACES_LANG": "en", **more}


def ran(*arguments: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    env = environment(data, **more)
    return subprocess.run(command(*arguments), env=env, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def serving(data: Path, **more: str) -> Iterator[Running]:
    """The server while the block lasts; it must end by itself when told to."""
    process = subprocess.Popen(
        command("serve", "--port", "0", "--json"), env=environment(data, **more), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield Running(process, told["url"], told["admin_key"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_S) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_everything_is_still_there_after_a_new_start(tmp_path: Path) -> None:
    data = tmp_path / "installation"
    began = time.monotonic()
    with serving(data) as first:
        assert time.monotonic() - began < READY_S
        assert first.admin_key is not None
        key = first.admin_key
        assert httpx.get(f"{first.url}/readyz").json() == {"ready": True, "database": True, "store": True}
        made = first.ask("POST", "/v1/keys", key, json={"role": "batch", "name": "shop"}).json()
        case = first.ask("PUT", "/v1/cases/by-number/C-1", made["secret"], json={"case_id": "C-1"})
        assert case.status_code == 201
        assert first.ask("GET", "/v1/cases/by-number/C-1", made["secret"]).json() == case.json()
        told = first.ask("GET", "/v1/checkpoints/keys", key).text
    with serving(data) as second:
        assert second.admin_key is None
        assert second.ask("GET", "/v1/cases/by-number/C-1", key).json() == case.json()
        assert second.ask("GET", "/v1/cases/by-number/C-1", made["secret"]).status_code == 200
        assert second.ask("GET", "/v1/checkpoints/keys", key).text == told
    assert (data.stat().st_mode & 0o077, (data / "keys").stat().st_mode & 0o077) == (0, 0)


def test_a_stop_ends_open_streams_first(tmp_path: Path) -> None:
    with serving(tmp_path, SIXFACES_WORKERS="0") as server:
        assert server.admin_key is not None
        case = server.ask("PUT", "/v1/cases/by-number/C-1", server.admin_key, json={"case_id": "C-1"}).json()
        headers = {"Authorization": f"Bearer {server.admin_key}"}
        with httpx.stream("GET", f"{server.url}/v1/cases/{case['id']}/events", headers=headers, timeout=20) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            stopped = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert any(line == "event: case.opened" for line in lines)
            assert time.monotonic() - stopped < STOP_S


def test_a_taken_address_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    with serving(tmp_path / "a", SIXFACES_WORKERS="0") as server:
        port = server.url.rpartition(":")[2]
        done = ran("serve", "--port", port, data=tmp_path / "b")
    assert done.returncode == 2
    assert "[settings.address]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "b").exists()


def test_impossible_settings_are_told_in_words(tmp_path: Path) -> None:
    wrong = {
        "SIXFACES_PORT": ("99999", "settings.invalid"),
        "SIXFACES_DATABASE_URL": ("mysql://a", "records.url"),
        "SIXFACES_BLOBS": ("ftp://a", "settings.blobs"),
        "SIXFACES_RATE": ("often", "settings.invalid"),
        "SIXFACES_TENANT_LIMITS": ("{", "settings.invalid"),
    }
    for name, (value, code) in wrong.items():
        done = ran("serve", *(() if name == "SIXFACES_PORT" else ("--port", "0")), data=tmp_path, **{name: value})
        assert done.returncode == 2, (name, done.stderr)
        assert f"[{code}]" in done.stderr, (name, done.stderr)
        assert "Traceback" not in done.stderr


def test_a_start_that_fails_has_made_no_admin_key(tmp_path: Path) -> None:
    """Otherwise nobody would ever be shown it."""
    tsa = {"SIXFACES_TSA": "http://127.0.0.1:9/", "SIXFACES_TSA_CHAIN": str(tmp_path / "none.pem")}
    for form in ((), ("--json",)):
        done = ran("serve", "--port", "0", *form, data=tmp_path, **tsa)
        assert (done.returncode, done.stdout) == (2, "")
        assert "[settings.tsa_chain]" in done.stderr
    with serving(tmp_path, SIXFACES_WORKERS="0") as server:
        assert server.admin_key is not None
        assert server.ask("GET", "/v1/keys", server.admin_key).status_code == 200


def test_a_key_is_made_where_the_database_is(tmp_path: Path) -> None:
    made = ran("key", "shop-a", "--role", "reviewer", data=tmp_path)
    assert made.returncode == 0, made.stderr
    with serving(tmp_path, SIXFACES_WORKERS="0") as server:
        key = made.stdout.strip()
        assert server.ask("GET", "/v1/cases", key).json() == {"items": [], "next": None}
        assert server.ask("GET", "/v1/keys", key).status_code == 403
        assert server.admin_key is not None
    assert ran("key", "No Such", data=tmp_path).returncode == 2


@pytest.mark.parametrize(("said", "sees"), [((), False), (("--personal",), True), (("--no-personal",), False)])
def test_a_key_made_there_sees_what_was_said_of_it(tmp_path: Path, said: tuple[str, ...], sees: bool) -> None:
    admin = ran("key", "shop-a", data=tmp_path).stdout.strip()
    assert ran("key", "shop-a", "--role", "batch", *said, data=tmp_path).returncode == 0
    with serving(tmp_path, SIXFACES_WORKERS="0") as server:
        listed = server.ask("GET", "/v1/keys", admin).json()["items"]
    assert {one["role"]: one["sees_personal"] for one in listed} == {"admin": True, "batch": sees}
