"""Bytes of uploads on their way in: in a folder, or in the bucket beside the originals."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sixfaces.adapters.fsck.store import Store

MISSING, SHORT = "spool_missing", "spool_short"
_PREFIX = ".spool/"
_PIECE = re.compile(r"(\d{19})-(\d{19})-[0-9a-f]{64}")


class Spool(Protocol):
    """Where segments lie."""

    def lacks(self, place: str, start: int, end: int) -> str | None:
        """What is wrong with a segment's bytes from `start` to `end` of the upload: MISSING, SHORT or nothing."""
        ...

    def uploads(self) -> Iterator[str]:
        """Ids of uploads that have bytes here."""
        ...


class SpoolFolder:
    """One folder for each upload, one file for each writer, named `<token>-<start>-<random>`: its segments lie in it
    from its start on."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def lacks(self, place: str, start: int, end: int) -> str | None:
        """As in the interface."""
        path = self._root / place
        begins = path.name.split("-")[1:2]
        if not path.is_file() or not begins or not begins[0].isdigit():
            return MISSING
        return SHORT if path.stat().st_size < end - int(begins[0]) else None

    def uploads(self) -> Iterator[str]:
        """As in the interface."""
        yield from sorted(one.name for one in self._root.iterdir()) if self._root.is_dir() else ()


class SpoolBucket:
    """One object for each piece, named `<place>/<start>-<length>-<sha256>`, numbers of 19 digits."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def lacks(self, place: str, start: int, end: int) -> str | None:
        """As in the interface."""
        covered, is_any = start, False
        for key, size in sorted(self._store.listed(f"{_PREFIX}{place}/")):
            piece = _PIECE.fullmatch(key.rpartition("/")[2])
            begin = int(piece[1]) if piece else -1
            if piece and size == int(piece[2]) and begin <= covered:
                covered, is_any = max(covered, begin + size), True
        return None if covered >= end else SHORT if is_any else MISSING

    def uploads(self) -> Iterator[str]:
        """As in the interface."""
        yield from sorted({key.split("/")[1] for key, _ in self._store.listed(_PREFIX)})
