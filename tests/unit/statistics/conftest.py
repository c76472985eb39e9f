"""What tests of statistics share: an installation in a folder of its own."""

from pathlib import Path

import pytest

from sixfaces.pipeline.service import Service
from tests.rig.workshop import open_workshop


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return open_workshop(tmp_path)
