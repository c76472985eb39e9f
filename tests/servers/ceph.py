"""A whole Ceph with an S3 gateway, from Debian's packages: one monitor, one store in memory, one gateway.

No manager and no authentication inside; the gateway checks signatures as ever. Up in about three seconds.
"""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.shared import shared, stop_daemons

KEY_ID, SECRET = "the-key-of-tests", "the-secret-of-tests"
PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
_UP_S = 60
_TRIES = 3
_CONF = """
[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{mon_port}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
admin socket =
run dir = {folder}
pid file = {folder}/$name.pid
log file = {folder}/$name.log
mon cluster log to file = false
[mon]
mon data = {folder}/mon
mon data avail crit = 0
mon data avail warn = 0
paxos propose interval = 0.05
paxos min wait = 0.01
[osd]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
[client]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw thread pool size = 32
[client.admin]
pid file =
"""


@contextmanager
def ceph() -> Iterator[str]:
    """The address of an S3 server that knows `KEY_ID`. Skips where Ceph is missing, and fails for that in CI."""
    if absent := [p for p in PROGRAMS if shutil.which(p) is None]:
        why = f"Ceph is tested with Debian's packages ceph-mon, ceph-osd, radosgw and ceph-common; missing: {absent}"
        assert os.environ.get("CI") != "true", why
        pytest.skip(why)
    with shared("ceph", _start) as address:
        yield address


def _start(folder: Path) -> str:
    """Three tries: between the moments of finding a port free and taking it, somebody else may."""
    for attempt in range(_TRIES):
        try:
            return _start_in(folder / str(attempt))
        except subprocess.CalledProcessError:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError


def _start_in(folder: Path) -> str:
    fsid, mon_port, port = str(uuid.uuid4()), _free_port(), _free_port()
    for name in ("mon", "osd"):
        (folder / name).mkdir(parents=True)
    conf = folder / "ceph.conf"
    conf.write_text(_CONF.format(fsid=fsid, mon_port=mon_port, port=port, folder=folder), encoding="ascii")
    try:
        _monitor(folder, fsid, mon_port)
        _run(folder, "ceph", "osd", "create")
        _run(folder, "ceph-osd", "--mkfs", "-i", "0")
        _run(folder, "ceph-osd", "-i", "0")
        _wait(lambda: "1 up" in _run(folder, "ceph", "osd", "stat"))
        _run(folder, "radosgw", "-n", "client.gateway")
        address = f"http://127.0.0.1:{port}"
        _wait(lambda: _answers(address))
        user = ("--uid", "tests", "--display-name", "tests", "--access-key", KEY_ID, "--secret-key", SECRET)
        _run(folder, "radosgw-admin", "user", "create", *user)
    except BaseException:  # whatever ends it leaves no daemon running; raised again
        stop_daemons(folder)
        raise
    return address


def _monitor(folder: Path, fsid: str, port: int) -> None:
    """The monitor's map must name its port beforehand: it would look for itself at the usual one."""
    made = ("--create", "--fsid", fsid, "--enable-all-features", "--set-min-mon-release", "pacific")
    _run(folder, "monmaptool", *made, "--addv", "a", f"[v1:127.0.0.1:{port}]", str(folder / "monmap"))
    _run(folder, "ceph-mon", "--mkfs", "-i", "a", "--monmap", str(folder / "monmap"))
    _run(folder, "ceph-mon", "-i", "a")


def _run(folder: Path, *command: str) -> str:
    """Run one of Ceph's programs; daemons return once they are in the background."""
    with (folder / "out").open("ab") as err:
        done = subprocess.run(
            [*command, "-c", str(folder / "ceph.conf")], stdout=subprocess.PIPE, stderr=err, check=True, timeout=_UP_S
        )
    return done.stdout.decode("utf-8", "replace")


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _UP_S
    while not is_so():
        assert time.monotonic() < deadline, "Ceph did not come up"
        time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
