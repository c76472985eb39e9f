"""Opens the store of bytes that an address names: a folder, or a bucket of an S3 server."""

from pathlib import Path
from typing import NamedTuple

from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.adapters.spool_folder import FolderSpool
from sixfaces.domain.blobs import Blobs, DirectUploads, Spool


class Bytes(NamedTuple):
    """Where bytes lie, where they wait until they are whole, and how clients reach the store themselves, if at all."""

    blobs: Blobs
    spool: Spool
    direct: DirectUploads | None = None


def open_blobs(address: str, *, spool: Path | None = None) -> Bytes:
    """A folder's path: blobs in it, and the spool inside so that sealing needs no copy, or in `spool`."""
    root = Path(address).absolute()
    return Bytes(FolderBlobs(root), FolderSpool(spool or root / ".spool"))
