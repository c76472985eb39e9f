"""The core protocol of tus 1.0, request by request."""

import hashlib
import os

import httpx
import pytest

from tests.contract.uploads.conftest import OCTETS, TUS, Api
from tests.rig.installation import Person

DATA = os.urandom(300_000)


def test_options_tells_what_the_server_can_do_and_asks_for_no_key(api: Api) -> None:
    for path in ("/v1/uploads", "/v1/uploads/any"):
        answer = httpx.options(api.url + path)
        assert answer.status_code == 204
        assert answer.headers["tus-version"] == "1.0.0"
        assert answer.headers["tus-max-size"] == str(64 << 20)
        assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"
        assert set(answer.headers["tus-extension"].split(",")) == {
            "creation",
            "creation-with-upload",
            "creation-defer-length",
            "checksum",
            "expiration",
            "termination",
        }


def test_an_upload_in_two_requests_is_sealed_byte_for_byte(api: Api) -> None:
    path = api.new_upload(len(DATA), **{"Sixfaces-Name": "take.mp4", "Sixfaces-Role": "packing_video"})
    first = api.patch(path, DATA[:100_000], at=0)
    assert (first.status_code, first.headers["upload-offset"]) == (204, "100000")
    assert "upload-expires" in first.headers
    assert api.client.get(path).json()["state"] == "receiving"
    last = api.patch(path, DATA[100_000:], at=100_000)
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(DATA)))
    assert "upload-expires" not in last.headers
    shown = api.client.get(path).json()
    assert shown["state"] == "sealed"
    assert shown["receipt"]["sha256"] == hashlib.sha256(DATA).hexdigest()
    assert (shown["receipt"]["name"], shown["receipt"]["role"]) == ("take.mp4", "packing_video")
    assert shown["receipt"]["unprotected"] == list(api.service.blobs.traits.gaps)
    assert api.sealed(DATA) == DATA


def test_head_tells_offset_length_and_metadata_as_they_were_said(api: Api) -> None:
    metadata = f"filename dGFrZS5tcDQ=,is_live,case {_b64(api.new_case().file.case_id)}"
    created = api.client.post("/v1/uploads", headers={**TUS, "Upload-Length": "9", "Upload-Metadata": metadata})
    answer = api.client.head(created.headers["location"], headers=TUS)
    assert answer.status_code == 200
    assert answer.headers["upload-offset"] == "0"
    assert answer.headers["upload-length"] == "9"
    assert answer.headers["upload-metadata"] == metadata
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["tus-resumable"] == "1.0.0"


@pytest.mark.parametrize("at", [0, 9, 11, 300_000, 10**17])
def test_bytes_that_do_not_follow_are_refused_with_the_true_offset(api: Api, at: int) -> None:
    path = api.new_upload(len(DATA))
    api.patch(path, DATA[:10], at=0)
    answer = api.patch(path, b"x", at=at)
    assert (answer.status_code, answer.headers["upload-offset"]) == (409, "10")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert api.offset(path) == 10


@pytest.mark.parametrize("sent", [{}, {"Tus-Resumable": "0.2.2"}, {"Tus-Resumable": "1.0"}])
@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_another_version_of_the_protocol_is_refused_with_ours(api: Api, method: str, sent: dict[str, str]) -> None:
    path = "/v1/uploads" if method == "POST" else api.new_upload(5)
    answer = api.client.request(method, path, headers={**sent, "Upload-Length": "5"})
    assert answer.status_code == 412
    assert answer.headers["tus-version"] == "1.0.0"


@pytest.mark.parametrize("kind", ["application/octet-stream", "", "application/offset+octet-streams"])
def test_a_body_of_another_kind_is_not_taken(api: Api, kind: str) -> None:
    path = api.new_upload(5)
    answer = api.client.patch(path, content=b"hello", headers={**TUS, "Upload-Offset": "0", "Content-Type": kind})
    assert answer.status_code == 415
    assert api.offset(path) == 0


