"""What a station remembers of each file, on disk before it matters: its digest, its upload, the numbers it shows.

One small file for each entry in a hidden folder, replaced as a whole, so that a power cut leaves the old or the new.
A full disk must not keep a station from emptying it: then an entry is kept in memory, and asked for anew later.
"""

import errno
import fcntl
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from sixfaces.adapters.byte_files import sync_folder
from sixfaces.cli.station_numbers import Bytes, Number
from sixfaces.domain.errors import UploadError
from sixfaces.domain.model import Model, Say, Sha256

JOURNAL = ".sixfaces-station"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


class Look(NamedTuple):
    """How a file looked: it has rested since if it looks the same later."""

    size: int
    mtime_ns: int
    inode: int


class Entry(Model):
    """The journal of one upload: of which bytes it is, and its address on the server once there is one. `numbers`:
    those in its footage, once it was looked at."""

    name: str
    size: int
    mtime_ns: int
    inode: int = 0
    sha256: Sha256
    url: str | None = None
    numbers: tuple[Number, ...] | None = None

    @property
    def look(self) -> Look:
        """How the file looked then."""
        return Look(self.size, self.mtime_ns, self.inode)

    @property
    def bytes(self) -> Bytes:
        """Which bytes it had."""
        return Bytes(self.sha256, self.size)


class Journal:
    """The entries of the files below `root`. One station at a time. `is_full`: entries are in memory only."""

    def __init__(self, root: Path) -> None:
        self.is_full = False
        self._root = root
        self._folder = root / JOURNAL
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self._folder / "lock")
        self._entries: dict[str, Entry] = {}
        self._by_look: dict[Look, str] = {}
        for path in self._folder.glob("*.json"):
            self._read(path)

    def close(self) -> None:
        """Let another station watch the folder."""
        if self._lock is not None:
            os.close(self._lock)

    def entry(self, path: Path) -> Entry:
        """What is remembered of this file as it is now, also under the name that it had before; hashes it where that is
        nothing. Raises OSError for a file that cannot be read."""
        look = look_of(path)
        name = self._name(path)
        known = self._entries.get(name)
        if known is not None and known.look == look:
            return known
        before = self._by_look.get(look)
        if before is not None and not (self._root / before).exists():
            renamed = self._entries[before].model_copy(update={"name": name})
            self.remember(path, renamed)
            self._forget(before)
            return renamed
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        fresh = Entry(name=name, size=look.size, mtime_ns=look.mtime_ns, inode=look.inode, sha256=digest)
        return self.remember(path, fresh)

    def remember(self, path: Path, entry: Entry) -> Entry:
        """Bring the entry to disk."""
        name = self._name(path)
        self._entries[name], self._by_look[entry.look] = entry, name
        try:
            write_whole(self._file(name), entry.model_dump_json().encode())
            self.is_full = False
        except OSError as exc:
            if exc.errno not in _FULL:
                raise
            self.is_full = True
        return entry

    def forget(self, path: Path) -> None:
        """The file has ended."""
        self._forget(self._name(path))

    def forget_lost(self) -> None:
        """Entries of files that are there no more, under no name."""
        for name in [name for name in self._entries if not (self._root / name).exists()]:
            self._forget(name)

    def _forget(self, name: str) -> None:
        entry = self._entries.pop(name, None)
        if entry is not None and self._by_look.get(entry.look) == name:
            del self._by_look[entry.look]
        self._file(name).unlink(missing_ok=True)

    def _read(self, path: Path) -> None:
        try:
            entry = Entry.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):  # of another version, or spoilt: the file is hashed again
            return
        self._entries[entry.name], self._by_look[entry.look] = entry, entry.name

    def _name(self, path: Path) -> str:
        """Relative to the root; bytes that are no UTF-8 are spelled out, as JSON cannot hold them."""
        return os.fsencode(path.relative_to(self._root)).decode("utf-8", "backslashreplace")

    def _file(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def look_of(path: Path) -> Look:
    """How the file looks now."""
    found = path.stat()
    return Look(found.st_size, found.st_mtime_ns, found.st_ino)


def write_whole(path: Path, data: bytes) -> None:
    """Whole or not at all, and on disk."""
    aside = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _locked(path: Path) -> int | None:
    """Held until the process ends, however it does; None where the file system knows no locks: two stations then do no
    harm, only the same work twice. Raises UploadError `upload.watched`."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        if exc.errno in _FULL:
            return None
        raise
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        os.close(descriptor)
        raise UploadError(
            "upload.watched",
            Say(zh="另一个站点程序正在监视该文件夹。", en="Another station is watching this folder."),
            Say(zh="请先停止它，或监视另一个文件夹。", en="Stop it first, or watch another folder."),
        ) from exc
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
