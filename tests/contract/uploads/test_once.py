"""The same Idempotency-Key with an upload: one upload, one exhibit, one answer, and its bytes are not taken twice."""

import base64
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sixfaces.api import once_streamed
from sixfaces.domain.custody import Act
from sixfaces.domain.errors import StoreError
from sixfaces.domain.model import Say
from sixfaces.domain.upload import UploadState
from sixfaces.pipeline.ids import new_id
from tests.contract.uploads.conftest import OCTETS, TUS, Api

DATA = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + os.urandom(300_000)


def hand_in(api: Api, case: str, key: str, *, data: bytes = DATA, **params: str) -> httpx.Response:
    return api.client.post(f"/v1/cases/{case}/exhibits", content=data, params=params, headers={"Idempotency-Key": key})


def create(api: Api, case: str, key: str, *, length: int = 5, content: bytes | None = None) -> httpx.Response:
    octets = OCTETS if content is not None else TUS
    told = {**octets, "Idempotency-Key": key, "Upload-Length": str(length), "Sixfaces-Case": case}
    return api.client.post("/v1/uploads", headers=told, content=content)


def shown(answer: httpx.Response) -> tuple[Any, ...]:
    return answer.status_code, answer.content, answer.headers.get("location"), answer.headers.get("upload-expires")


def exhibits(api: Api, case: str) -> int:
    with api.service.records.begin("main", reading=True) as tx:
        return len(tx.exhibits.of_case(case))


