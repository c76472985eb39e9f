"""A provider of its own for each test, and who checks its tokens."""

from collections.abc import Iterator

import pytest

from sixfaces.adapters.oidc import key_source
from sixfaces.adapters.oidc.checker import TokenChecker
from sixfaces.domain.identity import TrustedIssuer
from tests.servers.issuer import AUDIENCE, Issuer, issuing


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """It runs and is in good health."""
    with issuing() as one:
        yield one


@pytest.fixture
def trusted(issuer: Issuer) -> TrustedIssuer:
    """As the settings trust it."""
    return TrustedIssuer(issuer=issuer.url, audience=AUDIENCE, tenant="main")


@pytest.fixture
def checker(trusted: TrustedIssuer) -> TokenChecker:
    """Trusts it and nobody else."""
    return TokenChecker([trusted])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider may be asked again at once."""
    monkeypatch.setattr(key_source, "PAUSE_S", 0.0)
