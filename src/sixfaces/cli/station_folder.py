"""The station's folder: which recordings are finished, what is remembered of each, and where they go.

Beside the recordings lie `sealed/` and `refused/`, where they end with the receipt or the reason, and a hidden folder
with one small journal for each upload under way. Whatever is cut short, the next look at the folder puts it right.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from sixfaces.domain.case import CaseFile
from sixfaces.domain.model import Model, Sha256

SEALED = "sealed"
REFUSED = "refused"
JOURNAL = ".sixfaces-station"
SIDECAR = ".case.json"
_UNFINISHED = frozenset({".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".json"})
"""Endings of names under which programs write what they rename once it is whole, and of our own sidecars."""
_PREFIX = "__"


class Look(NamedTuple):
    """How a file looked: it has rested since if it looks the same later."""

    size: int
    mtime_ns: int


class Entry(Model):
    """The journal of one upload: of which bytes it is, and its address on the server once there is one."""

    name: str
    size: int
    mtime_ns: int
    sha256: Sha256
    url: str | None = None


class StationFolder:
    """A watched folder. `settle_s`: how long a file must have rested to be taken for finished."""

    def __init__(self, root: Path, *, settle_s: float = 5.0) -> None:
        self.root = root
        self._settle_s = settle_s
        self._seen: dict[Path, tuple[Look, float]] = {}
        for name in (SEALED, REFUSED, JOURNAL):
            (root / name).mkdir(parents=True, exist_ok=True)

    def finished(self) -> list[Path]:
        """Recordings that nobody writes to any more, as far as can be told, the oldest first."""
        found = [path for path in self.root.iterdir() if _is_recording(path)]
        self._seen = {path: seen for path, seen in self._seen.items() if path in found}
        return sorted((path for path in found if self._has_rested(path)), key=lambda path: path.stat().st_mtime_ns)

    def entry(self, path: Path) -> Entry:
        """What is remembered of this file as it is now; hashes it where that is nothing."""
        look = _look(path)
        with contextlib.suppress(OSError, ValidationError):
            known = Entry.model_validate_json(self._journal(path).read_bytes())
            if (known.name, known.size, known.mtime_ns) == (path.name, *look):
                return known
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return self.remember(path, Entry(name=path.name, size=look.size, mtime_ns=look.mtime_ns, sha256=digest))

    def remember(self, path: Path, entry: Entry) -> Entry:
        """Bring the entry to disk."""
        _write(self._journal(path), entry.model_dump_json().encode())
        return entry

    def end(self, path: Path, told: dict[str, Any], *, is_sealed: bool) -> Path:
        """Move a file to where it ends, with what the server told beside it; returns where it is now."""
        folder = self.root / (SEALED if is_sealed else REFUSED)
        target = _free(folder / path.name)
        note = target.with_name(target.name + (".receipt.json" if is_sealed else ".reason.json"))
        _write(note, json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")
        path.rename(target)
        sidecar = sidecar_of(path)
        if sidecar is not None:
            sidecar.rename(target.with_name(target.name + SIDECAR))
        self._journal(path).unlink(missing_ok=True)
        return target

    def _has_rested(self, path: Path) -> bool:
        try:
            look = _look(path)
        except FileNotFoundError:
            return False
        now = time.monotonic()
        before, since = self._seen.setdefault(path, (look, now))
        if before != look or is_written(path):
            self._seen[path] = (look, now)
            return False
        return now - since >= self._settle_s

    def _journal(self, path: Path) -> Path:
        return self.root / JOURNAL / f"{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:32]}.json"


def claimed(path: Path) -> CaseFile | None:
    """The case of a recording by its sidecar, `take.mp4.case.json` or `take.case.json`; None where there is none.

    Raises ValueError for a sidecar that is no case file.
    """
    sidecar = sidecar_of(path)
    return None if sidecar is None else CaseFile.model_validate_json(sidecar.read_bytes())


def named(path: Path) -> CaseFile | None:
    """The case of a recording by its name, `<case number>__anything.mp4`; None where the name says none."""
    number, prefix, _ = path.name.partition(_PREFIX)
    try:
        return CaseFile(case_id=number) if prefix else None
    except ValidationError:
        return None


def sidecar_of(path: Path) -> Path | None:
    """The sidecar beside a recording."""
    names = (path.name + SIDECAR, path.stem + SIDECAR)
    return next((side for name in names if (side := path.with_name(name)).is_file()), None)


def is_written(path: Path) -> bool:
    """Whether some process has the file open for writing, as far as this system tells.

    A read lease is refused while one has; it is given back at once.
    """
    if sys.platform != "linux":
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return True
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # who opens it in this instant signals us harmlessly
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as exc:
        return exc.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False


def _is_recording(path: Path) -> bool:
    is_plain = not path.name.startswith(".") and path.suffix.lower() not in _UNFINISHED
    return is_plain and not path.is_symlink() and path.is_file()


def _look(path: Path) -> Look:
    found = path.stat()
    return Look(found.st_size, found.st_mtime_ns)


def _free(path: Path) -> Path:
    """The path, or the next one with a number that nothing has yet."""
    candidate, count = path, 1
    while candidate.exists():
        count += 1
        candidate = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return candidate


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on disk."""
    aside = path.with_name(f".{path.name}.tmp")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
