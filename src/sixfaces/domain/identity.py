"""Persons, known by the tokens of identity providers (OpenID Connect), and which providers are believed what."""

import re
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Protocol

from pydantic import AwareDatetime, Field, model_validator

from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import ApiRole, Id, Principal, StationId, TenantId

_URL = r"^https?://[^\s\x00-\x20@?#\\]+$"

Url = Annotated[str, Field(pattern=_URL, max_length=500)]
"""An absolute address without credentials, query and fragment."""

Names = Annotated[str, Field(pattern=r"^[\x21-\x7e]+( *, *[\x21-\x7e]+)*$", max_length=2000)]
"""One name or several, with commas between."""

Claim = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]
"""A claim's name; dots lead into claims within it."""


class Algorithm(StrEnum):
    """How tokens may be signed: by a private key that only the provider has. Shared secrets have no place here."""

    RS256 = "RS256"
    PS256 = "PS256"
    ES256 = "ES256"
    EDDSA = "EdDSA"
    ED25519 = "Ed25519"
    """The name that RFC 9864 gives to EdDSA with this curve."""


ALGORITHMS = ",".join(Algorithm)

ROLES = {f"sixfaces.{role.value}": role for role in ApiRole}
"""What a provider calls our roles unless told otherwise. Never the bare names: providers have an `admin` themselves."""


class TrustedIssuer(Model):
    """An identity provider, and what its tokens are believed: for whom they must be, and which of their claims give
    role, tenant and station. Of `tenant` and `tenant_claim` it has exactly one; `tenants` bounds what the claim may
    name, `clients` who may have asked for the token."""

    issuer: Url
    audience: Names
    clients: Names | None = None
    algorithms: Annotated[str, Field(pattern=rf"^({'|'.join(Algorithm)})( *, *({'|'.join(Algorithm)}))*$")] = ALGORITHMS
    jwks_url: Url | None = None
    roles_claim: Claim = "roles"
    roles: dict[str, ApiRole] = Field(default_factory=dict)
    tenant: TenantId | None = None
    tenant_claim: Claim | None = None
    tenants: Names | None = None
    station_claim: Claim | None = None

    @model_validator(mode="after")
    def _one_tenancy(self) -> "TrustedIssuer":
        if (self.tenant is None) is (self.tenant_claim is None):
            raise ValueError("of tenant and tenant_claim exactly one is set")
        return self

    @property
    def meanings(self) -> dict[str, ApiRole]:
        """Values of the roles' claim and what they stand for."""
        return self.roles or ROLES


def named(names: str | None) -> frozenset[str]:
    """The names in a list with commas."""
    return frozenset(re.split(r" *, *", names.strip())) if names else frozenset()


class Person(Model):
    """Somebody whom an identity provider vouches for, in one tenant. `id` is made of issuer and subject, so that the
    same person has it always and no other ever; the custody log names persons by it and by nothing else."""

    id: Id
    tenant: TenantId
    issuer: Text
    subject: Text
    role: ApiRole
    station: StationId | None = None
    first_seen_at: AwareDatetime
    last_seen_at: AwareDatetime
    blocked_at: AwareDatetime | None = None
    """Since when an admin lets them in no more, whatever their provider says."""

    @property
    def principal(self) -> Principal:
        """As whom they act."""
        return Principal(tenant=self.tenant, key_id=self.id, role=self.role, station=self.station)


class Vouched(NamedTuple):
    """The claims of a token whose signature is the issuer's. Nothing else of it has been looked at."""

    issuer: TrustedIssuer
    claims: dict[str, Any]


class Tokens(Protocol):
    """Knows the keys of the trusted issuers, and by them whether a token is theirs."""

    def vouched(self, text: str) -> Vouched:
        """Raises IdentityError `identity.token` where nobody trusted has signed it, `identity.provider_away` where that
        cannot be found out now. Blocks, for a few seconds at most."""
        ...
