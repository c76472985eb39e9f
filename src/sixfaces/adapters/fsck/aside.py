"""What has been seen, kept in a file that goes by itself: a look at millions of rows takes no more memory than one at a
few."""

import hashlib
import sqlite3

_LARGEST_KIB = 16 * 1024
"""Memory of one of these, whatever is in it."""


class Aside:
    """Texts, each with a text beside it. Remembered by 128 bits of a digest: what is looked at may be as long as it
    likes."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None)  # a file without a name
        self._kept.execute(f"PRAGMA cache_size=-{_LARGEST_KIB}")
        self._kept.execute("PRAGMA journal_mode=OFF")
        self._kept.execute("CREATE TABLE kept (key BLOB PRIMARY KEY, beside TEXT) WITHOUT ROWID")
        self._kept.execute("BEGIN")

    def __contains__(self, text: str) -> bool:
        return self._kept.execute("SELECT 1 FROM kept WHERE key = ?", (_key(text),)).fetchone() is not None

    def __del__(self) -> None:
        self._kept.close()

    def add(self, text: str) -> bool:
        """Whether it is new."""
        return self._kept.execute("INSERT OR IGNORE INTO kept VALUES (?, NULL)", (_key(text),)).rowcount == 1

    def put(self, text: str, beside: str) -> None:
        """Remember what stands beside it, in place of what stood there."""
        self._kept.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (_key(text), beside))

    def get(self, text: str) -> str | None:
        """What stands beside it; None where there is nothing."""
        row = self._kept.execute("SELECT beside FROM kept WHERE key = ?", (_key(text),)).fetchone()
        return None if row is None else row[0]


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
