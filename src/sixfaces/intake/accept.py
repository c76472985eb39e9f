"""Accepts a file as an exhibit: hashed in one pass, its form found by its own bytes.

Where the line lies: a path from which no stable bytes can be had is refused with an IntakeError, because there would
be nothing to seal. Bytes that can be had become an exhibit whatever they are: empty, cut short, unknown or disguised
files are evidence too, and end as a finding with its reason.
"""

import hashlib
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.errors import IntakeError
from sixfaces.domain.exhibit import Exhibit, Role
from sixfaces.domain.model import Say
from sixfaces.intake.sniff import HEAD_BYTES, sniff

_BLOCK = 1 << 20
_LONGEST_NAME = 255


class IntakeLimits(NamedTuple):
    """How large a file may be, in bytes, by what it is handed in as."""

    video_bytes: int = 8 << 30
    other_bytes: int = 256 << 20

    def for_role(self, role: Role) -> int:
        """The most bytes a file of this role may have."""
        return self.video_bytes if role.is_video else self.other_bytes


def accept(
    path: Path,
    *,
    role: Role,
    limits: IntakeLimits | None = None,
    declared_sha256: str | None = None,
    received_at: datetime | None = None,
) -> Exhibit:
    """The exhibit that the file at `path` is. A digest that differs from the declared one is a finding, not an error.

    Raises IntakeError: `intake.missing`, `intake.not_a_file`, `intake.unreadable`, `intake.too_large`,
    `intake.changed` (while it was read).
    """
    allowed = (limits or IntakeLimits()).for_role(role)
    descriptor = _opened(path)
    try:
        digest, size, head = _hashed(descriptor, path, allowed)
    finally:
        os.close(descriptor)
    form = sniff(head)
    return Exhibit(
        sha256=digest,
        name=_shown(path),
        role=role,
        bytes=size,
        medium=form.medium,
        format=form.name,
        declared_sha256=declared_sha256,
        received_at=received_at,
    )


def _opened(path: Path) -> int:
    """A descriptor of a regular file; opening neither waits for a pipe's writer nor takes a terminal."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except FileNotFoundError as exc:
        raise _missing(path) from exc
    except ValueError as exc:  # NUL in the path
        raise _missing(path) from exc
    except OSError as exc:
        raise _not_a_file(path) if _is_special(path) else _unreadable(path, exc) from exc
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_a_file(path)
    return descriptor


def _is_special(path: Path) -> bool:
    """Whether something that is no regular file stands there, such as a socket, which cannot even be opened."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _hashed(descriptor: int, path: Path, allowed: int) -> tuple[str, int, bytes]:
    """Digest, size and beginning of the file. Reads no more than `allowed` bytes of a file that grows."""
    before = os.fstat(descriptor)
    if before.st_size > allowed:
        raise _too_large(path, before.st_size, allowed)
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        while block := os.read(descriptor, _BLOCK):
            size += len(block)
            if size > allowed:
                raise _too_large(path, size, allowed)
            if len(head) < HEAD_BYTES:
                head += block[: HEAD_BYTES - len(head)]
            digest.update(block)
    except OSError as exc:
        raise _unreadable(path, exc) from exc
    after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
        raise _changed(path)
    return digest.hexdigest(), size, head


def _shown(path: Path) -> str:
    """The file's name as it may stand in a report: one line, valid Unicode, bounded."""
    name = (path.name or str(path)).encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)[:_LONGEST_NAME] or "?"


def _missing(path: Path) -> IntakeError:
    return IntakeError(
        "intake.missing",
        Say(zh=f"找不到文件 {_shown(path)}。", en=f"There is no file {_shown(path)}."),
        Say(zh="请检查路径和文件名。", en="Check the path and the file name."),
    )


def _not_a_file(path: Path) -> IntakeError:
    return IntakeError(
        "intake.not_a_file",
        Say(zh=f"{_shown(path)} 不是普通文件。", en=f"{_shown(path)} is not an ordinary file."),
        Say(zh="请提交视频、照片或文档文件本身。", en="Hand in the video, photo or document file itself."),
    )


def _unreadable(path: Path, cause: OSError) -> IntakeError:
    reason = cause.strerror or type(cause).__name__
    return IntakeError(
        "intake.unreadable",
        Say(zh=f"无法读取 {_shown(path)}：{reason}。", en=f"{_shown(path)} cannot be read: {reason}."),
        Say(zh="请检查文件权限和存储介质。", en="Check the file's permissions and the storage it lies on."),
    )


def _too_large(path: Path, size: int, allowed: int) -> IntakeError:
    have, most = -(-size >> 20), allowed >> 20
    return IntakeError(
        "intake.too_large",
        Say(
            zh=f"{_shown(path)} 有 {have} MiB，超过上限 {most} MiB。",
            en=f"{_shown(path)} has {have} MiB; at most {most} MiB are accepted.",
        ),
        Say(
            zh="请用较低的码率或分辨率录制，不要后期压缩原件。",
            en="Record at a lower bit rate or resolution; do not compress the original afterwards.",
        ),
    )


def _changed(path: Path) -> IntakeError:
    return IntakeError(
        "intake.changed",
        Say(zh=f"{_shown(path)} 在读取时被改动。", en=f"{_shown(path)} changed while it was being read."),
        Say(zh="请等录制或复制结束后再提交。", en="Hand it in once recording or copying has finished."),
    )
