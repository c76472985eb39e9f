"""Checks that bytes arrive and come back as they were, and that nothing is written over."""

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError

from sixfaces.adapters.s3_client import as_checksum, is_taken
from sixfaces.adapters.s3_probing import BODY, OTHER, Probing, done, refused

_RACERS = 8
_HEATS = 3


def _flip(request: AWSPreparedRequest) -> None:
    request.body = OTHER


def wrong_sha256(probing: Probing) -> bool:
    """Other bytes than were signed and summed up are refused, and leave nothing."""
    checksum = as_checksum(hashlib.sha256(BODY).digest())
    with probing.meddling(_flip):
        return refused(lambda: probing.put("flipped", ChecksumSHA256=checksum)) and _is_absent(probing, "flipped")


def wrong_md5(probing: Probing) -> bool:
    """Bytes that do not fit their Content-MD5 are refused."""
    md5 = base64.b64encode(hashlib.md5(OTHER, usedforsecurity=False).digest()).decode("ascii")
    return refused(lambda: probing.put("wrong-md5", ContentMD5=md5))


def wrong_part(probing: Probing) -> bool:
    """A part with other bytes than were signed and summed up is refused."""
    where: dict[str, Any] = {"Bucket": probing.bucket, "Key": probing.name("part")}
    upload = probing.client.create_multipart_upload(**where, ChecksumAlgorithm="SHA256")["UploadId"]
    checksum = as_checksum(hashlib.sha256(BODY).digest())

    def send() -> object:
        return probing.client.upload_part(**where, UploadId=upload, PartNumber=1, Body=BODY, ChecksumSHA256=checksum)

    try:
        with probing.meddling(_flip):
            return refused(send)
    finally:
        probing.client.abort_multipart_upload(**where, UploadId=upload)


def write_once(probing: Probing) -> bool:
    """A second write that asks for a free name is refused, and the first bytes stay; of several at once, one is taken.
    Some stores look first and write then: they refuse the late, and take all who come together."""
    if not _taken(probing, "once", BODY) or _taken(probing, "once", OTHER) or probing.body("once") != BODY:
        return False
    with ThreadPoolExecutor(_RACERS) as racers:
        for heat in range(_HEATS):
            bodies = [BODY + bytes([number]) for number in range(_RACERS)]
            if sum(racers.map(lambda body: _taken(probing, f"raced-{heat}", body), bodies)) != 1:  # noqa: B023 at once
                return False
    return True


def _taken(probing: Probing, canary: str, body: bytes) -> bool:
    try:
        probing.put(canary, body, IfNoneMatch="*")
    except ClientError as exc:
        if not is_taken(exc):
            raise
        return False
    return True


def read_back(probing: Probing) -> bool:
    """What was stored is there at once: its bytes, its size, its place in the list, and then its absence."""
    probing.put("read")
    where: dict[str, Any] = {"Bucket": probing.bucket, "Key": probing.name("read")}
    size = probing.client.head_object(**where)["ContentLength"]
    listed = probing.client.list_objects_v2(Bucket=probing.bucket, Prefix=probing.name("read")).get("Contents", ())
    is_there = probing.body("read") == BODY and size == len(BODY) and [i["Key"] for i in listed] == [where["Key"]]
    probing.client.delete_object(**where)
    return is_there and _is_absent(probing, "read")


def ranges(probing: Probing) -> bool:
    """A stretch is given alone, and told to be one."""
    probing.put("range")
    answer = probing.client.get_object(Bucket=probing.bucket, Key=probing.name("range"), Range="bytes=7-29")
    is_partial = answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    return is_partial and answer["Body"].read() == BODY[7:30]


def _is_absent(probing: Probing, canary: str) -> bool:
    return not done(lambda: probing.client.head_object(Bucket=probing.bucket, Key=probing.name(canary)))


INTEGRITY: tuple[tuple[str, Callable[[Probing], bool]], ...] = (
    ("wrong_sha256", wrong_sha256),
    ("wrong_md5", wrong_md5),
    ("wrong_part", wrong_part),
    ("write_once", write_once),
    ("read_back", read_back),
    ("ranges", ranges),
)
"""Codes of what is missing where a check says no."""
