"""Public keys of a provider as its document of keys (RFC 7517) tells them. What is no public key for signatures of an
allowed kind is passed over: documents hold keys for other ends too."""

import base64
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sixfaces.domain.identity import Algorithm

if TYPE_CHECKING:
    from joserfc.jwk import Key

MOST = 100
"""Keys of one document that are looked at."""
MOST_UNNAMED = 4
"""Keys that are tried for a token that names none."""
_RSA_BITS = range(2048, 8193)
_PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_SIGNS = {
    ("RSA", ""): {Algorithm.RS256, Algorithm.PS256},
    ("EC", "P-256"): {Algorithm.ES256},
    ("OKP", "Ed25519"): {Algorithm.EDDSA, Algorithm.ED25519},
}
"""What keys of a type and curve sign with."""


class PublicKey(NamedTuple):
    """A key, its name, and what it may have signed with."""

    kid: str | None
    algorithms: frozenset[Algorithm]
    key: "Key"


def keys_in(document: dict[str, Any]) -> tuple[PublicKey, ...]:
    """The keys of the document."""
    listed = document.get("keys")
    return tuple(_read(listed[:MOST])) if isinstance(listed, list) else ()


def fitting(keys: Sequence[PublicKey], kid: str | None, algorithm: Algorithm) -> list[PublicKey]:
    """Keys that may have signed a token whose head says this."""
    found = [key for key in keys if algorithm in key.algorithms]
    return found[:MOST_UNNAMED] if kid is None else [key for key in found if key.kid == kid]


def _read(listed: list[Any]) -> Iterator[PublicKey]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry

    for told in listed:
        if not isinstance(told, dict) or told.get("use", "sig") != "sig":
            continue
        kid, algorithms = told.get("kid"), _algorithms(told)
        if not algorithms or not isinstance(kid, str | None):
            continue
        public = {name: told.get(name) for name in ("kty", *_PUBLIC[told["kty"]])}  # never a private part
        try:
            yield PublicKey(kid, algorithms, JWKRegistry.import_key(public))  # type: ignore[arg-type]  # checked by it
        except (JoseError, ValueError, TypeError, UnsupportedAlgorithm):
            continue


def _algorithms(told: dict[str, Any]) -> frozenset[Algorithm]:
    """None for keys that are too weak, too long to check quickly, or of another kind."""
    kind, curve, own = told.get("kty"), told.get("crv", ""), told.get("alg")
    if not isinstance(kind, str) or not isinstance(curve, str):
        return frozenset()
    signs = _SIGNS.get((kind, curve), set())
    if kind == "RSA" and _bits(told.get("n")) not in _RSA_BITS:
        return frozenset()
    if own in {Algorithm.EDDSA, Algorithm.ED25519}:
        own = None  # two names for one thing
    return frozenset(one for one in signs if own in {None, one.value})


def _bits(modulus: object) -> int:
    if not isinstance(modulus, str) or not modulus.isascii():
        return 0
    try:
        return int.from_bytes(base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))).bit_length()
    except ValueError:
        return 0
