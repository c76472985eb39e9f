"""Stored bytes as plain files. `store_s3` is the same over a bucket."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """What lies under which key."""

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Keys under a prefix (a folder's name with its slash) and their bytes."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes under the key, None if there is nothing."""
        ...

    def versions(self, key: str) -> int:
        """How many versions of bytes lie under the key, older and deleted ones too."""
        ...

    def digest(self, key: str) -> str:
        """SHA-256 of all bytes under a key that is there."""
        ...

    def read(self, key: str) -> bytes | None:
        """All bytes under the key, if there is anything."""
        ...


class Files:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """As in the interface."""
        for path, size in _files(str(self._root / prefix)):
            yield Path(path).relative_to(self._root).as_posix(), size

    def size(self, key: str) -> int | None:
        """As in the interface."""
        path = self._root / key
        return path.stat().st_size if path.is_file() else None

    def versions(self, key: str) -> int:
        """As in the interface."""
        return 1 if (self._root / key).is_file() else 0

    def digest(self, key: str) -> str:
        """As in the interface."""
        with (self._root / key).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def read(self, key: str) -> bytes | None:
        """As in the interface."""
        path = self._root / key
        return path.read_bytes() if path.is_file() else None


def _files(folder: str) -> Iterator[tuple[str, int]]:
    """All below a folder, entry by entry: one may hold a hundred thousand."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as found:
        for one in found:
            if one.is_dir(follow_symlinks=False):
                yield from _files(one.path)
            elif one.is_file():
                yield one.path, one.stat().st_size
