"""Uploads straight to the bucket of a real S3 server: no byte is evidence before it was looked at here."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.s3_client import S3Access, connect
from sixfaces.bootstrap import upload_limits
from sixfaces.config import Settings, read_settings
from sixfaces.domain.errors import SettingsError
from sixfaces.pipeline.ids import new_id
from tests.contract.uploads.conftest import OCTETS, TUS, Api
from tests.rig.installation import new_person, open_service, prepared, serving
from tests.rig.product import until_true
from tests.servers import ceph

DATA = os.urandom((5 << 20) + 1000)
PARTS = (DATA[: 5 << 20], DATA[5 << 20 :])


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def bucket(memory: Path) -> Iterator[Api]:
    """An API whose store is a bucket."""
    with ceph.ceph() as address:
        access = S3Access("direct", endpoint=address, region="us-east-1", key_id=ceph.KEY_ID, secret=ceph.SECRET)
        connect(access).create_bucket(Bucket="direct")
        folder = prepared(memory / "direct")
        store = open_blobs("s3://direct", spool=folder / "spool", access=access)
        service = replace(open_service(folder), blobs=store.blobs, spool=store.spool, direct=store.direct)
        admin = new_person(service)
        with (
            serving(service, Settings(data=folder)) as url,
            httpx.Client(base_url=url, headers=admin.headers, timeout=30) as client,
        ):
            yield Api(url, service, admin, client)


def begun(bucket: Api, *, sha256: str = sha(DATA)) -> str:
    wish = {"case": bucket.new_case().id, "name": "take.mp4", "length": len(DATA), "sha256": sha256}
    answer = bucket.client.post("/v1/uploads/direct", json=wish)
    assert answer.status_code == 201, answer.text
    return f"/v1/uploads/{answer.json()['upload']['id']}"


def put_parts(bucket: Api, upload: str, *parts: bytes) -> list[dict[str, Any]]:
    wish = [{"number": n, "sha256": sha(part)} for n, part in enumerate(parts, 1)]
    told = bucket.client.post(f"{upload}/parts", json={"parts": wish})
    assert told.status_code == 200, told.text
    found = []
    for one, part in zip(told.json()["parts"], parts, strict=True):
        answer = httpx.put(one["url"], content=part, headers={"x-amz-content-sha256": sha(part)})
        assert answer.status_code == 200, answer.text
        found.append({"number": one["number"], "etag": answer.headers["etag"]})
    return found


def test_parts_put_into_the_bucket_are_sealed_and_may_be_completed_twice(bucket: Api) -> None:
    upload = begun(bucket)
    put = put_parts(bucket, upload, *PARTS)
    for _ in range(2):
        answer = bucket.client.post(f"{upload}/complete", json={"parts": put})
        assert answer.status_code == 200, answer.text
        assert answer.json()["receipt"]["sha256"] == sha(DATA)
    assert bucket.sealed(DATA) == DATA
    left = [key for key in bucket.service.blobs.list("incoming/") if upload.rsplit("/", 1)[1] in key]
    assert left == [], "the bucket is shared with tests that leave theirs"


def test_an_address_takes_no_other_bytes_than_it_was_made_for(bucket: Api) -> None:
    upload = begun(bucket)
    told = bucket.client.post(f"{upload}/parts", json={"parts": [{"number": 1, "sha256": sha(PARTS[0])}]}).json()
    url = told["parts"][0]["url"]
    other = bytes([PARTS[0][0] ^ 1]) + PARTS[0][1:]
    for said in (sha(other), sha(PARTS[0])):
        answer = httpx.put(url, content=other, headers={"x-amz-content-sha256": said})
        assert answer.status_code in (400, 403)
    assert bucket.client.delete(upload, headers=TUS).status_code == 204


def test_a_whole_with_another_digest_never_becomes_evidence(bucket: Api) -> None:
    upload = begun(bucket, sha256=sha(b"other"))
    put = put_parts(bucket, upload, *PARTS)
    answer = bucket.client.post(f"{upload}/complete", json={"parts": put})
    assert (answer.status_code, answer.json()["code"]) == (422, "upload.digest_differs")
    assert bucket.client.get(upload).json()["state"] == "refused"
    assert bucket.client.post(f"{upload}/complete", json={"parts": put}).status_code == 410


def test_an_address_that_has_run_out_is_refused_and_another_one_is_given(bucket: Api, memory: Path) -> None:
    short = replace(bucket.service, uploads=bucket.service.uploads._replace(links=timedelta(seconds=1)))
    upload = begun(bucket)
    first = put_parts(bucket, upload, PARTS[0])
    wish = {"parts": [{"number": 2, "sha256": sha(PARTS[1])}]}
    with serving(short, Settings(data=memory / "direct")) as url, httpx.Client(headers=bucket.admin.headers) as client:
        told = client.post(f"{url}{upload}/parts", json=wish).json()
    late = told["parts"][0]["url"]

    def run_out() -> bool:
        answer = httpx.put(late, content=PARTS[1], headers={"x-amz-content-sha256": sha(PARTS[1])})
        return answer.status_code == 403

    until_true(run_out, within_s=30)
    again = bucket.client.post(f"{upload}/parts", json=wish).json()
    assert datetime.fromisoformat(again["expires_at"]) > datetime.fromisoformat(told["expires_at"])
    fresh = httpx.put(again["parts"][0]["url"], content=PARTS[1], headers={"x-amz-content-sha256": sha(PARTS[1])})
    put = [*first, {"number": 2, "etag": fresh.headers["etag"]}]
    answer = bucket.client.post(f"{upload}/complete", json={"parts": put})
    assert (answer.status_code, answer.json()["receipt"]["sha256"]) == (200, sha(DATA))


def test_an_address_is_good_for_a_quarter_of_an_hour_unless_set_between_a_minute_and_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert upload_limits(Settings()).links == timedelta(minutes=15)
    for said, seconds in (("60", 60), ("3600", 3600)):
        monkeypatch.setenv("SIXFACES_LINK_S", said)
        assert upload_limits(read_settings()).links == timedelta(seconds=seconds)
    for said in ("59", "3601"):
        monkeypatch.setenv("SIXFACES_LINK_S", said)
        with pytest.raises(SettingsError, match="SIXFACES_LINK_S"):
            read_settings()


def test_fewer_bytes_than_were_declared_are_not_taken(bucket: Api) -> None:
    upload = begun(bucket)
    put = put_parts(bucket, upload, PARTS[0])
    answer = bucket.client.post(f"{upload}/complete", json={"parts": put})
    assert (answer.status_code, answer.json()["code"]) == (400, "upload.length")


def test_a_direct_upload_takes_no_bytes_by_tus_and_a_tus_upload_no_parts(bucket: Api) -> None:
    answer = bucket.client.patch(begun(bucket), content=b"x", headers={**OCTETS, "Upload-Offset": "0"})
    assert answer.status_code == 409
    upload = bucket.new_upload(5)
    answer = bucket.client.post(f"{upload}/parts", json={"parts": [{"number": 1, "sha256": sha(b"x")}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.parts")


def test_one_begun_twice_under_one_key_is_one_upload(bucket: Api) -> None:
    wish = {"case": bucket.new_case().id, "name": "take.mp4", "length": len(DATA), "sha256": sha(DATA)}
    headers = {"Idempotency-Key": new_id()}
    told = [bucket.client.post("/v1/uploads/direct", json=wish, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in told] == [201, 201]
    assert told[0].content == told[1].content
    upload = f"/v1/uploads/{told[0].json()['upload']['id']}"
    answer = bucket.client.post(f"{upload}/complete", json={"parts": put_parts(bucket, upload, *PARTS)})
    assert answer.json()["receipt"]["sha256"] == sha(DATA)
