"""Opens the store of bytes that an address names: a folder, or a bucket of an S3 server."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.adapters.checked_copies import CheckedCopies
from sixfaces.adapters.spool_folder import FolderSpool
from sixfaces.adapters.store_errors import unavailable, unprotected
from sixfaces.domain.blobs import Blobs, DirectUploads, Spool, StoreTraits

if TYPE_CHECKING:
    from sixfaces.adapters.s3_client import S3Access


class Bytes(NamedTuple):
    """Where bytes lie, where they wait until they are whole, and how clients reach the store themselves, if at all."""

    blobs: Blobs
    spool: Spool
    direct: DirectUploads | None = None


def open_blobs(
    address: str,
    *,
    spool: Path | None = None,
    access: "S3Access | None" = None,
    copies: CheckedCopies | None = None,
    require_protected: bool = False,
) -> Bytes:
    """The store at a folder's path or at `s3://bucket/prefix`, probed.

    spool: a local folder for the spool, and for originals while they are read from a bucket. Without it the spool lies
    within the store: beside a folder's blobs, so that sealing needs no copy, or in the bucket, so that several hosts
    can share an upload. access: endpoint and credentials of S3, where they do not come from the AWS environment.
    copies: keeps originals of a bucket for a while, for who reads one again.
    Raises StoreError `store.unavailable`, and `store.unprotected` where the store has gaps and none are allowed.
    """
    opened = (
        _open_s3(address, spool, access, copies=copies) if address.startswith("s3://") else _open_folder(address, spool)
    )
    if require_protected and not opened.blobs.traits.protected:
        raise unprotected(address, opened.blobs.traits.gaps)
    return opened


def _open_folder(address: str, spool: Path | None) -> Bytes:
    root = Path(address).absolute()
    return Bytes(FolderBlobs(root), FolderSpool(spool or root / ".spool"))


def _as_used(traits: StoreTraits, access: "S3Access") -> StoreTraits:
    """A lock that the store has and nobody was told to use holds nothing."""
    is_unused = access.keep is None and "object_lock" not in traits.gaps
    return traits._replace(gaps=(*traits.gaps, "object_lock")) if is_unused else traits


def _open_s3(address: str, spool: Path | None, access: "S3Access | None", *, copies: CheckedCopies | None) -> Bytes:
    try:
        from sixfaces.adapters.blobs_s3 import S3Blobs
        from sixfaces.adapters.direct_s3 import S3Direct
        from sixfaces.adapters.s3_client import access_of, connect
        from sixfaces.adapters.spool_s3 import S3Spool
        from sixfaces.adapters.store_probe import probe
    except ModuleNotFoundError as exc:
        raise unavailable(address, "boto3 is not installed; pip install 'sixfaces[distributed]'") from exc
    access = access or access_of(address)
    traits = _as_used(probe(access), access)
    client = connect(access)
    local = FolderSpool(spool) if spool else None
    return Bytes(
        S3Blobs(client, access, traits=traits, work=spool, copies=copies),
        local or S3Spool(client, access, versioned="versioning" not in traits.gaps),
        S3Direct(client, access) if "presigned_body" not in traits.gaps else None,
    )
