"""Local copies of originals from a bucket, checked when they came, for whoever reads one original piece by piece.

Processes of one machine share a folder of them; locks tell who uses what, and die with whoever holds them:

- `<name>.used`  held alone while somebody looks for the copy or fetches it; when it was touched is when it was used
- `<name>.copy`  held by each reader, and not removed while it is
- `<name>.<bytes>.part`  being fetched; one that nobody fetches any more goes with the next that needs room
- the folder itself, held by each process that has used it: who finds it free may remove it (`adapters.scratch`)

A copy is as it was checked if file, size and both times of change are those that were noted then. A process that has
noted none hashes the copy once more, which needs no store.
"""

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sixfaces.adapters.byte_files import digest_of
from sixfaces.adapters.store_errors import telling

LONGEST_S = 3600.0
"""So long after it came a copy goes, however often it is used: what is erased in the store is nowhere else for long."""

_COPY, _USED, _PART = ".copy", ".used", ".part"

Fetch = Callable[[Path], None]


class Wanted(NamedTuple):
    """An original: its key, how many bytes it has, and their digest."""

    key: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """What its files are called."""
        return hashlib.sha256(self.key.encode()).hexdigest()


class _Mark(NamedTuple):
    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


class CheckedCopies:
    """Copies in a folder, of `most_bytes` together; those that were not used for longest go first."""

    def __init__(self, root: Path, *, most_bytes: int) -> None:
        self._root = root
        self._most = most_bytes
        self._marks: dict[str, _Mark] = {}
        self._folder: int | None = None
        self._starting = threading.Lock()

    def has_room_for(self, size: int) -> bool:
        """Whether a copy of so many bytes may be kept at all."""
        return size <= self._most

    @contextmanager
    def held(self, wanted: Wanted, fetch: Fetch) -> Iterator[Path]:
        """The checked copy, for as long as the block lasts. `fetch` brings the bytes to a path and raises unless they
        are those of the digest."""
        with ExitStack() as stack:
            with telling(str(self._root)):
                self._start()
            with _alone(self._root / f"{wanted.name}{_USED}"):
                found = self._opened(wanted)
                if found is None:
                    self._fill(wanted, fetch)
                    found = self._opened(wanted)
                if found is None:
                    raise FileNotFoundError(wanted.name)  # somebody removes what we have just made
            stack.callback(os.close, found)
            yield self._copy(wanted)

    def forget(self, key: str) -> None:
        """Its original was erased: readers that hold the copy read on, others find none."""
        name = Wanted(key, 0, "").name
        self._marks.pop(name, None)
        for suffix in (_COPY, _USED):
            (self._root / f"{name}{suffix}").unlink(missing_ok=True)

    def _start(self) -> None:
        """The folder, ours as well from here on: another's sweep may have found and removed it just before."""
        with self._starting:
            while self._folder is None or not _is_at(self._folder, self._root):
                self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
                with suppress(FileNotFoundError):
                    self._folder = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                    fcntl.flock(self._folder, fcntl.LOCK_SH)

    def _copy(self, wanted: Wanted) -> Path:
        return self._root / f"{wanted.name}{_COPY}"

    def _opened(self, wanted: Wanted) -> int | None:
        """A descriptor that holds the copy, which is as it was checked; None where there is none such."""
        path = self._copy(wanted)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            self._marks.pop(wanted.name, None)
            return None
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        mark = _mark(os.fstat(descriptor))
        if mark != self._marks.get(wanted.name):
            if mark.size != wanted.size or digest_of(path) != wanted.sha256:
                path.unlink(missing_ok=True)
            self._marks[wanted.name] = mark
        if not _is_at(descriptor, path):
            os.close(descriptor)
            return None
        return descriptor

    def _fill(self, wanted: Wanted, fetch: Fetch) -> None:
        part = self._root / f"{wanted.name}.{wanted.size}{_PART}"
        try:
            with _alone(self._root / "room"), telling(str(part)):
                make_room(self._root, self._most - wanted.size, but=wanted.name)
                part.touch(mode=0o600)
            fetch(part)
            with telling(str(part)), part.open("rb") as file:
                part.replace(self._copy(wanted))
                self._marks[wanted.name] = _mark(os.fstat(file.fileno()))
        finally:
            part.unlink(missing_ok=True)


def sweep_copies(root: Path) -> None:
    """Remove copies that came too long ago, and what nobody fetches any more."""
    if root.is_dir():
        with _alone(root / "room"):
            make_room(root, None)


def make_room(root: Path, most_bytes: int | None, *, but: str = "") -> None:
    """Remove what is over, then what was not used for longest, until `most_bytes` are taken at most; what is in use
    stays. `but`: the name whose lock the caller holds."""
    total, now = 0, time.time()
    for _, size, name in sorted(_kept(root), reverse=True):
        total += size
        came = _changed_at(root / f"{name}{_COPY}")
        is_over = came is None or now - came > LONGEST_S or (most_bytes is not None and total > most_bytes)
        if name != but and is_over and _removed(root, name):
            total -= size


def _kept(root: Path) -> Iterator[tuple[float, int, str]]:
    """When each copy was used, its bytes and its name; of one that is being fetched, the bytes that it will have."""
    for path in root.iterdir():
        name, _, rest = path.name.partition(".")
        used = _changed_at(root / f"{name}{_USED}") or 0.0
        with suppress(FileNotFoundError):
            if path.suffix == _COPY:
                yield used, path.stat().st_size, name
            elif path.suffix == _PART:
                yield used, int(rest.partition(".")[0]), name


def _removed(root: Path, name: str) -> bool:
    """Whether it could be removed: neither looked for, nor fetched, nor read."""
    with ExitStack() as stack:
        for suffix in (_USED, _COPY):
            try:
                file = stack.enter_context((root / f"{name}{suffix}").open("rb"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except FileNotFoundError:
                continue
            except OSError:
                return False
        for path in (*root.glob(f"{name}.*{_PART}"), root / f"{name}{_COPY}", root / f"{name}{_USED}"):
            path.unlink(missing_ok=True)
    return True


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock file alone, and touch it."""
    with ExitStack() as stack:
        while True:
            with telling(str(path)):
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_at(descriptor, path):
                break
        os.utime(descriptor)
        yield


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one of that name."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _mark(there: os.stat_result) -> _Mark:
    return _Mark(there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns)


def _changed_at(path: Path) -> float | None:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return None
