"""Uploads straight to the bucket, in parts that are each bound to their digest by the address they are sent to."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from sixfaces.adapters.blob_keys import derived
from sixfaces.adapters.s3_client import S3Access, is_missing, telling_s3
from sixfaces.adapters.s3_signing import Signer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef


class S3Direct:
    """Multipart uploads by presigned addresses. The sender names a part's SHA-256 in `x-amz-content-sha256`.

    Keys are never those of originals: bytes are sealed only after the whole was checked.
    """

    def __init__(self, client: "S3Client", access: S3Access) -> None:
        self._client = client
        self._access = access
        self._signer = Signer(client, access)

    def start(self, key: str) -> str:
        """The id of a new multipart upload."""
        name = self._name(key)
        with telling_s3(self._access.name + key):
            return self._client.create_multipart_upload(Bucket=self._access.bucket, Key=name)["UploadId"]

    def address(self, key: str, upload: str, *, part: int, sha256: str, lasting: timedelta) -> str:
        """Where to PUT part `part` (from 1)."""
        query: dict[str, str | int] = {"partNumber": part, "uploadId": upload}
        with telling_s3(self._access.name + key):
            return self._signer.put_address(self._name(key), sha256=sha256, lasting=lasting, query=query)

    def complete(self, key: str, upload: str, parts: Iterable[tuple[int, str]]) -> int:
        """Join the parts; returns how many bytes there are now. Raises `store.missing` for an upload nobody knows,
        `store.unavailable` for parts that do not fit. Joining again what was joined is no error."""
        named: list[CompletedPartTypeDef] = [{"PartNumber": n, "ETag": etag} for n, etag in sorted(parts)]
        bucket, name = self._access.bucket, self._name(key)
        with telling_s3(self._access.name + key):
            try:
                self._client.complete_multipart_upload(
                    Bucket=bucket, Key=name, UploadId=upload, MultipartUpload={"Parts": named}
                )
            except ClientError as exc:
                if not is_missing(exc):
                    raise  # else: gone because it was joined before and the answer was lost, if the object is there
            return self._client.head_object(Bucket=bucket, Key=name)["ContentLength"]

    def abort(self, key: str, upload: str) -> None:
        """Forget the parts; an upload nobody knows need not go."""
        with telling_s3(self._access.name + key):
            try:
                self._client.abort_multipart_upload(Bucket=self._access.bucket, Key=self._name(key), UploadId=upload)
            except ClientError as exc:
                if not is_missing(exc):
                    raise

    def _name(self, key: str) -> str:
        return self._access.prefix + derived(key)
