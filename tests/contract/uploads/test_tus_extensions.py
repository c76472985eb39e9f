"""The extensions of tus 1.0 that are announced, request by request."""

import base64
import hashlib
import os
from email.utils import parsedate_to_datetime

import pytest

from sixfaces.domain.upload import UploadState
from sixfaces.pipeline.uploading import sweep_uploads
from tests.contract.uploads.conftest import OCTETS, TUS, Api

DATA = os.urandom(200_000)


def checksum(algorithm: str, data: bytes) -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_case_role_and_name_may_stand_in_the_metadata(api: Api) -> None:
    case = api.new_case()
    metadata = f"case {b64(case.file.case_id)},role {b64('buyer_photo')},filename {b64('../照片 1.jpg')}"
    created = api.client.post("/v1/uploads", headers={**TUS, "Upload-Length": "4", "Upload-Metadata": metadata})
    shown = api.client.get(created.headers["location"]).json()
    assert (shown["case_id"], shown["role"], shown["name"]) == (case.id, "buyer_photo", "照片 1.jpg")


@pytest.mark.parametrize("concat", ["partial", "final;/v1/uploads/a /v1/uploads/b"])
def test_parts_to_be_joined_are_refused_as_they_would_become_exhibits_of_their_own(api: Api, concat: str) -> None:
    asked = {**OCTETS, "Upload-Length": "5", "Sixfaces-Case": api.new_case().file.case_id, "Upload-Concat": concat}
    answer = api.client.post("/v1/uploads", content=b"hello", headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "upload.concatenation")


def test_case_and_role_may_stand_in_the_query(api: Api) -> None:
    case = api.new_case()
    query = {"case": case.file.case_id, "role": "document", "name": "回执.pdf"}
    created = api.client.post("/v1/uploads", params=query, headers={**TUS, "Upload-Length": "4"})
    shown = api.client.get(created.headers["location"]).json()
    assert (shown["case_id"], shown["role"], shown["name"]) == (case.id, "document", "回执.pdf")


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ("case", "upload.case"),
        ("", "upload.case"),
        ("case !!!", "upload.metadata"),
        ("case YQ==,case YQ==", "upload.metadata"),
        ("case YQ", "upload.metadata"),
        ("case AA==", "upload.metadata"),
        ("case gIA=", "upload.metadata"),
        (",", "upload.metadata"),
        ("case YQ==,role YQ==", "upload.role"),
        ("case YQ==,sha256 YQ==", "upload.digest_header"),
        ("x" * 4001, "upload.metadata"),
    ],
)
def test_metadata_that_cannot_be_read_is_an_error_that_names_itself(api: Api, metadata: str, code: str) -> None:
    answer = api.client.post("/v1/uploads", headers={**TUS, "Upload-Length": "4", "Upload-Metadata": metadata})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_case_that_is_not_there_creates_nothing(api: Api) -> None:
    for case in ("nothing", "a\x00b", "x" * 300):
        answer = api.client.post("/v1/uploads", params={"case": case}, headers={**TUS, "Upload-Length": "4"})
        assert answer.status_code == 404


def test_the_first_bytes_may_come_with_the_creation(api: Api) -> None:
    headers = {**OCTETS, "Upload-Length": str(len(DATA)), "Sixfaces-Case": api.new_case().id}
    created = api.client.post("/v1/uploads", content=DATA[:1000], headers=headers)
    assert (created.status_code, created.headers["upload-offset"]) == (201, "1000")
    assert api.patch(created.headers["location"], DATA[1000:], at=1000).status_code == 204
    assert api.sealed(DATA) == DATA


def test_all_bytes_may_come_with_the_creation(api: Api) -> None:
    data = os.urandom(5000)
    headers = {**OCTETS, "Upload-Length": "5000", "Sixfaces-Case": api.new_case().id}
    created = api.client.post("/v1/uploads", content=data, headers=headers)
    assert created.headers["upload-offset"] == "5000"
    assert api.client.get(created.headers["location"]).json()["state"] == "sealed"


def test_bytes_with_the_creation_must_be_said_to_be_such(api: Api) -> None:
    headers = {**TUS, "Upload-Length": "5", "Sixfaces-Case": api.new_case().id, "Content-Type": "text/plain"}
    assert api.client.post("/v1/uploads", content=b"hello", headers=headers).status_code == 415


def test_an_empty_file_is_an_exhibit_too(api: Api) -> None:
    path = api.new_upload(0)
    shown = api.client.get(path).json()
    assert (shown["state"], shown["receipt"]["bytes"]) == ("sealed", 0)


