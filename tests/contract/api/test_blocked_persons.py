"""A person whom an admin has blocked is let in nowhere, by no token, in this tenant; and a token that expires while its
request is still sending is told as what it is. Two servers over one database, for both databases."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from sixfaces.adapters.records.migrating import migrate
from sixfaces.config import Settings
from sixfaces.pipeline.persons import person_id
from tests.contract.api.conftest import FAST
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.contract.api.test_tokens import issuer, refusal, token
from tests.contract.uploads.conftest import OCTETS, TUS
from tests.rig.installation import prepared
from tests.servers.issuer import AUDIENCE, Issuer
from tests.servers.postgres import postgres

__all__ = ["issuer"]

MIB = 1 << 20
SOON_S = 5.0


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def servers(
    request: pytest.FixtureRequest, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Api, Api]]:
    """Two that share nothing but the database and the bytes."""
    told: dict[str, Any] = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "oidc_tenant_claim": "org",
        "oidc_leeway_s": 0,
    }
    data = prepared(tmp_path_factory.mktemp("blocked"))
    if request.param == "sqlite":
        with running(Settings(data=data, **FAST, **told)) as one, running(Settings(data=data, **FAST, **told)) as two:
            yield one, two
        return
    with postgres() as server:
        url = server.database()
        migrate(url)
        settings = Settings(data=data, database_url=url, **FAST, **told)
        with running(settings) as one, running(settings) as two:
            yield one, two


def until(is_so: Callable[[], bool]) -> None:
    last = time.monotonic() + SOON_S
    while not is_so():
        assert time.monotonic() < last


def admitted(api: Api, text: str) -> bool:
    return api.ask("GET", "/v1/rulebooks", key=text).status_code == 200


def test_who_is_blocked_at_one_server_is_let_in_at_no_other(servers: tuple[Api, Api], issuer: Issuer) -> None:
    first, second = servers
    text, next_one = token(issuer, sub="mallory"), token(issuer, sub="mallory", exp=int(time.time()) + 700)
    elsewhere, colleague = token(issuer, sub="mallory", org="foreign"), token(issuer, sub="bob")
    who = person_id(issuer.url, "mallory")
    case = second.new_case(text)["id"]
    second.gate.uses.settle()
    ended, told = threading.Event(), threading.Event()

    def watch() -> None:
        headers = {"Authorization": f"Bearer {text}"}
        with (
            httpx.Client(base_url=second.client.base_url, timeout=30) as client,
            client.stream("GET", f"/v1/cases/{case}/events", headers=headers) as answer,
        ):
            told.set()
            for _ in answer.iter_bytes():
                pass
        ended.set()

    watching = threading.Thread(target=watch)
    watching.start()
    assert told.wait(10)
    blocked = first.ask("POST", f"/v1/persons/{who}/block", key=first.admin)
    assert (blocked.status_code, blocked.json()["blocked_at"] is not None) == (200, True)
    until(lambda: not admitted(second, text))
    assert refusal(second.ask("GET", "/v1/rulebooks", key=next_one)) == (403, "identity.blocked")
    assert admitted(second, colleague)
    assert admitted(second, elsewhere), "one tenant's admins block nobody in another"
    assert ended.wait(20), "streams last for minutes otherwise"
    watching.join()
    assert first.ask("POST", f"/v1/persons/{who}/block", key=first.admin).json() == blocked.json(), "once is enough"
    assert first.ask("POST", f"/v1/persons/{who}/unblock", key=first.admin).json()["blocked_at"] is None
    until(lambda: admitted(second, text))
    with first.service.records.begin("main", reading=True) as tx:
        entries = tx.custody.about(who)
    assert [(one.act.value, one.body["what"]) for one in entries] == [("amend", "blocked"), ("amend", "unblocked")]


def test_what_somebody_is_sending_when_they_are_blocked_is_not_taken(
    servers: tuple[Api, Api], issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sixfaces.api.persons.BLOCKED_S", 0.0)
    first, second = servers
    text = token(issuer, sub="trudy")

    def blocks() -> None:
        second.gate.uses.settle()
        where = f"/v1/persons/{person_id(issuer.url, 'trudy')}/block"
        assert first.ask("POST", where, key=first.admin).status_code == 200

    assert refusal(sent_with(second, text, between=blocks)) == (403, "identity.blocked")


def test_a_token_that_expires_in_mid_upload_is_told_as_expired(servers: tuple[Api, Api], issuer: Issuer) -> None:
    _, api = servers
    ends = int(time.time()) + 2
    text = token(issuer, sub="carol", exp=ends)
    assert refusal(sent_with(api, text, between=lambda: passes(ends))) == (401, "identity.expired")


def passes(instant: float) -> None:
    """Nothing tells of an instant that passes: looked at."""
    while time.time() <= instant:
        time.sleep(0.02)


def sent_with(api: Api, text: str, *, between: Callable[[], None]) -> httpx.Response:
    """What is answered to an upload of which a block was taken before something happens, and the rest comes after."""
    told = {**TUS, "Upload-Length": str(MIB + 4), "Sixfaces-Case": api.new_case()["file"]["case_id"]}
    where = api.ask("POST", "/v1/uploads", key=text, headers=told).headers["location"]

    def pieces() -> Iterator[bytes]:
        yield bytes(MIB)
        until(lambda: int(api.ask("HEAD", where, key=api.admin, headers=TUS).headers["upload-offset"]) > 0)
        between()
        yield b"rest"

    headers = {**OCTETS, "Upload-Offset": "0", "Authorization": f"Bearer {text}", "Content-Length": str(MIB + 4)}
    return api.client.patch(where, content=pieces(), headers=headers)
