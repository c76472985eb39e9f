"""Keys that were found good, for a moment: a revoked key is worth nothing after MOST_S seconds."""

import threading
import time
from collections.abc import Callable, Collection, Mapping

from sixfaces.domain.people import ApiKey, Principal
from sixfaces.domain.records import Records, Transaction
from sixfaces.pipeline.keys import KeyText, principal_of, read_key_text, secret_fits

MOST_S = 2.0
MOST_KEPT = 10_000


class KeyCache:
    """Looks keys up. Only good secrets fill it, so strangers cannot push others out."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._kept: dict[str, tuple[float, ApiKey]] = {}
        self._lock = threading.Lock()

    def principal(self, text: str, *, may_look: Callable[[], None] = lambda: None) -> Principal | None:
        """Who holds the key of this text; None for any that is not good now. `may_look` is asked, and may raise, before
        the database is. Blocks."""
        given = read_key_text(text)
        if given is None:
            return None
        key = self._recent(given)
        if key is None:
            may_look()
            key = self._looked_up(given)
        return _principal(key, given)

    def known(self, text: str) -> Principal | None:
        """The same where the key was found good a moment ago, else None. Blocks nobody."""
        given = read_key_text(text)
        return None if given is None else _principal(self._recent(given), given)

    def principals(self, texts: Collection[str]) -> Mapping[str, Principal]:
        """Who holds these, without those that are not good now; one transaction, however many they are. Blocks."""
        given = {text: key for text in texts if (key := read_key_text(text)) is not None}
        found = {text: self._recent(key) for text, key in given.items()}
        if stale := [text for text, key in found.items() if key is None]:
            with self._records.begin(None, reading=True) as transaction:
                found.update({text: self._found(transaction, given[text]) for text in stale})
        who = {text: _principal(key, given[text]) for text, key in found.items()}
        return {text: one for text, one in who.items() if one is not None}

    def _recent(self, given: KeyText) -> ApiKey | None:
        with self._lock:
            until, key = self._kept.get(given.key_id, (0.0, None))
        return key if time.monotonic() < until else None

    def _looked_up(self, given: KeyText) -> ApiKey | None:
        with self._records.begin(None, reading=True) as transaction:
            return self._found(transaction, given)

    def _found(self, transaction: Transaction, given: KeyText) -> ApiKey | None:
        key, now = transaction.people.key(given.key_id), transaction.now
        if key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
            return None
        left = MOST_S if key.expires_at is None else min(MOST_S, (key.expires_at - now).total_seconds())
        if secret_fits(key, given):
            with self._lock:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[given.key_id] = (time.monotonic() + left, key)
        return key


def _principal(key: ApiKey | None, given: KeyText) -> Principal | None:
    return principal_of(key) if key is not None and secret_fits(key, given) else None
