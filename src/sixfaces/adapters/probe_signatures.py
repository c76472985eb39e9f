"""Checks that nobody gets in who may not: by a wrong key, a wrong signature, an old address or a changed one."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from botocore.awsrequest import AWSPreparedRequest

from sixfaces.adapters.s3_client import connect, servers_time
from sixfaces.adapters.s3_probing import BODY, OTHER, Probing, refused
from sixfaces.adapters.s3_signing import BODY_DIGEST, Signer

_LASTING = timedelta(minutes=5)
_LONG_AGO = timedelta(hours=2)


def wrong_secret(probing: Probing) -> bool:
    """Our key with another secret is refused."""
    key_id = Signer(probing.client, probing.access).key_id
    stranger = connect(replace(probing.access, key_id=key_id, secret=secrets.token_urlsafe(30)))
    return refused(lambda: stranger.put_object(Bucket=probing.bucket, Key=probing.name("stranger"), Body=BODY))


def bad_signature(probing: Probing) -> bool:
    """A signature with one digit changed is refused."""

    def meddle(request: AWSPreparedRequest) -> None:
        signed = request.headers["Authorization"]
        text = signed.decode("ascii") if isinstance(signed, bytes) else str(signed)
        request.headers["Authorization"] = text[:-1] + ("0" if text[-1] != "0" else "1")

    with probing.meddling(meddle):
        return refused(lambda: probing.put("bad-signature"))


def presigned_body(probing: Probing) -> bool:
    """A presigned address takes the bytes it was made for, and no others: also not under their own digest."""
    address = _address(probing, "presigned")
    took_others = _put(probing, address, OTHER) or _put(probing, address, OTHER, digest_of=OTHER)
    return not took_others and _put(probing, address, BODY) and probing.body("presigned") == BODY


def expired_url(probing: Probing) -> bool:
    """An address of two hours ago that was good for five minutes takes nothing."""
    now = servers_time(probing.client.list_objects_v2(Bucket=probing.bucket, Prefix=probing.name(""), MaxKeys=1))
    digest = hashlib.sha256(BODY).hexdigest()
    signer = Signer(probing.client, probing.access)
    address = signer.put_address(probing.name("expired"), sha256=digest, lasting=_LASTING, at=now - _LONG_AGO)
    return not _put(probing, address, BODY)


def tampered_url(probing: Probing) -> bool:
    """An address for one name does not open another."""
    address = _address(probing, "tampered").replace("/tampered?", "/tampered-with?")
    return not _put(probing, address, BODY)


def _address(probing: Probing, canary: str) -> str:
    digest = hashlib.sha256(BODY).hexdigest()
    return Signer(probing.client, probing.access).put_address(probing.name(canary), sha256=digest, lasting=_LASTING)


def _put(probing: Probing, address: str, body: bytes, *, digest_of: bytes = BODY) -> bool:
    headers = {BODY_DIGEST: hashlib.sha256(digest_of).hexdigest()}
    return probing.status(address, body, headers=headers) == 200


SIGNATURES: tuple[tuple[str, Callable[[Probing], bool]], ...] = (
    ("wrong_secret", wrong_secret),
    ("bad_signature", bad_signature),
    ("presigned_body", presigned_body),
    ("expired_url", expired_url),
    ("tampered_url", tampered_url),
)
"""Codes of what is missing where a check says no."""
