"""What only a folder does."""

import hashlib
import os
import threading
from pathlib import Path

import pytest

from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.adapters.byte_files import has_no_writer
from sixfaces.adapters.bytes import Bytes
from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import StoreError
from sixfaces.pipeline.ids import new_id

DATA = b"evidence" * 3000
DIGEST = hashlib.sha256(DATA).hexdigest()
KEY = original_key("main", DIGEST)
UPLOAD = new_id()


def test_one_flipped_byte_at_rest_is_told_by_its_key(folder: Bytes, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(DATA)
    folder.blobs.seal(KEY, source, sha256=DIGEST)
    stored = tmp_path / "store" / KEY
    stored.chmod(0o644)
    with stored.open("r+b") as file:
        file.seek(12_345)
        file.write(b"\0")
    with pytest.raises(StoreError, match=rf"store\.corrupt.*{KEY}"), folder.blobs.fetched(KEY, sha256=DIGEST):
        pass
    with pytest.raises(StoreError, match=rf"store\.corrupt.*{KEY}"):
        folder.blobs.seal(KEY, source, sha256=DIGEST)


def test_sealed_files_are_read_only_and_no_names_of_the_source(folder: Bytes, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(DATA)
    folder.blobs.seal(KEY, source, sha256=DIGEST)
    stored = (tmp_path / "store" / KEY).stat()
    assert stored.st_mode & 0o777 == 0o444
    assert stored.st_ino != source.stat().st_ino, "a file that may still be written to is copied"


def test_a_file_whose_writer_read_it_back_is_read_again_only_if_it_changed(folder: Bytes) -> None:
    writer = folder.spool.writer(UPLOAD, token=1, start=0)
    writer.write(DATA)
    segment = writer.flush()
    assert segment is not None
    writer.close()
    mark = writer.mark()
    assert mark is not None
    other = original_key("main", "1" * 64)
    with folder.spool.assembled(UPLOAD, [segment]) as path:
        with pytest.raises(StoreError, match=r"store\.corrupt"):
            folder.blobs.seal(other, path, sha256="1" * 64)
        folder.blobs.seal(other, path, sha256="1" * 64, mark=mark)  # its writer is believed: nothing was read
        path.chmod(0o644)
        with path.open("r+b") as file:
            file.write(b"\0")
        with pytest.raises(StoreError, match=r"store\.corrupt"):
            folder.blobs.seal(KEY, path, sha256=DIGEST, mark=mark)


def test_bytes_that_are_read_back_as_others_are_not_taken(folder: Bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = folder.spool.writer(UPLOAD, token=1, start=0)
    writer.write(DATA)
    real = os.pread
    monkeypatch.setattr(os, "pread", lambda *where: real(*where)[:-1] + b"\0")  # no disk here lies on demand
    with pytest.raises(StoreError, match=r"store\.unavailable"):
        writer.write(DATA)
    monkeypatch.undo()
    segment = writer.flush()
    writer.close()
    assert segment is not None
    assert segment.length == len(DATA)
    with folder.spool.assembled(UPLOAD, [segment]) as path:
        assert path.read_bytes() == DATA


def test_what_one_writer_brought_is_sealed_without_a_copy(folder: Bytes, tmp_path: Path) -> None:
    writer = folder.spool.writer(UPLOAD, token=1, start=0)
    writer.write(DATA)
    segment = writer.flush()
    assert segment is not None
    writer.close()
    with folder.spool.assembled(UPLOAD, [segment]) as path:
        before = path.stat().st_ino
        folder.blobs.seal(KEY, path, sha256=DIGEST)
    folder.spool.forget(UPLOAD)
    stored = (tmp_path / "store" / KEY).stat()
    assert (stored.st_ino, stored.st_nlink) == (before, 1)


def test_a_file_with_a_writer_is_known(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    assert has_no_writer(path)
    with path.open("ab"):
        assert not has_no_writer(path)
    assert has_no_writer(path)


def test_asking_for_writers_harms_nobody_who_opens_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            has_no_writer(path)

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(300):
        os.close(os.open(path, os.O_WRONLY))
    stop.set()
    asking.join()
    assert not asking.is_alive()
    assert has_no_writer(path)


def test_what_killed_sealers_left_goes_after_a_day(
    folder: Bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "store" / ".aside" / "left"
    left.write_bytes(DATA)
    FolderBlobs(tmp_path / "store")
    assert left.exists()
    monkeypatch.setattr("sixfaces.adapters.blobs_folder._FORGOTTEN_S", -1)
    FolderBlobs(tmp_path / "store")
    assert not left.exists()


def test_a_root_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match=r"store\.unavailable"):
        FolderBlobs(tmp_path / "file" / "store")
