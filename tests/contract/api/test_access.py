"""Every operation, asked by everybody, for what is theirs, what is another's and what is nobody's."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.keys import read_key_text
from tests.contract.api.matrix import ALL, ROWS, Row
from tests.contract.api.people import Api, Things

BAD_KEYS = ("nonsense", f"sf_{'0' * 32}_{'A' * 43}", "é", "sf_" + "0" * 5000)
COMPARED = ("content-type", "cache-control", "content-length", "www-authenticate")


def ask(api: Api, row: Row, things: Things | None, key: str | None) -> httpx.Response:
    """The row's request; the answer's first bytes are enough of a stream."""
    number = things.number if things else "C-none"
    sends: dict[str, Any] = json.loads(json.dumps(_plain(row.sends)).replace("{number}", number))
    if "content" in row.sends:
        sends["content"] = row.sends["content"]
    headers = {**({b"Authorization": f"Bearer {key}".encode()} if key else {}), **encoded(sends.pop("headers", {}))}
    with api.client.stream(row.method, row.url(things), headers=headers, **sends) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
        return answer


def _plain(sends: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sends.items() if name != "content"}


def encoded(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in headers.items()}


def ids(row: Row) -> str:
    return f"{row.method} {row.path}"


def test_the_matrix_has_every_operation_with_its_roles_and_no_other(api: Api) -> None:
    schema = api.ask("GET", "/openapi.json").json()
    real = {
        (method.upper(), blank(path)): set(operation["x-roles"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }
    assert {(row.method, blank(row.path)): set(row.roles) for row in ROWS} == real


def blank(path: str) -> str:
    """A path whatever its parameters are called."""
    return re.sub(r"\{\w+(:path)?\}", "{}", path)


@pytest.mark.parametrize("row", [row for row in ROWS if row.roles], ids=ids)
def test_an_operation_asks_for_a_good_key(api: Api, row: Row) -> None:
    answers = [ask(api, row, api.own, key) for key in (None, *BAD_KEYS, revoked(api), expired(api))]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert all("Bearer" in answer.headers["www-authenticate"] for answer in answers)


@pytest.mark.parametrize("row", [row for row in ROWS if row.roles and row.roles != ALL], ids=ids)
def test_an_operation_is_for_its_roles_only(api: Api, row: Row) -> None:
    for role in ALL - row.roles:
        for things in (api.own, api.foreign, None):
            answer = ask(api, row, things, api.held(role))
            assert answer.status_code == 403, role
            assert answer.json()["code"] == "request.forbidden"


@pytest.mark.parametrize("row", [row for row in ROWS if not row.changes], ids=ids)
def test_an_operation_answers_those_who_may(api: Api, row: Row) -> None:
    for role in row.roles or [None]:
        answer = ask(api, row, api.own, role and api.held(role))
        may = {403} if row.closed_to(role) else row.own
        assert answer.status_code in may, (role, answer.status_code)


@pytest.mark.parametrize("row", [row for row in ROWS if row.addresses], ids=ids)
def test_a_foreign_thing_is_one_that_is_not_there(api: Api, row: Row) -> None:
    for role in row.roles:
        foreign, missing = (ask(api, row, things, api.held(role)) for things in (api.foreign, None))
        assert foreign.status_code == missing.status_code == (501 if row.own == {501} else 404), role
        assert foreign.content == missing.content
        assert {n: foreign.headers.get(n) for n in COMPARED} == {n: missing.headers.get(n) for n in COMPARED}


@pytest.mark.parametrize("row", [row for row in ROWS if row.not_for_station], ids=ids)
def test_a_station_does_not_see_what_another_handed_in(api: Api, row: Row) -> None:
    assert ask(api, row, api.own, api.other_station).status_code == 404


def test_the_same_number_in_two_tenants_is_two_cases(api: Api) -> None:
    mine, theirs = api.own.number, api.foreign.number
    answer = api.ask("PUT", f"/v1/cases/by-number/{theirs}", key=api.admin, json={"case_id": theirs})
    assert answer.status_code == 201
    assert answer.json()["id"] != api.foreign.case
    assert api.ask("GET", f"/v1/cases/by-number/{mine}", key=api.stranger).status_code == 404


def test_lists_hold_only_what_is_the_tenants(api: Api) -> None:
    assert api.foreign
    for path in ("/v1/cases", "/v1/stations", "/v1/keys", "/v1/jobs"):
        items = api.ask("GET", path, key=api.admin, params={"limit": 200}).json()["items"]
        assert items
        assert {item["tenant"] for item in items} == {"main"}


def revoked(api: Api) -> str:
    """A key that was good a moment ago."""
    text = api.key(ApiRole.ADMIN)
    known = read_key_text(text)
    assert known is not None
    with api.service.records.begin("main") as tx:
        assert tx.people.revoke(known.key_id)
    return text


def expired(api: Api) -> str:
    """A key whose time is over."""
    return api.key(ApiRole.ADMIN, expires_at=datetime.now(UTC))
