"""The pages for people, as the API serves them."""

import gzip
import re

import pytest

from tests.contract.api.people import Api

LARGEST = 300_000
"""Bytes of a whole page, as they go over the line."""


def assets(api: Api) -> list[str]:
    """Addresses of what the page needs."""
    found = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', api.ask("GET", "/review").text)
    assert found
    return found


@pytest.mark.parametrize(
    ("path", "base"),
    [("/review", "./"), ("/review/", "../"), ("/review/cases/01999999-9999-7999-8999-999999999999", "../../")],
)
def test_a_page_finds_its_files_from_however_deep(api: Api, path: str, base: str) -> None:
    answer = api.ask("GET", path)
    assert answer.status_code == 200
    assert f'<base href="{base}" />' in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_page_runs_nothing_but_its_own_files(api: Api) -> None:
    answer = api.ask("GET", "/review")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|<script(?![^>]* src=)|\son\w+=|https?://", answer.text)


def test_no_file_of_the_pages_names_another_host(api: Api) -> None:
    """But for names of things that look like addresses: namespaces of SVG and the texts of React's errors."""
    known = {"www.w3.org", "react.dev"}
    hosts = {
        host for path in assets(api) for host in re.findall(r"https?://([\w.-]+)", api.ask("GET", f"/{path}").text)
    }
    assert hosts <= known


def test_files_are_kept_for_ever_and_the_page_is_asked_for_again(api: Api) -> None:
    page = api.ask("GET", "/review")
    assert page.headers["cache-control"] == "no-cache"
    again = api.ask("GET", "/review", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for path in assets(api):
        assert re.search(r"-[\w-]{8}\.(js|css|svg)$", path), "named by what is in it"
        assert "immutable" in api.ask("GET", f"/{path}").headers["cache-control"]


def test_a_page_with_all_its_files_is_small(api: Api) -> None:
    """Compressed, as browsers ask for it; and as it is for who does not."""
    total = 0
    for path in ("review", *assets(api)):
        with api.client.stream("GET", f"/{path}", headers={"accept-encoding": "gzip"}) as answer:
            packed = b"".join(answer.iter_raw())
            assert answer.headers["content-encoding"] == "gzip"
        plain = api.ask("GET", f"/{path}", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert gzip.decompress(packed) == plain.content
        total += len(packed)
    assert total <= LARGEST


@pytest.mark.parametrize("name", ["index.html", "__init__.py", "none.js", "..%2f__init__.py", "%2e%2e/index.html"])
def test_nothing_else_of_the_package_is_served(api: Api, name: str) -> None:
    answer = api.ask("GET", f"/assets/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "request.missing")
