"""P19 to P21: no file and no request takes more than its share, reaches anybody, or brings the service down."""

import random
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import av
import httpx
import psutil

from fixtures.build import built
from tests.contract.api import test_hostile as hostile
from tests.e2e.hostile import test_hostile_children as jail
from tests.promises.forms import SCALE, chance_of, scaled
from tests.rig.product import Asker, Product, Server, until_true

BOMBS = (
    "hostile_131_megapixels.webp",
    "hostile_8192x8192.mp4",
    "hostile_nested_boxes.mp4",
    "hostile_noise_behind_magic.jpg",
)
BEGINNINGS = (
    b"GET / HTTP/1.1\r\nHost: a\r\nX: ",
    b"POST /v1/keys HTTP/1.1\r\n",
    b"PUT /v1/cases/by-number/a HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{",
    b"\x16\x03\x01\x02\x00\x01\x00",
)
SLOWEST_S = 2


def grown(server: Server, before: int) -> int:
    """By how many MiB the server's own process has grown."""
    return (psutil.Process(server.pid).memory_info().rss - before) >> 20


@contextmanager
def watched(asker: Asker, path: str) -> Iterator[list[float]]:
    """How long others waited meanwhile for an answer, in seconds."""
    took: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            began = time.monotonic()
            assert asker.get(path).status_code == 200
            took.append(time.monotonic() - began)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


def test_p19_hostile_files_end_with_a_reason_and_cost_nobody_else_anything(busy: Product, busy_at: Asker) -> None:
    """The whole corpus and the limits themselves: tests/e2e/hostile and tests/unit/work/test_children.py."""
    draw, server = chance_of("P19"), busy.first
    _judged(busy_at, b"the first child warms up what all children share")
    before, pid = psutil.Process(server.pid).memory_info().rss, server.pid
    with watched(busy_at, "/v1/cases?limit=1") as took:
        for number in range(scaled(200)):
            name = BOMBS[number % len(BOMBS)]
            report = _judged(busy_at, built(name).read_bytes() + draw.randbytes(8), name=name)
            assert report["verdict"] != "accepted"
    assert server.pid == pid
    assert server.is_running
    assert grown(server, before) <= 64
    assert sorted(took)[int(0.99 * len(took))] <= (0.3 if SCALE >= 1 else 2.0)
    until_true(lambda: not _unfinished(busy_at))  # a verdict has its case's course looked at, which nobody waits for
    jobs = busy_at.get("/v1/jobs", params={"limit": "200"}).json()["items"]
    assert {(job["state"], job["guilt"], job["lost"]) for job in _of_files(jobs)} == {("done", 0, 0)}
    busy.sound()


def _judged(asker: Asker, data: bytes, *, name: str = "a.bin") -> dict[str, object]:
    """The report of a case with this file alone."""
    case = asker.case()["id"]
    asker.sealed(case, data, name=name)
    until_true(lambda: asker.get(f"/v1/cases/{case}").json()["state"] == "verified")
    report: dict[str, object] = asker.get(f"/v1/cases/{case}/report").json()
    return report


def _unfinished(asker: Asker) -> list[dict[str, object]]:
    """Jobs that are ready or running."""
    found = [job for state in ("ready", "running") for job in asker.get(f"/v1/jobs?state={state}").json()["items"]]
    return list(_of_files(found))


def _of_files(jobs: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    """All but those of an erasure, which is looked at again an hour after its end: another test may have asked for
    one."""
    return (job for job in jobs if job["kind"] != "erase")


def test_p20_no_file_reaches_the_network_and_a_careless_reader_would(
    busy: Product, busy_at: Asker, tmp_path: Path
) -> None:
    """Through the whole service; each kind of jail by itself: tests/e2e/hostile/test_hostile_children.py."""
    with jail.canary() as (port, heard):
        path = jail.playlist(tmp_path, port)
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:%d/a"/></svg>' % port
        for data, name in (
            (path.read_bytes(), "take.m3u8"),
            (path.read_bytes(), "take.mp4"),
            (b"ffconcat version 1.0\nfile http://127.0.0.1:%d/a.ts\n" % port, "take.mov"),
            (drawing, "take.jpg"),
        ):
            _judged(busy_at, data, name=name)
        assert heard == []
        with suppress(OSError, ValueError):  # it finds no video there, but it has called
            av.open(str(path), options={"protocol_whitelist": "file,http,tcp", "allowed_extensions": "ALL"})
        assert heard, "the control must reach the canary, or the test proves nothing"
    busy.sound()


def test_p21_no_request_gets_a_server_error_hangs_or_makes_the_service_grow(alone: Product) -> None:
    """Every item on every route, and generated ones: tests/contract/api (test_hostile, test_slow, test_schema)."""
    draw, server = chance_of("P21"), alone.serve(workers=0, SIXFACES_SLOWEST_S=str(SLOWEST_S))
    asker = alone.asker(server)
    paths = list(asker.get("/openapi.json").json()["paths"])
    _asked_badly(asker, draw, paths, count=50)
    before = psutil.Process(server.pid).memory_info().rss
    _asked_badly(asker, draw, paths, count=scaled(10_000))
    for beginning in BEGINNINGS:
        _let_go(server, beginning)
    assert grown(server, before) <= 32
    told = asker.get("/metrics").text
    assert 'status="5' not in told
    assert 'status="4' in told
    alone.sound()


def _asked_badly(asker: Asker, draw: random.Random, paths: list[str], *, count: int) -> None:
    """Requests put together by chance from all that was ever found to be trouble."""
    bodies, words = list(hostile.BODIES.values()), [*hostile.WORDS, *hostile.NUMBERS, *hostile.TEXTS]
    headers = [(key[2], value) for key, values in hostile.HEADERS.items() for value in values]
    for _ in range(count):
        path = draw.choice(paths)
        while "{" in path:
            head, _, tail = path.partition("{")
            path = head + draw.choice(words) + tail.partition("}")[2]
        name, value = draw.choice(headers)
        sent = {b"content-type": b"application/json", name.encode(): value.encode()}
        method = draw.choice(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"])
        url = f"{path}?{draw.choice(['limit', 'cursor', 'size', 'name', 'state'])}={draw.choice(words)}"
        try:
            with asker.stream(method, url, headers=sent, content=draw.choice(bodies), timeout=20) as answer:
                assert answer.status_code < 500, (method, url, name, value)
        except httpx.RemoteProtocolError:
            continue  # told to be broken off, which is an answer


def _let_go(server: Server, beginning: bytes) -> None:
    """A client that begins a request and falls silent is not waited for."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as sock:
        sock.sendall(beginning)
        while sock.recv(65536):
            pass
    assert time.monotonic() - began <= 30
