"""What the killable child does: measure one exhibit, and leave its record and pictures in a folder."""

from collections.abc import Callable
from pathlib import Path

from sixfaces import bootstrap
from sixfaces.pipeline.work.children import Task, Took, inside, took_in
from sixfaces.report.serial import json_bytes

Tell = Callable[[float | None], None]


class FolderPictures:
    """Implements `domain.ports.Pictures`: names are checked where they come out of the jail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Store one picture; the same name twice replaces it."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def measure(task: Task, tell: Tell) -> None:
    """Measure the task's exhibit. The record is written last: without it, nothing was measured."""
    record_at, pictures = inside(Path(task.folder))
    record = bootstrap.observatory(masks=True).observe(
        task.exhibit, Path(task.path), pictures=FolderPictures(pictures), on_progress=lambda said: tell(said.share)
    )
    took_in(Path(task.folder)).write_bytes(json_bytes(Took.of(record)))
    record_at.write_bytes(json_bytes(record))
