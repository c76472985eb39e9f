"""What runs in a process that may be killed, and what that process may take. `workers.children` starts them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from pydantic import Field

from sixfaces.domain.exhibit import Exhibit, Seconds
from sixfaces.domain.model import Model, Text
from sixfaces.domain.observation import Record
from sixfaces.media.jail import EndReason
from sixfaces.media.share import MEBIBYTE, PHOTO, VIDEO

LOOKS = 3
"""Jailed children that one exhibit is shown to, one after the other: the whole file, then crops of it, then pictures
of it to be masked."""

STARTING_S = 60.0
BYTES_A_SECOND = 20 << 20
"""Slowest pace of reading that is not taken for hanging."""


class Task(Model):
    """Measure the exhibit at `path`; results go to `folder`: `record.json`, pictures under `pictures/`, and `took.json`
    beside them."""

    exhibit: Exhibit
    path: Text
    folder: Text


class Took(Model):
    """Seconds that measuring took: all of it, and each observer's. A record leaves them out."""

    decode_s: Seconds | None = None
    observers: dict[Text, Seconds] = Field(default_factory=dict)

    @classmethod
    def of(cls, record: Record) -> Self:
        """As the record has it while it has not been written."""
        return cls(decode_s=record.decode_s, observers=record.took)

    def put_into(self, record: Record) -> Record:
        """The record, with what was left out when it was written."""
        return record.model_copy(update={"decode_s": self.decode_s, "took": self.observers})


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits of one child. Those who decode inside it are jailed more tightly still."""

    wall_s: float
    cpu_s: int
    memory_bytes: int = 6144 * MEBIBYTE
    file_bytes: int = 512 * MEBIBYTE
    output_bytes: int = 1024 * MEBIBYTE
    open_files: int = 512


class Watch(NamedTuple):
    """Who looks on: `check` raises to have the child killed; `on_progress` is told a share of 0 to 1."""

    check: Callable[[], None]
    on_progress: Callable[[float], None]


class ChildDiedError(Exception):
    """The child was killed by a signal or one of its limits: its exhibit is suspected."""

    def __init__(self, end: EndReason, complaint: str) -> None:
        super().__init__(f"{end}: {complaint[-500:]}")
        self.end = end


class ChildFailedError(Exception):
    """The child gave up in an orderly way, with an error of ours or of this machine."""


class Children(Protocol):
    """Starts one child for a task, waits for it, and leaves no process of it behind."""

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        """Raises ChildDiedError, ChildFailedError, or what `watch.check` raises."""
        ...


def allowance_for(exhibit: Exhibit) -> Allowance:
    """What measuring this exhibit may take: the jail's own shares of each look, and time to read the bytes."""
    share = VIDEO if exhibit.role.is_video or exhibit.medium.value == "video" else PHOTO
    reading_s = exhibit.bytes / BYTES_A_SECOND
    return Allowance(
        wall_s=LOOKS * share.wall_s + reading_s + STARTING_S, cpu_s=int(share.cpu_s + reading_s + STARTING_S)
    )


def inside(folder: Path) -> tuple[Path, Path]:
    """Where a child leaves the record and the pictures."""
    return folder / "record.json", folder / "pictures"


def took_in(folder: Path) -> Path:
    """Where it leaves how long it took."""
    return folder / "took.json"
