"""A fault of ours is told like every error; a revoked key gets no more of a long answer; languages go by weight."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.keys import read_key_text
from tests.contract.api.people import Api
from tests.contract.uploads.conftest import OCTETS

FILM = b"\x00\x00\x00\x20ftypisom" + bytes(24 << 20)


def test_a_fault_is_told_logged_and_counted_by_its_route(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("sixfaces.api.routes.rulebooks.policy_names", broken)
    answer = api.ask("GET", "/v1/rulebooks", key=api.admin)
    assert (answer.status_code, answer.json()["code"]) == (500, "request.internal")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "ratelimit-limit" in answer.headers
    figures = api.ask("GET", "/metrics").text
    assert 'sixfaces_requests_total{method="GET",route="/rulebooks",status="500"} 1.0' in figures
    told = capsys.readouterr()
    assert "request_fault" in told.out + told.err
    assert "ZeroDivisionError" not in answer.text


def test_a_revoked_key_gets_no_more_of_an_original(api: Api) -> None:
    case, key = api.new_case(), api.key(ApiRole.REVIEWER)
    sent = api.ask("POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, params={"name": "a.mp4"}, content=FILM)
    known = read_key_text(key)
    assert known is not None
    head = f"GET /v1/exhibits/{sent.json()['exhibit_id']}/original HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}"
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        line.settimeout(20)
        line.connect(api.address)
        line.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode())
        got = len(line.recv(1000))
        with api.service.records.begin("main") as tx:
            assert tx.people.revoke(known.key_id)
        until = time.monotonic() + 5
        while api.ask("GET", "/v1/cases", key=key).status_code != 401:
            assert time.monotonic() < until
        try:
            while piece := line.recv(1 << 20):
                got += len(piece)
        except ConnectionResetError:
            pass
    assert got < len(FILM) // 2


def test_slow_originals_hold_up_nobody_else(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    store, held = type(api.service.blobs), threading.Event()
    real = store.fetched

    @contextmanager
    def slow(self: object, key: str, *, sha256: str, again: bool = False) -> Iterator[Path]:
        assert held.wait(20)
        with real(self, key, sha256=sha256, again=again) as path:  # type: ignore[arg-type]  # of that type
            yield path

    monkeypatch.setattr(store, "fetched", slow)
    path, key = f"/v1/exhibits/{api.own.exhibit}/original", api.admin
    many = httpx.Limits(max_connections=60)
    with ThreadPoolExecutor(50) as pool, httpx.Client(base_url=api.client.base_url, limits=many, timeout=30) as client:
        headers = {"Authorization": f"Bearer {key}"}
        asked = [pool.submit(client.get, path, headers=headers) for _ in range(50)]
        try:
            assert not wait(asked, timeout=1).done
            assert api.ask("GET", f"/v1/cases/{api.own.case}", key=key, timeout=5).status_code == 200
        finally:
            held.set()
        assert {one.result().status_code for one in asked} == {200}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("zh, en", "zh"),
        ("en, zh", "en"),
        ("zh-CN, en-US", "zh"),
        ("en; q=0.1, zh; q=0.9", "zh"),
        ("zh;Q=0.4,en;q=0.5", "en"),
        ("zh ; q = 0.4, en;q=0.5", "en"),
        ("fr, zh;q=0.5, en;q=0.5", "zh"),
        ("zh;q=0, en;q=0.001", "en"),
        ("zhx, enx", "en"),
    ],
)
def test_of_one_weight_the_first_language_is_spoken(api: Api, asked: str, told: str) -> None:
    answer = api.ask("GET", "/v1/cases/none", key=api.admin, headers={"accept-language": asked})
    assert answer.headers["content-language"] == told


def test_who_tries_keys_soon_asks_the_database_no_more(strict_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    real = SqlRecords.begin

    def counted(self: SqlRecords, tenant: str | None, *, reading: bool = False) -> object:
        asked.append(tenant)
        return real(self, tenant, reading=reading)

    monkeypatch.setattr(SqlRecords, "begin", counted)
    began = time.monotonic()
    wrong = f"sf_{'0' * 32}_{'A' * 43}"
    codes = [strict_api.ask("GET", "/v1/cases", key=wrong).status_code for _ in range(40)]
    assert codes == [401] * 3 + [429] * 37
    assert len(asked) <= 5 + (time.monotonic() - began)


def test_requests_of_another_tus_version_count(strict_api: Api) -> None:
    headers = {**OCTETS, "Tus-Resumable": "0.2.2"}
    codes = [strict_api.ask("POST", "/v1/uploads", key=strict_api.admin, headers=headers).status_code for _ in range(7)]
    assert codes == [412] * 5 + [429] * 2
    assert [strict_api.ask("POST", "/v1/uploads", headers=headers).status_code for _ in range(4)] == [401] * 3 + [429]
