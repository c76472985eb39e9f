"""Tokens of an identity provider open what keys open to the same roles, nothing else, and until they expire."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from sixfaces.adapters.oidc import key_source
from sixfaces.config import Settings
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.persons import person_id
from tests.contract.api.conftest import FAST
from tests.contract.api.matrix import ROWS
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.contract.api.test_access import ask
from tests.contract.uploads.conftest import OCTETS, TUS
from tests.rig.installation import prepared
from tests.servers.issuer import AUDIENCE, Issuer, issuing, key_for


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """In good health."""
    with issuing() as one:
        yield one


@pytest.fixture(scope="module")
def api(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One that takes this provider's tokens for whichever tenant they name; asked by tokens."""
    told: dict[str, Any] = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "oidc_tenant_claim": "org",
        "oidc_station_claim": "bay",
        "oidc_leeway_s": 0,
    }
    settings = Settings(data=prepared(tmp_path_factory.mktemp("tokens")), **FAST, **told)
    with running(settings) as one:
        yield one


def token(issuer: Issuer, role: ApiRole = ApiRole.REVIEWER, **claims: Any) -> str:  # noqa: ANN401 of a token
    """A token of this role in the tenant main."""
    said = {"roles": [f"sixfaces.{role}"], "org": "main", "sub": f"some-{role}", "exp": int(time.time()) + 600}
    return issuer.token(**{**said, **claims})


def held(api: Api, issuer: Issuer, role: ApiRole) -> str:
    """A token of each role; the station's is of the one that handed everything in."""
    return token(issuer, role, bay=api.own.station)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_every_operation_is_open_to_tokens_as_it_is_to_keys(api: Api, issuer: Issuer) -> None:
    tokens = {role: held(api, issuer, role) for role in ApiRole}
    for row in (row for row in ROWS if row.roles and not row.changes):
        for role, text in tokens.items():
            may = {403} if row.closed_to(role) else row.own
            assert ask(api, row, api.own, text).status_code in may, (row, role)


def test_a_foreign_thing_is_one_that_is_not_there_for_tokens_too(api: Api, issuer: Issuer) -> None:
    for row in (row for row in ROWS if row.addresses and row.roles):
        text = held(api, issuer, min(row.roles, key=list(ApiRole).index))
        foreign, missing = (ask(api, row, things, text) for things in (api.foreign, None))
        assert foreign.status_code == missing.status_code == (501 if row.own == {501} else 404), row
        assert foreign.content == missing.content


def test_a_station_by_token_does_not_see_what_another_handed_in(api: Api, issuer: Issuer) -> None:
    assert api.other_station
    text = token(issuer, ApiRole.STATION, bay="S-OTHER")
    for row in (row for row in ROWS if row.not_for_station):
        assert ask(api, row, api.own, text).status_code == 404, row


def test_no_operation_is_open_to_a_bad_token(api: Api, issuer: Issuer) -> None:
    bad = [token(issuer, exp=int(time.time()) - 1), token(issuer, key=key_for("ES256", "mallory"))]
    for row in (row for row in ROWS if row.roles):
        for text in bad:
            assert ask(api, row, api.own, text).status_code == 401, row


@pytest.mark.parametrize(
    ("claims", "status", "code", "told"),
    [
        ({"exp": 1}, 401, "identity.expired", "invalid_token"),
        ({"nbf": 4_000_000_000}, 401, "identity.not_yet", "invalid_token"),
        ({"aud": "another"}, 401, "identity.audience", "invalid_token"),
        ({"sub": None}, 401, "identity.claim", "invalid_token"),
        ({"kid": "unknown"}, 401, "identity.token", "invalid_token"),
        ({"roles": ["admin"]}, 403, "identity.role", "insufficient_scope"),
        ({"org": "*"}, 403, "identity.tenant", "insufficient_scope"),
        ({"roles": ["sixfaces.station"], "bay": "S-NONE"}, 403, "identity.station", "insufficient_scope"),
    ],
)
def test_what_is_wrong_is_told_in_both_languages_and_as_the_standard_has_it(
    api: Api, issuer: Issuer, claims: dict[str, Any], status: int, code: str, told: str
) -> None:
    answers = [
        api.ask("GET", "/v1/cases", key=token(issuer, **claims), headers={"Accept-Language": language})
        for language in ("en", "zh")
    ]
    assert {refusal(answer) for answer in answers} == {(status, code)}
    assert len({answer.json()["detail"] for answer in answers}) == 2
    assert f'Bearer realm="sixfaces", error="{told}", error_description="' in answers[0].headers["www-authenticate"]


