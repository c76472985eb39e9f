"""A folder under faults: every call to the system fails or kills in its turn, and bytes are whole or not there."""

import errno
import hashlib
import os
import re
import select
import shutil
import signal
import subprocess
import traceback
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from sixfaces.adapters import byte_files
from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.adapters.bytes import Bytes
from sixfaces.adapters.folder import OutputFolder
from sixfaces.adapters.spool_folder import FolderSpool
from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import StoreError
from sixfaces.domain.upload import Segment
from sixfaces.pipeline.ids import new_id

DATA = b"evidence" * 3000
DIGEST = hashlib.sha256(DATA).hexdigest()
KEY = original_key("main", DIGEST)
UPLOAD = new_id()
DERIVED = "derived/main/report.json"
FAULTS = {
    "openat": "error=EMFILE",
    "read": "error=EIO",
    "write": "error=ENOSPC",
    "copy_file_range": "error=ENOSPC",
    "fsync": "error=EIO",
    "link,linkat": "error=ENOSPC",
    "rename": "error=ENOSPC",
    "mkdir": "error=ENOSPC",
}
REFUSED = 3


def seal(root: Path, source: Path) -> None:
    FolderBlobs(root).seal(KEY, source, sha256=DIGEST)


def put(root: Path, source: Path) -> None:
    FolderBlobs(root).put(DERIVED, source.read_bytes())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(DATA)
    return path


def under_strace(deed: Callable[[], object], *options: str, log: Path) -> int:
    """Do it in a child that strace watches: its exit code (REFUSED for a StoreError), or minus the signal."""
    if shutil.which("strace") is None:
        assert os.environ.get("CI") != "true", "CI sweeps the calls to the system: install strace"
        pytest.skip("the sweep needs strace")
    go, start = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_done(lambda: (select.select([go], [], []), deed())))
    os.close(go)
    watching = subprocess.Popen(
        ["strace", "-f", "-y", "-o", str(log), "-p", str(child), *options], stderr=subprocess.PIPE, text=True
    )
    assert watching.stderr is not None
    attached = watching.stderr.readline()
    os.write(start, b"g")
    os.close(start)
    _, status = os.waitpid(child, 0)
    watching.stderr.close()
    watching.wait(10)
    if "attached" not in attached:
        assert os.environ.get("CI") != "true", f"CI lets strace watch: {attached}"
        pytest.skip("the system lets strace watch nobody")
    return os.waitstatus_to_exitcode(status)


def _done(deed: Callable[[], object]) -> int:
    try:
        deed()
    except StoreError:
        return REFUSED
    except BaseException:  # noqa: BLE001 a child of a fork must never go on as if it were the test
        traceback.print_exc()
        return 1
    return 0


@pytest.mark.parametrize("fault", ["error", "kill"])
@pytest.mark.parametrize("calls", FAULTS)
@pytest.mark.parametrize("way", ["copied", "adopted"])
def test_after_a_fault_in_any_call_sealed_bytes_are_whole_or_nothing(
    source: Path, tmp_path: Path, way: str, calls: str, fault: str
) -> None:
    how = FAULTS[calls] if fault == "error" else "signal=KILL"
    for when in count(1):
        root, log = tmp_path / f"root-{when}", tmp_path / "log"
        given = tmp_path / f"given-{when}"
        shutil.copy(source, given)
        given.chmod(0o444 if way == "adopted" else 0o644)
        ended = under_strace(partial(seal, root, given), "-e", f"inject={calls}:{how}:when={when}", log=log)
        is_hit = "INJECTED" in log.read_text() or ended == -signal.SIGKILL
        assert ended in {0, REFUSED, -signal.SIGKILL}, log.read_text()[-2000:]
        blobs = FolderBlobs(root)
        there = blobs.size(KEY)
        assert there in ({len(DATA)} if ended == 0 else {None, len(DATA)})
        assert fault == "kill" or not list((root / ".aside").iterdir()), "nothing half-written is left"
        blobs.seal(KEY, given, sha256=DIGEST)
        with blobs.fetched(KEY, sha256=DIGEST) as path:
            assert path.read_bytes() == DATA
        assert list(blobs.list("")) == [KEY]
        if not is_hit:
            break


@pytest.mark.parametrize("calls", ["openat", "write", "fsync", "rename", "mkdir"])
def test_after_a_fault_in_any_call_derived_bytes_are_the_old_or_the_new(
    source: Path, tmp_path: Path, calls: str
) -> None:
    for when in count(1):
        root, log = tmp_path / f"root-{when}", tmp_path / "log"
        FolderBlobs(root).put(DERIVED, b"old")
        ended = under_strace(partial(put, root, source), "-e", f"inject={calls}:{FAULTS[calls]}:when={when}", log=log)
        assert ended in {0, REFUSED, 1}, log.read_text()[-2000:]
        assert FolderBlobs(root).get(DERIVED) in ({DATA} if ended == 0 else {b"old", DATA})
        if "INJECTED" not in log.read_text():
            break


