"""Who sends a byte now and then holds no connection for ever: 408, and what came is kept."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from sixfaces.config import Settings
from tests.contract.uploads.conftest import OCTETS, Api
from tests.rig.installation import LIMITS, new_person, open_service, prepared, serving


@pytest.fixture
def hasty(folder: Path) -> Iterator[Api]:
    """An API that wants 5 kB a second, on average over half a second."""
    service = open_service(prepared(folder), limits=LIMITS._replace(least_rate=5000, grace_s=0.5))
    admin = new_person(service)
    with (
        serving(service, Settings(data=folder)) as url,
        httpx.Client(base_url=url, headers=admin.headers, timeout=30) as client,
    ):
        yield Api(url, service, admin, client)


def dribbled(api: Api, upload: str, data: bytes, *, piece: int, pause_s: float) -> tuple[int, dict[str, str], bytes]:
    """Send piece by piece until the server has had enough: its status, headers and body."""
    place = urlsplit(api.url)
    head = {**OCTETS, **api.admin.headers, "Upload-Offset": "0", "Content-Length": str(len(data)), "Host": "here"}
    told: list[bytes] = []
    with socket.create_connection((place.hostname, place.port), timeout=30) as line:
        answered = threading.Event()

        def hear() -> None:
            told.append(line.recv(65536))
            answered.set()

        hearing = threading.Thread(target=hear)
        hearing.start()
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        line.sendall(f"PATCH {upload} HTTP/1.1\r\n{lines}\r\n".encode())
        for start in range(0, len(data), piece):
            if answered.wait(pause_s):
                break
            line.sendall(data[start : start + piece])
        hearing.join(30)
    head_text, _, body = told[0].partition(b"\r\n\r\n")
    first, *told_headers = head_text.decode().split("\r\n")
    return int(first.split()[1]), dict(one.lower().split(": ", 1) for one in told_headers), body


def test_a_dribble_ends_with_408_and_what_came_is_kept_and_goes_on(hasty: Api) -> None:
    data = os.urandom(4000)
    upload = hasty.new_upload(len(data))
    status, headers, body = dribbled(hasty, upload, data, piece=1, pause_s=0.01)
    assert (status, json.loads(body)["code"]) == (408, "upload.too_slow")
    kept = hasty.offset(upload)
    assert 0 < kept == int(headers["upload-offset"]) < len(data)
    assert hasty.patch(upload, data[kept:], at=kept).status_code == 204
    assert hasty.sealed(data) == data


def test_who_is_slow_but_quick_enough_is_left_alone(hasty: Api) -> None:
    data = os.urandom(30_000)
    upload = hasty.new_upload(len(data))
    assert dribbled(hasty, upload, data, piece=500, pause_s=0.02)[0] == 204
    assert hasty.sealed(data) == data