def test_a_length_may_be_told_later(api: Api) -> None:
    data = os.urandom(3000)
    path = api.new_upload(None)
    told = api.client.head(path, headers=TUS).headers
    assert told["upload-defer-length"] == "1"
    assert "upload-length" not in told
    assert api.patch(path, data[:1000], at=0).status_code == 204
    assert api.patch(path, data[1000:2000], at=1000, **{"Upload-Length": "999"}).status_code == 400
    assert api.patch(path, data[1000:2000], at=1000, **{"Upload-Length": "3000"}).status_code == 204
    assert api.patch(path, data[2000:], at=2000, **{"Upload-Length": "3001"}).status_code == 400
    assert api.client.head(path, headers=TUS).headers["upload-length"] == "3000"
    assert api.patch(path, data[2000:], at=2000).status_code == 204
    assert api.sealed(data) == data


def test_a_length_is_told_or_deferred_and_never_both(api: Api) -> None:
    for told in ({}, {"Upload-Length": "5", "Upload-Defer-Length": "1"}, {"Upload-Defer-Length": "2"}):
        answer = api.client.post("/v1/uploads", headers={**TUS, **told, "Sixfaces-Case": api.new_case().id})
        assert (answer.status_code, answer.json()["code"]) == (400, "upload.length")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_that_match_their_checksum_are_kept(api: Api, algorithm: str) -> None:
    path = api.new_upload(len(DATA))
    answer = api.patch(path, DATA, at=0, **{"Upload-Checksum": checksum(algorithm, DATA)})
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(DATA)))
    assert api.sealed(DATA) == DATA


def test_of_bytes_that_do_not_match_nothing_is_kept_and_the_right_ones_may_follow(api: Api) -> None:
    data = os.urandom(9_000_000)  # more than is committed at once without a checksum
    path = api.new_upload(len(data) + 10)
    api.patch(path, data[:10], at=0)
    wrong = api.patch(path, data, at=10, **{"Upload-Checksum": checksum("sha256", data[1:])})
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (460, "10")
    assert api.offset(path) == 10
    right = api.patch(path, data, at=10, **{"Upload-Checksum": checksum("sha1", data)})
    assert right.status_code == 204
    assert api.sealed(data[:10] + data) == data[:10] + data


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("md5 1B2M2Y8AsgTpgAmY7PhCfg==", "upload.checksum_unknown"),
        ("SHA1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "upload.checksum_unknown"),
        ("sha1", "upload.checksum_header"),
        ("sha1 ???", "upload.checksum_header"),
        ("sha256 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "upload.checksum_header"),
    ],
)
def test_a_checksum_that_cannot_be_checked_is_an_error(api: Api, said: str, code: str) -> None:
    path = api.new_upload(5)
    answer = api.patch(path, b"hello", at=0, **{"Upload-Checksum": said})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert api.offset(path) == 0


def test_a_terminated_upload_is_gone_with_its_bytes(api: Api) -> None:
    path = api.new_upload(10)
    api.patch(path, b"hello", at=0)
    assert api.client.delete(path, headers=TUS).status_code == 204
    for answer in (api.client.head(path, headers=TUS), api.patch(path, b"world", at=5)):
        assert answer.status_code == 410
        assert "upload-offset" not in answer.headers
    assert api.client.delete(path, headers=TUS).status_code == 410
    with api.service.records.begin("main") as tx:
        assert tx.uploads.segments(path.rsplit("/", 1)[1]) == []


def test_evidence_is_not_terminated(api: Api) -> None:
    path = api.new_upload(5)
    api.patch(path, b"hello", at=0)
    assert api.client.delete(path, headers=TUS).status_code == 409
    assert api.sealed(b"hello") == b"hello"


def test_an_expired_upload_is_gone_even_before_the_sweep_and_its_bytes_after_it(api: Api) -> None:
    path = api.new_upload(10)
    api.patch(path, b"hello", at=0)
    upload_id = path.rsplit("/", 1)[1]
    with api.service.records.begin("main") as tx:
        upload = tx.uploads.get(upload_id)
        assert upload is not None
        tx.uploads.change(upload.model_copy(update={"expires_at": upload.created_at}))
    assert api.client.head(path, headers=TUS).status_code == 410
    assert api.patch(path, b"world", at=5).status_code == 410
    assert sweep_uploads(api.service) >= 1
    with api.service.records.begin("main") as tx:
        swept = tx.uploads.get(upload_id)
        assert swept is not None
        assert swept.state is UploadState.EXPIRED
        assert tx.uploads.segments(upload_id) == []


def test_each_patch_puts_the_expiry_off(api: Api) -> None:
    path = api.new_upload(10)
    upload_id = path.rsplit("/", 1)[1]
    with api.service.records.begin("main") as tx:
        upload = tx.uploads.get(upload_id)
        assert upload is not None
        soon = tx.now.replace(microsecond=0) + api.service.uploads.keep / 60
        tx.uploads.change(upload.model_copy(update={"expires_at": soon}))
    assert parsedate_to_datetime(api.client.head(path, headers=TUS).headers["upload-expires"]) == soon
    answer = api.patch(path, b"hello", at=0)
    assert parsedate_to_datetime(answer.headers["upload-expires"]) > soon
