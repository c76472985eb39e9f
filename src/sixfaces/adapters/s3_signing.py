"""Presigned addresses that are good for one body only.

The usual ones leave the body unsigned. Here its SHA-256 is part of what is signed, so that the sender has to name it
in the header `x-amz-content-sha256`, cannot change it, and the server checks what arrives against it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from boto3.session import Session
from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from sixfaces.adapters.s3_client import S3Access
from sixfaces.adapters.store_errors import unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BODY_DIGEST = "x-amz-content-sha256"


class Signer:
    """Signs addresses in one bucket. Raises `store.unavailable` where the environment has no credentials."""

    def __init__(self, client: "S3Client", access: S3Access) -> None:
        credentials = Session(access.key_id, access.secret).get_credentials()
        if credentials is None:
            raise unavailable(access.name, "no credentials")
        self._credentials = credentials
        self.key_id = credentials.access_key
        self._client = client
        self._bucket = access.bucket

    def put_address(
        self,
        name: str,
        *,
        sha256: str,
        lasting: timedelta,
        query: Mapping[str, str | int] | None = None,
        at: datetime | None = None,
    ) -> str:
        """Where to PUT the one body of this digest. `query`: more of the address; `at`: the time of signing."""
        unsigned = self._client.generate_presigned_url("put_object", Params={"Bucket": self._bucket, "Key": name})
        plain = urlsplit(unsigned)._replace(query=urlencode(query or {})).geturl()
        request = AWSRequest("PUT", plain, headers={BODY_DIGEST: sha256})
        region = self._client.meta.region_name
        _BodyAuth(self._credentials, region, seconds=round(lasting.total_seconds()), at=at).add_auth(request)
        return str(request.url)


class _BodyAuth(S3SigV4QueryAuth):
    def __init__(self, credentials: object, region: str, *, seconds: int, at: datetime | None) -> None:
        super().__init__(credentials, "s3", region, expires=seconds)  # type: ignore[arg-type]  # frozen credentials will do
        self._at = at

    def payload(self, request: AWSRequest) -> str:
        return str(request.headers[BODY_DIGEST])

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        if self._at is not None:
            request.context["timestamp"] = self._at.astimezone(UTC).strftime(SIGV4_TIMESTAMP)
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # botocore has no types
