"""Uploads straight to a bucket: each address takes the bytes it was made for, and no others."""

import hashlib
from datetime import timedelta

import httpx
import pytest

from sixfaces.adapters.s3_client import S3Access
from sixfaces.domain.blobs import DirectUploads, original_key
from sixfaces.domain.errors import StoreError
from tests.contract.bytes.conftest import over

LASTING = timedelta(minutes=5)
KEY = "incoming/one"
PARTS = (b"a" * (5 << 20), b"the rest")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(address: str, data: bytes, *, digest_of: bytes | None = None) -> httpx.Response:
    digest = sha(data if digest_of is None else digest_of)
    return httpx.put(address, content=data, headers={"x-amz-content-sha256": digest}, timeout=30)


@pytest.fixture
def direct(ceph_access: S3Access) -> DirectUploads:
    """Direct uploads to a prefix of its own."""
    found = over(ceph_access).direct
    assert found is not None
    return found


def test_parts_are_joined_in_their_order(direct: DirectUploads, ceph_access: S3Access) -> None:
    upload = direct.start(KEY)
    etags = []
    for number, data in ((2, PARTS[1]), (1, PARTS[0])):
        answer = put(direct.address(KEY, upload, part=number, sha256=sha(data), lasting=LASTING), data)
        assert answer.status_code == 200
        etags.append((number, answer.headers["etag"]))
    assert direct.complete(KEY, upload, etags) == sum(map(len, PARTS))
    assert direct.complete(KEY, upload, etags) == sum(map(len, PARTS)), "the first answer may have been lost"
    whole = b"".join(PARTS)
    with over(ceph_access).blobs.fetched(KEY, sha256=sha(whole)) as path:
        assert path.read_bytes() == whole


def test_an_address_takes_no_other_bytes(direct: DirectUploads) -> None:
    upload, right, wrong = direct.start(KEY), b"right", b"wrong"
    address = direct.address(KEY, upload, part=1, sha256=sha(right), lasting=LASTING)
    assert put(address, wrong).status_code == 403
    assert put(address, wrong, digest_of=right).status_code == 400
    assert put(address.replace("partNumber=1", "partNumber=2"), right).status_code == 403
    assert httpx.put(address, content=wrong).status_code == 403
    assert put(address, right).status_code == 200


def test_parts_that_nobody_sent_are_not_joined(direct: DirectUploads) -> None:
    upload = direct.start(KEY)
    with pytest.raises(StoreError, match=r"store\.unavailable.*InvalidPart"):
        direct.complete(KEY, upload, [(1, '"00000000000000000000000000000000"')])


def test_an_aborted_upload_is_gone(direct: DirectUploads) -> None:
    upload = direct.start(KEY)
    direct.abort(KEY, upload)
    direct.abort(KEY, upload)
    with pytest.raises(StoreError, match=r"store\.(missing|unavailable)"):  # Ceph calls it its own trouble
        direct.complete(KEY, upload, [(1, '"00000000000000000000000000000000"')])


def test_nobody_uploads_over_an_original(direct: DirectUploads) -> None:
    with pytest.raises(ValueError, match="original"):
        direct.start(original_key("main", "0" * 64))
