"""Only what a trusted provider has signed, with a key of its own and in a way that we allow, is a token."""

import json
import time
from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

from sixfaces.adapters.oidc.checker import LONGEST, TokenChecker
from sixfaces.adapters.oidc.key_sets import keys_in
from sixfaces.domain.errors import IdentityError
from sixfaces.domain.identity import Algorithm, TrustedIssuer
from tests.servers.issuer import AUDIENCE, Issuer, issuing, key_for, signed


def refused(checker: TokenChecker, token: str) -> str:
    """The code of the refusal."""
    with pytest.raises(IdentityError) as caught:
        checker.vouched(token)
    return caught.value.code


@pytest.mark.parametrize("algorithm", Algorithm)
def test_each_allowed_way_of_signing_is_taken(issuer: Issuer, checker: TokenChecker, algorithm: Algorithm) -> None:
    issuer.publish("mine", key_for(algorithm))
    vouched = checker.vouched(issuer.token(algorithm=algorithm, kid="mine"))
    assert (vouched.issuer.issuer, vouched.claims["sub"]) == (issuer.url, "alice")


def test_a_way_that_the_settings_leave_out_is_not_taken(issuer: Issuer) -> None:
    issuer.publish("rsa", key_for("RS256"))
    only = TrustedIssuer(issuer=issuer.url, audience=AUDIENCE, tenant="main", algorithms="ES256, EdDSA")
    assert TokenChecker([only]).vouched(issuer.token())
    assert refused(TokenChecker([only]), issuer.token(algorithm="RS256", kid="rsa")) == "identity.token"


def test_no_signature_and_shared_secrets_are_none(issuer: Issuer, checker: TokenChecker) -> None:
    key = key_for("RS256")
    assert isinstance(key, RSAKey)
    issuer.publish("rsa", key)
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "alice", "exp": int(time.time()) + 60}
    public = [key.as_pem(private=False), json.dumps(issuer.keys["rsa"]).encode(), issuer.keys["rsa"]["n"].encode()]
    forged = [signed({"alg": "HS256", "kid": "rsa"}, claims, key=text) for text in public]
    forged += [signed({"alg": name, "kid": "rsa"}, claims, key=None) for name in ("none", "None", "RS256")]
    forged += [f"{one}AAAA" for one in forged[3:]]
    assert {refused(checker, token) for token in forged} == {"identity.token"}


def test_a_key_signs_only_in_the_ways_of_its_kind(issuer: Issuer, checker: TokenChecker) -> None:
    issuer.publish("rsa", key_for("RS256"), alg="RS256")
    assert checker.vouched(issuer.token(algorithm="RS256", kid="rsa"))
    assert refused(checker, issuer.token(algorithm="PS256", kid="rsa", key=key_for("RS256"))) == "identity.token"
    assert refused(checker, issuer.token(algorithm="ES256", kid="rsa")) == "identity.token"


def test_what_was_changed_after_signing_is_refused(issuer: Issuer, checker: TokenChecker) -> None:
    head, body, signature = issuer.token().split(".")
    _, other, _ = issuer.token(sub="mallory").split(".")
    last = signature[-1]
    twisted = signature[:-1] + next(c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c != last)
    for token in (f"{head}.{other}.{signature}", f"{head}.{body}.{twisted}", f"{head}.{body}.", f"{head}.{body}"):
        assert refused(checker, token) == "identity.token"


def test_a_key_that_comes_with_the_token_proves_nothing(issuer: Issuer, checker: TokenChecker) -> None:
    mine = key_for("ES256", "mallory")
    with issuing() as other:
        other.publish("one", mine)
        for head in ({"jwk": mine.as_dict(private=False)}, {"jku": f"{other.url}/keys"}, {"x5u": other.url}, {}):
            assert refused(checker, issuer.token(key=mine, head=head)) == "identity.token"
        assert not other.asked


@pytest.mark.parametrize("kid", ["../../one", "/etc/passwd", "one\x00", "' OR 1=1 --", "ONE", "o" * 257, "http://x/"])
def test_a_name_of_a_key_is_a_name_and_nothing_else(issuer: Issuer, checker: TokenChecker, kid: str) -> None:
    assert checker.vouched(issuer.token())
    assert refused(checker, issuer.token(kid=kid)) == "identity.token"
    assert set(issuer.asked) <= set(issuer.documents())


@pytest.mark.parametrize(
    "head",
    [
        {"typ": "logout+jwt"},
        {"typ": "dpop+jwt"},
        {"typ": 1},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"kid": 1},
    ],
)
def test_a_head_that_means_something_else_is_refused(
    issuer: Issuer, checker: TokenChecker, head: dict[str, Any]
) -> None:
    assert refused(checker, issuer.token(head=head)) == "identity.token"


@pytest.mark.parametrize("kind", ["JWT", "at+jwt", "application/at+JWT", None])
def test_tokens_for_asking_may_say_so_or_nothing(issuer: Issuer, checker: TokenChecker, kind: str | None) -> None:
    assert checker.vouched(issuer.token(head={"typ": kind, "nonce": "what some providers add"}))


def test_a_token_without_a_keys_name_is_tried_with_the_few_that_fit(issuer: Issuer, checker: TokenChecker) -> None:
    issuer.publish("two", key_for("ES256", "two"))
    assert checker.vouched(issuer.token(kid=None, key=key_for("ES256", "two")))
    assert refused(checker, issuer.token(kid=None, key=key_for("ES256", "mallory"))) == "identity.token"


def test_nobody_is_asked_for_a_strangers_token(issuer: Issuer, checker: TokenChecker) -> None:
    for name in (f"{issuer.url}/", issuer.url.upper(), "https://login.example", None, [issuer.url], 1):
        assert refused(checker, issuer.token(iss=name)) == "identity.token"
    assert not issuer.asked


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "e30.e30.e30", "eyJ.eyJ.x=", "é.é.é", "W10.W10.AA"])
def test_what_is_no_token_at_all_is_told_as_such(checker: TokenChecker, token: str) -> None:
    assert refused(checker, token) == "identity.token"


def test_a_token_that_is_too_long_is_not_looked_at(issuer: Issuer, checker: TokenChecker) -> None:
    assert refused(checker, issuer.token(more="x" * LONGEST)) == "identity.token"
    assert not issuer.asked


def test_keys_that_are_weak_secret_or_for_other_ends_are_passed_over() -> None:
    with pytest.warns(SecurityWarning):
        weak = RSAKey.generate_key(1024).as_dict(private=False)
    good = key_for("ES256").as_dict(private=True)
    document = {
        "keys": [
            weak,
            {"kty": "oct", "k": "YSBzZWNyZXQgdGhhdCB0d28gc2hhcmU", "alg": "HS256"},
            {**good, "use": "enc"},
            {**good, "x": "AAAA"},
            {**good, "kty": ["EC"]},
            {**good, "kid": 7},
            {"kty": "RSA", "n": "!!!", "e": "AQAB"},
            "no key",
            {**good, "kid": "good"},
        ]
    }
    (one,) = keys_in(document)
    assert one.kid == "good"
    assert "d" not in one.key.as_dict(), "a private part that a provider lets out is not kept"
