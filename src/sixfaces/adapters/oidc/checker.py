"""Tokens (JWT, RFC 7519) checked by the keys of the issuers that are trusted.

1. read      three parts, small, in the one spelling of base64url; the head names an algorithm of ours and a token's
             type
2. issuer    one that is trusted, by its exact name: nobody else's keys are asked for
3. signature by a key of that issuer that signs with this algorithm. Keys and addresses in the token itself are not
             looked at
"""

import base64
import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sixfaces.adapters.oidc.key_sets import PublicKey
from sixfaces.adapters.oidc.key_source import KeySource
from sixfaces.domain.identity import Algorithm, TrustedIssuer, Vouched, named
from sixfaces.pipeline.identity_errors import untrusted

LONGEST = 12_288
LONGEST_KID = 256
_FORM = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)", re.ASCII)
_TYPES = frozenset({"jwt", "at+jwt", "application/jwt", "application/at+jwt"})
"""Of tokens that a service is asked with; not of those that log out, prove a key or carry events."""


class Head(NamedTuple):
    """What a token says of its own signature."""

    algorithm: Algorithm
    kid: str | None


class TokenChecker:
    """Implements `domain.identity.Tokens`."""

    def __init__(self, issuers: Iterable[TrustedIssuer], *, is_insecure: bool = False) -> None:
        self._trusted = {
            issuer.issuer: (issuer, KeySource(issuer, is_insecure=is_insecure), named(issuer.algorithms))
            for issuer in issuers
        }

    def vouched(self, text: str) -> Vouched:
        """As in the interface."""
        parts = _FORM.fullmatch(text) if len(text) <= LONGEST else None
        if parts is None:
            raise untrusted()
        head, said = head_of(_object(parts[1])), _object(parts[2])
        issuer, source, algorithms = self._trusted.get(str(said.get("iss")), (None, None, frozenset[str]()))
        if issuer is None or source is None or head.algorithm not in algorithms:
            raise untrusted()
        for key in source.find(head.kid, head.algorithm):
            if _is_signed(text, key, head.algorithm):
                return Vouched(issuer, said)
        raise untrusted()


def head_of(head: dict[str, Any]) -> Head:
    """1. Raises IdentityError."""
    algorithm, kid, kind = head.get("alg"), head.get("kid"), head.get("typ", "JWT")
    if algorithm not in set(Algorithm) or not isinstance(kid, str | None) or not isinstance(kind, str):
        raise untrusted()
    if kind.lower() not in _TYPES or "crit" in head or "b64" in head or len(kid or "") > LONGEST_KID:
        raise untrusted()
    return Head(Algorithm(algorithm), kid)


def _is_signed(text: str, key: PublicKey, algorithm: Algorithm) -> bool:
    """3."""
    from joserfc.errors import JoseError
    from joserfc.jws import JWSRegistry

    said, _, signature = text.rpartition(".")
    model = JWSRegistry.algorithms[algorithm.value]  # one of ours: never what the token asks for beyond them
    try:
        model.check_key(key.key)
        return model.verify(said.encode("ascii"), _decoded(signature), key.key)
    except (JoseError, ValueError):
        return False


def _object(part: str) -> dict[str, Any]:
    """A part's JSON object. Raises IdentityError."""
    try:
        tree = json.loads(_decoded(part))
    except (ValueError, RecursionError):
        raise untrusted() from None
    if not isinstance(tree, dict):
        raise untrusted()
    return tree


def _decoded(part: str) -> bytes:
    """Raises ValueError for any spelling but the one."""
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(data).decode("ascii").rstrip("=") != part:
        raise ValueError("base64url in another spelling")
    return data
