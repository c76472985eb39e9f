"""A small identity provider for tests, over real HTTP on a free loopback port: it can be away, hang or lie."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from sixfaces.adapters.oidc.key_source import DISCOVERY

AUDIENCE = "sixfaces"
_MADE: dict[str, Callable[[], Key]] = {
    "RS256": lambda: RSAKey.generate_key(2048),
    "PS256": lambda: RSAKey.generate_key(2048),
    "ES256": lambda: ECKey.generate_key("P-256"),
    "EdDSA": lambda: OKPKey.generate_key("Ed25519"),
    "Ed25519": lambda: OKPKey.generate_key("Ed25519"),
}


@cache
def key_for(algorithm: str, name: str = "one") -> Key:
    """A private key, the same for the same name: they take long to make."""
    return _MADE[algorithm]()


class Issuer:
    """A provider that runs. `keys` are its public ones by name, `asked` counts what it was asked for."""

    def __init__(self) -> None:
        self.url = ""
        self.calls_itself: str | None = None
        self.keys_at: str | None = None
        self.keys: dict[str, dict[str, Any]] = {}
        self.asked: Counter[str] = Counter()
        self.is_down = threading.Event()
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.publish("one", key_for("ES256"))

    def publish(self, kid: str, key: Key, **said: Any) -> None:  # noqa: ANN401 of a JWK
        """From now on this is one of its keys."""
        self.keys[kid] = {**key.as_dict(private=False), "kid": kid, "use": "sig", **said}

    def token(
        self,
        *,
        algorithm: str = "ES256",
        key: Key | None = None,
        kid: str | None = "one",
        head: dict[str, Any] | None = None,
        **claims: Any,  # noqa: ANN401 of a token
    ) -> str:
        """A token of a reviewer, good for a minute, with what is said otherwise; a claim of None is left out."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": "alice", "iat": now, "exp": now + 60}
        said = {**usual, "roles": ["sixfaces.reviewer"], **claims}
        told = {"alg": algorithm, "typ": "JWT", "kid": kid, **(head or {})}
        return signed(
            {name: value for name, value in told.items() if value is not None},
            {name: value for name, value in said.items() if value is not None},
            key=key or key_for(algorithm),
        )

    def documents(self) -> dict[str, Any]:
        """What it answers, by path."""
        discovery = {"issuer": self.calls_itself or self.url, "jwks_uri": self.keys_at or f"{self.url}/keys"}
        return {DISCOVERY: discovery, "/keys": {"keys": list(self.keys.values())}}


def signed(head: dict[str, Any], claims: dict[str, Any], *, key: Key | bytes | None) -> str:
    """A token with exactly this head; bytes sign as a shared secret, None leaves the signature empty."""
    said = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(claims).encode())}"
    if key is None:
        return f"{said}."
    if isinstance(key, bytes):
        return f"{said}.{_encoded(hmac.digest(key, said.encode(), hashlib.sha256))}"
    return f"{said}.{_encoded(JWSRegistry.algorithms[head['alg']].sign(said.encode(), key))}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def issuing() -> Iterator[Issuer]:
    """One that runs while the block lasts."""
    issuer = Issuer()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked[self.path] += 1
            issuer.goes_on.wait(30)
            document = issuer.documents().get(self.path)
            body = json.dumps(document).encode()
            is_good = document is not None and not issuer.is_down.is_set()
            self.send_response(200 if is_good else 503)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the tests count."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield issuer
    finally:
        issuer.goes_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
