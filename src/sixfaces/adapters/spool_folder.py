"""The spool in a folder: each writer has a file of its own, and what it flushed survives any crash.

A file is never opened twice for writing, so that two writers cannot mix even if one was paused for an hour and believes
to be the only one.
"""

import errno
import io
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from sixfaces.adapters.byte_files import (
    READ_ONLY,
    Stretch,
    append_stretch,
    has_no_writer,
    make_folder,
    marked,
    sync_folder,
    write_all,
)
from sixfaces.adapters.spool_order import begin_of, in_order, new_place, upload_checked
from sixfaces.adapters.store_errors import corrupt, missing, telling
from sixfaces.domain.blobs import FileMark
from sixfaces.domain.upload import Segment


class FolderSpool:
    """A spool under `root`: one folder for each upload, one file for each writer."""

    def __init__(self, root: Path) -> None:
        self.root = root
        with telling(str(root)):
            make_folder(root)

    def writer(self, upload_id: str, *, token: int, start: int) -> "FolderSpoolWriter":
        """A new file for bytes from `start` on, its name on disk before the first byte."""
        path = self.root / new_place(upload_id, token=token, start=start)
        with telling(str(self.root)):
            make_folder(path.parent)
            return FolderSpoolWriter(upload_id, path=path, start=start)

    @contextmanager
    def assembled(self, upload_id: str, segments: Iterable[Segment]) -> Iterator[Path]:
        """All bytes as one read-only file: the writer's own where it holds them all and nobody writes to it."""
        runs = [self._stretch(s) for s in in_order(upload_id, segments)]
        if len(runs) == 1 and (own := self._frozen(runs[0])):
            yield own
            return
        with telling(str(self.root)):
            whole = self._joined(upload_id, runs)
        try:
            yield whole
        finally:
            whole.unlink(missing_ok=True)

    @contextmanager
    def read(self, segment: Segment) -> Iterator[BinaryIO]:
        """One segment's bytes and no more. Raises `store.missing`, `store.corrupt` where bytes are gone."""
        stretch = self._stretch(segment)
        with telling(str(self.root)), stretch.path.open("rb", buffering=0) as file:
            yield cast(BinaryIO, io.BufferedReader(_Bounded(file, stretch)))

    def forget(self, upload_id: str) -> None:
        """Remove everything of an upload; a writer still at it is told so by its next flush."""
        with telling(str(self.root)), suppress(FileNotFoundError):
            shutil.rmtree(self._folder(upload_id))

    def room(self) -> int | None:
        """Bytes free on the spool's file system."""
        with telling(str(self.root)):
            return shutil.disk_usage(self.root).free

    def _folder(self, upload_id: str) -> Path:
        return self.root / upload_checked(upload_id)

    def _stretch(self, segment: Segment) -> Stretch:
        """Where a segment lies in its writer's file, and that it is all there."""
        stretch = Stretch(self.root / segment.place, segment.start - begin_of(segment), segment.length)
        with telling(str(self.root)):
            try:
                size = stretch.path.stat().st_size
            except FileNotFoundError:
                raise missing(segment.place) from None
        if size < stretch.start + stretch.length:
            raise corrupt(segment.place)
        return stretch

    def _frozen(self, run: Stretch) -> Path | None:
        """The writer's file cut to what was committed, if no process can add to it any more."""
        if run.start or not has_no_writer(run.path):
            return None
        with telling(str(self.root)):
            if run.path.stat().st_size > run.length:  # bytes that were written and never flushed
                os.truncate(run.path, run.length)
            run.path.chmod(READ_ONLY)
        return run.path

    def _joined(self, upload_id: str, runs: list[Stretch]) -> Path:
        make_folder(self._folder(upload_id))
        whole = self._folder(upload_id) / f".whole-{secrets.token_hex(8)}"
        try:
            with whole.open("xb", buffering=0) as file:
                for run in runs:
                    if append_stretch(file, run) != run.length:
                        raise corrupt(run.path.name)
                os.fchmod(file.fileno(), READ_ONLY)
        except BaseException:  # whatever ends it leaves no half file; raised again
            whole.unlink(missing_ok=True)
            raise
        return whole


class FolderSpoolWriter:
    """One writer's file. Raises `store.full` and `store.unavailable`; what a flush returned stays true after that."""

    def __init__(self, upload_id: str, *, path: Path, start: int) -> None:
        self._upload_id = upload_id
        self._path = path
        self._start = start
        self._safe = 0
        self._written = 0
        self._lost = False
        self._mark: FileMark | None = None
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._descriptor: int | None = os.open(path, flags, 0o600)
        try:
            sync_folder(path.parent)
        except OSError:
            self.close()
            raise

    def write(self, data: bytes) -> None:
        """Append, and read back. Not safe yet. After `store.full` nothing of `data` is there: the same may be written
        again."""
        with telling(str(self._path.parent)):
            descriptor = self._held()
            try:
                write_all(descriptor, data)
                if os.pread(descriptor, len(data), self._written) != data:
                    raise OSError(errno.EIO, "other bytes are read than were written")
            except OSError:
                self._cut_to(self._written)
                raise
        self._written += len(data)

    def flush(self) -> Segment | None:
        """Bring to disk what came since the last flush. Raises `store.missing` if the upload was forgotten."""
        if self._written == self._safe:
            return None
        with telling(str(self._path.parent)):
            descriptor = self._held()
            try:
                os.fsync(descriptor)
            except OSError:
                self._lost = True  # the kernel may have dropped the pages: a second fsync would say yes to nothing
                raise
            if not os.fstat(descriptor).st_nlink:
                raise missing(self._place())
        start, length = self._start + self._safe, self._written - self._safe
        self._safe = self._written
        return Segment(upload_id=self._upload_id, start=start, length=length, place=self._place())

    def close(self) -> None:
        """Close the file, cut to what was flushed; one that holds nothing goes."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        with suppress(OSError):  # what cannot be cut now is cut when the upload is assembled
            if os.fstat(descriptor).st_size != self._safe:
                os.ftruncate(descriptor, self._safe)
            self._mark = marked(descriptor)
        os.close(descriptor)
        if not self._safe:
            with suppress(OSError):
                self._path.unlink()

    def mark(self) -> FileMark | None:
        """Of the file as it was closed: every piece of it was read back when it was written."""
        return self._mark

    def _held(self) -> int:
        if self._descriptor is None:
            raise ValueError("the writer is closed")
        if self._lost:
            raise OSError(errno.EIO, "bytes of this writer were lost on their way to disk")
        return self._descriptor

    def _cut_to(self, length: int) -> None:
        """Take half-written bytes away again; where that fails too, nothing more may follow them."""
        try:
            os.ftruncate(self._held(), length)
        except OSError:
            self._lost = True

    def _place(self) -> str:
        return f"{self._upload_id}/{self._path.name}"


class _Bounded(io.RawIOBase):
    """A stretch of an open file that ends where the segment does."""

    def __init__(self, file: BinaryIO | io.FileIO, stretch: Stretch) -> None:
        super().__init__()
        self._file = file
        self._left = stretch.length
        file.seek(stretch.start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the stub allows more buffers
        """Fill the buffer as far as the segment reaches."""
        piece = self._file.read(min(len(buffer), self._left))
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)
