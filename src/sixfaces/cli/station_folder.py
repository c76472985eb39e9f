"""The station's folder: which recordings are finished, and where they go when they have been dealt with.

Recordings lie in it or in folders below it. In its root lie `sealed/` and `refused/`, where they end with the receipt
or the reason, `waiting/` with the reasons why others are left lying, and the journal. Whatever is cut short, the next
look puts it right.
"""

import errno
import fcntl
import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sixfaces.adapters.byte_files import sync_folder
from sixfaces.cli.station_cases import SIDECAR, sidecar_of
from sixfaces.cli.station_journal import JOURNAL, Look, write_whole
from sixfaces.cli.station_numbers import Bytes

SEALED = "sealed"
REFUSED = "refused"
WAITING = "waiting"
_OWN = frozenset({SEALED, REFUSED, WAITING, JOURNAL})
_UNFINISHED = frozenset({".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".json"})
"""Endings of names under which programs write what they rename once it is whole, and of sidecars and notes."""
_LONGEST_NAME = 255
"""Bytes of a name on nearly every file system."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class _Seen(NamedTuple):
    look: Look
    since: float


class StationFolder:
    """A watched folder. `settle_s`: how long a file must have rested to be taken for finished."""

    def __init__(self, root: Path, *, settle_s: float = 5.0) -> None:
        self.root = root
        self._settle_s = settle_s
        self._seen: dict[Path, _Seen] = {}
        self.is_resting = False
        """Whether there are recordings that have not rested long enough yet."""
        for name in (SEALED, REFUSED, WAITING):
            (root / name).mkdir(parents=True, exist_ok=True)

    def finished(self) -> list[Path]:
        """Recordings that have rested long enough, the oldest first; ask `is_written` before one is taken."""
        now, before, rested = time.monotonic(), self._seen, []
        self._seen = {}
        for path, look in _recordings(self.root, is_root=True):
            known = before.get(path)
            is_same = known is not None and known.look == look
            since = known.since if known is not None and is_same else now
            self._seen[path] = _Seen(look, since)
            if is_same and now - since >= self._settle_s:
                rested.append((look.mtime_ns, path))
        self.is_resting = len(rested) < len(self._seen)
        return [path for _, path in sorted(rested)]

    def touched(self, path: Path) -> None:
        """It is being written to after all: it has to rest anew."""
        self._seen.pop(path, None)

    def end(self, path: Path, told: Mapping[str, Any], *, is_sealed: bool) -> Path:
        """Move a file to where it ends, with what the server told beside it; returns where it is now."""
        target = _free(self._place(SEALED if is_sealed else REFUSED, path))
        write_whole(_beside(target, ".receipt.json" if is_sealed else ".reason.json"), _json(told))
        sidecar = sidecar_of(path)
        path.rename(target)
        if sidecar is not None:
            sidecar.rename(_beside(target, SIDECAR))
        self.waits_no_more(path)
        return target

    def delete(self, path: Path, receipt: Mapping[str, Any]) -> bool:
        """Delete the local copy of what was sealed, and keep the receipt. False, and nothing is deleted, where the
        bytes on this disk are not those of the receipt any more."""
        if digest_of(path) != Bytes(receipt["sha256"], receipt["bytes"]):
            return False
        target = _free(self._place(SEALED, path))
        note, data = _beside(target, ".receipt.json"), _json(receipt)
        try:
            write_whole(note, data)
            is_kept = True
        except OSError as exc:
            if exc.errno not in _NO_ROOM:
                raise
            is_kept = False  # the server has it too, and deleting makes the room that it needs
        sidecar = sidecar_of(path)
        path.unlink()
        sync_folder(path.parent)
        if not is_kept:
            write_whole(note, data)
        if sidecar is not None:
            sidecar.rename(_beside(target, SIDECAR))
        self.waits_no_more(path)
        return True

    def waits(self, path: Path, told: Mapping[str, Any]) -> None:
        """Say beside nobody's work why a recording is left lying."""
        note = self._note(path)
        data = _json(told)
        if not note.is_file() or note.read_bytes() != data:
            note.parent.mkdir(parents=True, exist_ok=True)
            write_whole(note, data)

    def waits_no_more(self, path: Path) -> None:
        """It has been dealt with."""
        self._note(path).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove notes on recordings that are there no more."""
        for note in (self.root / WAITING).rglob("*.reason.json"):
            about = self.root / note.relative_to(self.root / WAITING)
            if not about.with_name(note.name.removesuffix(".reason.json")).exists():
                note.unlink(missing_ok=True)

    def _note(self, path: Path) -> Path:
        return _beside(self.root / WAITING / path.relative_to(self.root), ".reason.json")

    def _place(self, kind: str, path: Path) -> Path:
        place = self.root / kind / path.relative_to(self.root)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


def digest_of(path: Path) -> Bytes:
    """Which bytes lie on this disk now."""
    with path.open("rb") as file:
        return Bytes(hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size)


def is_written(path: Path) -> bool:
    """Whether some process has the file open for writing, as far as this system tells.

    A read lease is refused while one has; it is given back at once. Raises OSError for a file that cannot be opened.
    """
    if sys.platform != "linux":
        return False
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # who opens it in this instant signals us harmlessly
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as exc:
        return exc.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False


def _recordings(folder: Path, *, is_root: bool = False) -> Iterator[tuple[Path, Look]]:
    """Recordings in a folder and below it; a folder that is gone or closed to us has none."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        if is_root:
            raise
        return
    for entry in entries:
        if entry.name.startswith(".") or (is_root and entry.name in _OWN):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _recordings(Path(entry.path))
            elif entry.is_file(follow_symlinks=False) and Path(entry.name).suffix.lower() not in _UNFINISHED:
                found = entry.stat(follow_symlinks=False)
                yield Path(entry.path), Look(found.st_size, found.st_mtime_ns, found.st_ino)
        except FileNotFoundError:
            continue


def _beside(path: Path, ending: str) -> Path:
    """The name with an ending; one that would be too long is cut, and told apart by its digest."""
    raw = os.fsencode(path.name + ending)
    if len(raw) <= _LONGEST_NAME:
        return path.with_name(path.name + ending)
    mark = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8] + ending
    stem = os.fsencode(path.name)[: _LONGEST_NAME - len(os.fsencode(mark)) - 1].decode("utf-8", "ignore")
    return path.with_name(f"{stem}-{mark}")


def _free(path: Path) -> Path:
    """The path, or the next one with a number that no recording and no receipt has yet."""
    candidate, count = path, 1
    while candidate.exists() or _beside(candidate, ".receipt.json").exists():
        count += 1
        candidate = _beside(path.with_name(path.stem), f"-{count}{path.suffix}")
    return candidate


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n"
