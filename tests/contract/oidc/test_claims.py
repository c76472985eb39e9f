"""What a signed token's claims make of its holder, and which claims make them nobody."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.errors import IdentityError
from sixfaces.domain.identity import Person, TrustedIssuer, Vouched
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.persons import claimed, person_id, person_of

NOW = 1_800_000_000.0
ISSUER = "https://login.example/realms/shop"
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": ["account", "sixfaces"],
    "sub": "f81d4fae",
    "exp": NOW + 60,
    "iat": NOW - 60,
    "roles": ["sixfaces.reviewer", "offline_access"],
}


def trusting(**said: Any) -> TrustedIssuer:  # noqa: ANN401 of the model
    """An issuer as a setting names it."""
    tenancy = {} if "tenant_claim" in said else {"tenant": "main"}
    return TrustedIssuer(**{"issuer": ISSUER, "audience": "sixfaces", **tenancy, **said})


def person(claims: dict[str, Any] | None = None, *, issuer: TrustedIssuer | None = None) -> Person:
    """Of a good token with these claims instead; None leaves one out."""
    told = {name: value for name, value in {**GOOD, **(claims or {})}.items() if value is not None}
    return person_of(Vouched(issuer or trusting(), told), now=NOW, leeway_s=30)


def code(claims: dict[str, Any], *, issuer: TrustedIssuer | None = None) -> str:
    """Of the refusal."""
    with pytest.raises(IdentityError) as caught:
        person(claims, issuer=issuer)
    return caught.value.code


def test_a_good_token_makes_a_person_of_its_issuer_and_subject() -> None:
    one = person()
    assert (one.tenant, one.role, one.station) == ("main", ApiRole.REVIEWER, None)
    assert one.principal.actor == f"person:{one.id}"
    assert one.id == person({"roles": ["sixfaces.admin"], "exp": NOW + 3600}).id
    assert one.id == person_id(ISSUER, "f81d4fae")


@given(
    st.lists(
        st.tuples(st.sampled_from([ISSUER, "https://b.example", "https://b.example/x"]), st.text(max_size=20)),
        unique=True,
        min_size=2,
    )
)
def test_no_two_persons_have_one_id(named: list[tuple[str, str]]) -> None:
    ids = {person_id(issuer, subject) for issuer, subject in named}
    assert len(ids) == len(named)
    assert {(id[14], id[19] in "89ab") for id in ids} == {("8", True)}


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"exp": NOW - 31}, "identity.expired"),
        ({"exp": None}, "identity.claim"),
        ({"exp": math.nan}, "identity.claim"),
        ({"exp": math.inf}, "identity.claim"),
        ({"exp": True}, "identity.claim"),
        ({"exp": str(int(NOW) + 60)}, "identity.claim"),
        ({"exp": 1e18}, "identity.claim"),
        ({"nbf": NOW + 31}, "identity.not_yet"),
        ({"iat": NOW + 31}, "identity.not_yet"),
        ({"nbf": "soon"}, "identity.claim"),
        ({"aud": "another"}, "identity.audience"),
        ({"aud": None}, "identity.audience"),
        ({"aud": ["SIXFACES"]}, "identity.audience"),
        ({"aud": {"sixfaces": 1}}, "identity.audience"),
        ({"azp": ["a"]}, "identity.claim"),
        ({"typ": "Refresh"}, "identity.claim"),
        ({"iss": f"{ISSUER}/"}, "identity.token"),
        ({"exp": 10**400}, "identity.claim"),
        ({"nbf": -(10**400)}, "identity.claim"),
        ({"sub": None}, "identity.claim"),
        ({"sub": ""}, "identity.claim"),
        ({"sub": 7}, "identity.claim"),
        ({"sub": "a\nb"}, "identity.claim"),
        ({"sub": "\ud800"}, "identity.claim"),
        ({"sub": "x" * 256}, "identity.claim"),
        ({"roles": None}, "identity.role"),
        ({"roles": []}, "identity.role"),
        ({"roles": ["admin"]}, "identity.role"),
        ({"roles": [["sixfaces.admin"]]}, "identity.role"),
        ({"roles": {"sixfaces.admin": True}}, "identity.role"),
        ({"roles": ["sixfaces.station"]}, "identity.station"),
    ],
)
def test_a_claim_that_is_wrong_is_told(claims: dict[str, Any], expected: str) -> None:
    assert code(claims) == expected


@pytest.mark.parametrize("claims", [{"exp": NOW - 29}, {"nbf": NOW + 29}, {"iat": NOW + 29}, {"iat": None}])
def test_clocks_may_differ_a_little(claims: dict[str, Any]) -> None:
    assert person(claims).role is ApiRole.REVIEWER


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["sixfaces.admin"]}}),
        ("resource_access.six.faces.roles", {"resource_access": {"six.faces": {"roles": ["sixfaces.admin"]}}}),
        ("https://sixfaces.example/roles", {"https://sixfaces.example/roles": ["sixfaces.admin"]}),
        ("scope", {"scope": "openid sixfaces.admin"}),
    ],
)
def test_roles_are_found_where_providers_put_them(path: str, claims: dict[str, Any]) -> None:
    assert person(claims, issuer=trusting(roles_claim=path)).role is ApiRole.ADMIN


def test_a_path_that_leads_nowhere_is_no_claim() -> None:
    for path in ("a.b.c", "a", "x.b", "a.b.", ".a"):
        assert claimed({"x": 1, "a.b": [1]}, path) is None


def test_the_strongest_role_counts_and_a_mapping_replaces_our_names() -> None:
    assert person({"roles": ["sixfaces.batch", "sixfaces.reviewer"]}).role is ApiRole.REVIEWER
    mapped = trusting(roles={"QC-Lead": ApiRole.ADMIN, "QC": ApiRole.REVIEWER})
    assert person({"roles": ["QC", "QC-Lead"]}, issuer=mapped).role is ApiRole.ADMIN
    assert code({"roles": ["sixfaces.admin"]}, issuer=mapped) == "identity.role"


def test_a_tenant_comes_from_its_claim_within_bounds() -> None:
    free, bound = trusting(tenant_claim="org"), trusting(tenant_claim="org", tenants="shop-a, shop-b")
    assert person({"org": "shop-z"}, issuer=free).tenant == "shop-z"
    assert person({"org": "shop-b"}, issuer=bound).tenant == "shop-b"
    assert code({"org": "shop-z"}, issuer=bound) == "identity.tenant"
    for wrong in (None, "*", "", "Shop", "a b", ["shop-a"], "shop-a\n", "x" * 41):
        assert code({"org": wrong}, issuer=free) == "identity.tenant", wrong


def test_a_station_is_named_by_its_claim_only() -> None:
    issuer = trusting(station_claim="bay")
    assert person({"roles": "sixfaces.station", "bay": "BAY-1"}, issuer=issuer).principal.actor == "station:BAY-1"
    assert person({"bay": "BAY-1"}, issuer=issuer).station is None, "a reviewer is no station"
    assert code({"roles": "sixfaces.station", "bay": "bay 1"}, issuer=issuer) == "identity.station"


def test_only_named_clients_may_have_asked_for_the_token() -> None:
    issuer = trusting(clients="console, uploader")
    assert person({"azp": "console"}, issuer=issuer)
    assert person({"client_id": "uploader"}, issuer=issuer)
    for wrong in ({"azp": "other"}, {"azp": "other", "client_id": "console"}, {}):
        assert code(wrong, issuer=issuer) == "identity.audience"
