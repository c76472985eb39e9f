"""From a token's claims to a person. The signature has been checked before; in this order then:

1. for us     the issuer exactly, the audience, who asked for the token, what kind of token it is
2. now        neither expired nor from the future, within the leeway
3. rights     role, tenant and station, as this issuer is believed them
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sixfaces.domain.identity import Person, TrustedIssuer, Vouched, named
from sixfaces.domain.people import STATION, TENANT, ApiRole
from sixfaces.pipeline import identity_errors as errors

LONGEST_SUBJECT = 255
_STRONGEST_FIRST = (ApiRole.ADMIN, ApiRole.REVIEWER, ApiRole.BATCH, ApiRole.STATION)
_NOT_FOR_ASKING = frozenset({"refresh", "offline", "logout"})
"""Kinds of token, as some providers state them in the claim `typ`, that no service is to be asked with."""
_LARGEST_TIME = 253_402_300_799
"""The last second of the calendar."""


def person_of(vouched: Vouched, *, now: float, leeway_s: float) -> Person:
    """Who holds the token, seen at `now` (seconds since 1970). Raises IdentityError `identity.claim`, `.audience`,
    `.expired`, `.not_yet`, `.role`, `.tenant`, `.station`."""
    issuer, claims = vouched
    _check_for_us(issuer, claims)
    _check_now(claims, now=now, leeway_s=leeway_s)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise errors.malformed("sub")
    role = _role(issuer, claims)
    seen = datetime.fromtimestamp(now, UTC)
    return Person(
        id=person_id(issuer.issuer, subject),
        tenant=_tenant(issuer, claims),
        issuer=issuer.issuer,
        subject=subject,
        role=role,
        station=_station(issuer, claims) if role is ApiRole.STATION else None,
        first_seen_at=seen,
        last_seen_at=seen,
    )


def person_id(issuer: str, subject: str) -> str:
    """The first 16 bytes of SHA-256 of `sixfaces.person/1`, the issuer and the subject, a line feed between each, as a
    UUID of version 8."""
    digest = bytearray(hashlib.sha256(f"sixfaces.person/1\n{issuer}\n{subject}".encode()).digest()[:16])
    digest[6] = 0x80 | digest[6] & 0x0F
    digest[8] = 0x80 | digest[8] & 0x3F
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def claimed(claims: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 a claim may be any JSON
    """What the claims say under a path such as `realm_access.roles`; None where they say nothing. A name may have dots
    of its own, as addresses have that some providers put before theirs: the longest that is there is taken."""
    for name, rest in _splits(path):
        if name not in claims:
            continue
        value = claims[name]
        if rest is None:
            return value
        return claimed(value, rest) if isinstance(value, Mapping) else None
    return None


def _splits(path: str) -> Iterator[tuple[str, str | None]]:
    parts = path.split(".")
    yield path, None
    for count in range(len(parts) - 1, 0, -1):
        yield ".".join(parts[:count]), ".".join(parts[count:])


def _check_for_us(issuer: TrustedIssuer, claims: Mapping[str, Any]) -> None:
    """1."""
    if claims.get("iss") != issuer.issuer:
        raise errors.untrusted()
    audience = claims.get("aud")
    if not named(issuer.audience).intersection(_texts(audience)):
        raise errors.wrong_audience()
    for name in ("azp", "client_id"):
        if name in claims and not isinstance(claims[name], str):
            raise errors.malformed(name)
    if issuer.clients and claims.get("azp", claims.get("client_id")) not in named(issuer.clients):
        raise errors.wrong_audience()
    kind = claims.get("typ")
    if isinstance(kind, str) and kind.lower() in _NOT_FOR_ASKING:
        raise errors.malformed("typ")


def _check_now(claims: Mapping[str, Any], *, now: float, leeway_s: float) -> None:
    """2."""
    if _instant(claims, "exp", is_needed=True) + leeway_s <= now:
        raise errors.expired()
    for name in ("nbf", "iat"):
        if _instant(claims, name) - leeway_s > now:
            raise errors.not_yet()


def _instant(claims: Mapping[str, Any], name: str, *, is_needed: bool = False) -> float:
    value = claims.get(name, None if is_needed else 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise errors.malformed(name)
    if not 0 <= value <= _LARGEST_TIME:  # NaN is not either, and a whole number may have hundreds of digits
        raise errors.malformed(name)
    return float(value)


def _role(issuer: TrustedIssuer, claims: Mapping[str, Any]) -> ApiRole:
    """The strongest of those that it gives."""
    given = {issuer.meanings[text] for text in _texts(claimed(claims, issuer.roles_claim)) if text in issuer.meanings}
    role = next((role for role in _STRONGEST_FIRST if role in given), None)
    if role is None:
        raise errors.no_role()
    return role


def _tenant(issuer: TrustedIssuer, claims: Mapping[str, Any]) -> str:
    if issuer.tenant_claim is None:
        assert issuer.tenant is not None  # of the two it has one
        return issuer.tenant
    tenant = claimed(claims, issuer.tenant_claim)
    if not isinstance(tenant, str) or not re.fullmatch(TENANT, tenant, re.ASCII):
        raise errors.no_tenant()
    if issuer.tenants is not None and tenant not in named(issuer.tenants):
        raise errors.no_tenant()
    return tenant


def _station(issuer: TrustedIssuer, claims: Mapping[str, Any]) -> str:
    station = claimed(claims, issuer.station_claim) if issuer.station_claim else None
    if not isinstance(station, str) or not re.fullmatch(STATION, station, re.ASCII):
        raise errors.no_station()
    return station


def _texts(value: object) -> list[str]:
    """Texts of a claim that is a list of them, or one text with spaces between, as `scope` is."""
    if isinstance(value, str):
        return value.split()
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
