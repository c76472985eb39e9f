"""Asks a store what it keeps, by trying: what must fail is tried to succeed, what must hold is read back.

A store that says "done" and does nothing is worse than one that refuses: nobody would know until evidence is gone.
Every check works on canaries of its own, as calls for holds and retention make some stores replace the body with the
request.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from botocore.exceptions import ClientError

from sixfaces.adapters.probe_integrity import INTEGRITY
from sixfaces.adapters.probe_locks import LOCKS
from sixfaces.adapters.probe_signatures import SIGNATURES
from sixfaces.adapters.s3_client import S3Access, servers_time, telling_s3
from sixfaces.adapters.s3_probing import CANARIES, Probing, said_no
from sixfaces.domain.blobs import StoreTraits

_SETTLED = timedelta(hours=1)

CHECKS: tuple[tuple[str, Callable[[Probing], bool]], ...] = (*INTEGRITY, *SIGNATURES, *LOCKS)
"""Code and check, in the order in which gaps are told. A check says whether the store kept its promise."""


def probe(access: S3Access) -> StoreTraits:
    """What the bucket was seen to keep. Raises `store.unavailable` where it does not answer, or does not let us write.

    Leaves nothing but canaries that are locked for two minutes; a later probe removes them.
    """
    with telling_s3(access.name):
        probing = Probing(access)
        probing.put("welcome")  # raises for a bucket that is not there or not ours: no gap of the store's
        gaps = tuple(code for code, check in CHECKS if not _holds(check, probing))
        (_clear_names if "versioning" in gaps else _clear_versions)(probing)
    return StoreTraits(name="s3", gaps=gaps)


def _holds(check: Callable[[Probing], bool], probing: Probing) -> bool:
    """A check that the store cut short by a refusal was not passed; one cut short by its own trouble is no answer."""
    try:
        return check(probing)
    except ClientError as exc:
        if said_no(exc):
            return False
        raise


def _clear_versions(probing: Probing) -> None:
    """Remove the canaries of this run, and of others that were left an hour ago or earlier."""
    pages = probing.client.get_paginator("list_object_versions")
    with suppress(ClientError):  # canaries that stay cost a few hundred bytes, and no evidence
        for page in pages.paginate(Bucket=probing.bucket, Prefix=probing.access.prefix + CANARIES):
            for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                if _may_go(probing, item["Key"], servers_time(page) - item["LastModified"]):
                    with suppress(ClientError):  # locked still
                        probing.client.delete_object(
                            Bucket=probing.bucket, Key=item["Key"], VersionId=item["VersionId"]
                        )


def _clear_names(probing: Probing) -> None:
    """The same, where there are no versions."""
    pages = probing.client.get_paginator("list_objects_v2")
    with suppress(ClientError):
        for page in pages.paginate(Bucket=probing.bucket, Prefix=probing.access.prefix + CANARIES):
            for item in page.get("Contents", ()):
                if _may_go(probing, item["Key"], servers_time(page) - item["LastModified"]):
                    probing.client.delete_object(Bucket=probing.bucket, Key=item["Key"])


def _may_go(probing: Probing, name: str, age: timedelta) -> bool:
    return name.startswith(probing.name("")) or age > _SETTLED
