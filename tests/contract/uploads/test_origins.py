"""What browsers are told that ask for a page of another origin: the uploads, where it is allowed, and no more."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sixfaces.config import Settings, read_settings
from sixfaces.domain.errors import SettingsError
from tests.contract.uploads.conftest import TUS, Api
from tests.rig.installation import prepared, serving

SHOP, ADMIN, FOREIGN = "https://shop.example", "https://admin.example:8443", "https://shop.example.evil"
CORS = "access-control-"


@pytest.fixture(scope="module")
def open_url(api: Api, memory: Path) -> Iterator[str]:
    """The same installation, served for two origins."""
    settings = Settings(data=prepared(memory / "origins"), rate="1000000/minute", allowed_origins=f"{SHOP}, {ADMIN}")
    with serving(api.service, settings) as url:
        yield url


def preflight(url: str, path: str, origin: str, method: str = "PATCH") -> httpx.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,tus-resumable,upload-offset",
    }
    return httpx.options(url + path, headers=asked)


def told(answer: httpx.Response) -> set[str]:
    return {name for name in answer.headers if name.startswith(CORS)}


@pytest.mark.parametrize("path", ["/v1/uploads", "/v1/uploads/any"])
@pytest.mark.parametrize("origin", [SHOP, ADMIN])
def test_a_preflight_of_an_allowed_origin_lets_tus_through(open_url: str, path: str, origin: str) -> None:
    answer = preflight(open_url, path, origin)
    assert answer.status_code == 204
    assert answer.headers[f"{CORS}allow-origin"] == origin
    assert {"GET", "HEAD", "POST", "PATCH", "DELETE"} <= _words(answer, "allow-methods")
    needed = {"authorization", "content-type", "tus-resumable", "upload-length", "upload-offset", "upload-metadata"}
    assert {*needed, "upload-checksum", "sixfaces-case"} <= {one.lower() for one in _words(answer, "allow-headers")}
    assert f"{CORS}allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("origin", [FOREIGN, "http://shop.example", "https://admin.example", "null", "*", ""])
def test_a_preflight_of_any_other_origin_is_told_nothing(open_url: str, origin: str) -> None:
    answer = preflight(open_url, "/v1/uploads", origin)
    assert told(answer) == set()
    assert "Origin" in answer.headers["vary"]


def test_answers_and_errors_can_be_read_by_the_page(api: Api, open_url: str) -> None:
    asked = {**api.admin.headers, **TUS, "Origin": SHOP, "Sixfaces-Case": api.new_case().file.case_id}
    made = httpx.post(f"{open_url}/v1/uploads", headers={**asked, "Upload-Length": "5"})
    path = made.headers["location"]
    shown = httpx.get(open_url + path, headers=asked)
    refused = httpx.post(f"{open_url}/v1/uploads", headers={"Origin": SHOP, **TUS})
    gone = httpx.head(f"{open_url}/v1/uploads/no-such", headers=asked)
    assert [one.status_code for one in (made, shown, refused, gone)] == [201, 200, 401, 404]
    for answer in (made, shown, refused, gone):
        assert answer.headers[f"{CORS}allow-origin"] == SHOP
        assert {"Location", "Upload-Offset", "Upload-Length", "Tus-Resumable"} <= _words(answer, "expose-headers")
    assert {"Accept-Language", "Origin"} <= {one.strip() for one in refused.headers["vary"].split(",")}


@pytest.mark.parametrize(
    "path",
    ["/v1/cases", "/v1/keys", "/v1/uploads/direct", "/v1/uploads/any/parts", "/v1/uploadsx", "/health/live", "/"],
)
def test_nothing_else_is_open_to_pages(api: Api, open_url: str, path: str) -> None:
    assert told(preflight(open_url, path, SHOP, "GET")) == set()
    assert told(httpx.get(open_url + path, headers={**api.admin.headers, "Origin": SHOP})) == set()


def test_no_origin_is_allowed_unless_it_is_set(api: Api) -> None:
    assert told(preflight(api.url, "/v1/uploads", SHOP)) == set()


@pytest.mark.parametrize(
    "value",
    [
        "",
        SHOP,
        f"{SHOP},{ADMIN}",
        f"{SHOP} , {ADMIN}",
        "http://127.0.0.1:8080",
        "http://[::1]:80",
        "capacitor://localhost",
    ],
)
def test_origins_are_taken_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SIXFACES_ALLOWED_ORIGINS", value)
    assert read_settings().allowed_origins == value


@pytest.mark.parametrize(
    "value",
    ["*", "null", "shop.example", f"{SHOP}/", f"{SHOP}/page", f"{SHOP},", "https://*.example", "https://Shop.example"],
)
def test_what_no_browser_sends_as_an_origin_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SIXFACES_ALLOWED_ORIGINS", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "SIXFACES_ALLOWED_ORIGINS" in caught.value.text.en


def _words(answer: httpx.Response, name: str) -> set[str]:
    return set(answer.headers[CORS + name].split(", "))
