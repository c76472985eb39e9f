"""Connections that are slow, endless or half done: closed in time, on a socket of the test's own."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sixfaces.config import Settings
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.rig.installation import prepared

PATIENCE_S = 12.0


@pytest.fixture
def line(api: Api) -> Iterator[socket.socket]:
    with socket.create_connection(api.address, timeout=PATIENCE_S) as sock:
        yield sock


def heard(line: socket.socket) -> bytes:
    """Everything until the server closes. Raises TimeoutError where it does not."""
    line.settimeout(PATIENCE_S)
    told = b""
    try:
        while piece := line.recv(65536):
            told += piece
    except ConnectionResetError:
        pass
    return told


def status(told: bytes) -> int:
    return int(told.split(b" ")[1])


def trickled(line: socket.socket, data: bytes, *, every_s: float = 0.2) -> bytes:
    """Send byte by byte until the server closes."""
    line.settimeout(every_s)
    until = time.monotonic() + PATIENCE_S
    told = b""
    for byte in data:
        assert time.monotonic() < until, "the server still listens"
        try:
            line.sendall(bytes([byte]))
            piece = line.recv(65536)
        except TimeoutError:
            continue
        except (ConnectionResetError, BrokenPipeError):
            break
        told += piece
        if not piece:
            break
    return told


def test_a_head_that_never_ends_is_closed_in_time(line: socket.socket) -> None:
    told = trickled(line, b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: " + b"a" * 1000)
    assert status(told) == 408


def test_a_connection_that_says_nothing_is_closed_in_time(line: socket.socket) -> None:
    assert heard(line) == b""


def test_a_body_that_does_not_come_is_closed_in_time(line: socket.socket, api: Api) -> None:
    head = f"PUT /v1/cases/by-number/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {api.admin}\r\n"
    line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
    assert status(heard(line)) == 408


def test_a_body_that_trickles_is_closed_in_time(line: socket.socket, api: Api) -> None:
    head = f"PUT /v1/cases/by-number/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {api.admin}\r\n"
    line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n".encode())
    assert status(trickled(line, b" " * 1000)) == 408


def test_a_body_that_nobody_reads_does_not_hold_the_connection(line: socket.socket) -> None:
    line.sendall(b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
    assert status(trickled(line, b" " * 1000)) == 405


def test_an_unknown_key_is_told_before_the_body_is_read(line: socket.socket) -> None:
    line.sendall(b"PUT /v1/cases/by-number/a HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n")
    line.settimeout(2)
    assert status(line.recv(65536)) == 401


def test_a_long_head_is_refused(line: socket.socket) -> None:
    line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 200_000 + b"\r\n\r\n")
    assert status(heard(line)) == 431


def test_a_head_of_many_small_headers_is_refused(line: socket.socket) -> None:
    many = b"".join(b"X-%d: a\r\n" % n for n in range(3000))
    line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + many + b"\r\n")
    assert status(heard(line)) == 431


def test_two_lengths_are_refused(line: socket.socket) -> None:
    line.sendall(b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na")
    assert status(heard(line)) == 400


def test_a_length_and_chunks_together_are_refused(line: socket.socket) -> None:
    line.sendall(
        b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    assert status(heard(line)) == 400


def test_noise_is_no_request(line: socket.socket) -> None:
    line.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)))
    assert status(heard(line)) == 400


def test_a_path_in_raw_bytes_is_refused(line: socket.socket) -> None:
    line.sendall(b"GET /v1/cases/\xff\xfe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert 400 <= status(heard(line)) < 500


def test_requests_in_a_row_on_one_connection_are_all_answered(line: socket.socket) -> None:
    line.sendall(
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 5
        + b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )
    assert heard(line).count(b"HTTP/1.1 200") == 6


def test_a_reader_that_takes_nothing_is_left(tmp_path: Path) -> None:
    settings = Settings(data=prepared(tmp_path), port=0, slowest_s=1)
    with running(settings) as api:
        case = api.new_case()["id"]
        film = bytes(40 << 20)
        sealed = api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.admin, content=film).json()
        with socket.create_connection(api.address, timeout=PATIENCE_S) as line:
            path = f"/v1/exhibits/{sealed['exhibit_id']}/original"
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {api.admin}\r\n\r\n".encode())
            assert line.recv(15) == b"HTTP/1.1 200 OK"
            until = time.monotonic() + PATIENCE_S
            while "/original" not in api.ask("GET", "/metrics").text:  # an answer is counted when it has ended
                assert time.monotonic() < until, "the server still waits for its reader"
                time.sleep(0.1)
