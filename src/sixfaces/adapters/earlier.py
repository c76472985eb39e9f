"""What an earlier run left in a results folder, told from the files of others by its report and by their names."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from sixfaces.media.wire import PICTURE_NAME

_SCHEMA = "sixfaces.report/"
_REPORTS = ("report.json", "report.html")
_MEASURED = ("records", "comparisons")
_RECORD = re.compile(r"[0-9a-f]{64}\.json")
_EXHIBIT = re.compile(r"[0-9a-f]{16}")


def earlier_results(folder: Path) -> frozenset[str]:
    """The relative names of all results in the folder; none unless a report of ours stands there.

    Links are never followed: what lies behind them is not ours to remove.
    """
    if not _is_ours(folder / "report.json"):
        return frozenset()
    return frozenset((*(n for n in _REPORTS if (folder / n).is_file()), *_records(folder), *_pictures(folder)))


def remove_results(folder: Path, names: Iterable[str]) -> None:
    """Remove these files, and the folders of ours that are empty then. Raises OSError for a file that stays."""
    gone = sorted(names)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    parents = {parent for name in gone for parent in (folder / name).parents if folder in parent.parents}
    for parent in sorted(parents, reverse=True):
        with suppress(OSError):
            parent.rmdir()  # not empty: somebody else has put something there


def _is_ours(report: Path) -> bool:
    try:
        tree = json.loads(report.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(tree, dict) and str(tree.get("schema")).startswith(_SCHEMA)


def _records(folder: Path) -> Iterator[str]:
    for kind in _MEASURED:
        for path in _inside(folder / kind):
            if _RECORD.fullmatch(path.name) and path.is_file():
                yield f"{kind}/{path.name}"


def _pictures(folder: Path) -> Iterator[str]:
    for exhibit in _inside(folder / "pictures"):
        if not _EXHIBIT.fullmatch(exhibit.name):
            continue
        for kind in _inside(exhibit):
            for path in _inside(kind):
                if PICTURE_NAME.fullmatch(f"{kind.name}/{path.name}") and path.is_file():
                    yield f"pictures/{exhibit.name}/{kind.name}/{path.name}"


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
