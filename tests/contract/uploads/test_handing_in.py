"""One file in one request, by a client that nobody here wrote."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sixfaces.domain.custody import Act
from sixfaces.domain.filing import CaseState
from tests.contract.uploads.conftest import Api

DATA = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + os.urandom(2_000_000)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def curl(api: Api, *arguments: str) -> tuple[int, Any]:
    if shutil.which("curl") is None:
        if os.environ.get("CI"):
            pytest.fail("curl is not installed")
        pytest.skip("curl is not installed")
    command = ["curl", "-sS", "-w", "\n%{http_code}", "-H", f"Authorization: Bearer {api.admin.key}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body)


def test_curl_hands_in_a_file_and_gets_its_receipt(api: Api, tmp_path: Path) -> None:
    case = api.new_case()
    (tmp_path / "take.mp4").write_bytes(DATA)
    url = f"{api.url}/v1/cases/{case.file.case_id}/exhibits?name=take.mp4&role=unboxing_video"
    status, receipt = curl(
        api, "--data-binary", f"@{tmp_path / 'take.mp4'}", "-H", "Content-Type: video/mp4",
        "-H", f"Content-Digest: sha-256=:{digest(DATA)}:", url,
    )  # fmt: skip
    assert status == 201
    assert (receipt["sha256"], receipt["bytes"], receipt["medium"]) == (sha(DATA), len(DATA), "video")
    assert receipt["unprotected"] == ["object_lock"]
    with api.service.records.begin("main") as tx:
        acts = [(entry.act, entry.seq) for entry in tx.custody.about(receipt["exhibit_id"])]
        now = tx.cases.get(case.id)
    assert [act for act, _ in acts] == [Act.ACCEPT, Act.SEAL]
    assert receipt["entry"] == acts[1][1]
    assert now is not None
    assert (now.revision, now.state) == (case.revision + 1, CaseState.VERIFYING)
    assert api.sealed(DATA) == DATA


def test_curl_uploads_from_a_pipe_whose_length_nobody_knows(api: Api, tmp_path: Path) -> None:
    (tmp_path / "take.mp4").write_bytes(DATA + b"piped")
    url = f"{api.url}/v1/cases/{api.new_case().id}/exhibits?name=take.mp4"
    status, receipt = curl(api, "-T", str(tmp_path / "take.mp4"), "-X", "POST", "-H", "Transfer-Encoding: chunked", url)
    assert (status, receipt["sha256"]) == (201, sha(DATA + b"piped"))


@pytest.mark.parametrize(
    "header",
    [
        {"Content-Digest": "sha-256=:{}:"},
        {"Repr-Digest": "sha-512=:AA==:, sha-256=:{}:"},
        {"Digest": "SHA-256={}"},
    ],
)
def test_a_file_with_another_digest_never_becomes_evidence(api: Api, header: dict[str, str]) -> None:
    case = api.new_case()
    data = os.urandom(1000)
    headers = {name: value.format(digest(b"other")) for name, value in header.items()}
    answer = api.client.post(f"/v1/cases/{case.id}/exhibits", content=data, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "upload.digest_differs")
    assert sha(data) in answer.json()["detail"]
    assert api.sealed(data) is None
    with api.service.records.begin("main") as tx:
        assert tx.exhibits.of_case(case.id) == []
        assert tx.cases.get(case.id) == case


def test_a_digest_that_cannot_be_read_is_an_error(api: Api) -> None:
    path = f"/v1/cases/{api.new_case().id}/exhibits"
    for said in ("sha-256=:????:", "sha-256=", f"sha-256=:{digest(b'')}:, sha-256=:{digest(b'a')}:"):
        answer = api.client.post(path, content=b"", headers={"Content-Digest": said})
        assert (answer.status_code, answer.json()["code"]) == (400, "upload.digest_header")


def test_the_same_bytes_in_two_cases_are_stored_once_and_linked_twice(api: Api) -> None:
    data = os.urandom(5000)
    receipts = [api.client.post(f"/v1/cases/{api.new_case().id}/exhibits", content=data).json() for _ in range(2)]
    assert receipts[0]["sha256"] == receipts[1]["sha256"] == sha(data)
    assert receipts[0]["exhibit_id"] != receipts[1]["exhibit_id"]
    with api.service.records.begin("main") as tx:
        assert len(tx.exhibits.with_bytes(sha(data))) == 2
    assert list(api.service.blobs.list(f"originals/main/{sha(data)[:2]}/{sha(data)}")) == [
        f"originals/main/{sha(data)[:2]}/{sha(data)}"
    ]


def test_the_same_bytes_again_in_one_case_lead_to_the_exhibit_that_is_there(api: Api) -> None:
    case, data = api.new_case(), os.urandom(5000)
    first, second = (api.client.post(f"/v1/cases/{case.id}/exhibits", content=data) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["exhibit_id"] == second.json()["exhibit_id"]
    with api.service.records.begin("main") as tx:
        now = tx.cases.get(case.id)
        assert now is not None
        assert now.revision == case.revision + 1


def test_what_is_too_large_is_refused_with_nothing_left_behind(api: Api) -> None:
    before = list(api.service.blobs.list("originals/"))
    path = f"/v1/cases/{api.new_case().id}/exhibits?role=document"
    assert api.client.post(path, content=b"x" * ((8 << 20) + 1)).status_code == 413
    pieces = (b"x" * (1 << 20) for _ in range(9))
    assert api.client.post(path, content=pieces).status_code == 413
    assert list(api.service.blobs.list("originals/")) == before


def test_a_store_that_takes_nothing_directly_says_what_to_do_instead(api: Api) -> None:
    wish = {"case": api.new_case().id, "length": 5, "sha256": sha(b"hello")}
    answer = api.client.post("/v1/uploads/direct", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (501, "upload.direct_unavailable")
    assert "/v1/uploads" in answer.json()["fix"]
