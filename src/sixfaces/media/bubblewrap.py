"""The command line that puts a child behind bubblewrap: it sees Python, this package, its one input, and no network."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import sixfaces

INPUT = "/in/media"
_SYSTEM = ("/usr", "/nix/store", "/etc/ld.so.cache", "/etc/alternatives")
_SYSTEM_LINKS = ("/lib", "/lib32", "/lib64", "/libx32", "/bin")
_PROBE_S = 20
_SCRATCH_BYTES = 16 << 20
_FIND = (
    "import sys; at = next((n for n, p in enumerate(sys.path) if p.endswith('-packages')), len(sys.path)); "
    "sys.path[at:at] = sys.argv[2:]; "
)
"""Behind Python's own modules and before all that is installed: else an installed copy of this package would be run
instead of the parent's, and may not even be read."""


def import_paths() -> tuple[str, ...]:
    """Where a child, started without the user's own paths and environment, finds this package and its libraries."""
    package = str(Path(sixfaces.__file__).resolve().parent.parent)
    return tuple(dict.fromkeys([package, *(path for path in sys.path if path.endswith("-packages"))]))


def python_folders() -> tuple[Path, ...]:
    """The folders that this interpreter and this package are loaded from, outermost only."""
    wanted = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent}
    wanted |= {Path(path) for path in import_paths()}
    resolved = sorted({*wanted, *(path.resolve() for path in wanted)})
    kept = [p for p in resolved if p != Path("/") and not p.is_relative_to("/usr") and p.exists()]
    return tuple(p for p in kept if not any(p != other and p.is_relative_to(other) for other in kept))


def child_command(code: str, argument: str) -> list[str]:
    """Python in isolation that runs `code`; `sys.argv[1]` is the argument."""
    return [sys.executable, "-I", "-B", "-c", _FIND + code, argument, *import_paths()]


def wrapped(
    command: Sequence[str], *, media: Path | None, folders: Sequence[Path], environment: dict[str, str]
) -> list[str]:
    """The command inside bubblewrap. `media` appears read-only as INPUT; `folders` are what it may import from."""
    out = [_bwrap() or "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    out += ["--cap-drop", "ALL", "--hostname", "jail"]
    for name, value in environment.items():
        out += ["--setenv", name, value]
    out += ["--size", str(_SCRATCH_BYTES), "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]
    for path in _SYSTEM:
        out += ["--ro-bind-try", path, path]
    for link in _SYSTEM_LINKS:
        out += _system_folder(Path(link))
    for folder in folders:
        out += ["--ro-bind", str(folder), str(folder)]
    if media is not None:
        out += ["--ro-bind", str(media), INPUT]
    return [*out, "--chdir", "/", "--", *command]


def _system_folder(path: Path) -> list[str]:
    """Debian and Fedora link /lib into /usr; others have it as a folder."""
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind-try", str(path), str(path)]


@cache
def _bwrap() -> str | None:
    return shutil.which("bwrap") if sys.platform.startswith("linux") else None


@cache
def works() -> bool:
    """Whether bubblewrap is here and lets this Python start inside it; tried once for each process."""
    if _bwrap() is None:
        return False
    command = child_command("import sixfaces.media.wire", "")
    probe = wrapped(command, media=None, folders=python_folders(), environment={})
    try:
        done = subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PROBE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
