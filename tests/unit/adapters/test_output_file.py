"""A file of results is there whole or not at all, and is read by those who may."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sixfaces.adapters.output_file import write_whole


@pytest.fixture(params=[0o022, 0o077, 0o027])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_the_umask_is_kept(tmp_path: Path, umask: int) -> None:
    assert write_whole(tmp_path / "a.zip", [b"one", b"two"]) == 6
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o666 & ~umask
    assert (tmp_path / "a.zip").read_bytes() == b"onetwo"


def test_a_private_file_is_its_owners_even_over_one_that_was_everybodys(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"before")
    path.chmod(0o666)
    write_whole(path, [b"now"], private=True)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"now", 0o600)


def test_where_the_pieces_end_early_nothing_is_left(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        write_whole(tmp_path / "a.zip", pieces())
    assert list(tmp_path.iterdir()) == []