@pytest.mark.parametrize("offset", [None, "", "-1", "1.0", "0x1", "٣", "9" * 19])
def test_an_offset_that_is_no_number_is_an_error(api: Api, offset: str | None) -> None:
    path = api.new_upload(5)
    told = {} if offset is None else {"Upload-Offset": offset}
    headers = httpx.Headers({**OCTETS, **told}, encoding="utf-8")
    answer = api.client.patch(path, content=b"hello", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "upload.offset"


@pytest.mark.parametrize("said", ["-1", "1e3", "", "abc", "9" * 19])
def test_a_length_that_is_no_number_creates_nothing(api: Api, said: str) -> None:
    headers = {**TUS, "Upload-Length": said, "Sixfaces-Case": api.new_case().id}
    answer = api.client.post("/v1/uploads", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "upload.length")


def test_a_file_larger_than_its_role_may_be_is_refused_before_a_byte_is_sent(api: Api) -> None:
    headers = {**TUS, "Sixfaces-Case": api.new_case().id, "Upload-Length": str((8 << 20) + 1)}
    assert api.client.post("/v1/uploads", headers={**headers, "Sixfaces-Role": "document"}).status_code == 413
    assert api.client.post("/v1/uploads", headers=headers).status_code == 201


def test_bytes_beyond_the_length_are_refused_and_none_of_them_kept(api: Api) -> None:
    path = api.new_upload(10)
    assert api.patch(path, b"x" * 11, at=0).status_code == 413
    answer = api.client.patch(path, content=iter([b"x" * 6, b"x" * 6]), headers={**OCTETS, "Upload-Offset": "0"})
    assert answer.status_code == 413
    assert api.client.get(path).json()["state"] == "receiving"


def test_a_body_without_a_length_of_its_own_is_taken_as_it_comes(api: Api) -> None:
    path = api.new_upload(len(DATA))
    pieces = (DATA[i : i + 7777] for i in range(0, len(DATA), 7777))
    answer = api.client.patch(path, content=pieces, headers={**OCTETS, "Upload-Offset": "0"})
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(DATA)))
    assert api.sealed(DATA) == DATA


def test_an_empty_patch_at_the_end_changes_nothing(api: Api) -> None:
    path = api.new_upload(3)
    assert api.patch(path, b"", at=0).headers["upload-offset"] == "0"
    assert api.patch(path, b"abc", at=0).status_code == 204
    assert api.patch(path, b"", at=3).status_code == 204
    assert api.patch(path, b"d", at=3).status_code == 413
    assert api.client.get(path).json()["state"] == "sealed"


def test_methods_that_a_client_cannot_send_come_by_post(api: Api) -> None:
    path = api.new_upload(len(DATA))

    def post(method: str, data: bytes = b"", **more: str) -> httpx.Response:
        headers = {**OCTETS, "X-HTTP-Method-Override": method, **more}
        return api.client.post(path, content=data, headers=headers)

    assert post("PATCH", DATA[:50], **{"Upload-Offset": "0"}).status_code == 204
    assert post("HEAD").headers["upload-offset"] == "50"
    assert post("DELETE").status_code == 204
    assert post("BREW").status_code == 405


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE", "GET"])
def test_what_is_not_there_and_what_is_not_yours_are_told_alike(api: Api, stranger: Person, method: str) -> None:
    mine = api.new_upload(5)
    headers = {**OCTETS, "Upload-Offset": "0"}
    foreign = api.client.request(method, mine, headers={**headers, **stranger.headers})
    nowhere = api.client.request(method, mine[:-4] + "0000", headers={**headers, **stranger.headers})
    no_id = api.client.request(method, "/v1/uploads/none", headers={**headers, **stranger.headers})
    assert foreign.status_code == nowhere.status_code == no_id.status_code == 404
    assert foreign.content == nowhere.content == no_id.content
    assert "upload-offset" not in foreign.headers
    assert api.offset(mine) == 0


def test_without_a_key_nothing_goes_but_the_protocol_is_named(api: Api) -> None:
    answer = httpx.head(api.url + api.new_upload(5), headers=TUS)
    assert answer.status_code == 401
    assert answer.headers["tus-resumable"] == "1.0.0"


def _b64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()
