"""Lines are cut anywhere, bits are turned over, writers race: bytes arrive as they were, or not at all."""

import hashlib
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from sixfaces.adapters.tus_client import Later, TusClient
from sixfaces.domain.errors import UploadError
from sixfaces.domain.people import ApiRole
from tests.contract.uploads.conftest import OCTETS, TUS, Api
from tests.rig.fault_proxy import End, Fault, FaultProxy, fault_proxy
from tests.rig.installation import new_person

SEED = int(os.environ.get("SIXFACES_SEED", "20"))
"""Part of the tests' names, or printed with a failure."""
UPLOADS = int(os.environ.get("SIXFACES_CUT_UPLOADS", "40"))
MIB = 1 << 20
HEAD_BYTES = 4096
"""More than the head of any request here has."""


@contextmanager
def cut_line(api: Api) -> Iterator[tuple[FaultProxy, str]]:
    place = urlsplit(api.url)
    assert place.hostname is not None
    assert place.port is not None
    with fault_proxy(place.hostname, place.port) as (proxy, own):
        yield proxy, f"http://127.0.0.1:{own[1]}"


def a_fault(draw: random.Random, size: int) -> Fault:
    after = draw.randint(1, size + HEAD_BYTES)
    ends = [End.RST] * 6 + [End.FIN] * 6 + [End.HALF] * 6 + [End.STALL]
    return Fault(after=after, end=draw.choice(ends), echo_tail=draw.choice([0, 0, 0, 1, 1000]))


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_uploads_cut_anywhere_end_byte_for_byte_and_repeat_no_more_than_a_piece_for_each_cut(
    api: Api, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    with cut_line(api) as (proxy, url):
        for number in range(UPLOADS // 4):
            size = draw.choice([1, 100, 70_000, MIB, 5 * MIB, draw.randint(1, 16 * MIB)])
            data = draw.randbytes(size)
            path = tmp_path / f"{number}.bin"
            path.write_bytes(data)
            upload = api.new_upload(size, **{"Sixfaces-Sha256": hashlib.sha256(data).hexdigest()})
            cuts = draw.randint(1, 20)
            faults = [a_fault(draw, size) for _ in range(cuts)]
            proxy.faults.extend(faults)
            client, before, tries = TusClient(url, api.admin.key, patience_s=1), proxy.sent, 0
            while True:
                tries += 1
                try:
                    assert client.send(upload, path)
                    break
                except Later:
                    assert tries <= 3 * cuts + 3
                    client.close()
                    client = TusClient(url, api.admin.key, patience_s=1)
            proxy.faults.clear()
            repeated = proxy.sent - before - size
            assert repeated <= (8 * MIB + HEAD_BYTES) * tries + HEAD_BYTES * (size // (8 * MIB) + 3), faults
            assert api.client.get(upload).json()["receipt"]["sha256"] == hashlib.sha256(data).hexdigest()
            assert api.sealed(data) == data
            client.close()


def test_a_head_after_a_silent_stall_answers_within_a_second_and_the_next_writer_takes_over(api: Api) -> None:
    data = os.urandom(3 * MIB)
    upload = api.new_upload(len(data))
    with cut_line(api) as (proxy, url):
        proxy.faults.append(Fault(after=2 * MIB, end=End.STALL))
        stalled = stalled_patch(url, upload, api, data)
        started = time.monotonic()
        while (offset := api.offset(upload)) == 0:
            assert time.monotonic() - started < 5, "what came before the stall is committed soon"
        assert 0 < offset < 2 * MIB
        started = time.monotonic()
        assert api.patch(upload, data[offset:], at=offset).status_code == 204
        assert api.offset(upload) == len(data)
        assert time.monotonic() - started < 1
        stalled.close()
    assert api.sealed(data) == data


def stalled_patch(url: str, upload: str, api: Api, data: bytes) -> socket.socket:
    place = urlsplit(url)
    sock = socket.create_connection((place.hostname or "", place.port or 0), timeout=5)
    head = {**OCTETS, **api.admin.headers, "Upload-Offset": "0", "Content-Length": str(len(data)), "Host": "a"}
    sock.sendall(f"PATCH {upload} HTTP/1.1\r\n".encode())
    sock.sendall("".join(f"{name}: {value}\r\n" for name, value in head.items()).encode() + b"\r\n")
    sock.sendall(data[: 2 * MIB + 100_000])
    return sock


def test_a_writer_that_was_taken_over_is_told_so_while_it_waits(api: Api) -> None:
    data = os.urandom(MIB)
    upload = api.new_upload(len(data))
    place = urlsplit(api.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as sock:
        head = {**OCTETS, **api.admin.headers, "Upload-Offset": "0", "Content-Length": str(len(data)), "Host": "a"}
        sock.sendall(f"PATCH {upload} HTTP/1.1\r\n".encode())
        sock.sendall("".join(f"{name}: {value}\r\n" for name, value in head.items()).encode() + b"\r\n")
        sock.sendall(data[:1000])
        while api.offset(upload) < 1000:
            pass
        assert api.patch(upload, data[1000:2000], at=1000).status_code == 204
        answer = sock.recv(65536).decode()
    assert answer.startswith("HTTP/1.1 409")
    assert "upload-offset: 2000" in answer


def test_of_turned_bits_not_one_becomes_evidence(api: Api) -> None:
    draw = random.Random(SEED)
    data = draw.randbytes(200_000)
    digest = hashlib.sha256(data).hexdigest()
    with cut_line(api) as (proxy, url):
        for _ in range(25):
            upload = api.new_upload(len(data), **{"Sixfaces-Sha256": digest})
            head = {**OCTETS, **api.admin.headers, "Upload-Offset": "0"}
            proxy.faults.append(Fault(flip=draw.randint(2000, len(data))))
            answer = httpx.patch(url + upload, content=data, headers=head)
            assert (answer.status_code, answer.json()["code"]) == (422, "upload.digest_differs")
            assert api.client.get(upload).json()["state"] == "refused"
            assert api.client.head(upload, headers=TUS).status_code == 410
    assert api.sealed(data) is None


def test_bits_turned_over_under_a_checksum_are_sent_again_and_arrive(api: Api, tmp_path: Path) -> None:
    data = os.urandom(100_000)
    (tmp_path / "take.mp4").write_bytes(data)
    with cut_line(api) as (proxy, url):
        client = TusClient(url, api.admin.key)
        upload = api.new_upload(len(data), **{"Sixfaces-Sha256": hashlib.sha256(data).hexdigest()})
        proxy.faults.append(Fault(flip=50_000))
        assert client.send(upload, tmp_path / "take.mp4")
        client.close()
    assert api.sealed(data) == data


def test_whoever_declares_another_digest_is_refused_every_time(api: Api, tmp_path: Path) -> None:
    client = TusClient(api.url, new_person(api.service, role=ApiRole.BATCH).key)
    for number in range(10):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(os.urandom(1000))
        url = client.create(api.new_case().id, path, role="document", sha256="0" * 64)
        with pytest.raises(UploadError, match=r"upload\.digest_differs"):
            client.send(url, path)
    client.close()


def test_writers_that_race_in_one_process_never_mix(api: Api) -> None:
    data = [bytes([n]) * 400_000 for n in range(1, 5)]
    for _ in range(5):
        upload = api.new_upload(400_000)
        barrier = threading.Barrier(len(data))

        def race(mine: bytes, upload: str = upload, barrier: threading.Barrier = barrier) -> int:
            barrier.wait()
            return api.patch(upload, mine, at=0).status_code

        with ThreadPoolExecutor(len(data)) as pool:
            codes = sorted(pool.map(race, data))
        assert codes.count(204) <= 1
        assert set(codes) <= {204, 409}
        shown = api.client.get(upload).json()
        if shown["state"] == "sealed":
            assert shown["receipt"]["sha256"] in {hashlib.sha256(one).hexdigest() for one in data}


def test_a_key_that_is_revoked_while_it_sends_sends_no_more(api: Api) -> None:
    sender = new_person(api.service)
    upload = api.new_upload(40 * MIB, **sender.headers)

    def revoked_midway() -> Iterator[bytes]:
        yield b"x" * (2 * MIB)
        with api.service.records.begin("main") as tx:
            tx.people.revoke(sender.principal.key_id)
        for _ in range(38):
            threading.Event().wait(0.1)
            yield b"x" * MIB

    headers = {**OCTETS, **sender.headers, "Upload-Offset": "0"}
    with suppress(httpx.TransportError):  # the answer may come while the client still sends
        assert httpx.patch(api.url + upload, content=revoked_midway(), headers=headers).status_code == 401
    assert api.offset(upload) < 40 * MIB
