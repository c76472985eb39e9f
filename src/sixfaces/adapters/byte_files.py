"""Files of bytes brought to disk: written whole, copied, digested, and known to have no writer any more."""

import errno
import fcntl
import hashlib
import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, NamedTuple

from sixfaces.domain.blobs import FileMark

PIECE = 1 << 20
READ_ONLY = 0o444
_NO_SHORTCUT = frozenset({errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM})


_MOST_NAMED = 4096
_named: set[Path] = set()
"""Folders whose names this process has brought to disk."""


def marked(descriptor: int) -> FileMark:
    """How an open file looks."""
    found = os.fstat(descriptor)
    return FileMark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: the system may take fewer than it was given, just before a disk is full."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk: a file is safe only when its name is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make the folder and its parents, each with its name on disk. One that is there may have been made a moment ago by
    another process, or by one that died before its name was safe: whoever uses it for the first time sees to that."""
    is_there = folder.is_dir()
    if is_there and folder in _named:
        return
    if not is_there:
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
    with suppress(PermissionError) if is_there else nullcontext():  # what lies above a store may be another's
        sync_folder(folder.parent)
    if len(_named) >= _MOST_NAMED:
        _named.clear()
    _named.add(folder)


@contextmanager
def opened_to_read(path: Path) -> Iterator[int]:
    """A descriptor of a plain file; a link is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bring_to_disk(path: Path) -> None:
    """Bring a file's bytes to disk, whoever wrote them."""
    with opened_to_read(path) as descriptor:
        os.fsync(descriptor)


class Stretch(NamedTuple):
    """Bytes of a file from `start` on, `length` of them."""

    path: Path
    start: int
    length: int


def append_stretch(target: IO[bytes], stretch: Stretch) -> int:
    """Copy a stretch to the end of an unbuffered file, inside the kernel where it can; returns how many bytes came."""
    came = 0
    with stretch.path.open("rb", buffering=0) as source:
        for count in _copied_in_kernel(source, target, stretch):
            came += count
        source.seek(stretch.start + came)
        while came < stretch.length and (piece := source.read(min(PIECE, stretch.length - came))):
            write_all(target.fileno(), piece)
            came += len(piece)
    return came


def _copied_in_kernel(source: IO[bytes], target: IO[bytes], stretch: Stretch) -> Iterator[int]:
    left, at = stretch.length, stretch.start
    while left:
        try:
            count = _copy_range(source.fileno(), target.fileno(), left=left, at=at)
        except OSError as exc:
            if exc.errno in _NO_SHORTCUT:
                return
            raise
        if not count:
            return
        yield count
        left, at = left - count, at + count


def _copy_range(source: int, target: int, *, left: int, at: int) -> int:
    if sys.platform != "linux":
        return 0
    return os.copy_file_range(source, target, left, offset_src=at)


def has_no_writer(path: Path) -> bool:
    """Whether no process has the file open for writing: only then its bytes stay what they are read to be.

    A read lease is granted on no other terms, so it is taken and given back. False where nobody can tell, such as on
    other systems than Linux, on network file systems and for a file of another user.
    """
    if sys.platform != "linux":
        return False
    try:
        with opened_to_read(path) as descriptor:
            # Someone who opens the file in this instant makes the kernel signal us: by one that nobody dies of.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:
        return False
    return True


def pieces_of(path: Path, *, start: int, length: int | None) -> Generator[bytes, None, None]:
    """A stretch of a file in pieces of at most 1 MiB."""
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        left = length
        while piece := file.read(PIECE if left is None else min(PIECE, left)):
            yield piece
            left = None if left is None else left - len(piece)
