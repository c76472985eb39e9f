"""The child can open what its parent opened, also where only root's special powers would allow it."""

import os
from pathlib import Path

import pytest

from sixfaces.media.reachable import reachable

NOBODY = 65534


def test_an_ordinary_file_is_given_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    path.write_bytes(b"bytes")
    tmp_path.chmod(0o755)
    with reachable(path) as (descriptor, found):
        assert os.read(descriptor, 10) == b"bytes"
        assert found.read_bytes() == b"bytes"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand in what it could not read without its powers")
def test_another_users_private_file_is_copied_for_a_child_of_root(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir()
    path = folder / "take.mp4"
    path.write_bytes(b"bytes")
    for closed in (path, folder):
        closed.chmod(0o700)
        os.chown(closed, NOBODY, NOBODY)
    with reachable(path) as (descriptor, copy):
        assert copy != path
        assert copy.stat().st_uid == 0
        assert copy.read_bytes() == os.pread(descriptor, 10, 0) == b"bytes"
    assert not copy.exists()


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), reachable(tmp_path / "nothing"):
        pass
