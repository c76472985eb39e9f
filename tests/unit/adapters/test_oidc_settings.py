"""Settings of identity providers that cannot be are told at the start, and plain HTTP is for this machine alone."""

from typing import Any

import pytest

from sixfaces.bootstrap import tokens
from sixfaces.config import Settings
from sixfaces.domain.errors import SettingsError

ONE: dict[str, Any] = {"oidc_issuer": "https://a.example", "oidc_audience": "sixfaces", "oidc_tenant": "main"}
OTHER = {"issuer": "https://b.example", "audience": "sixfaces", "tenant": "other"}


def test_without_a_provider_nobody_checks_tokens() -> None:
    assert tokens(Settings()) is None


@pytest.mark.parametrize(
    "settings",
    [
        ONE,
        {**ONE, "oidc_issuers": [OTHER]},
        {"oidc_issuers": [OTHER]},
        {**ONE, "oidc_issuer": "http://127.0.0.1:8080/realms/x"},
        {**ONE, "oidc_issuer": "http://[::1]:8080"},
        {**ONE, "oidc_issuer": "http://localhost"},
        {**ONE, "oidc_issuer": "http://login.lan", "oidc_insecure": True},
        {**ONE, "oidc_tenant": None, "oidc_tenant_claim": "org"},
        {"oidc_issuers": [{"issuer": "https://b.example", "audience": "x", "tenant_claim": "org"}]},
    ],
)
def test_providers_that_can_be_trusted_are(settings: dict[str, Any]) -> None:
    assert tokens(Settings(**settings)) is not None


@pytest.mark.parametrize(
    "settings",
    [
        {**ONE, "oidc_audience": None},
        {**ONE, "oidc_tenant": None},
        {**ONE, "oidc_tenant_claim": "org"},
        {**ONE, "oidc_algorithms": "RS256,HS256"},
        {**ONE, "oidc_algorithms": "none"},
        {**ONE, "oidc_issuer": "http://login.lan"},
        {**ONE, "oidc_issuer": "http://127.0.0.1.login.lan"},
        {**ONE, "oidc_jwks_url": "http://login.lan/keys"},
        {**ONE, "oidc_issuers": [{**OTHER, "issuer": "https://a.example"}]},
        {**ONE, "oidc_issuers": [{"issuer": "https://b.example", "audience": "x", "tenant_claim": "org"}]},
    ],
)
def test_providers_that_cannot_be_are_told_of(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        tokens(Settings(**settings))
    assert caught.value.code == "settings.oidc"
    assert "SIXFACES_OIDC" in caught.value.fix.en
