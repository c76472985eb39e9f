"""A browser that has signed in asks by its cookie what its key may ask, and nobody else makes it ask."""

import time
from typing import Any

import httpx
import pytest

from sixfaces.api.session_seal import Kept, SessionSeal
from sixfaces.api.sessions import HEADER, LARGEST, PLAIN, cookie_text
from sixfaces.bootstrap import challenge_key
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.keys import read_key_text
from sixfaces.vault.challenge_keys import SigningKey
from tests.contract.api.matrix import ROWS, Row
from tests.contract.api.people import Api
from tests.contract.api.test_access import ask as ask_row
from tests.contract.api.test_access import ids

OURS = {"sec-fetch-site": "same-origin", HEADER: "1"}


def signed_in(api: Api, key: str) -> str:
    """The cookie of a browser that signed in with this key."""
    answer = api.ask("POST", "/v1/session", key=key)
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return cookie


def by_cookie(api: Api, method: str, path: str, *, cookie: str, **more: Any) -> httpx.Response:  # noqa: ANN401 of httpx
    headers = {"cookie": cookie, **OURS, **more.pop("headers", {})}
    return api.client.request(method, path, headers=headers, **more)


def test_a_key_becomes_a_cookie_that_no_script_reads_and_no_other_site_sends(api: Api) -> None:
    answer = api.ask("POST", "/v1/session", key=api.held(ApiRole.REVIEWER))
    name, *told = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"{PLAIN}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={api.settings.session_s}"} == set(told)
    assert api.held(ApiRole.REVIEWER).rpartition("_")[2] not in answer.headers["set-cookie"]
    assert answer.json()["role"] == "reviewer"
    assert answer.headers["cache-control"] == "no-store"


def test_over_an_encrypted_connection_the_cookie_is_bound_to_host_and_encryption() -> None:
    text = cookie_text({"type": "http", "scheme": "https"}, "x", seconds=9)
    assert text == "__Host-sixfaces=x; Path=/; Max-Age=9; HttpOnly; SameSite=Strict; Secure"


@pytest.mark.parametrize("role", list(ApiRole))
def test_a_cookie_shows_who_asks_as_the_key_does(api: Api, role: ApiRole) -> None:
    key = api.held(role)
    mine, told = (
        api.ask("GET", "/v1/session", key=key).json(),
        by_cookie(api, "GET", "/v1/session", cookie=signed_in(api, key)).json(),
    )
    assert mine.pop("expires_at") is None
    assert told.pop("expires_at") is not None
    assert told == mine


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET" and row.roles], ids=ids)
def test_each_read_answers_a_cookie_as_it_answers_its_key(api: Api, row: Row) -> None:
    """Own things, foreign and missing ones: a cookie opens no door that its key does not."""
    for role in (ApiRole.STATION, ApiRole.REVIEWER):
        key = api.held(role)
        cookie = signed_in(api, key)
        for things in (api.own, api.foreign, None):
            more = {name: sent for name, sent in row.sends.items() if name == "params"}
            with api.client.stream("GET", row.url(things), headers={"cookie": cookie, **OURS}, **more) as answer:
                assert answer.status_code == ask_row(api, row, things, key).status_code


def test_a_cookie_ends_with_its_key(api: Api) -> None:
    key = api.key(ApiRole.REVIEWER)
    cookie = signed_in(api, key)
    assert by_cookie(api, "GET", "/v1/cases", cookie=cookie).status_code == 200
    assert api.ask("DELETE", f"/v1/keys/{_key_id(key)}", key=api.admin).status_code == 200
    ends = time.monotonic() + 10
    while by_cookie(api, "GET", "/v1/cases", cookie=cookie).status_code == 200:
        assert time.monotonic() < ends
    assert by_cookie(api, "GET", "/v1/cases", cookie=cookie).status_code == 401


def test_a_cookie_ends_with_its_time_and_is_not_renewed_by_itself(api: Api) -> None:
    seal: SessionSeal = SessionSeal(_key(api))
    now = int(time.time())
    over = f"{PLAIN}={seal.sealed(Kept(api.admin, now - 1))}"
    assert by_cookie(api, "GET", "/v1/session", cookie=over).status_code == 401
    short = f"{PLAIN}={seal.sealed(Kept(api.admin, now + 60))}"
    first = by_cookie(api, "GET", "/v1/session", cookie=short).json()["expires_at"]
    again = by_cookie(api, "POST", "/v1/session", cookie=short)
    assert again.json()["expires_at"] == first


