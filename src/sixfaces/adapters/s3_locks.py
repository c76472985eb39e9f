"""What holds versions in a bucket: locks that run out, and holds that somebody has to lift."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from sixfaces.adapters.s3_client import code_of, is_missing, servers_time

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_REFUSED = frozenset({"AccessDenied", "ObjectLocked", "InvalidRequest", "403"})
_LOOK_AGAIN = timedelta(days=1)


def versions_of(client: "S3Client", bucket: str, name: str) -> Iterator[tuple[str, datetime]]:
    """Ids of the versions of exactly this name, each with what the server's clock says."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=name):
        for item in page.get("Versions", ()):
            if item["Key"] == name:
                yield item["VersionId"], servers_time(page)


def lock_of(client: "S3Client", bucket: str, name: str, *, version: str, now: datetime) -> datetime | None:
    """Until when nobody can remove the version: None where it may go."""
    try:
        there = client.head_object(Bucket=bucket, Key=name, VersionId=version)
    except ClientError as exc:
        if is_missing(exc):
            return None
        raise
    if there.get("ObjectLockLegalHoldStatus") == "ON":
        return now + _LOOK_AGAIN
    until = there.get("ObjectLockRetainUntilDate")
    return until if until is not None and until > now else None


def is_locked(exc: ClientError) -> bool:
    """Whether the server refused to remove a version that it holds."""
    return code_of(exc) in _REFUSED