def test_nobody_without_any_key_or_token_is_told_of_tokens(api: Api) -> None:
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer sf_wrong"}):
        answer = api.ask("GET", "/v1/cases", headers=headers)
        assert refusal(answer) == (401, "request.key_needed")
        assert answer.headers["www-authenticate"] == 'Bearer realm="sixfaces"'


def test_a_retired_station_has_no_tokens_any_more(api: Api, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sixfaces.api.persons.STATION_S", 0.0)
    assert api.ask("POST", "/v1/stations", key=api.admin, json={"id": "S-OLD", "name": "bay"}).status_code == 201
    text = token(issuer, ApiRole.STATION, bay="S-OLD")
    assert api.ask("GET", "/v1/cases", key=text).status_code == 200
    assert api.ask("DELETE", "/v1/stations/S-OLD", key=api.admin).status_code == 200
    assert refusal(api.ask("GET", "/v1/cases", key=text)) == (403, "identity.station")


def test_who_acts_by_a_token_is_named_in_custody_and_can_be_looked_up(api: Api, issuer: Issuer) -> None:
    text = token(issuer, sub="alice@shop.example")
    who = person_id(issuer.url, "alice@shop.example")
    case = api.new_case(text)["id"]
    exhibit = api.ask("POST", f"/v1/cases/{case}/exhibits", key=text, content=b"film").json()["exhibit_id"]
    told = api.ask("GET", f"/v1/exhibits/{exhibit}/custody", key=api.admin)
    assert {entry["actor"] for entry in told.json()["entries"]} == {f"person:{who}"}
    assert "alice" not in told.text, "the log names no person but by digest"
    api.gate.uses.settle()
    person = api.ask("GET", f"/v1/persons/{who}", key=api.admin).json()
    assert (person["issuer"], person["subject"], person["role"]) == (issuer.url, "alice@shop.example", "reviewer")
    assert who in {one["id"] for one in api.ask("GET", "/v1/persons", key=api.admin).json()["items"]}


def test_an_upload_goes_on_under_a_persons_next_token_and_nobody_elses(api: Api, issuer: Issuer) -> None:
    told = {**TUS, "Upload-Length": "4", "Sixfaces-Case": api.new_case()["file"]["case_id"]}
    first, next_one = token(issuer, sub="a"), token(issuer, sub="a", exp=int(time.time()) + 700)
    where = api.ask("POST", "/v1/uploads", key=first, headers=told).headers["location"]
    sent = {**OCTETS, "Upload-Offset": "0"}
    for other in (token(issuer, sub="b"), api.held(ApiRole.REVIEWER)):
        answer = api.ask("PATCH", where, key=other, headers=sent, content=b"evil")
        assert refusal(answer) == (403, "request.forbidden")
    assert api.ask("PATCH", where, key=next_one, headers=sent, content=b"film").status_code == 204


def test_two_persons_share_no_idempotency_key_and_one_keeps_it_over_tokens(api: Api, issuer: Issuer) -> None:
    station = {"id": "S-ONCE", "name": "bay"}
    again = partial(api.ask, "POST", "/v1/stations", json=station, headers={"Idempotency-Key": new_id()})
    made = again(key=token(issuer, ApiRole.ADMIN, sub="a"))
    repeated = again(key=token(issuer, ApiRole.ADMIN, sub="a", exp=int(time.time()) + 700))
    other = again(key=token(issuer, ApiRole.ADMIN, sub="b"))
    assert (made.status_code, repeated.content) == (201, made.content)
    assert refusal(other) == (409, "request.exists")
    assert refusal(again(key=api.admin)) == (409, "request.exists")


def test_a_stream_ends_when_its_token_expires(api: Api, issuer: Issuer) -> None:
    case = api.new_case()["id"]
    text = token(issuer, exp=int(time.time()) + 2)
    started = time.monotonic()
    headers = {"Authorization": f"Bearer {text}"}
    with api.client.stream("GET", f"/v1/cases/{case}/events", headers=headers) as answer:
        assert answer.status_code == 200
        for _ in answer.iter_bytes():
            pass
    assert time.monotonic() - started < 20, "streams last for minutes otherwise"
    assert refusal(api.ask("GET", "/v1/cases", key=text)) == (401, "identity.expired")


def test_while_the_provider_is_away_keys_and_known_signatures_still_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_source, "PAUSE_S", 0.0)
    with issuing() as issuer:
        issuer.is_down.set()
        told: dict[str, Any] = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE, "oidc_tenant": "main"}
        with running(Settings(data=prepared(tmp_path), **{**FAST, "rate_unknown": "2/hour"}, **told)) as api:
            answers = [api.ask("GET", "/v1/cases", key=issuer.token()) for _ in range(4)]
            away, often = (503, "identity.provider_away"), (429, "request.rate")
            assert [refusal(answer) for answer in answers] == [away, away, often, often]
            assert "retry-after" in answers[0].headers
            assert api.ask("GET", "/v1/cases", key=api.admin).status_code == 200
            issuer.is_down.clear()
            assert api.ask("GET", "/v1/cases", key=issuer.token()).status_code == 200
            issuer.is_down.set()
            assert api.ask("GET", "/v1/cases", key=issuer.token(sub="bob")).status_code == 200
            codes = [api.ask("GET", "/v1/cases", key=issuer.token(exp=1)).status_code for _ in range(4)]
            assert codes == [401, 401, 429, 429], "who tries tokens is stopped"


