"""Copies of originals from a bucket: fetched once, checked, bounded, shared by processes, safe from their deaths."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sixfaces.adapters.blobs_s3 import S3Blobs
from sixfaces.adapters.checked_copies import LONGEST_S, CheckedCopies, Wanted, sweep_copies
from sixfaces.adapters.s3_client import S3Access, connect
from sixfaces.adapters.scratch import sweep_scratch
from sixfaces.adapters.store_errors import corrupt
from sixfaces.domain.blobs import StoreTraits
from sixfaces.domain.errors import StoreError

SIZE = 1000


def wanted(data: bytes) -> Wanted:
    digest = hashlib.sha256(data).hexdigest()
    return Wanted(f"originals/main/{digest[:2]}/{digest}", len(data), digest)


@dataclass
class Shelf:
    """Who fetches, and how often."""

    copies: CheckedCopies
    fetched: int = 0
    before: Callable[[], None] = lambda: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, data: bytes) -> bytes:
        def fetch(path: Path) -> None:
            with self._lock:
                self.fetched += 1
            self.before()
            path.write_bytes(data)

        with self.copies.held(wanted(data), fetch) as path:
            return path.read_bytes()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(CheckedCopies(tmp_path / "copies", most_bytes=3 * SIZE))


def some() -> bytes:
    return os.urandom(SIZE)


def copies_in(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "copies").glob("*.copy"))


def test_what_is_read_again_is_fetched_once(shelf: Shelf) -> None:
    one, other = some(), some()
    assert [shelf.read(data) for data in (one, other, one, one)] == [one, other, one, one]
    assert shelf.fetched == 2


def test_many_who_want_it_at_once_wait_for_one_who_fetches(shelf: Shelf) -> None:
    data, found = some(), list[bytes]()
    threads = [threading.Thread(target=lambda: found.append(shelf.read(data))) for _ in range(8)]
    shelf.before = lambda: time.sleep(0.05)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [data] * 8
    assert shelf.fetched == 1


def test_what_was_used_longest_ago_goes_first_and_what_is_read_stays(shelf: Shelf, tmp_path: Path) -> None:
    a, b, c, d = (some() for _ in range(4))
    for data in (a, b, c, a):
        shelf.read(data)
        time.sleep(0.01)
    with shelf.copies.held(wanted(b), lambda path: pytest.fail("it is there")):
        shelf.read(d)
        assert len(copies_in(tmp_path)) == 3
    assert shelf.fetched == 4
    for data in (a, b, d):
        shelf.read(data)
    assert shelf.fetched == 4
    shelf.read(c)
    assert shelf.fetched == 5


@pytest.mark.parametrize("touch", ["bytes", "bytes and time", "another file", "gone"])
def test_a_copy_that_was_touched_is_not_given_out(touch: str, shelf: Shelf, tmp_path: Path) -> None:
    data = some()
    shelf.read(data)
    (copy,) = copies_in(tmp_path)
    before = copy.stat()
    if touch == "gone":
        copy.unlink()
    elif touch == "another file":
        copy.with_suffix(".new").write_bytes(some())
        copy.with_suffix(".new").replace(copy)
    else:
        with copy.open("r+b") as file:
            file.write(b"X" if data[:1] != b"X" else b"Y")
        if touch == "bytes and time":
            os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert shelf.read(data) == data
    assert shelf.fetched == 2


def test_another_process_hashes_a_copy_that_it_finds_and_fetches_nothing(shelf: Shelf, tmp_path: Path) -> None:
    data = some()
    shelf.read(data)
    second = Shelf(CheckedCopies(tmp_path / "copies", most_bytes=3 * SIZE))
    assert (second.read(data), second.fetched) == (data, 0)
    (copy,) = copies_in(tmp_path)
    copy.write_bytes(some())
    third = Shelf(CheckedCopies(tmp_path / "copies", most_bytes=3 * SIZE))
    assert (third.read(data), third.fetched) == (data, 1)


def test_a_fetch_that_fails_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    data = some()
    one = wanted(data)

    def fetch(path: Path) -> None:
        path.write_bytes(data[:10])
        raise corrupt(one.key)

    with pytest.raises(StoreError), shelf.copies.held(one, fetch):
        pass
    assert [left for left in (tmp_path / "copies").iterdir() if left.suffix in (".part", ".copy")] == []
    assert shelf.read(data) == data


def test_what_a_killed_process_was_fetching_holds_up_nobody_and_goes(shelf: Shelf, tmp_path: Path) -> None:
    data = some()
    one = wanted(data)
    program = (
        "import sys, time; from pathlib import Path\n"
        "from sixfaces.adapters.checked_copies import CheckedCopies, Wanted\n"
        "def fetch(path):\n"
        "    path.write_bytes(b'half'); print('fetching', flush=True); time.sleep(600)\n"
        f"with CheckedCopies(Path({str(tmp_path / 'copies')!r}), most_bytes={3 * SIZE})"
        f".held(Wanted({one.key!r}, {SIZE}, {one.sha256!r}), fetch): pass\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"fetching\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert list((tmp_path / "copies").glob("*.part"))
    sweep_copies(tmp_path / "copies")
    assert not list((tmp_path / "copies").glob("*.part"))
    assert shelf.read(data) == data


def test_copies_go_after_an_hour_when_erased_and_with_the_last_process(shelf: Shelf, tmp_path: Path) -> None:
    old, erased = some(), some()
    shelf.read(old)
    (copy,) = copies_in(tmp_path)
    os.utime(copy, (time.time() - LONGEST_S - 1,) * 2)
    shelf.read(erased)
    sweep_copies(tmp_path / "copies")
    assert len(copies_in(tmp_path)) == 1
    shelf.copies.forget(wanted(erased).key)
    assert copies_in(tmp_path) == []
    sweep_scratch(tmp_path)
    assert (tmp_path / "copies").is_dir(), "this process has it in use"


class Counting:
    """A client of a bucket whose fetches are counted."""

    def __init__(self, client: object) -> None:
        self._client, self.fetched = client, 0

    def __getattr__(self, name: str) -> object:
        self.fetched += name == "get_object"
        return getattr(self._client, name)


def test_looking_through_a_video_in_a_bucket_fetches_it_once(ceph_access: S3Access, tmp_path: Path) -> None:
    data = os.urandom(8 << 20)
    one = wanted(data)
    client = Counting(connect(ceph_access))
    traits = StoreTraits("s3", ("versioning", "object_lock"))
    copies = CheckedCopies(tmp_path / "copies", most_bytes=64 << 20)
    blobs = S3Blobs(client, ceph_access, traits=traits, copies=copies)  # type: ignore[arg-type]  # counts and passes on
    film = tmp_path / "film"
    film.write_bytes(data)
    blobs.seal(one.key, film, sha256=one.sha256)

    def looked_through(*, again: bool) -> int:
        fetched = client.fetched
        for at in range(0, len(data), 1 << 20):
            with blobs.fetched(one.key, sha256=one.sha256, again=again) as path, path.open("rb") as file:
                file.seek(at)
                assert file.read(1 << 20) == data[at : at + (1 << 20)]
        return client.fetched - fetched

    assert (looked_through(again=False), looked_through(again=True)) == (8, 1)
    blobs.erase(one.key)
    with pytest.raises(StoreError, match=r"store\.missing"), blobs.fetched(one.key, sha256=one.sha256, again=True):
        pass
