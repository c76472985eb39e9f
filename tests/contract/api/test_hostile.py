"""What strangers and broken clients send. Every request gets an answer of ours below 500."""

import re
from typing import Any

import pytest

from sixfaces.domain.people import ApiRole
from tests.contract.api.matrix import ROWS, Row
from tests.contract.api.people import Api

JSON = {"content-type": "application/json"}
DEEP = b"[" * 100_000
BODIES = {
    "NaN": b'{"case_id": NaN}',
    "Infinity": b'{"case_id": -Infinity}',
    "1e999": b'{"case_id": 1e999}',
    "2^63": b'{"case_id": 9223372036854775808}',
    "4000 digits": b'{"case_id": ' + b"9" * 4000 + b"}",
    "NUL": b'{"case_id": "a\\u0000b"}',
    "lone surrogate": b'{"case_id": "\\ud800"}',
    "lone surrogate as key": b'{"\\udfff": 1}',
    "nested deeply": DEEP,
    "nested deeply, closed": b'{"order":' * 65 + b"1" + b"}" * 65,
    "a key twice": b'{"case_id": "a", "case_id": "b"}',
    "not UTF-8": b'{"case_id": "\xff\xfe"}',
    "UTF-16": '{"case_id": "a"}'.encode("utf-16"),
    "cut off": b'{"case_id": "',
    "a list": b"[]",
    "a string": b'"text"',
    "null": b"null",
    "nothing": b"",
    "another tenant's": b'{"case_id": "a", "tenant": "other", "role": "admin", "revision": 7}',
}
WORDS = (
    "%00",
    "%ED%A0%80",
    "-1",
    "99999999999999999999",
    "'%20OR%201=1--",
    "..%2f..%2fetc",
    "%F0%9F%98%80",
    "a" * 5000,
)
NUMBERS = ("-1", "201", "99999999999999999999", "NaN", "")
TEXTS = ("%00", "%ED%A0%80", "a%0Ab", "a" * 1001, "====", "AAAA")
CASE, NUMBER = "/v1/cases/{case}", "/v1/cases/by-number/{number}"
Operation = tuple[str, str, str]
HEADERS: dict[Operation, tuple[str, ...]] = {
    ("PUT", NUMBER, "if-match"): ("", '"', "W/", '"1", "2"', '"99999999999999999999"', "1", 'W/"1"', '"x"'),
    ("PUT", NUMBER, "if-none-match"): ("", '"1"', "x"),
    ("PUT", NUMBER, "idempotency-key"): ("", "a" * 256, "a b", "é"),
    ("PUT", NUMBER, "content-type"): ("", "text/plain", "multipart/form-data", "a/b/c", "application/json, x"),
    ("GET", "/v1/exhibits/{exhibit}/original", "range"): (
        *("bytes=", "bytes=-", "bytes=9-1", "bytes=0-0,2-3", "bytes=" + "9" * 40 + "-", "items=0-1", "x"),
        *("bytes=-0", "bytes=99999-"),
    ),
    ("GET", CASE, "accept-language"): ("", "zh;q=x", "," * 500, "zh;q=1e999", "zh;q=nan", "*", "zh;q="),
    ("GET", CASE + "/events", "last-event-id"): ("-1", "a", "9" * 30, "²", ""),
    ("GET", CASE + "/report", "if-none-match"): ("", "*", "W/", "a" * 9000),
    ("GET", CASE, "authorization"): ("", "Bearer", "Basic YTpi", "bearer é", "Bearer " + "a" * 9000),
}
TAKES_JSON = [row for row in ROWS if "json" in row.sends]
TAKES_NAMES = [row for row in ROWS if "{" in row.path and row.path != "/s/{case}"]
"""All but the page of a link: without a token it is the same for every address, so that nobody learns which there are
(test_links.py)."""


@pytest.mark.parametrize("row", TAKES_JSON, ids=lambda row: f"{row.method} {row.path}")
def test_a_bad_body_is_refused(api: Api, row: Row) -> None:
    key = api.admin if ApiRole.ADMIN in row.roles else api.key(min(row.roles))
    for what, body in BODIES.items():
        answer = api.ask(row.method, row.url(api.own), key=key, content=body, headers=JSON)
        assert answer.status_code in {400, 413, 422}, (what, answer.text)
        assert answer.json()["code"] in {"request.json", "request.invalid", "request.too_large"}, what


