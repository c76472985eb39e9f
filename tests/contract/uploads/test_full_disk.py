"""A spool that is full: new work is refused, what was acknowledged stays, and uploads go on once there is room."""

import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from sixfaces.adapters.spool_folder import FolderSpool
from sixfaces.config import Settings
from sixfaces.pipeline.spool_room import RESERVED
from tests.contract.uploads.conftest import TUS, Api
from tests.rig.installation import LIMITS, new_case, new_person, open_service, prepared, serving

MIB = 1 << 20


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail(done.stderr)
        pytest.skip("a small file system can be mounted by root only")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place))
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def full(folder: Path, small: Path) -> Iterator[Api]:
    service = open_service(prepared(folder))
    service = replace(service, spool=FolderSpool(small / "spool"))
    admin = new_person(service)
    with (
        serving(service, Settings(data=folder)) as url,
        httpx.Client(base_url=url, headers=admin.headers, timeout=30) as client,
    ):
        yield Api(url, service, admin, client)


def test_a_full_disk_costs_time_and_no_byte(full: Api, small: Path) -> None:
    data = os.urandom(10 * MIB)
    headers = {**TUS, "Upload-Length": str(len(data)), "Sixfaces-Case": full.new_case().id}
    refused = full.client.post("/v1/uploads", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (507, "upload.no_room")
    upload = full.new_upload(None)
    answer = full.patch(upload, data, at=0)
    assert (answer.status_code, answer.json()["code"]) == (507, "store.full")
    assert int(answer.headers["retry-after"]) > 0
    kept = full.offset(upload)
    assert 4 * MIB < kept < 6 * MIB
    assert full.patch(upload, data[kept:], at=kept).status_code == 507
    mount("-o", "remount,size=64m", str(small))
    kept = full.offset(upload)
    answer = full.patch(upload, data[kept:], at=kept, **{"Upload-Length": str(len(data))})
    assert answer.status_code == 204
    assert full.sealed(data) == data


@pytest.fixture
def bounded(folder: Path) -> Iterator[Api]:
    """A spool that may hold 1 MiB, whatever room the disk has."""
    service = open_service(prepared(folder), limits=LIMITS._replace(spool_bytes=MIB, keep=2 * RESERVED))
    admin = new_person(service)
    with (
        serving(service, Settings(data=folder)) as url,
        httpx.Client(base_url=url, headers=admin.headers, timeout=30) as client,
    ):
        yield Api(url, service, admin, client)


def spooled(api: Api) -> int:
    with api.service.records.begin(None, reading=True) as tx:
        return tx.uploads.spool_bytes()


def refused(answer: httpx.Response) -> bool:
    told = (answer.status_code, answer.json()["code"], answer.headers["retry-after"].isdigit())
    return told == (507, "upload.no_room", True)


def test_a_spool_at_its_limit_takes_nothing_of_any_tenant(bounded: Api) -> None:
    waiting = bounded.new_upload(MIB)
    assert bounded.patch(waiting, bytes(MIB - 1000), at=0).status_code == 204
    stranger = new_person(bounded.service, tenant="other")
    case = new_case(bounded.service, stranger).id
    sent = [
        bounded.client.post(
            "/v1/uploads", headers={**TUS, **stranger.headers, "Upload-Length": "2000"}, params={"case": case}
        ),
        bounded.client.post(f"/v1/cases/{case}/exhibits", content=bytes(2000), headers=stranger.headers),
        bounded.client.post(f"/v1/cases/{case}/exhibits", content=iter([bytes(2000)]), headers=stranger.headers),
    ]
    assert [refused(answer) for answer in sent] == [True, True, True]
    assert spooled(bounded) == MIB - 1000
    late = bounded.new_upload(None)
    assert refused(bounded.patch(late, bytes(2000), at=0, **{"Upload-Length": "2000"}))
    assert (bounded.offset(late), spooled(bounded)) == (0, MIB - 1000)


def test_there_is_room_again_once_an_upload_has_been_sealed(bounded: Api) -> None:
    waiting = bounded.new_upload(MIB)
    assert bounded.patch(waiting, bytes(MIB - 1), at=0).status_code == 204
    case = bounded.new_case().id
    path = f"/v1/cases/{case}/exhibits"
    assert refused(bounded.client.post(path, content=bytes(2000)))
    assert bounded.patch(waiting, b"!", at=MIB - 1).status_code == 204
    assert spooled(bounded) == 0
    assert bounded.client.post(path, content=bytes(2000)).status_code == 201


def post(api: Api, length: int) -> httpx.Response:
    headers = {**TUS, "Upload-Length": str(length), "Sixfaces-Case": api.new_case().id}
    return api.client.post("/v1/uploads", headers=headers)


def test_room_is_kept_for_what_is_announced_before_a_byte_of_it_is_here(bounded: Api) -> None:
    first = post(bounded, MIB - 1000)
    assert first.status_code == 201
    assert refused(post(bounded, 1001))
    assert post(bounded, 1000).status_code == 201
    assert bounded.client.delete(first.headers["location"], headers=TUS).status_code == 204
    assert post(bounded, MIB - 1000).status_code == 201


def test_no_room_is_kept_for_who_has_rested_for_an_hour_and_the_rest_must_fit_again(bounded: Api) -> None:
    resting = bounded.new_upload(MIB)
    assert bounded.patch(resting, bytes(1000), at=0).status_code == 204
    with bounded.service.records.begin("main") as tx:
        held = tx.uploads.get(resting.rpartition("/")[2])
        assert held is not None
        tx.uploads.change(held.model_copy(update={"expires_at": tx.now + RESERVED}))
    assert post(bounded, MIB - 1000).status_code == 201
    assert refused(bounded.patch(resting, bytes(10), at=1000))
    assert (bounded.offset(resting), spooled(bounded)) == (1000, 1000)


def test_uploads_that_are_begun_at_once_never_keep_more_room_than_there_is(bounded: Api) -> None:
    barrier = threading.Barrier(6)

    def begin(_: int) -> httpx.Response:
        barrier.wait()
        return post(bounded, MIB // 2)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(begin, range(6)))
    begun = [answer for answer in answers if answer.status_code == 201]
    assert len(begun) <= 2
    assert all(refused(answer) for answer in answers if answer not in begun)
    with bounded.service.records.begin(None, reading=True) as tx:
        assert tx.uploads.awaited_bytes(since=tx.now) == len(begun) * MIB // 2


def test_bytes_of_unknown_number_take_no_room_that_is_kept_for_others(bounded: Api) -> None:
    kept, stream = bounded.new_upload(MIB - 5000), bounded.new_upload(None)
    assert bounded.patch(stream, bytes(4000), at=0).status_code == 204
    assert refused(bounded.patch(stream, bytes(2000), at=4000))
    assert bounded.patch(kept, bytes(MIB - 5000), at=0).status_code == 204
