"""One sound installation on SQLite and a folder, built once; each test of corruption has a copy to spoil."""

import shutil
from pathlib import Path

import pytest

from sixfaces.adapters.fsck.examine import Installation
from tests.contract.fsck.building import build, moved


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Installation]:
    """Its folder, and where its parts are. Read only."""
    folder = tmp_path_factory.mktemp("sound")
    return folder, build(folder)


@pytest.fixture
def place(sound: tuple[Path, Installation], tmp_path: Path) -> Installation:
    """A copy."""
    folder, installation = sound
    shutil.copytree(folder, tmp_path / "copy")
    return moved(installation, folder, tmp_path / "copy")
