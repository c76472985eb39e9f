"""Every kind of store behind the ports of bytes, each empty at the start of its test."""

from pathlib import Path

import pytest

from sixfaces.adapters.bytes import Bytes, open_blobs


@pytest.fixture(params=["folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Bytes:
    """Blobs and spool of one kind."""
    return open_blobs(str(tmp_path / "store"))


@pytest.fixture
def folder(tmp_path: Path) -> Bytes:
    """Blobs and spool in a folder, for what only a folder does."""
    return open_blobs(str(tmp_path / "store"))