def test_a_provider_that_hangs_holds_up_nobody_with_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_source, "WAIT_S", 30.0)
    with issuing() as issuer:
        told: dict[str, Any] = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE, "oidc_tenant": "main"}
        with running(Settings(data=prepared(tmp_path), **FAST, **told)) as api:
            issuer.goes_on.clear()
            statuses: list[int] = []

            def by_token() -> None:
                with httpx.Client(base_url=api.client.base_url, timeout=40) as client:
                    headers = {"Authorization": f"Bearer {issuer.token()}"}
                    statuses.append(client.get("/v1/cases", headers=headers).status_code)

            threads = [threading.Thread(target=by_token) for _ in range(12)]
            for thread in threads:
                thread.start()
            assert api.ask("GET", "/v1/cases", key=api.admin).status_code == 200
            assert 200 not in statuses
            issuer.goes_on.set()
            for thread in threads:
                thread.join(40)
            assert set(statuses) <= {200, 503}
            assert len(statuses) == 12


def test_without_a_provider_a_token_is_no_key(tmp_path: Path, issuer: Issuer) -> None:
    with running(Settings(data=prepared(tmp_path), **FAST)) as api:
        assert refusal(api.ask("GET", "/v1/cases", key=token(issuer))) == (401, "request.key_needed")


def test_the_log_of_requests_names_no_token_and_no_person(
    api: Api, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = token(issuer, sub="canary@shop.example")
    assert api.ask("GET", "/v1/cases", key=text).status_code == 200
    api.gate.uses.settle()
    told = capsys.readouterr()
    assert person_id(issuer.url, "canary@shop.example") in told.out + told.err
    assert not any(part in told.out + told.err for part in ("canary", *text.split(".")))
