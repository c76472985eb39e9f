"""Killable children: whatever a file does to the process that opens it, the worker lives and names what happened."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.observation import Record
from sixfaces.media.jail import EndReason
from sixfaces.pipeline.work.children import (
    Allowance,
    ChildDiedError,
    ChildFailedError,
    Task,
    Watch,
    allowance_for,
    inside,
)
from sixfaces.pipeline.work.hold import HandedBackError
from tests.rig.workshop import ACTING, tight

CALM = Watch(check=lambda: None, on_progress=lambda share: None)
GIVEN = Allowance(wall_s=30, cpu_s=20)


def task_of(tmp_path: Path, data: bytes) -> Task:
    path, folder = tmp_path / "media", tmp_path / "folder"
    path.write_bytes(data)
    folder.mkdir()
    exhibit = Exhibit(
        sha256=os.urandom(32).hex(),
        name="x",
        role=Role.UNBOXING_VIDEO,
        bytes=len(data),
        medium=Medium.VIDEO,
        format="mp4",
    )
    return Task(exhibit=exhibit, path=str(path), folder=str(folder))


def own_processes(task: Task) -> list[psutil.Process]:
    """Processes that carry the task's digest or folder in their command."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or ())
        if task.exhibit.sha256 in command and process.pid != os.getpid():
            found.append(process)
    return found


def test_a_good_child_leaves_its_record_and_tells_how_far_it_is(tmp_path: Path) -> None:
    task = task_of(tmp_path, b"fine")
    told: list[float] = []
    ACTING.run(task, allowance=GIVEN, watch=Watch(lambda: None, told.append))
    record = Record.model_validate_json(inside(Path(task.folder))[0].read_bytes())
    assert record.exhibit == task.exhibit
    assert told == [0.5]
    assert own_processes(task) == []


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("abort", EndReason.SIGNAL),
        ("realtime", EndReason.SIGNAL),
        ("segfault", EndReason.SIGNAL),
        ("memory", EndReason.MEMORY),
        ("loop", EndReason.CPU),
        ("hang", EndReason.WALL),
        ("fill", EndReason.OUTPUT),
        ("big", EndReason.OUTPUT),
        ("orphans", EndReason.SIGNAL),
    ],
)
def test_a_file_that_kills_its_child_is_told_by_how(tmp_path: Path, word: str, end: EndReason) -> None:
    task = task_of(tmp_path, word.encode())
    allowance = replace(tight(GIVEN), wall_s=2.0 if word == "hang" else 60.0)
    with pytest.raises(ChildDiedError) as caught:
        ACTING.run(task, allowance=allowance, watch=CALM)
    assert caught.value.end is end
    assert own_processes(task) == []


def test_an_exception_in_a_child_is_a_failure_and_no_guilt(tmp_path: Path) -> None:
    with pytest.raises(ChildFailedError, match="a bug"):
        ACTING.run(task_of(tmp_path, b"raise"), allowance=GIVEN, watch=CALM)


@pytest.mark.parametrize("what", ["interrupted", "child terminated by somebody else"])
def test_a_child_that_is_stopped_from_outside_dies_without_guilt(tmp_path: Path, what: str) -> None:
    task = task_of(tmp_path, b"hang")
    begun = threading.Event()

    def check() -> None:
        if begun.is_set() and what == "interrupted":
            raise HandedBackError("x")

    if what == "interrupted":
        watch = Watch(check, lambda share: begun.set())
        with pytest.raises(HandedBackError):
            ACTING.run(task, allowance=GIVEN, watch=watch)
    else:
        allowance = Allowance(wall_s=1.5, cpu_s=20)
        with pytest.raises(ChildDiedError) as caught:
            ACTING.run(task, allowance=allowance, watch=Watch(check, _signal_all(task)))
        assert caught.value.end is EndReason.WALL, "it lives on after a polite signal, which is its worker's affair"
    assert own_processes(task) == []


def _signal_all(task: Task) -> Callable[[float], None]:
    def send(share: float) -> None:
        for process in own_processes(task):
            process.terminate()

    return send


def test_a_child_dies_with_its_worker(tmp_path: Path) -> None:
    task = task_of(tmp_path, b"hang")
    (tmp_path / "task.json").write_text(task.model_dump_json())
    code = (
        "from pathlib import Path; from sixfaces.pipeline.work.children import Allowance, Task, Watch;"
        "from tests.rig.workshop import ACTING;"
        f"task = Task.model_validate_json(Path({str(tmp_path / 'task.json')!r}).read_text());"
        "ACTING.run(task, allowance=Allowance(wall_s=60, cpu_s=20),"
        " watch=Watch(lambda: None, lambda share: print('begun', flush=True)))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"begun\n"
        assert len(own_processes(task)) == 1
        worker.kill()
        worker.wait()
        until = time.monotonic() + 5
        while own_processes(task) and time.monotonic() < until:
            time.sleep(0.02)
    assert own_processes(task) == []


def test_what_a_child_may_take_grows_with_its_file_and_is_never_less_than_its_jail() -> None:
    exhibit = task_exhibit(1 << 20)
    small, large = allowance_for(exhibit), allowance_for(task_exhibit(8 << 30))
    assert small.wall_s > 900
    assert large.wall_s > small.wall_s + 300
    assert small.cpu_s > 900
    assert allowance_for(exhibit.model_copy(update={"medium": Medium.PHOTO, "role": Role.QC_PHOTO})).wall_s < 300


def task_exhibit(size: int) -> Exhibit:
    return Exhibit(sha256="0" * 64, name="x", role=Role.UNBOXING_VIDEO, bytes=size, medium=Medium.VIDEO, format="mp4")
