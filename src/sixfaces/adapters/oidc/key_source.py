"""The keys of one provider, kept at hand: requests do not wait for it, and it hears of us seldom.

- keys are asked for anew every FRESH_S, by a thread of their own, while those at hand go on serving
- where the provider is away, those at hand serve for MOST_STALE_S
- a token that names an unknown key has them asked for anew: a provider that changes its keys is noticed at once. But
  never sooner than PAUSE_S after the last time, whoever asks and however often
- requests that must wait for the provider are few: the others are told that it is away, so that a provider that hangs
  holds up nobody who asks by a key
"""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import NamedTuple

import structlog

from sixfaces.adapters.oidc.fetching import AwayError, fetched, is_safe
from sixfaces.adapters.oidc.key_sets import PublicKey, fitting, keys_in
from sixfaces.domain.identity import Algorithm, TrustedIssuer
from sixfaces.pipeline.identity_errors import provider_away

log = structlog.get_logger()

FRESH_S = 300.0
MOST_STALE_S = 24 * 3600.0
PAUSE_S = 10.0
WAIT_S = 5.0
MOST_WAITING = 4
DISCOVERY = "/.well-known/openid-configuration"


class _Held(NamedTuple):
    keys: tuple[PublicKey, ...]
    at: float


class KeySource:
    """One for each trusted issuer. `is_insecure`: plain HTTP is good enough, also beyond this machine."""

    def __init__(self, issuer: TrustedIssuer, *, is_insecure: bool = False) -> None:
        self._issuer = issuer
        self._is_insecure = is_insecure
        self._held: _Held | None = None
        self._tried = float("-inf")
        self._asking: Future[None] | None = None
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._thread = ThreadPoolExecutor(1, "identity-provider")

    def find(self, kid: str | None, algorithm: Algorithm) -> Sequence[PublicKey]:
        """Keys that may have signed a token whose head says this; none where the provider has none such. Raises
        IdentityError `identity.provider_away` where that cannot be found out now. Blocks for WAIT_S at most."""
        age = self._age()
        if age > MOST_STALE_S:
            self._ask(is_waiting=True)
        elif age > FRESH_S:
            self._ask(is_waiting=False)
        found = self._fitting(kid, algorithm)
        if not found and self._age() <= MOST_STALE_S:
            self._ask(is_waiting=True)
            found = self._fitting(kid, algorithm)
        if not found and not self._has_answered():
            raise provider_away()
        return found

    def _fitting(self, kid: str | None, algorithm: Algorithm) -> Sequence[PublicKey]:
        held = self._held
        fresh = held is not None and time.monotonic() - held.at <= MOST_STALE_S
        return fitting(held.keys, kid, algorithm) if held is not None and fresh else ()

    def _age(self) -> float:
        held = self._held
        return float("inf") if held is None else time.monotonic() - held.at

    def _has_answered(self) -> bool:
        """Whether the provider gave its keys when it was asked last."""
        held = self._held
        return held is not None and held.at >= self._tried

    def _ask(self, *, is_waiting: bool) -> None:
        with self._lock:
            if (self._asking is None or self._asking.done()) and time.monotonic() - self._tried >= PAUSE_S:
                self._tried = time.monotonic()
                self._asking = self._thread.submit(self._fetch)
            asking = self._asking
        if asking is None or not is_waiting or not self._places.acquire(blocking=False):
            return
        try:
            if wait([asking], WAIT_S).done:
                asking.result()
        finally:
            self._places.release()

    def _fetch(self) -> None:
        try:
            keys = keys_in(fetched(self._address()))
            if not keys:
                raise AwayError("no key that signs")
        except AwayError as exc:
            log.warning("provider_away", code=str(exc))
            return
        self._held = _Held(keys, time.monotonic())

    def _address(self) -> str:
        """Where the keys are: as set, or as the provider's own document says. Raises AwayError."""
        if self._issuer.jwks_url is not None:
            return self._issuer.jwks_url
        told = fetched(self._issuer.issuer.removesuffix("/") + DISCOVERY)
        if told.get("issuer") != self._issuer.issuer:
            raise AwayError("it calls itself otherwise")
        address = told.get("jwks_uri")
        if not isinstance(address, str) or not (is_safe(address) or self._may_be_plain(address)):
            raise AwayError("its keys are at no safe address")
        return address

    def _may_be_plain(self, address: str) -> bool:
        return self._is_insecure and address.startswith("http://")
