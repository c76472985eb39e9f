"""One file of results: whole or not there. It is written beside its place and moved there when it is complete."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sixfaces.adapters.byte_files import sync_folder
from sixfaces.adapters.folder import output_error

ANYBODY, OWNER = 0o666, 0o600
"""Who may read a file, before the umask takes what it takes."""


def write_whole(path: Path, pieces: Iterable[bytes], *, private: bool = False) -> int:
    """Write the pieces and return how many bytes they were; on any error nothing is left. `private`: for nobody but
    its owner, whatever the umask allows and whoever could read what lay there before.

    Raises OutputError `output.full` or `output.unwritable`, and whatever the pieces raise.
    """
    aside = path.parent / f".sixfaces-{secrets.token_hex(8)}"
    with _told(path):
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER if private else ANYBODY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                with _told(path):
                    file.write(piece)
            with _told(path):
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
        with _told(path):
            aside.replace(path)
            sync_folder(path.parent)
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
    return size


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise output_error(exc, path.parent) from exc
