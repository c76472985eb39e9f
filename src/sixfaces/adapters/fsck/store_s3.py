"""Stored bytes in an S3 bucket, asked of boto3 directly."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from sixfaces.domain.errors import StoreError
from sixfaces.domain.model import Say

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PIECE = 1 << 20
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


class Bucket:
    """A bucket, or what lies under a prefix in it. Raises StoreError `store.unreadable`."""

    def __init__(self, address: str, *, endpoint: str | None) -> None:
        self._bucket, _, prefix = address.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = _client(endpoint)

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """As in the interface."""
        from botocore.exceptions import BotoCoreError, ClientError

        pages = self._client.get_paginator("list_objects_v2")
        try:
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for one in page.get("Contents", ()):
                    yield one["Key"].removeprefix(self._prefix), one["Size"]
        except (BotoCoreError, ClientError) as exc:
            raise _unreadable(self._bucket, exc) from exc

    def size(self, key: str) -> int | None:
        """As in the interface."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self._client.head_object(Bucket=self._bucket, Key=self._prefix + key)["ContentLength"]
        except ClientError as exc:
            if exc.response["Error"]["Code"] in _ABSENT:
                return None
            raise _unreadable(key, exc) from exc
        except BotoCoreError as exc:
            raise _unreadable(key, exc) from exc

    def versions(self, key: str) -> int:
        """As in the interface. A store that knows no versions has one, or none."""
        from botocore.exceptions import BotoCoreError, ClientError

        name = self._prefix + key
        try:
            told = self._client.list_object_versions(Bucket=self._bucket, Prefix=name)
        except (BotoCoreError, ClientError):
            return 0 if self.size(key) is None else 1
        return sum(one["Key"] == name for one in told.get("Versions", ()))

    def digest(self, key: str) -> str:
        """As in the interface."""
        whole = hashlib.sha256()
        for piece in self._pieces(key):
            whole.update(piece)
        return whole.hexdigest()

    def read(self, key: str) -> bytes | None:
        """As in the interface."""
        return None if self.size(key) is None else b"".join(self._pieces(key))

    def _pieces(self, key: str) -> Iterator[bytes]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield from self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"].iter_chunks(_PIECE)
        except (BotoCoreError, ClientError) as exc:
            raise _unreadable(key, exc) from exc


def _client(endpoint: str | None) -> "S3Client":
    import boto3
    from botocore.config import Config

    # The digest that counts is our own; the client's checks of other checksums would only refuse to show the bytes.
    asked = Config(
        response_checksum_validation="when_required",
        request_checksum_calculation="when_required",
        s3={"addressing_style": "path" if endpoint else "auto"},
    )
    return cast("S3Client", boto3.client("s3", endpoint_url=endpoint, config=asked))


def _unreadable(what: str, error: Exception) -> StoreError:
    return StoreError(
        "store.unreadable",
        Say(zh=f"无法读取存储中的 {what}：{error}。", en=f"The store does not show {what}: {error}."),
        Say(
            zh="请检查 SIXFACES_BLOBS、SIXFACES_S3_ENDPOINT 与访问凭据。",
            en="Check SIXFACES_BLOBS, SIXFACES_S3_ENDPOINT and the credentials.",
        ),
    )
