"""An observatory that keeps its pictures in memory and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sixfaces.domain.exhibit import Role
from sixfaces.domain.observation import Record
from sixfaces.intake.accept import accept
from sixfaces.media.jail import Jail
from sixfaces.media.share import Share
from sixfaces.observe.observatory import FIRST, JailedObservatory

Observe = Callable[..., Record]


class Kept(dict[str, bytes]):
    """Pictures by name."""

    def put(self, name: str, data: bytes) -> None:
        self[name] = data


@pytest.fixture
def observe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Observe:
    """Accept and observe one file; afterwards there is no temporary file and each cited picture was kept."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))

    def run(
        path: Path,
        *,
        role: Role = Role.BUYER_VIDEO,
        jail: Jail | None = None,
        first: str = FIRST,
        share: Share | None = None,
    ) -> Record:
        pictures = Kept()
        made = JailedObservatory(jail or Jail(), first=first)
        if share is not None:
            made = JailedObservatory(jail or Jail(), first=first, video=share, photo=share)
        exhibit = accept(path, role=role)
        record = made.observe(exhibit, path, pictures=pictures, on_progress=lambda progress: None)
        assert set(record.images) == set(pictures)
        assert list(scratch.iterdir()) == []
        Record.model_validate_json(record.model_dump_json())
        return record

    return run