def test_a_cookie_that_was_not_sealed_here_is_none(api: Api) -> None:
    other = SessionSeal(SigningKey.generate().private).sealed(Kept(api.admin, int(time.time()) + 60))
    good = signed_in(api, api.admin)
    for text in (f"{PLAIN}={other}", f"{PLAIN}=", f"{PLAIN}=é", good[:-2], good + "A", f"{PLAIN}={api.admin}"):
        answer = by_cookie(api, "GET", "/v1/cases", cookie=text.encode())  # type: ignore[arg-type]  # httpx takes bytes
        assert answer.status_code == 401, text


def test_another_site_makes_a_browser_ask_nothing(api: Api) -> None:
    cookie, host = signed_in(api, api.admin), f"http://{api.address[0]}:{api.address[1]}"
    evil: tuple[dict[str, str], ...] = (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"{host}.evil.example"},
    )
    for headers in evil:
        for method, path in (("GET", "/v1/cases"), ("POST", f"/v1/cases/{api.own.spare}/close")):
            answer = api.client.request(method, path, headers={"cookie": cookie, HEADER: "1", **headers})
            assert (answer.status_code, answer.json()["code"]) == (403, "request.cross_site"), (method, headers)


def test_a_write_needs_our_origin_and_a_header_that_only_a_script_sets(api: Api) -> None:
    cookie, host = signed_in(api, api.admin), f"http://{api.address[0]}:{api.address[1]}"
    told = {"kind": "replied", "by": "seller"}
    path, body = f"/v1/cases/{api.own.case}/chronicle", {"what": told, "source": "seller"}
    for headers in ({}, {"sec-fetch-site": "same-origin"}, {HEADER: "1"}, {"sec-fetch-site": "none", HEADER: "1"}):
        refused = api.client.post(path, headers={"cookie": cookie, **headers}, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "request.cross_site"), headers
    assert api.client.post(path, headers={"cookie": cookie, **OURS}, json=body).status_code == 201
    old_browser = {"cookie": cookie, "origin": host, HEADER: "1"}
    assert api.client.post(path, headers=old_browser, json=body).status_code == 201


def test_the_address_bar_may_read(api: Api) -> None:
    answer = api.client.get(
        f"/v1/cases/{api.own.case}/report.html",
        headers={"cookie": signed_in(api, api.admin), "sec-fetch-site": "none"},
    )
    assert answer.status_code == 200


def test_what_a_cookie_was_shown_is_not_shown_from_the_store_of_the_browser_to_the_next(api: Api) -> None:
    """Pictures are kept for a day, and who may not see personal data is given others at the same addresses."""
    path = f"/v1/exhibits/{api.own.exhibit}/pictures/{api.own.picture}"
    seeing, masked = (signed_in(api, key) for key in (api.admin, api.key(ApiRole.REVIEWER, sees_personal=False)))
    first, second = (by_cookie(api, "GET", path, cookie=cookie) for cookie in (seeing, masked))
    assert first.content != second.content
    for answer in (first, second):
        assert {"authorization", "cookie"} <= {one.strip().lower() for one in answer.headers["vary"].split(",")}


def test_a_key_in_the_header_goes_before_any_cookie(api: Api) -> None:
    cookie = signed_in(api, api.admin)
    answer = api.ask("GET", "/v1/session", key=api.stranger, headers={"cookie": cookie, "sec-fetch-site": "cross-site"})
    assert answer.json()["tenant"] == "other"
    assert api.ask("GET", "/v1/session", key="sf_wrong", headers={"cookie": cookie}).status_code == 401


def test_signing_out_has_the_browser_forget(api: Api) -> None:
    answer = by_cookie(api, "DELETE", "/v1/session", cookie=signed_in(api, api.admin))
    assert answer.status_code == 204
    assert answer.headers["set-cookie"].startswith(f"{PLAIN}=; Path=/; Max-Age=0")


def test_who_guesses_at_the_door_is_slowed_down(strict_api: Api) -> None:
    codes = [strict_api.ask("POST", "/v1/session", key="sf_wrong").status_code for _ in range(5)]
    assert codes == [401, 401, 401, 429, 429]


def test_a_token_that_no_browser_keeps_is_told_so() -> None:
    seal = SessionSeal(SigningKey.generate().private)
    assert len(seal.sealed(Kept("x" * 2500, 1))) < LARGEST < len(seal.sealed(Kept("x" * 3200, 1)))


def _key_id(text: str) -> str:
    read = read_key_text(text)
    assert read is not None
    return read.key_id


def _key(api: Api) -> Any:  # noqa: ANN401 a private key
    return challenge_key(api.settings).private
