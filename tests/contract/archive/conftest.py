"""A disk that is small, and flips to write on it."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from sixfaces.domain.answer import Verdict
from sixfaces.domain.reverifying import Flip
from sixfaces.pipeline.ids import new_id


@dataclass(frozen=True)
class SmallDisk:
    """A file system in memory."""

    folder: Path

    def fill(self) -> None:
        """No room is left."""
        with (self.folder / "ballast").open("ab") as file:
            while True:
                try:
                    os.write(file.fileno(), bytes(4096))
                except OSError:
                    return

    def empty(self) -> None:
        """There is room again."""
        (self.folder / "ballast").unlink()


def mounted(folder: Path, *, mib: int = 8) -> SmallDisk:
    """A small disk in place of this folder."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail(done.stderr)
        pytest.skip("a small file system can be mounted by root only")
    return SmallDisk(folder)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of its own, on which the installation in this folder keeps its bytes."""
    disk = mounted(tmp_path / "blobs")
    yield disk
    subprocess.run(["umount", "-l", str(disk.folder)], check=True)


def flip_of(number: int) -> Flip:
    """A flip."""
    return Flip(
        case_id=new_id(),
        number=f"C-{number}",
        verdict_id=new_id(),
        old=Verdict.ACCEPTED,
        new=Verdict.REJECTED,
        old_policy="default 2026.1",
        new_policy="default 2026.2",
        rules={"consistency.waybill": "met>not_met", "validity.resolution": "->cannot_tell"},
        categories=("books",),
        stake={"CNY": Decimal("10.50"), "USD": Decimal(3)} if number % 2 else {"CNY": Decimal(number)},
        exhibits=1,
        judged_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
