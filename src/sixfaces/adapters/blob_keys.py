"""Which keys a store of bytes takes, and which of them are evidence that is never replaced or removed."""

import re

ORIGINALS = "originals/"
_PART = r"[a-z0-9_-][a-z0-9._-]*"
_KEY = re.compile(rf"{_PART}(?:/{_PART})*")
_LONGEST = 900


def checked(key: str) -> str:
    """The key itself. ValueError for one that leaves the store, hides, or that some store could not take."""
    if len(key) > _LONGEST or not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key[:80]!r}")
    return key


def derived(key: str) -> str:
    """The key of bytes that may be replaced and removed. ValueError for an original's."""
    if checked(key).startswith(ORIGINALS):
        raise ValueError(f"an original is sealed, and never replaced or removed: {key}")
    return key


def names_digest(key: str, sha256: str) -> bool:
    """Whether the key says itself which bytes lie under it."""
    return key.rsplit("/", 1)[-1] == sha256
