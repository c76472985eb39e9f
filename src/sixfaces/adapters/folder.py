"""Results in a folder on disk, all or nothing: written aside, brought to disk, then moved into place by name."""

import errno
import fcntl
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from sixfaces.adapters.byte_files import sync_folder
from sixfaces.adapters.earlier import earlier_results, remove_results
from sixfaces.domain.errors import OutputError
from sixfaces.domain.model import Say

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LONGEST_SHOWN = 1000
_HIDDEN = ".sixfaces-"
_SETTLED_S = 60
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class OutputFolder:
    """Collects files under a hidden name and moves them into `folder` when told to `commit`.

    Leaving the `with` block without a commit (an error, Ctrl-C) removes everything again, also the folder itself
    if it was made for this. Raises OutputError `output.full` or `output.unwritable`, with the way out.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: list[Path] = []
        self._stage: Path | None = None
        self._held: int | None = None
        self._names: list[str] = []

    def __enter__(self) -> Self:
        try:
            self._made = _make(self.folder)
            _sweep(self.folder)
            self._stage = Path(tempfile.mkdtemp(prefix=_HIDDEN, dir=self.folder))
            self._held = _lock(self._stage)
        except OSError as exc:
            self._remove_made()
            raise output_error(exc, self.folder) from exc
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stage is not None:
            shutil.rmtree(self._stage, ignore_errors=True)
            self._stage = None
        if self._held is not None:
            os.close(self._held)
            self._held = None
        self._remove_made()

    def put(self, name: str, data: bytes) -> None:
        """Write one file under a relative POSIX name; the same name twice replaces it."""
        path = self._inside(self._staged(), name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, data)
        except OSError as exc:
            raise output_error(exc, self.folder) from exc
        if name not in self._names:
            self._names.append(name)

    def get(self, name: str) -> bytes | None:
        """The bytes put under `name` since the block was entered, or None."""
        try:
            return self._inside(self._staged(), name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as exc:
            raise output_error(exc, self.folder) from exc

    def commit(self, *, keeping: bool = False) -> None:
        """Move all files into place in the order they were put: put last what makes the rest count.

        Then results of an earlier run that this one has not replaced are removed, unless `keeping`: for files that are
        no such results; files of others are kept.
        """
        try:
            with _undisturbed():
                self._move(keeping=keeping)
        except OSError as exc:
            raise output_error(exc, self.folder) from exc

    def _move(self, *, keeping: bool) -> None:
        stage, folders = self._staged(), {self.folder}
        earlier = set[str]() if keeping else earlier_results(self.folder)
        for name in self._names:
            target = self._inside(self.folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self._inside(stage, name), target)  # noqa: PTH105 atomic, and says so by its name
            folders.update(one for one in target.parents if one.is_relative_to(self.folder))
        remove_results(self.folder, earlier - set(self._names))
        for folder in folders | {made.parent for made in self._made}:
            sync_folder(folder)
        self._made = []
        self._names = []

    def _staged(self) -> Path:
        if self._stage is None:
            raise RuntimeError("an OutputFolder is used inside its `with` block")
        return self._stage

    def _remove_made(self) -> None:
        for made in reversed(self._made):
            try:
                made.rmdir()
            except OSError:
                return  # somebody else has put something there: it is theirs
        self._made = []

    @staticmethod
    def _inside(base: Path, name: str) -> Path:
        """`name` under `base`; names come from facts, so one that leaves the folder is refused."""
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\x00" in name:
            raise OutputError(
                "output.bad_name",
                Say(zh="结果文件名指向输出目录之外。", en="The name of a result points outside the output folder."),
                Say(zh="请报告此问题，并附上该文件。", en="Please report this, with the file that caused it."),
            )
        return base.joinpath(*parts)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C and termination wait: moving files takes milliseconds, and half of them is what nobody wants."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted by signals, and only it may say how
        return
    came: list[int] = []
    before = {n: signal.signal(n, lambda number, frame: came.append(number)) for n in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    for late in came[:1]:
        signal.raise_signal(late)


def _lock(stage: Path) -> int | None:
    """A descriptor that holds the stage for as long as this process lives; None where somebody else holds it."""
    descriptor = os.open(stage, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _sweep(folder: Path) -> None:
    """Remove what runs left that were killed: stages that nobody holds any more, made a minute ago or earlier."""
    for stage in folder.glob(f"{_HIDDEN}*"):
        with suppress(OSError):
            if stage.is_symlink() or not stage.is_dir() or time.time() - stage.stat().st_mtime < _SETTLED_S:
                continue
            held = _lock(stage)
            if held is not None:
                shutil.rmtree(stage, ignore_errors=True)
                os.close(held)


def _make(folder: Path) -> list[Path]:
    """Make the folder with its parents; returns those that were not there, outermost first."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def output_error(exc: OSError, folder: Path) -> OutputError:
    """Why results could not be written there, and the way out."""
    where = os.fsencode(folder).decode("utf-8", "replace")[-_LONGEST_SHOWN:]
    if exc.errno in FULL:
        return OutputError(
            "output.full",
            Say(zh=f"无法写入 {where}：空间不足。", en=f"Cannot write to {where}: no space is left."),
            Say(
                zh="未留下不完整的结果。请腾出空间，或用 --out 指定其他位置后重试。",
                en="Nothing half-written was left. Free some space, or name another place with --out, and run again.",
            ),
        )
    reason = exc.strerror or type(exc).__name__
    return OutputError(
        "output.unwritable",
        Say(zh=f"无法写入 {where}：{reason}。", en=f"Cannot write to {where}: {reason}."),
        Say(zh="请用 --out 指定一个可写的文件夹。", en="Name a folder that can be written to with --out."),
    )
