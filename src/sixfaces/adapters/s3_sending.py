"""Sends one file to a bucket, in one request or in parts, and never over what is there already."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from sixfaces.adapters.s3_client import as_checksum, is_taken
from sixfaces.adapters.store_errors import corrupt

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART = 16 << 20
_MOST_PARTS = 10_000


class Target(NamedTuple):
    """Where the bytes go."""

    client: "S3Client"
    bucket: str
    name: str


def send_file(to: Target, path: Path, *, sha256: str) -> str | None:
    """Send the bytes; returns their version (empty where the store keeps none), None if the store found the name taken.

    Raises `store.corrupt` if the bytes are not those of `sha256` (then nothing is stored), ClientError, BotoCoreError.
    """
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if size <= PART:
                return _in_one(to, file.read(PART + 1), sha256=sha256)
            return _in_parts(to, file, piece=max(PART, -(-size // _MOST_PARTS)), sha256=sha256)
    except ClientError as exc:
        if is_taken(exc):
            return None
        raise


def _in_one(to: Target, data: bytes, *, sha256: str) -> str:
    digest = hashlib.sha256(data)
    if digest.hexdigest() != sha256:
        raise corrupt(to.name)
    answer = to.client.put_object(
        Bucket=to.bucket, Key=to.name, Body=data, ChecksumSHA256=as_checksum(digest.digest()), IfNoneMatch="*"
    )
    return answer.get("VersionId", "")


def _in_parts(to: Target, file: IO[bytes], *, piece: int, sha256: str) -> str:
    started = to.client.create_multipart_upload(Bucket=to.bucket, Key=to.name, ChecksumAlgorithm="SHA256")
    upload = started["UploadId"]
    try:
        parts, digest = _sent_parts(to, file, upload=upload, piece=piece)
        if digest != sha256:
            raise corrupt(to.name)
        answer = to.client.complete_multipart_upload(
            Bucket=to.bucket, Key=to.name, UploadId=upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
        )
    except BaseException:  # whatever ends it leaves no parts in the store; raised again
        with suppress(ClientError, BotoCoreError):  # the store forgets parts by its own rule where it is away now
            to.client.abort_multipart_upload(Bucket=to.bucket, Key=to.name, UploadId=upload)
        raise
    return answer.get("VersionId", "")


def _sent_parts(to: Target, file: IO[bytes], *, upload: str, piece: int) -> tuple[list["CompletedPartTypeDef"], str]:
    parts: list[CompletedPartTypeDef] = []
    digest = hashlib.sha256()
    while data := file.read(piece):
        digest.update(data)
        checksum, number = as_checksum(hashlib.sha256(data).digest()), len(parts) + 1
        answer = to.client.upload_part(
            Bucket=to.bucket, Key=to.name, UploadId=upload, PartNumber=number, Body=data, ChecksumSHA256=checksum
        )
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum})
    return parts, digest.hexdigest()
