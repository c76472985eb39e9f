"""A spool that is full: new work is refused, what was acknowledged stays, and uploads go on once there is room."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from sixfaces.adapters.spool_folder import FolderSpool
from sixfaces.config import Settings
from tests.contract.uploads.conftest import TUS, Api
from tests.rig.installation import new_person, open_service, prepared, serving

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