def test_a_file_handed_in_again_gets_the_first_receipt_byte_for_byte(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    first, second = hand_in(api, case, key, name="a.mp4"), hand_in(api, case, key, name="a.mp4")
    assert first.status_code == 201
    assert shown(first) == shown(second)
    with api.service.records.begin("main", reading=True) as tx:
        about = tx.custody.about(first.json()["exhibit_id"])
    assert [entry.act.value for entry in about] == ["accept", "seal"], "the repeat brought nothing about"


@pytest.mark.parametrize("other", [os.urandom(len(DATA)), DATA[:-1] + b"\0", DATA[:-1], DATA * 2, b""])
@pytest.mark.parametrize("is_announced", [True, False])
def test_other_bytes_under_the_key_are_refused(api: Api, other: bytes, is_announced: bool) -> None:
    case, key = api.new_case().id, new_id()

    def send(data: bytes) -> httpx.Response:
        content = data if is_announced else (data[at : at + 65536] for at in range(0, len(data), 65536))
        return api.client.post(f"/v1/cases/{case}/exhibits", content=content, headers={"Idempotency-Key": key})

    first = send(DATA)
    assert first.status_code == 201
    answer = send(other)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.key_reused")
    assert send(DATA).content == first.content
    assert exhibits(api, case) == 1


def test_a_creation_with_other_bytes_under_the_key_is_refused(api: Api) -> None:
    case, key = api.new_case().file.case_id, new_id()
    assert create(api, case, key, content=b"12345").status_code == 201
    assert create(api, case, key, content=b"12345").status_code == 201
    answer = create(api, case, key, content=b"54321")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.key_reused")


def test_a_repeat_that_is_longer_is_not_read_to_its_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    case, key = api.new_case().id, new_id()
    assert hand_in(api, case, key).status_code == 201
    taken: list[int] = []
    real = once_streamed._Taken.take

    async def counted(self: once_streamed._Taken, piece: bytes) -> None:
        taken.append(len(piece))
        await real(self, piece)

    monkeypatch.setattr(once_streamed._Taken, "take", counted)
    longer = (bytes(65536) for _ in range(200))
    answer = api.client.post(f"/v1/cases/{case}/exhibits", content=longer, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (422, "request.key_reused")
    assert sum(taken) < len(DATA) + (1 << 20)


def test_a_key_that_is_revoked_while_it_repeats_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    case, key = api.new_case().id, new_id()
    assert hand_in(api, case, key).status_code == 201
    monkeypatch.setattr("sixfaces.api.once_streamed.LOOK_S", 0.0)
    monkeypatch.setattr("sixfaces.api.gate.Gate.still_good", lambda *_: False)
    assert hand_in(api, case, key).status_code == 401


@pytest.mark.parametrize("change", ["case", "name", "role", "length", "digest"])
def test_another_file_under_the_key_is_refused(api: Api, change: str) -> None:
    case, key = api.new_case().id, new_id()
    assert hand_in(api, case, key).status_code == 201
    answer = api.client.post(
        f"/v1/cases/{api.new_case().id if change == 'case' else case}/exhibits",
        content=DATA + b"." if change == "length" else DATA,
        params={"name": {"name": "b.mp4"}, "role": {"role": "document"}}.get(change, {}),
        headers={
            "Idempotency-Key": key,
            **({"Repr-Digest": f"sha-256=:{'A' * 43}=:"} if change == "digest" else {}),
        },
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "request.key_reused")


def test_many_at_once_under_one_key_are_told_of_one_exhibit(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: hand_in(api, case, key), range(6)))
    assert {shown(answer) for answer in answers} == {shown(answers[0])}
    assert answers[0].status_code == 201
    assert exhibits(api, case) == 1
    with api.service.records.begin("main", reading=True) as tx:
        about = tx.custody.about(answers[0].json()["exhibit_id"])
    (seal,) = [entry for entry in about if entry.act is Act.SEAL]
    first, *others = [entry for entry in about if entry.act is Act.ACCEPT]
    assert first.body["upload"] == seal.body["upload"] == answers[0].json()["upload_id"]
    came = {"sha256": seal.body["sha256"], "held_since_entry": seal.seq}
    assert all(came.items() <= entry.body.items() for entry in others), "bytes that came once more are told as such"
    assert len({entry.body["upload"] for entry in about}) == 1 + len(others), "each by the upload that brought them"


def test_a_refused_file_leaves_its_key_free(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    path, headers = f"/v1/cases/{case}/exhibits", {"Idempotency-Key": key}
    wrong = {**headers, "Repr-Digest": f"sha-256=:{'A' * 43}=:"}
    for _ in range(2):
        answer = api.client.post(path, content=DATA, headers=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "upload.digest_differs")


def test_a_repeat_of_what_waits_for_the_store_waits_as_well(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreError("store.unavailable", Say(zh="。", en="."), Say(zh="。", en="."))

    case, key = api.new_case().id, new_id()
    monkeypatch.setattr(type(api.service.blobs), "seal", away)
    first, second = hand_in(api, case, key), hand_in(api, case, key)
    assert (first.status_code, first.json()["state"]) == (202, "received")
    assert shown(first) == shown(second)


def test_a_client_that_asks_first_is_not_made_to_send_the_file_again(api: Api) -> None:
    """It has said which bytes they are."""
    case = api.new_case().id
    digest = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    told = {"Idempotency-Key": new_id(), "Repr-Digest": f"sha-256=:{digest}:"}
    first = api.client.post(f"/v1/cases/{case}/exhibits", content=DATA, headers=told)
    asking = {**told, "Content-Length": str(len(DATA)), "Expect": "100-continue"}
    request = api.client.build_request("POST", f"/v1/cases/{case}/exhibits", headers=asking)
    answer = raw(api, request)
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert first.content in answer


def raw(api: Api, request: httpx.Request) -> bytes:
    """Everything that the server says to a head without a body."""
    import socket

    lines = [f"{request.method} {request.url.raw_path.decode()} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items() if name != "connection"]
    with socket.create_connection((request.url.host, request.url.port or 80), timeout=10) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        told = b""
        while piece := line.recv(65536):
            told += piece
    return told


def test_an_upload_is_created_once(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: create(api, case, key), range(6)))
    assert answers[0].status_code == 201
    assert {shown(answer) for answer in answers} == {shown(answers[0])}
    assert api.patch(answers[0].headers["location"], b"12345", at=0).status_code == 204
    assert shown(create(api, case, key)) == shown(answers[0])


def test_another_upload_under_the_key_is_refused(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    create(api, case, key)
    answers = [create(api, case, key, length=6), create(api, api.new_case().id, key)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(422, "request.key_reused")}


def test_a_creation_repeated_with_its_bytes_is_told_how_far_they_came(api: Api) -> None:
    case, key, data = api.new_case().id, new_id(), os.urandom(1000)
    first = create(api, case, key, length=2000, content=data)
    again = create(api, case, key, length=2000, content=data)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["upload-offset"] == "1000"
    assert api.patch(first.headers["location"], data, at=1000).status_code == 204
    assert api.sealed(data + data) == data + data


def test_a_creation_whose_file_was_refused_is_refused_again(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    told = {**OCTETS, "Idempotency-Key": key, "Upload-Length": "3", "Sixfaces-Case": case, "Sixfaces-Sha256": "0" * 64}
    answers = [api.client.post("/v1/uploads", headers=told, content=b"abc") for _ in range(2)]
    assert {(a.status_code, a.json()["code"]) for a in answers} == {(422, "upload.digest_differs")}


def test_an_upload_that_was_given_up_is_not_created_again(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    first = create(api, case, key)
    assert api.client.delete(first.headers["location"], headers=TUS).status_code == 204
    assert shown(create(api, case, key)) == shown(first)
    with api.service.records.begin("main", reading=True) as tx:
        upload = tx.uploads.get(first.headers["location"].rpartition("/")[2])
    assert upload is not None
    assert upload.state is UploadState.TERMINATED


def test_the_digest_of_the_receipt_is_of_what_was_sent_first(api: Api) -> None:
    case, key = api.new_case().id, new_id()
    hand_in(api, case, key)
    assert hand_in(api, case, key).json()["sha256"] == hashlib.sha256(DATA).hexdigest()


def _forgotten(api: Api) -> int:
    """Prune every ended upload of this moment, and nothing else; how many."""
    with api.service.records.begin(None) as tx:
        tx.pruning.jobs(older=-timedelta(days=400), limit=1000)
    with api.service.records.begin(None) as tx:
        return tx.pruning.uploads(older=-timedelta(days=400), limit=1000)


def test_a_repeat_gets_its_answer_when_the_upload_has_been_forgotten(api: Api) -> None:
    case, keys = api.new_case().id, (new_id(), new_id())
    first = hand_in(api, case, keys[0], name="a.mp4")
    created = create(api, case, keys[1], content=b"12345")
    assert (first.status_code, created.status_code) == (201, 201)
    assert _forgotten(api) >= 1
    assert api.client.get(first.headers["location"]).status_code == 404
    assert shown(hand_in(api, case, keys[0], name="a.mp4")) == shown(first)
    again = create(api, case, keys[1], content=b"12345")
    assert (again.status_code, again.headers["location"]) == (201, created.headers["location"])
