"""Makes sure that a child without any rights can open the file that its parent opened.

A child gives up root's power to read everything. Where the parent is root and the file or a folder on the way to it
belongs to somebody else and is closed to others, the child gets a private copy.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = 0


@contextmanager
def reachable(path: Path) -> Iterator[tuple[int, Path]]:
    """An open descriptor of the regular file at `path`, and a path to it that a child can open; `path` is absolute.

    Raises OSError if the file cannot be opened or copied.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if os.geteuid() != _ROOT or _open_to_plain_root(path):
            yield descriptor, path
            return
        with tempfile.NamedTemporaryFile(prefix="sixfaces-", suffix=".media") as copy:
            with os.fdopen(os.dup(descriptor), "rb") as source:
                shutil.copyfileobj(source, copy, 1 << 20)
            copy.flush()
            yield copy.fileno(), Path(copy.name).resolve()
    finally:
        os.close(descriptor)


def _open_to_plain_root(path: Path) -> bool:
    """Whether user 0 could read the file without its special powers."""
    return _lets(path, stat.S_IRUSR) and all(_lets(folder, stat.S_IXUSR) for folder in path.parents)


def _lets(path: Path, right: int) -> bool:
    """`right` is the owner's bit; the others' is six places further down."""
    found = path.stat()
    return bool(found.st_mode & (right if found.st_uid == _ROOT else right >> 6))
