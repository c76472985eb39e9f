"""Files of work in progress, in a folder of this process: whatever a killed process leaves is known by its lock."""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def own_scratch(root: Path) -> Iterator[Path]:
    """A new folder below `root` that all temporary files of this process and of its children go to while the block
    lasts. Folders of processes that have died are removed first. Raises OSError."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep_scratch(root)
    folder, held = _made(root)
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before[0]
        os.environ.pop("TMPDIR") if before[1] is None else os.environ.update(TMPDIR=before[1])
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def sweep_scratch(root: Path) -> int:
    """Remove the folders of processes that have died, on this machine or on others that lock over the network; returns
    how many there were."""
    count = 0
    for folder in root.iterdir() if root.is_dir() else ():
        with suppress(OSError):
            held = _lock(folder)
            if held is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
                count += 1
    return count


def _made(root: Path) -> tuple[Path, int]:
    """A folder with our lock on it. Another's sweep may have found it before it was locked: then the next one."""
    while True:
        folder = root / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        with suppress(FileNotFoundError):
            held = _lock(folder)
            if held is not None and folder.exists():
                return folder, held
            if held is not None:
                os.close(held)


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the folder for as long as this process lives; None where a living one holds it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
