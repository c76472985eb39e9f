"""What the pipeline needs of a store of bytes, as plain interfaces.

Keys are relative POSIX paths of `[a-z0-9._-]` parts. Originals are write-once and content-addressed
(`originals/<tenant>/<2 hex>/<sha256>`), so that writing one twice is harmless; derived bytes may be replaced.
Errors: StoreError `store.missing`, `store.corrupt`, `store.unreadable` (these bytes only), `store.full`,
`store.unavailable`, `store.exists`, `store.locked`.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from sixfaces.domain.upload import Segment


def original_key(tenant: str, sha256: str) -> str:
    """Where a tenant's original of this digest lies."""
    return f"originals/{tenant}/{sha256[:2]}/{sha256}"


class StoreTraits(NamedTuple):
    """What a store was seen to keep, by probing it at start and never by its name.

    gaps: what it promised or pretended and did not do, as codes such as `write_once` or `object_lock`. Every receipt
    carries them: bytes in a store with gaps are `unprotected` against those who hold its keys.
    """

    name: str
    gaps: tuple[str, ...]

    @property
    def protected(self) -> bool:
        """Whether nothing was found missing."""
        return not self.gaps


class FileMark(NamedTuple):
    """How a local file looked when all of its bytes had been read back and were those that were written: one that still
    looks so need not be read a second time."""

    device: int
    inode: int
    size: int
    mtime_ns: int


class Blobs(Protocol):
    """The store of bytes."""

    traits: StoreTraits

    def seal(self, key: str, path: Path, *, sha256: str, mark: FileMark | None = None) -> None:
        """Store a file's bytes for good. On return they are on disk under their key, read back and equal to `sha256`.
        The same key again with the same bytes is no error; with other bytes StoreError `store.exists`. `mark`: of the
        file when its writer had read back bytes of this digest."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Store derived bytes, whole or not at all."""
        ...

    def get(self, key: str) -> bytes | None:
        """Derived bytes."""
        ...

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> AbstractContextManager[Iterator[bytes]]:
        """A stretch of bytes in pieces of at most 1 MiB. Raises `store.missing`."""
        ...

    def fetched(self, key: str, *, sha256: str, again: bool = False) -> AbstractContextManager[Path]:
        """The original's bytes as a local file for reading, checked against the digest first: raises `store.corrupt`
        if one bit differs. `again`: one that was fetched and checked within the last hour will do, as long as it is
        still the file that it was then."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes under the key, None if there is nothing."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """Keys under a prefix, in order."""
        ...

    def remove(self, key: str) -> None:
        """Derived bytes only: raises ValueError for an original."""
        ...

    def held_until(self, key: str) -> datetime | None:
        """Until when the store itself lets nobody remove what lies under the key, any version of it; None where it may
        go now."""
        ...

    def erase(self, key: str) -> None:
        """Remove whatever lies under the key for good, with all versions of it, an original too: only ever on behalf of
        an erasure. What is not there need not go. Raises `store.locked` where the store does not let go of it."""
        ...


class SpoolWriter(Protocol):
    """One writer's bytes of an upload, on their way to disk."""

    def write(self, data: bytes) -> None:
        """Append. Not safe yet."""
        ...

    def flush(self) -> Segment | None:
        """Bring to disk what was written since the last flush: the segment of these bytes, None if there are none.
        What a flush returned survives any crash."""
        ...

    def close(self) -> None:
        """No more bytes; what was not flushed is dropped."""
        ...

    def mark(self) -> FileMark | None:
        """Once it is closed: of the file that holds all of its bytes, each read back as it was written; None where
        they are not in such a file."""
        ...


class Spool(Protocol):
    """Where bytes lie until they are whole. Each writer has a place of its own, so that two never mix."""

    def writer(self, upload_id: str, *, token: int, start: int) -> SpoolWriter:
        """A place for bytes from `start` on."""
        ...

    def assembled(self, upload_id: str, segments: Iterable[Segment]) -> AbstractContextManager[Path]:
        """All bytes of the segments as one local file. Cheap where one segment holds them all."""
        ...

    def read(self, segment: Segment) -> AbstractContextManager[BinaryIO]:
        """One segment's bytes."""
        ...

    def forget(self, upload_id: str) -> None:
        """Remove everything of an upload."""
        ...

    def room(self) -> int | None:
        """Bytes that may still be written; None where nobody knows."""
        ...


class DirectUploads(Protocol):
    """Uploads by the client straight to the store, in parts under presigned addresses. Only some stores offer it."""

    def start(self, key: str) -> str:
        """The id of a new multipart upload."""
        ...

    def address(self, key: str, upload: str, *, part: int, sha256: str, lasting: timedelta) -> str:
        """Where to PUT this part; the address is good for these bytes only."""
        ...

    def complete(self, key: str, upload: str, parts: Iterable[tuple[int, str]]) -> int:
        """Join the parts (number, etag); returns how many bytes there are now."""
        ...

    def abort(self, key: str, upload: str) -> None:
        """Forget the parts."""
        ...