def test_a_file_is_on_disk_before_its_name_and_its_name_before_the_answer(source: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    root = tmp_path / "root"
    assert under_strace(lambda: seal(root, source), "-e", "trace=fsync,link,linkat", log=log) == 0
    calls = [line.split(maxsplit=1)[1] for line in log.read_text().splitlines()]
    named = next(i for i, call in enumerate(calls) if call.startswith("link") and DIGEST in call)
    assert any(re.match(r"fsync\(\d+<.*/\.aside/[0-9a-f]{32}>\) += 0", call) for call in calls[:named])
    assert any(re.match(rf"fsync\(\d+<.*/{DIGEST[:2]}>\) += 0", call) for call in calls[named + 1 :])


def unnamed(log: Path) -> set[str]:
    """Folders that were made and whose names were not brought to disk after that."""
    left: set[str] = set()
    for line in log.read_text().splitlines():
        if made := re.search(r'mkdir(?:at)?\((?:AT_FDCWD[^,]*, )?"([^"]+)".*\) += 0', line):
            left.add(made[1])
        if brought := re.search(r"fsync\(\d+<([^>]+)>\) += 0", line):
            left -= {path for path in left if str(Path(path).parent) == brought[1]}
    return left


@pytest.mark.parametrize("way", ["sealed", "put", "spooled", "results"])
def test_every_folder_that_is_made_has_its_name_on_disk_up_to_what_was_there(
    source: Path, tmp_path: Path, way: str
) -> None:
    root, log = tmp_path / "new" / "installation" / "blobs", tmp_path / "log"

    def results() -> None:
        with OutputFolder(root) as folder:
            folder.put("faces/of/one/top.jpg", b"picture")
            folder.commit()

    deeds = {
        "sealed": lambda: seal(root, source),
        "put": lambda: put(root, source),
        "spooled": lambda: FolderSpool(root).writer(new_id(), token=0, start=0).close(),
        "results": results,
    }
    assert under_strace(deeds[way], "-e", "trace=fsync,mkdir,mkdirat", log=log) == 0
    assert "mkdir" in log.read_text()
    # what is collected under a hidden name is moved into place, and gone by then
    assert {path for path in unnamed(log) if "/.sixfaces-" not in path} == set()


def test_a_folder_that_a_process_made_and_died_has_its_name_on_disk_before_it_is_used(
    source: Path, tmp_path: Path
) -> None:
    root, log = tmp_path / "root", tmp_path / "log"
    (root / KEY).parent.mkdir(parents=True)
    assert under_strace(lambda: seal(root, source), "-e", "trace=fsync", log=log) == 0
    assert re.search(rf"fsync\(\d+<{(root / KEY).parent.parent}>\) += 0", log.read_text())


def test_a_store_may_lie_in_a_folder_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that lets us pass and not look."""
    root = tmp_path / "root"
    root.mkdir()
    real = byte_files.sync_folder

    def forbidden(folder: Path) -> None:
        if folder == tmp_path:
            raise PermissionError(errno.EACCES, "not to be looked into", str(folder))
        real(folder)

    monkeypatch.setattr(byte_files, "sync_folder", forbidden)
    assert FolderBlobs(root).size(KEY) is None
    assert (root / ".aside").is_dir()


def test_an_adopted_file_is_not_copied(source: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    source.chmod(0o444)
    assert under_strace(lambda: seal(tmp_path / "root", source), "-e", "trace=copy_file_range,write", log=log) == 0
    assert f"{source.name}" not in log.read_text()
    assert (tmp_path / "root" / KEY).stat().st_ino == source.stat().st_ino


def test_a_flush_that_failed_is_never_said_to_have_worked_later(folder: Bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = folder.spool.writer(UPLOAD, token=1, start=0)
    writer.write(b"kept")
    first = writer.flush()
    assert first is not None
    writer.write(b"lost")

    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match=r"store\.unavailable"):
            writer.flush()
    with pytest.raises(StoreError, match=r"store\.unavailable"):
        writer.flush()
    writer.close()
    with folder.spool.assembled(UPLOAD, [first]) as path:
        assert path.read_bytes() == b"kept"


def test_flushed_segments_survive_a_kill_in_the_midst_of_writing(folder: Bytes, tmp_path: Path) -> None:
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_done(lambda: _flush_for_ever(folder, tell)))
    os.close(tell)
    with os.fdopen(told, "rb") as answers:
        segments = [Segment.model_validate_json(answers.readline()) for _ in range(20)]
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        segments += [Segment.model_validate_json(line) for line in answers if line.endswith(b"\n")]
    expected = b"".join(bytes([n % 251]) * 1000 for n in range(3 * len(segments)))
    with folder.spool.assembled(UPLOAD, segments) as path:
        assert path.read_bytes() == expected
        folder.blobs.seal("originals/main/killed", path, sha256=hashlib.sha256(expected).hexdigest())


def _flush_for_ever(folder: Bytes, tell: int) -> None:
    writer = folder.spool.writer(UPLOAD, token=1, start=0)
    for number in count():
        writer.write(bytes([number % 251]) * 1000)
        if number % 3 == 2 and (segment := writer.flush()):
            os.write(tell, segment.model_dump_json().encode() + b"\n")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk))
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system of its own takes the right to mount")
    try:
        _fill(disk, tmp_path)
    finally:
        subprocess.run(("umount", "--lazy", str(disk)), check=True)


def _fill(disk: Path, tmp_path: Path) -> None:
    blobs, spool = FolderBlobs(disk), FolderSpool(disk / ".spool")
    big = tmp_path / "big"
    big.write_bytes(b"x" * (2 << 20))
    with pytest.raises(StoreError, match=r"store\.full"):
        blobs.seal("originals/main/big", big, sha256=hashlib.sha256(big.read_bytes()).hexdigest())
    with pytest.raises(StoreError, match=r"store\.full"):
        blobs.put(DERIVED, big.read_bytes())
    assert list(blobs.list("")) == []
    writer = spool.writer(UPLOAD, token=1, start=0)
    writer.write(b"before")
    with pytest.raises(StoreError, match=r"store\.full"):
        writer.write(big.read_bytes())
    segment = writer.flush()
    assert segment is not None
    assert segment.length == len(b"before")
    writer.write(b"after")
    behind = writer.flush()
    assert behind is not None
    with spool.assembled(UPLOAD, [segment, behind]) as path:
        assert path.read_bytes() == b"beforeafter"
    writer.close()
