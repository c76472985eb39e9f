"""What tests of work share: a workshop in a folder of its own, and logs that stay out of the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from sixfaces.pipeline.service import Service
from tests.rig.workshop import open_workshop


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return open_workshop(tmp_path)


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as kept:
        yield kept
