"""What the checks of a store share: canaries of their own, requests that are meddled with, and what counts as a no."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from sixfaces.adapters.s3_client import S3Access, connect

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CANARIES = ".probe/"
BODY = b"a canary of the start-up probe: whatever happens to it would have happened to evidence\n" * 8
OTHER = BODY.replace(b"canary", b"kanary")

Change = Callable[[AWSPreparedRequest], None]


class Probing:
    """One run of the probe in one bucket, with a client whose requests may be meddled with."""

    def __init__(self, access: S3Access) -> None:
        self.access = access
        self.bucket = access.bucket
        self.client: S3Client = connect(access)
        self._run = secrets.token_hex(8)
        self._http = URLLib3Session(timeout=10)

    def name(self, canary: str) -> str:
        """A canary's own name in this run."""
        return f"{self.access.prefix}{CANARIES}{self._run}/{canary}"

    def put(self, canary: str, body: bytes = BODY, **more: Any) -> str:  # noqa: ANN401 whatever the call takes
        """Store a canary; returns its version, empty where there is none."""
        answer = self.client.put_object(Bucket=self.bucket, Key=self.name(canary), Body=body, **more)
        return answer.get("VersionId", "")

    def body(self, canary: str, *, version: str = "") -> bytes:
        """What lies under a canary's name now, or under its version."""
        which: Any = {"VersionId": version} if version else {}
        return self.client.get_object(Bucket=self.bucket, Key=self.name(canary), **which)["Body"].read()

    @contextmanager
    def meddling(self, change: Change) -> Iterator[None]:
        """Change each request between signing and sending, as a fault on the way would."""

        def meddle(request: AWSPreparedRequest, **_: object) -> None:
            change(request)

        self.client.meta.events.register("before-send.s3", meddle)
        try:
            yield
        finally:
            self.client.meta.events.unregister("before-send.s3", meddle)

    def status(self, address: str, body: bytes, *, headers: dict[str, str]) -> int:
        """The status of a PUT to a presigned address."""
        request = AWSPreparedRequest("PUT", address, headers, body, stream_output=False)  # type: ignore[arg-type]  # the stub forgets str
        return int(self._http.send(request).status_code)


def refused(call: Callable[[], object]) -> bool:
    """Whether the store said no. Raises BotoCoreError where it said nothing at all."""
    try:
        call()
    except ClientError as exc:
        return said_no(exc)
    return False


def done(call: Callable[[], object]) -> bool:
    """Whether the store said that it did what was asked."""
    try:
        call()
    except ClientError as exc:
        if not said_no(exc):
            raise
        return False
    return True


def said_no(exc: ClientError) -> bool:
    """Whether it is an answer about the request (4xx, or "not implemented") and not about the store's own trouble."""
    status = exc.response["ResponseMetadata"]["HTTPStatusCode"]
    return 400 <= status < 500 or status == 501
