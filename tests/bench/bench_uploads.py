"""How fast a file comes in, against a plain copy of it over loopback: `python -m tests.bench.bench_uploads`."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from sixfaces.telemetry import start_logging
from tests.contract.uploads.conftest import OCTETS, TUS
from tests.rig.installation import Person, new_case, new_person, open_service, prepared
from tests.rig.many_apis import ApiProcess

SIZE = 256 << 20
PAIRS = 5
AIM = 0.7

RECEIVER = """
import os, socket, sys
server = socket.socket(fileno=int(sys.argv[1]))
while True:
    line, _ = server.accept()
    with open(sys.argv[2], "wb", buffering=0) as file:
        while piece := line.recv(1 << 20):
            file.write(piece)
        os.fsync(file.fileno())
    line.sendall(b"done")
    line.close()
"""
"""Receives a file and brings it to disk: what any upload has to do at least."""


def _copied(port: int, path: Path) -> float:
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as line, path.open("rb") as file:
        line.sendfile(file)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(4) == b"done"
    return time.perf_counter() - started


def _uploaded(url: str, sender: Person, case: str, *, path: Path) -> float:
    """One PATCH with all bytes: checked, sealed, read back and entered when its answer comes."""
    created = httpx.post(
        f"{url}/v1/uploads", headers={**TUS, **sender.headers, "Upload-Length": str(SIZE), "Sixfaces-Case": case}
    )
    head = {**OCTETS, **sender.headers, "Upload-Offset": "0", "Content-Length": str(SIZE), "Host": "bench"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))) as line, path.open("rb") as file:
        line.sendall(f"PATCH {created.headers['location']} HTTP/1.1\r\n{lines}\r\n".encode())
        line.sendfile(file)
        assert line.recv(65536).startswith(b"HTTP/1.1 204")
    return time.perf_counter() - started


def _fresh(path: Path) -> None:
    """Other bytes each time: what is stored already is not stored again."""
    with path.open("r+b") as file:
        file.write(os.urandom(1 << 16))


def main() -> None:
    """Prints the table."""
    start_logging("error", "console")
    with tempfile.TemporaryDirectory() as place:
        folder, path = prepared(Path(place) / "installation"), Path(place) / "take.mp4"
        path.write_bytes(os.urandom(1 << 20) * (SIZE >> 20))
        service = open_service(folder)
        sender = new_person(service)
        case = new_case(service, sender).id
        server = socket.create_server(("127.0.0.1", 0))
        command = [sys.executable, "-c", RECEIVER, str(server.fileno()), str(Path(place) / "copy.mp4")]
        receiver = subprocess.Popen(command, pass_fds=(server.fileno(),))
        port = server.getsockname()[1]
        pairs = []
        try:
            with ApiProcess(folder, "--large") as api:
                httpx.get(f"{api.url}/healthz", timeout=60)
                before = [_processor_s(receiver.pid), _processor_s(api.pid)]
                for _ in range(PAIRS):
                    _fresh(path)
                    pairs.append((_copied(port, path), _uploaded(api.url, sender, case, path=path)))
                after = [_processor_s(receiver.pid), _processor_s(api.pid)]
        finally:
            receiver.kill()
            receiver.wait()
            server.close()
    _tell(pairs, [(late - early) / PAIRS for late, early in zip(after, before, strict=True)])


def _processor_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _tell(pairs: list[tuple[float, float]], processor_s: list[float]) -> None:
    copies, uploads = zip(*pairs, strict=True)
    ratio = statistics.median(copy / upload for copy, upload in pairs)
    mib = SIZE >> 20
    write = sys.stdout.write
    write("## Uploads\n\n")
    write(f"| {mib} MiB over loopback, median of {PAIRS} pairs | s | MiB/s | processor s |\n|---|---|---|---|\n")
    names = ("copied to a file and brought to disk", "uploaded, checked, sealed")
    for name, times, cpu in zip(names, (copies, uploads), processor_s, strict=True):
        s = statistics.median(times)
        write(f"| {name} | {s:.2f} | {mib / s:.0f} | {cpu:.2f} |\n")
    met = "met" if ratio >= AIM else "**missed**"
    write(f"| ratio of speeds (target ≥ {AIM}: {met}) | | **{ratio:.2f}** | |\n\n")
    write(
        "Pairs: " + ", ".join(f"{copy / upload:.2f}" for copy, upload in pairs) + ". The upload is one request to an\n"
    )
    write("API with SQLite and a folder: hashed and read back while it comes in, on disk every 8 MiB, then sealed.\n")


if __name__ == "__main__":
    main()
