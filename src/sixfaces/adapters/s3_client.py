"""One way to an S3 server: bounded waits, bytes signed with their digest, and the server's refusals in our words."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sixfaces.adapters.store_errors import full, missing, unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONNECT_S = 5
_READ_S = 30
_ATTEMPTS = 3
_CONNECTIONS = 32
_REGION = "us-east-1"
_FULL = frozenset({"QuotaExceeded", "InsufficientStorage", "EntityTooLarge", "ServiceQuotaExceeded", "507"})
_MISSING = frozenset({"NoSuchKey", "NoSuchUpload", "NoSuchVersion", "NotFound", "404"})
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412"})


@dataclass(frozen=True, slots=True)
class S3Access:
    """A bucket and how to reach it. What is None comes from the usual AWS environment.

    prefix: empty, or ending in a slash. keep: how long object lock holds an original, where the store has it.
    """

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    key_id: str | None = None
    secret: str | None = field(default=None, repr=False)
    keep: timedelta | None = None

    @property
    def name(self) -> str:
        """The address without anything secret."""
        return f"s3://{self.bucket}/{self.prefix}"


def access_of(address: str, *, endpoint: str | None = None, keep: timedelta | None = None) -> S3Access:
    """The access that `s3://bucket/prefix` names. ValueError for another address."""
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"not an S3 address: {address[:80]!r}")
    prefix = parts.path.strip("/")
    return S3Access(parts.netloc, prefix=f"{prefix}/" if prefix else "", endpoint=endpoint, keep=keep)


def connect(access: S3Access, *, attempts: int = _ATTEMPTS) -> "S3Client":
    """A client that may be used by many threads.

    Every body goes out under a signature of its SHA-256: that check is older than checksum headers, and every server
    that checks signatures keeps it. Checksums beyond it are ours to ask for, as some servers choke on them.
    """
    session = Session(access.key_id, access.secret, region_name=access.region)
    config = Config(
        connect_timeout=_CONNECT_S,
        read_timeout=_READ_S,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=_CONNECTIONS,
        signature_version="s3v4",
        s3={"payload_signing_enabled": True, "addressing_style": "path" if access.endpoint else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    with telling_s3(access.name):
        region = session.region_name or _REGION
        try:
            client: S3Client = session.client("s3", endpoint_url=access.endpoint, region_name=region, config=config)
        except ValueError as exc:  # a malformed endpoint
            raise unavailable(access.name, str(exc)) from exc
    return client


@contextmanager
def telling_s3(where: str) -> Iterator[None]:
    """Turn what the server or the network says into StoreError `store.missing`, `store.full`, `store.unavailable`."""
    try:
        yield
    except ClientError as exc:
        code = code_of(exc)
        if code in _MISSING:
            raise missing(where) from exc
        if code in _FULL:
            raise full(where) from exc
        raise unavailable(where, code) from exc
    except BotoCoreError as exc:
        raise unavailable(where, type(exc).__name__) from exc


def code_of(exc: ClientError) -> str:
    """The server's code, or the HTTP status where it gave none."""
    answer: Any = exc.response
    return str(answer.get("Error", {}).get("Code") or answer.get("ResponseMetadata", {}).get("HTTPStatusCode"))


def is_missing(exc: ClientError) -> bool:
    """Whether the server says that nothing is there."""
    return code_of(exc) in _MISSING


def is_taken(exc: ClientError) -> bool:
    """Whether the server refused to write over what is there."""
    return code_of(exc) in _TAKEN


def as_checksum(digest: bytes) -> str:
    """A SHA-256 as the store wants it in a header."""
    return base64.b64encode(digest).decode("ascii")


def delete(client: "S3Client", bucket: str, name: str, *, versioned: bool) -> None:
    """Delete what lies under one name. Where there are versions, all of them: a marker alone would keep every byte."""
    if not versioned:
        client.delete_object(Bucket=bucket, Key=name)
        return
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=name):
        for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if item["Key"] == name:
                client.delete_object(Bucket=bucket, Key=name, VersionId=item["VersionId"])


def servers_time(answer: Any) -> datetime:  # noqa: ANN401 every answer has this part, under a type of its own
    """What the server's clock says: retention is counted by it and not by ours."""
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
