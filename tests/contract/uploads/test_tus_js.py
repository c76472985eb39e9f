"""tus-js-client in Node, a client that nobody here wrote: what it hands in ends sealed byte for byte."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sixfaces.domain.upload import UploadState
from tests.contract.uploads.conftest import Api
from tests.rig.fault_proxy import End, Fault, FaultProxy, fault_proxy
from tests.rig.installation import Person
from tests.rig.node_clients import Node

NAME = "买家开箱 第1段.mp4"
PIECE = 500_000
STREAMED = {"chunkSize": PIECE, "uploadLengthDeferred": True}


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(os.urandom(3_000_001))
    return path


def order(api: Api, take: Path, **more: object) -> dict[str, Any]:
    """A whole file, unless `more` says otherwise."""
    metadata = {"case": api.new_case().file.case_id, "role": "buyer_video", "filename": NAME}
    plain = {"endpoint": f"{api.url}/v1/uploads", "headers": dict(api.admin.headers), "metadata": metadata}
    return {**plain, "path": str(take), "source": "file", **more}


def check_sealed(api: Api, take: Path, told: dict[str, Any]) -> None:
    """It says it is done, and the receipt and the store say the same."""
    assert told["outcome"] == "done", told
    shown = api.client.get(urlsplit(told["url"]).path).json()
    assert (shown["state"], shown["name"], shown["role"]) == ("sealed", NAME, "buyer_video")
    assert shown["receipt"]["sha256"] == hashlib.sha256(take.read_bytes()).hexdigest()
    assert api.sealed(take.read_bytes()) == take.read_bytes()


def exhibits_of(api: Api, case: str) -> list[dict[str, Any]]:
    found = api.client.get(f"/v1/cases/by-number/{case}").json()
    items: list[dict[str, Any]] = api.client.get(f"/v1/cases/{found['id']}/exhibits").json()["items"]
    return items


def expire(api: Api, upload_id: str) -> None:
    """As if its time had passed."""
    with api.service.records.begin("main") as tx:
        upload = tx.uploads.get(upload_id)
        assert upload is not None
        assert upload.state is UploadState.RECEIVING
        tx.uploads.change(upload.model_copy(update={"expires_at": upload.created_at}))


@contextmanager
def faulty(api: Api, *faults: Fault) -> Iterator[tuple[FaultProxy, str]]:
    place = urlsplit(api.url)
    assert place.hostname is not None
    assert place.port is not None
    with fault_proxy(place.hostname, place.port) as (proxy, own):
        proxy.faults.extend(faults)
        yield proxy, f"http://127.0.0.1:{own[1]}/v1/uploads"


@pytest.mark.parametrize("source", ["file", "buffer"])
@pytest.mark.parametrize(
    ("options", "requests"),
    [
        ({}, ["POST 201", "PATCH 204"]),
        ({"chunkSize": PIECE}, ["POST 201", *["PATCH 204"] * 7]),
        ({"uploadDataDuringCreation": True}, ["POST 201"]),
        ({"uploadDataDuringCreation": True, "chunkSize": PIECE}, ["POST 201", *["PATCH 204"] * 6]),
        ({"overridePatchMethod": True}, ["POST 201", "POST 204"]),
    ],
    ids=["whole", "in pieces", "with its creation", "in pieces with its creation", "by POST alone"],
)
def test_a_file_is_sealed(
    api: Api, node: Node, take: Path, options: dict[str, Any], requests: list[str], source: str
) -> None:
    told = node.run("tus.mjs", order(api, take, options=options, source=source))
    assert told["asked"] == requests
    check_sealed(api, take, told)


def test_an_empty_file_is_sealed(api: Api, node: Node, take: Path) -> None:
    take.write_bytes(b"")
    told = node.run("tus.mjs", order(api, take))
    check_sealed(api, take, told)


@pytest.mark.parametrize("end", [End.RST, End.FIN, End.HALF])
def test_lines_that_are_cut_cost_no_byte(api: Api, node: Node, take: Path, end: End) -> None:
    faults = [Fault(after=after, end=end) for after in (700_000, 900_000, 400)]
    with faulty(api, *faults) as (proxy, url):
        told = node.run("tus.mjs", {**order(api, take), "endpoint": url})
        assert not proxy.faults
        assert proxy.sent < 2 * take.stat().st_size
    assert any(asked.startswith("HEAD 200") for asked in told["asked"])
    check_sealed(api, take, told)


def test_an_answer_that_is_lost_after_the_last_byte_is_asked_for_by_head(api: Api, node: Node, take: Path) -> None:
    headers = {**api.admin.headers, "Connection": "close"}  # so that the creation has a connection of its own
    with faulty(api, Fault(), Fault(mute=True)) as (_, url):
        told = node.run("tus.mjs", {**order(api, take), "endpoint": url, "headers": headers})
    assert told["asked"] == ["POST 201", "HEAD 200"]
    check_sealed(api, take, told)


def test_another_process_goes_on_where_a_killed_one_was(api: Api, node: Node, take: Path, tmp_path: Path) -> None:
    asked = order(api, take, urls=str(tmp_path / "urls.json"), options={"chunkSize": PIECE})
    first = node.run("tus.mjs", {**asked, "at": 2 * PIECE, "then": "die"}, killed=True)
    second = node.run("tus.mjs", asked)
    assert (first["outcome"], second["url"]) == ("died", first["url"])
    assert second["asked"] == ["HEAD 200", *["PATCH 204"] * 5]
    check_sealed(api, take, second)


def test_an_address_that_was_kept_elsewhere_is_gone_on_with(api: Api, node: Node, take: Path) -> None:
    asked = order(api, take, options={"chunkSize": PIECE})
    first = node.run("tus.mjs", {**asked, "at": PIECE, "then": "die"}, killed=True)
    second = node.run("tus.mjs", {**asked, "options": {"uploadUrl": first["url"]}})
    assert second["asked"] == ["HEAD 200", "PATCH 204"]
    check_sealed(api, take, second)


@pytest.mark.parametrize("size", [3_000_001, PIECE + 1, 1])
def test_a_stream_of_unknown_length_is_sealed(api: Api, node: Node, take: Path, size: int) -> None:
    take.write_bytes(os.urandom(size))
    told = node.run("tus.mjs", order(api, take, source="stream", options=STREAMED))
    check_sealed(api, take, told)


def test_a_stream_that_tus_js_client_leaves_at_the_end_of_a_piece_is_sealed_once_its_length_is_said(
    api: Api, node: Node, take: Path
) -> None:
    """A known fault of that client (its issue 779): it says the length of no stream that ends with a whole piece."""
    take.write_bytes(os.urandom(2 * PIECE))
    told = node.run("tus.mjs", order(api, take, source="stream", options=STREAMED))
    assert told["outcome"] == "stalled"
    path = urlsplit(told["url"]).path
    assert api.patch(path, b"", at=2 * PIECE, **{"Upload-Length": str(2 * PIECE)}).status_code == 204
    check_sealed(api, take, {**told, "outcome": "done"})


@pytest.mark.parametrize("is_right", [True, False])
def test_the_digest_of_the_whole_may_be_declared(api: Api, node: Node, take: Path, is_right: bool) -> None:
    digest = hashlib.sha256(take.read_bytes()).hexdigest() if is_right else "0" * 64
    asked = order(api, take)
    told = node.run("tus.mjs", {**asked, "metadata": {**asked["metadata"], "sha256": digest}})
    if is_right:
        check_sealed(api, take, told)
        return
    assert (told["outcome"], told["status"]) == ("failed", 422)
    assert "upload.digest_differs" in told["body"]
    assert told["asked"] == ["POST 201", "PATCH 422"]
    assert api.sealed(take.read_bytes()) is None


def test_an_upload_that_is_terminated_is_gone(api: Api, node: Node, take: Path) -> None:
    asked = order(api, take, options={"chunkSize": PIECE}, at=PIECE, then="terminate")
    told = node.run("tus.mjs", asked)
    assert told["outcome"] == "terminated"
    assert told["asked"][-1] == "DELETE 204"
    assert api.client.get(urlsplit(told["url"]).path).json()["state"] == "terminated"
    assert exhibits_of(api, asked["metadata"]["case"]) == []


def test_parallel_parts_are_refused_and_none_becomes_evidence(api: Api, node: Node, take: Path) -> None:
    """Even where each part says its case, as a client may that was made for other servers."""
    asked = order(api, take)
    options = {"parallelUploads": 3, "metadataForPartialUploads": asked["metadata"]}
    told = node.run("tus.mjs", {**asked, "options": options})
    assert (told["outcome"], told["status"]) == ("failed", 400)
    assert "upload.concatenation" in told["body"]
    assert set(told["asked"]) == {"POST 400"}
    assert exhibits_of(api, asked["metadata"]["case"]) == []


def test_a_draft_of_the_next_protocol_is_refused(api: Api, node: Node, take: Path) -> None:
    told = node.run("tus.mjs", order(api, take, options={"protocol": "ietf-draft-05"}))
    assert (told["outcome"], told["status"], told["asked"]) == ("failed", 412, ["POST 412"])
    assert "upload.tus_version" in told["body"]


def test_a_wrong_key_is_told_once_and_not_tried_again(api: Api, node: Node, take: Path) -> None:
    told = node.run("tus.mjs", order(api, take, headers={"Authorization": f"{api.admin.headers['Authorization']}x"}))
    assert (told["outcome"], told["status"], told["asked"]) == ("failed", 401, ["POST 401"])


def test_a_key_of_another_tenant_finds_neither_case_nor_upload(
    api: Api, node: Node, take: Path, stranger: Person, tmp_path: Path
) -> None:
    asked = order(api, take, urls=str(tmp_path / "urls.json"), options={"chunkSize": PIECE})
    first = node.run("tus.mjs", {**asked, "at": PIECE, "then": "die"}, killed=True)
    told = node.run("tus.mjs", {**asked, "headers": dict(stranger.headers)})
    assert (told["outcome"], told["asked"]) == ("failed", ["HEAD 404", "POST 404"])
    assert api.offset(urlsplit(first["url"]).path) == PIECE


def test_an_upload_that_expired_begins_anew(api: Api, node: Node, take: Path, tmp_path: Path) -> None:
    asked = order(api, take, urls=str(tmp_path / "urls.json"), options={"chunkSize": PIECE})
    first = node.run("tus.mjs", {**asked, "at": 2 * PIECE, "then": "die"}, killed=True)
    expire(api, first["url"].rpartition("/")[2])
    second = node.run("tus.mjs", asked)
    assert second["url"] != first["url"]
    assert second["asked"] == ["HEAD 410", "POST 201", *["PATCH 204"] * 7]
    check_sealed(api, take, second)
