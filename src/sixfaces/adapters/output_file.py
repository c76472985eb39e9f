"""One file of results: whole or not there. It is written beside its place and moved there when it is complete."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sixfaces.adapters.byte_files import sync_folder
from sixfaces.adapters.folder import output_error


def write_whole(path: Path, pieces: Iterable[bytes]) -> int:
    """Write the pieces and return how many bytes they were; on any error nothing is left.

    Raises OutputError `output.full` or `output.unwritable`, and whatever the pieces raise.
    """
    with _told(path):
        descriptor, named = tempfile.mkstemp(prefix=".sixfaces-", dir=path.parent)
    aside = Path(named)
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
            aside.chmod(0o644)
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
