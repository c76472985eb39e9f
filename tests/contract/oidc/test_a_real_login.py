"""A provider that nobody here wrote: somebody signs in there, and its token opens the API."""

import secrets
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sixfaces.config import Settings
from sixfaces.pipeline.persons import person_id
from tests.contract.api.conftest import FAST
from tests.contract.api.running import running
from tests.rig.installation import prepared

CLIENT, BACK = "sixfaces-console", "http://localhost/back"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a login server."""
    with warnings.catch_warnings(record=True):  # it announces changes, also while it runs
        warnings.simplefilter("ignore")
        from oidc_provider_mock import (  # type: ignore[import-untyped]  # it says nothing of types
            User,
            run_server_in_thread,
        )

        users = [User(sub="zhang.wei", claims={"realm_access": {"roles": ["qc-lead", "uma_authorization"]}})]
        with run_server_in_thread(user_claims=users) as server:
            yield f"http://localhost:{server.server_port}"


def signed_in(provider: str, subject: str, *, client: str = CLIENT) -> str:
    """The ID token of the authorization code flow, as a browser and a console get it."""
    asked = {
        "client_id": client,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "nonce": secrets.token_hex(8),
    }
    answer = httpx.post(f"{provider}/oauth2/authorize", params=asked, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    (code,) = parse_qs(urlsplit(answer.headers["location"]).query)["code"]
    told = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    given = httpx.post(f"{provider}/oauth2/token", data=told, auth=(client, "secret"))
    token: str = given.raise_for_status().json()["id_token"]
    return token


def test_who_signs_in_there_works_here(provider: str, tmp_path: Path) -> None:
    settings = Settings(
        data=prepared(tmp_path),
        **FAST,
        oidc_issuer=provider,
        oidc_audience=CLIENT,
        oidc_tenant="main",
        oidc_roles_claim="realm_access.roles",
        oidc_roles={"qc-lead": "reviewer"},
    )
    with running(settings) as api:
        token = signed_in(provider, "zhang.wei")
        case = api.new_case(token)
        (opened,) = api.ask("GET", f"/v1/cases/{case['id']}/custody", key=token).json()["entries"]
        assert opened["actor"] == f"person:{person_id(provider, 'zhang.wei')}"
        assert api.ask("GET", "/v1/keys", key=token).json()["code"] == "request.forbidden"
        nobody = api.ask("GET", "/v1/cases", key=signed_in(provider, "li.na"))
        assert (nobody.status_code, nobody.json()["code"]) == (403, "identity.role")
        another = api.ask("GET", "/v1/cases", key=signed_in(provider, "zhang.wei", client="webshop"))
        assert (another.status_code, another.json()["code"]) == (401, "identity.audience")
