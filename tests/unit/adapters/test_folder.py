"""Results in a folder: all or nothing, and a way out where there is no room."""

import errno
import os
import signal
from pathlib import Path

import pytest

from sixfaces.adapters import folder as module
from sixfaces.adapters.folder import OutputFolder
from sixfaces.domain.errors import OutputError


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


class Halt(Exception):
    """Stands for whatever may stop a run midway."""


def halted(folder: Path, name: str, reason: type[BaseException] = Halt) -> None:
    """A run that puts one file and is stopped before it commits."""
    with OutputFolder(folder) as results:
        results.put(name, b"second")
        raise reason


def test_files_appear_on_commit_and_not_before(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    with OutputFolder(out) as results:
        results.put("pictures/ab/1.jpg", b"1")
        results.put("report.json", b"old")
        results.put("report.json", b"{}")
        assert results.get("report.json") == b"{}"
        assert results.get("nothing") is None
        assert not (out / "report.json").exists()
        results.commit()
    assert names(out) == {"pictures/ab/1.jpg", "report.json"}
    assert (out / "report.json").read_bytes() == b"{}"


def test_without_a_commit_nothing_is_left_not_even_the_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        halted(tmp_path / "new" / "out", "report.json", KeyboardInterrupt)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_result_stays_whole_if_a_later_run_fails(tmp_path: Path) -> None:
    with OutputFolder(tmp_path) as results:
        results.put("report.json", b"first")
        results.commit()
    with pytest.raises(Halt):
        halted(tmp_path, "report.json")
    assert names(tmp_path) == {"report.json"}
    assert (tmp_path / "report.json").read_bytes() == b"first"


def test_ctrl_c_while_files_are_moved_waits_until_all_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = os.replace

    def interrupted(source: Path, target: Path) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        move(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with OutputFolder(tmp_path) as results:
        results.put("a", b"1")
        results.put("b", b"2")
        with pytest.raises(KeyboardInterrupt):
            results.commit()
    assert names(tmp_path) == {"a", "b"}


def test_a_folder_with_other_peoples_files_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with OutputFolder(out):
        (out / "theirs.txt").write_text("x")
    assert names(out) == {"theirs.txt"}


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "", "a\\..\\x", "a\0b"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with OutputFolder(tmp_path / "out") as results, pytest.raises(OutputError) as refused:
        results.put(name, b"x")
    assert refused.value.code == "output.bad_name"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_says_what_to_do_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module, "_write", full)
    with pytest.raises(OutputError) as refused, OutputFolder(tmp_path / "out") as results:
        results.put("report.json", b"{}")
    assert refused.value.code == "output.full"
    assert "--out" in refused.value.fix.en
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError) as refused, OutputFolder(tmp_path / "file" / "out"):
        pass
    assert refused.value.code == "output.unwritable"
    assert names(tmp_path) == {"file"}


def test_what_a_killed_run_left_is_swept_away_and_what_a_running_one_holds_is_not(tmp_path: Path) -> None:
    killed, fresh = tmp_path / ".sixfaces-killed", tmp_path / ".sixfaces-fresh"
    for left in (killed, fresh):
        left.mkdir()
        (left / "report.json").write_bytes(b"half")
    os.utime(killed, (0, 0))
    with OutputFolder(tmp_path) as running:
        running.put("report.json", b"whole")
        (held,) = set(tmp_path.glob(".sixfaces-*")) - {fresh}
        os.utime(held, (0, 0))
        with OutputFolder(tmp_path):
            assert held.exists()
        running.commit()
    assert names(tmp_path) == {"report.json", ".sixfaces-fresh/report.json"}
