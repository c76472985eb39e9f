"""The store of bytes in a folder: written aside, brought to disk, read back, then given a name that was free."""

import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

from sixfaces.adapters.blob_keys import checked, derived, names_digest
from sixfaces.adapters.byte_files import (
    READ_ONLY,
    Stretch,
    append_stretch,
    bring_to_disk,
    digest_of,
    has_no_writer,
    make_folder,
    marked,
    opened_to_read,
    pieces_of,
    sync_folder,
    write_all,
)
from sixfaces.adapters.store_errors import corrupt, exists, missing, reading, telling
from sixfaces.domain.blobs import FileMark, StoreTraits

FOLDER_TRAITS = StoreTraits(name="folder", gaps=("object_lock",))
"""Files are write-once for this program; whoever holds the machine can still change them, and no lock stops them."""

Piece = TypeVar("Piece")
_ASIDE = ".aside"
_FORGOTTEN_S = 24 * 3600
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class FolderBlobs:
    """Blobs under `root`, one file each, readable by all and writable by none.

    A sealed file gets its name by a hard link, which never replaces: two sealers of one key cannot undo each other.
    """

    def __init__(self, root: Path, *, traits: StoreTraits = FOLDER_TRAITS) -> None:
        self.root = root
        self.traits = traits
        self._aside = root / _ASIDE
        with telling(str(root)):
            make_folder(self._aside)
            _sweep(self._aside)

    def seal(self, key: str, path: Path, *, sha256: str, mark: FileMark | None = None) -> None:
        """1. lay the bytes aside, 2. bring them to disk, 3. read them back unless it is the very file whose writer did,
        4. name them, 5. bring the name to disk."""
        target = self._path(key)
        with telling(str(self.root)):
            if not target.exists():
                with self._laid_aside(path) as aside:
                    if not _looks_like(aside, mark) and digest_of(aside) != sha256:
                        raise corrupt(key)
                    make_folder(target.parent)
                    with suppress(FileExistsError):  # another sealer was first: its bytes are checked like ours
                        os.link(aside, target)
                        sync_folder(target.parent)
                        return
            if digest_of(target) != sha256:
                raise corrupt(key) if names_digest(key, sha256) else exists(key)
            sync_folder(target.parent)

    def put(self, key: str, data: bytes) -> None:
        """Written aside, brought to disk, then moved over what was there."""
        target = self._path(derived(key))
        with telling(str(self.root)), self._new_aside() as aside:
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, READ_ONLY)
            try:
                write_all(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            make_folder(target.parent)
            os.replace(aside, target)  # noqa: PTH105 atomic, and says so by its name
            sync_folder(target.parent)

    def get(self, key: str) -> bytes | None:
        """Derived bytes, or None."""
        with telling(str(self.root)):
            try:
                return self._path(key).read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> AbstractContextManager[Iterator[bytes]]:
        """A stretch in pieces, straight from disk. Raises `store.missing`."""
        return self._opened(key, start=start, length=length)

    @contextmanager
    def _opened(self, key: str, *, start: int, length: int | None) -> Iterator[Iterator[bytes]]:
        path = self._there(key)
        with closing(pieces_of(path, start=start, length=length)) as pieces:
            yield _told(pieces, str(self.root), key=key)

    @contextmanager
    def fetched(self, key: str, *, sha256: str, again: bool = False) -> Iterator[Path]:
        """The stored file itself, which nobody may write, once its digest was found right."""
        path = self._there(key)
        with telling(str(self.root)), reading(key, self.root):
            if digest_of(path) != sha256:
                raise corrupt(key)
        yield path

    def size(self, key: str) -> int | None:
        """Bytes under the key, or None."""
        with telling(str(self.root)):
            try:
                there = self._path(key).stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return there.st_size if stat.S_ISREG(there.st_mode) else None

    def list(self, prefix: str) -> Iterator[str]:
        """Keys that begin with the prefix, in the order of their characters."""
        yield from _told(_keys(self.root, "", prefix), str(self.root))

    def remove(self, key: str) -> None:
        """Derived bytes only; what is not there need not go."""
        path = self._path(derived(key))
        with telling(str(self.root)), suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()

    def held_until(self, key: str) -> None:
        """A folder holds nothing."""
        checked(key)

    def erase(self, key: str) -> None:
        """The file, then its name brought to disk; folders that are empty afterwards stay."""
        path = self._path(key)
        with telling(str(self.root)):
            with suppress(FileNotFoundError, NotADirectoryError):
                path.unlink()
            if path.parent.is_dir():
                sync_folder(path.parent)

    def _path(self, key: str) -> Path:
        return self.root.joinpath(*checked(key).split("/"))

    def _there(self, key: str) -> Path:
        if self.size(key) is None:
            raise missing(key)
        return self._path(key)

    @contextmanager
    def _new_aside(self) -> Iterator[Path]:
        aside = self._aside / secrets.token_hex(16)
        try:
            yield aside
        finally:
            aside.unlink(missing_ok=True)

    @contextmanager
    def _laid_aside(self, path: Path) -> Iterator[Path]:
        with self._new_aside() as aside:
            if not _adopted(path, aside):
                _copied(path, aside)
            bring_to_disk(aside)
            yield aside


def _adopted(path: Path, aside: Path) -> bool:
    """Take a file over without copying it: only one that is read-only already and that nobody still writes to."""
    if path.stat().st_mode & _WRITABLE or not has_no_writer(path):
        return False
    try:
        os.link(path, aside, follow_symlinks=False)
    except OSError:
        return False  # on another file system, or of another user: then it is copied
    return True


def _looks_like(path: Path, mark: FileMark | None) -> bool:
    if mark is None:
        return False
    with opened_to_read(path) as descriptor:
        return marked(descriptor) == mark


def _copied(path: Path, aside: Path) -> None:
    with aside.open("xb", buffering=0) as file:
        append_stretch(file, Stretch(path, 0, path.stat().st_size))
        os.fchmod(file.fileno(), READ_ONLY)


def _keys(folder: Path, at: str, prefix: str) -> Iterator[str]:
    """Keys below `at` (empty or ending in a slash). A folder sorts by its name with the slash, as its keys do."""
    try:
        names = sorted((e.name + "/") if e.is_dir() else e.name for e in os.scandir(folder) if e.name[0] != ".")
    except FileNotFoundError:
        return
    for name in names:
        key = at + name
        if not name.endswith("/"):
            if key.startswith(prefix):
                yield key
        elif key.startswith(prefix) or prefix.startswith(key):
            yield from _keys(folder / name[:-1], key, prefix)


def _told(things: Iterator[Piece], where: str, *, key: str | None = None) -> Iterator[Piece]:
    with telling(where), reading(key, Path(where)) if key else nullcontext():
        yield from things


def _sweep(aside: Path) -> None:
    """Remove what killed processes left a day ago or earlier: no sealing takes as long."""
    for entry in os.scandir(aside):
        with suppress(OSError):
            if time.time() - entry.stat(follow_symlinks=False).st_ctime > _FORGOTTEN_S:
                Path(entry.path).unlink()
