"""Whatever has bytes becomes an exhibit; only a path without stable bytes is refused."""

import hashlib
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sixfaces.domain.errors import IntakeError
from sixfaces.domain.exhibit import Medium, Role
from sixfaces.intake import accept as module
from sixfaces.intake.accept import IntakeLimits, accept

VIDEO = Role.UNBOXING_VIDEO


def code_of(path: Path) -> str:
    with pytest.raises(IntakeError) as caught:
        accept(path, role=VIDEO)
    assert caught.value.text.zh
    assert caught.value.fix.en
    return caught.value.code


def test_an_exhibit_carries_digest_size_form_and_what_was_declared(tmp_path: Path) -> None:
    path = tmp_path / "photo.mp4"
    path.write_bytes(b"\xff\xd8\xff" + bytes(3_000_000))
    at = datetime(2026, 1, 2, tzinfo=UTC)
    exhibit = accept(path, role=Role.BUYER_PHOTO, declared_sha256="0" * 64, received_at=at)
    assert exhibit.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert exhibit.bytes == 3_000_003
    assert (exhibit.medium, exhibit.format) == (Medium.PHOTO, "jpeg")
    assert (exhibit.declared_sha256, exhibit.received_at) == ("0" * 64, at)


def test_an_empty_file_is_an_exhibit_that_nobody_will_decode(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    exhibit = accept(path, role=VIDEO)
    assert (exhibit.bytes, exhibit.medium, exhibit.format) == (0, Medium.UNKNOWN, "empty")


def test_an_unknown_file_is_an_exhibit(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"not a video at all")
    assert accept(path, role=VIDEO).medium is Medium.UNKNOWN


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path / "nothing.mp4") == "intake.missing"
    assert code_of(tmp_path / "nul\0.mp4") == "intake.missing"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "intake.not_a_file"


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "pipe.mp4"
    os.mkfifo(path)
    assert code_of(path) == "intake.not_a_file"


def test_a_device_is_refused() -> None:
    assert code_of(Path(os.devnull)) == "intake.not_a_file"


def test_a_socket_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "socket.mp4"
    os.mknod(path, stat.S_IFSOCK | 0o600)
    assert code_of(path) == "intake.not_a_file"


def test_links_that_point_at_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert code_of(tmp_path / "a") == "intake.unreadable"


def test_a_link_to_a_file_is_taken_as_the_file(tmp_path: Path) -> None:
    (tmp_path / "real.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    assert accept(tmp_path / "link.jpg", role=Role.BUYER_PHOTO).format == "jpeg"


def test_a_file_over_the_limit_of_its_role_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.mp4"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert code_of(path) == "intake.too_large"
    small = IntakeLimits(video_bytes=10, other_bytes=5)
    path.write_bytes(bytes(8))
    assert accept(path, role=VIDEO, limits=small).bytes == 8
    with pytest.raises(IntakeError, match="too_large"):
        accept(path, role=Role.BUYER_PHOTO, limits=small)


def test_a_file_that_grows_while_it_is_hashed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "recording.mp4"
    path.write_bytes(bytes(100))
    monkeypatch.setattr(module, "os", GrowingFile(path))
    assert code_of(path) == "intake.changed"


class GrowingFile:
    """The os module, but the first read finds a recorder still writing."""

    def __init__(self, path: Path) -> None:
        self._path, self._grown = path, False

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)

    def read(self, descriptor: int, size: int) -> bytes:
        data = os.read(descriptor, size)
        if not self._grown:
            self._grown = True
            with self._path.open("ab") as file:
                file.write(b"more")
        return data


def test_a_file_that_is_deleted_while_open_still_hashes_to_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "short.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    digest = accept(path, role=Role.BUYER_PHOTO).sha256
    path.unlink()
    assert digest == hashlib.sha256(b"\xff\xd8\xff").hexdigest()
    assert code_of(path) == "intake.missing"


@pytest.mark.parametrize("name", ["line\nbreak.mp4", "b\udcffad.mp4", "x" * 240 + ".mp4", "\u202eexe.mp4"])
def test_names_are_shown_in_one_printable_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    shown = accept(path, role=VIDEO).name
    assert shown.isprintable()
    assert 0 < len(shown) <= 255
    shown.encode()
