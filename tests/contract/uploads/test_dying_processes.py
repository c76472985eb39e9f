"""Two APIs over one installation, and one that is killed at any moment: acknowledged bytes stay, and never mix."""

import hashlib
import os
import random
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from sixfaces.pipeline.sealing import seal_upload
from sixfaces.pipeline.service import Service
from tests.contract.uploads.conftest import OCTETS, TUS
from tests.rig.installation import Person, new_case, new_person, open_service, prepared
from tests.rig.many_apis import ApiProcess

SEED = int(os.environ.get("SIXFACES_SEED", "20"))
RACES = int(os.environ.get("SIXFACES_RACES", "20"))
KILLS = int(os.environ.get("SIXFACES_KILLS", "3"))
MIB = 1 << 20


class Two:
    """Two APIs, and somebody who may hand in."""

    def __init__(self, first: ApiProcess, second: ApiProcess, sender: Person, service: Service) -> None:
        self.first, self.second, self.service = first, second, service
        self.case = new_case(service, sender).id
        self.client = httpx.Client(headers=sender.headers, timeout=30)

    def new_upload(self, length: int) -> str:
        headers = {**TUS, "Upload-Length": str(length), "Sixfaces-Case": self.case}
        answer = self.client.post(f"{self.second.url}/v1/uploads", headers=headers)
        assert answer.status_code == 201
        return answer.headers["location"]

    def patch(self, at: ApiProcess, path: str, data: bytes) -> httpx.Response:
        return self.client.patch(at.url + path, content=data, headers={**OCTETS, "Upload-Offset": "0"})


@pytest.fixture(scope="module")
def two(memory: Path) -> Iterator[Two]:
    folder = prepared(memory / "two")
    service = open_service(folder)
    sender = new_person(service)
    with ApiProcess(folder) as first, ApiProcess(folder) as second:
        found = Two(first, second, sender, service)
        yield found
        found.client.close()


def test_two_processes_that_write_one_upload_never_mix(two: Two) -> None:
    for race in range(RACES):
        data = [os.urandom(1) * 300_000, os.urandom(1) * 300_000]
        upload = two.new_upload(300_000)
        barrier = threading.Barrier(2)

        def write(place: int, data: list[bytes] = data, upload: str = upload, at: threading.Barrier = barrier
                  ) -> httpx.Response:  # fmt: skip
            at.wait()
            return two.patch((two.first, two.second)[place], upload, data[place])

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(write, (0, 1)))
        codes = [answer.status_code for answer in answers]
        assert sorted(codes) in ([204, 409], [204, 204]), (race, codes)
        for answer in answers:
            assert int(answer.headers["upload-offset"]) in (0, 300_000)
        shown = two.client.get(two.first.url + upload).json()
        assert shown["state"] == "sealed"
        winner = data[codes.index(204)]
        assert shown["receipt"]["sha256"] == hashlib.sha256(winner).hexdigest()
        assert codes.count(204) == 1 or data[0] == data[1]


def test_a_writer_that_was_stopped_in_the_middle_cannot_write_when_it_goes_on(two: Two) -> None:
    draw = random.Random(SEED)
    for _ in range(4):
        upload, go_on = two.new_upload(500_000), threading.Event()

        def halting(go_on: threading.Event = go_on) -> Iterator[bytes]:
            yield b"a" * 250_000
            go_on.wait(20)
            yield b"a" * 250_000

        with ThreadPoolExecutor(2) as pool:
            headers = {**OCTETS, "Upload-Offset": "0", "Content-Length": "500000"}
            slow = pool.submit(two.client.patch, two.first.url + upload, content=halting(), headers=headers)
            threading.Event().wait(draw.random() * 0.1)
            two.first.signal(signal.SIGSTOP)
            fast = pool.submit(two.patch, two.second, upload, b"b" * 500_000)
            threading.Timer(0.5, two.first.signal, (signal.SIGCONT,)).start()
            second = fast.result(20)
            go_on.set()
            first = slow.result(20)
        assert sorted((first.status_code, second.status_code)) == [204, 409]
        winner = b"a" if first.status_code == 204 else b"b"
        receipt = two.client.get(two.second.url + upload).json()["receipt"]
        assert receipt["sha256"] == hashlib.sha256(winner * 500_000).hexdigest()


def test_what_was_acknowledged_survives_every_kill(two: Two) -> None:
    draw = random.Random(SEED)
    data = draw.randbytes(24 * MIB)
    upload = two.new_upload(len(data))
    acknowledged = kills = 0
    while acknowledged < len(data):
        killer = threading.Timer(draw.random() * 0.1, two.first.kill) if kills < KILLS else None
        if killer is not None:
            killer.start()
        try:
            while acknowledged < len(data):
                piece = data[acknowledged : acknowledged + MIB]
                headers = {**OCTETS, "Upload-Offset": str(acknowledged)}
                answer = two.client.patch(two.first.url + upload, content=piece, headers=headers)
                assert answer.status_code == 204
                acknowledged = int(answer.headers["upload-offset"])
        except httpx.TransportError:
            pass
        if killer is not None:
            killer.join()
            kills += 1
            two.first.start()
        told = int(two.client.head(two.first.url + upload, headers=TUS).headers["upload-offset"])
        assert told >= acknowledged
        acknowledged = told
    assert kills >= 1
    seal_upload(two.service, upload.rsplit("/", 1)[1])  # as a worker does, where a kill came before the seal
    receipt = two.client.get(two.first.url + upload).json()["receipt"]
    assert receipt["sha256"] == hashlib.sha256(data).hexdigest()
