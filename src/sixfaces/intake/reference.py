"""Reads a reference picture that the case names: its bytes, digest and form, and nothing outside the case's folder."""

import hashlib
import os
import stat
from pathlib import Path, PurePosixPath

from sixfaces.domain.comparison import Reference
from sixfaces.domain.errors import IntakeError
from sixfaces.domain.exhibit import Medium
from sixfaces.domain.model import Say
from sixfaces.intake.sniff import HEAD_BYTES, sniff

MOST_BYTES = 24 << 20
"""Shop pictures have a few MiB; one that is larger is a mistake, and would be held in memory whole."""

_FIX = Say(
    zh="请把参考图放在售后单文件旁边，并核对 reference_images 里的文件名。",
    en="Put the reference image beside the case file and check its name in reference_images.",
)


def read_reference(folder: Path, name: str) -> Reference:
    """The picture `name`, a relative path below `folder`, which is the case file's.

    Raises IntakeError: `intake.reference_outside` for a name or link that leaves the folder (a case file must not make
    other files of this machine be read), `intake.reference_missing`, `intake.reference_too_large`,
    `intake.reference_format` for what is no photo.
    """
    if "\\" in name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise _outside(name)
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()):
            raise _outside(name)
        data = _read(path, name)
    except (OSError, ValueError, RuntimeError) as exc:  # ValueError: NUL; RuntimeError: links in a circle
        raise _missing(name, exc) from exc
    form = sniff(data[:HEAD_BYTES])
    if form.medium is not Medium.PHOTO:
        raise _no_photo(name)
    return Reference(name, hashlib.sha256(data).hexdigest(), form.name, data)


def _read(path: Path, name: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileNotFoundError(name)
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _too_large(name)
    return data


def _outside(name: str) -> IntakeError:
    text = Say(
        zh=f"参考图 {name} 不在售后单文件所在的文件夹内。",
        en=f"The reference image {name} is outside the case's folder.",
    )
    return IntakeError("intake.reference_outside", text, _FIX)


def _missing(name: str, cause: Exception) -> IntakeError:
    reason = (cause.strerror if isinstance(cause, OSError) else None) or "not a file"
    text = Say(zh=f"无法读取参考图 {name}：{reason}。", en=f"The reference image {name} cannot be read: {reason}.")
    return IntakeError("intake.reference_missing", text, _FIX)


def _too_large(name: str) -> IntakeError:
    most = MOST_BYTES >> 20
    text = Say(zh=f"参考图 {name} 超过 {most} MiB。", en=f"The reference image {name} is over {most} MiB.")
    return IntakeError("intake.reference_too_large", text, _FIX)


def _no_photo(name: str) -> IntakeError:
    text = Say(
        zh=f"参考图 {name} 不是 JPEG、PNG、WebP、HEIC 或 AVIF 照片。",
        en=f"The reference image {name} is no JPEG, PNG, WebP, HEIC or AVIF photo.",
    )
    return IntakeError("intake.reference_format", text, _FIX)
