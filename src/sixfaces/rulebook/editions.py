"""Finds a rulebook's file by name and version, or the edition that is in force on a day.

Nothing but well-formed names ever becomes part of a path.
"""

import re
from pathlib import Path

_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}(\.[a-z][a-z0-9_]{1,40})?")
_VERSION = re.compile(r"[0-9]{4}\.[0-9]{1,6}")


def editions(name: str, version: str, folder: Path) -> list[Path]:
    """The files of `name` in the folder, newest first; only the one of `version` where that is not empty."""
    if not _NAME.fullmatch(name) or (version and not _VERSION.fullmatch(version)):
        return []
    if version:
        path = folder / f"{name}-{version}.toml"
        return [path] if path.is_file() else []
    found = [path for path in folder.glob(f"{name}-*.toml") if _VERSION.fullmatch(path.stem[len(name) + 1 :])]
    return sorted(found, key=version_of, reverse=True)


def version_of(path: Path) -> list[int]:
    """The version in a file's name, for comparing."""
    return [int(part) for part in path.stem.rpartition("-")[2].split(".")]


def names(folder: Path) -> tuple[str, ...]:
    """The names of all that there are, sorted."""
    return tuple(sorted({path.stem.rpartition("-")[0] for path in folder.glob("*-*.toml")}))