@pytest.mark.parametrize("row", TAKES_NAMES, ids=lambda row: f"{row.method} {row.path}")
def test_a_strange_name_in_the_address_is_the_name_of_nothing(api: Api, row: Row) -> None:
    names = row.path.count("{")
    template = row.path
    for _ in range(names):
        head, _, tail = template.partition("{")
        template = f"{head}%s{tail.partition('}')[2]}"
    for word in WORDS:
        sends: dict[str, Any] = dict(row.sends)
        answer = api.ask(row.method, template % ((word,) * names), key=api.admin, **sends)
        assert 400 <= answer.status_code < 500, (word, answer.status_code)


def test_strange_queries_get_no_server_error(api: Api) -> None:
    paths = api.ask("GET", "/openapi.json").json()["paths"]
    asked = [
        (path, parameter["name"])
        for path, methods in paths.items()
        for parameter in methods.get("get", {}).get("parameters", ())
        if parameter["in"] == "query"
    ]
    assert len(asked) > 15
    headers = {"Authorization": f"Bearer {api.admin}"}
    for path, name in asked:
        url = re.sub(r"\{case_id\}", api.own.case, path)
        for word in (*NUMBERS, *TEXTS):
            with api.client.stream("GET", f"{url}?{name}={word}&{name}=1", headers=headers) as answer:
                assert answer.status_code < 500, (url, name, word)


@pytest.mark.parametrize(("operation", "values"), HEADERS.items(), ids=str)
def test_strange_headers_get_no_server_error(
    api: Api, operation: tuple[str, str, str], values: tuple[str, ...]
) -> None:
    method, path, header = operation
    body = {"case_id": api.own.number} if method == "PUT" else None
    for value in values:
        headers = {b"authorization": f"Bearer {api.admin}".encode(), header.encode(): value.encode()}
        url = path.format(**vars(api.own))
        with api.client.stream(method, url, headers=headers, json=body) as answer:
            assert answer.status_code < 500, value


def test_every_error_is_a_problem_in_the_language_asked_for(api: Api) -> None:
    for language, word in (
        ("zh-CN,zh;q=0.9,en;q=0.8", "未找到"),
        ("en", "There is"),
        ("fr, zh;q=0.2, en;q=0.4", "There is"),
    ):
        answer = api.ask("GET", "/v1/cases/none", key=api.admin, headers={"accept-language": language})
        told = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(told) == {"type", "title", "status", "code", "detail", "fix"}
        assert (told["status"], told["code"]) == (404, "request.missing")
        assert word in told["detail"]
        assert answer.headers["content-language"] == ("zh" if word == "未找到" else "en")


def test_an_unknown_address_and_method_are_told_as_problems(api: Api) -> None:
    assert api.ask("GET", "/v1/nothing").json()["code"] == "request.missing"
    answer = api.ask("DELETE", "/v1/cases", key=api.admin)
    assert (answer.status_code, answer.json()["code"]) == (405, "request.method")
    assert api.ask("TRACE", "/healthz").status_code == 405


def test_every_answer_has_the_headers_that_keep_browsers_from_guessing(api: Api) -> None:
    for path in ("/healthz", "/docs", "/v1/nothing", f"/v1/exhibits/{api.own.exhibit}/original"):
        headers = api.ask("GET", path, key=api.admin).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers


def test_what_may_not_be_set_by_who_asks_is_an_unknown_field(api: Api) -> None:
    for name in ("tenant", "revision", "state", "verdict", "created_at", "id"):
        number = "C-mass"
        body = {"case_id": number, name: "x"}
        answer = api.ask("PUT", f"/v1/cases/by-number/{number}", key=api.admin, json=body)
        assert answer.status_code == 422
        assert name in answer.json()["detail"]
    body = {"role": "admin", "name": "x", "tenant": "other"}
    assert api.ask("POST", "/v1/keys", key=api.admin, json=body).status_code == 422


def test_a_long_text_is_refused_before_it_is_read(api: Api) -> None:
    body = b'{"case_id": "' + b"a" * api.settings.largest_body + b'"}'
    answer = api.ask(
        "PUT",
        "/v1/cases/by-number/a",
        key=api.held(ApiRole.BATCH),
        content=body,
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
    assert answer.headers["connection"] == "close"


def test_docs_ask_no_other_host(api: Api) -> None:
    page = api.ask("GET", "/docs").text
    assert "/v1/cases/by-number/{number}" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
