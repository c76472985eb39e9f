"""The index of one tenant's regions: a graph of near hashes (usearch) in memory, kept in files between starts.

The records are the truth; the files are a cache of them, which any number of processes may share. Of two that save at
once one wins, and either is whole: `known.json` names the file of hashes that it belongs to, with its digest, and is
put in place last. What is torn, of another version or not there is begun anew, and said in the log.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import structlog
from numpy.typing import NDArray

from sixfaces.adapters.reuse.patches import Bits
from sixfaces.domain.regions import ALGORITHM, BITS

if TYPE_CHECKING:
    from usearch.index import Index

log = structlog.get_logger()

FORMAT = "sixfaces.reuse/1"
KNOWN = "known.json"

CONNECTIVITY, WHEN_ADDING, WHEN_SEARCHING = 16, 64, 64
"""Of the graph: edges of a node, and how many nodes are looked at (docs/observers/regions.md has the figures)."""

PLACES = 16
"""Bits of a key that number the regions of one exhibit; the others number the exhibits."""

SAVE_AFTER = 20_000
"""Hashes that may be added before the files are written again. What was not written is read from the records anew."""

Numbers = NDArray[np.int64]


class RegionIndex:
    """Hashes of exhibits, by the exhibits' digests. Nothing here raises for what a file holds or a disk lacks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[str, tuple[int, int]] = {}
        self._shas: dict[int, str] = {}
        self._next, self._unsaved = 0, 0
        self._graph = _empty()
        self._load()

    @property
    def known(self) -> Collection[str]:
        """Digests of the exhibits that were added, those without regions too."""
        return self._numbers.keys()

    def __len__(self) -> int:
        return len(self._graph)

    def add(self, sha256: str, bits: Bits) -> None:
        """One exhibit's hashes, (n, 32), in the order of its facts."""
        number, self._next = self._next, self._next + 1
        self._numbers[sha256], self._shas[number] = (number, len(bits)), sha256
        if len(bits):
            self._graph.add(_keys(number, len(bits)), bits, threads=1)
        self._unsaved += max(len(bits), 1)

    def drop(self, shas: Collection[str]) -> None:
        """These exhibits are gone, from the files as well. A removed hash stays in its place until another is put
        there: so blanks are."""
        gone = [self._numbers.pop(sha256) for sha256 in shas if sha256 in self._numbers]
        for number, count in gone:
            del self._shas[number]
            if count:
                self._graph.remove(_keys(number, count))
        blanks = sum(count for _, count in gone)
        if blanks:
            keys = np.arange(blanks, dtype=np.uint64) + np.uint64(1 << 62)
            self._graph.add(keys, np.zeros((blanks, BITS // 8), np.uint8), threads=1)
            self._graph.remove(keys)
        if gone:
            self.save()

    def near(self, bits: Bits, count: int) -> Iterator[list[tuple[str, int, int]]]:
        """For each hash those nearest to it: the exhibit's digest, the region's number in it, the distance."""
        if not len(self._graph) or not len(bits):
            yield from ([] for _ in bits)
            return
        found = self._graph.search(bits, min(count, len(self._graph)), threads=1)
        keys, bits_apart = np.atleast_2d(found.keys), np.atleast_2d(found.distances)
        sizes = np.atleast_1d(getattr(found, "counts", np.full(len(keys), keys.shape[1])))
        for row, apart, size in zip(keys, bits_apart, sizes, strict=True):
            pairs = zip(row[: int(size)].tolist(), apart[: int(size)].tolist(), strict=True)
            known = ((self._shas.get(key >> PLACES), key & (1 << PLACES) - 1, int(off)) for key, off in pairs)
            yield [(sha256, place, off) for sha256, place, off in known if sha256 is not None]

    def save_if_due(self) -> None:
        """Write the files where enough has been added."""
        if self._unsaved >= min(SAVE_AFTER, max(1000, len(self._graph) // 20)):
            self.save()

    def save(self) -> None:
        """Write the files. A disk that is full costs the next start its time, nothing else."""
        name = f"{secrets.token_hex(8)}.usearch"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _locked(self._folder):
                self._graph.save(str(self._folder / name))
                digest = _synced(self._folder / name)
                self._put(_header() | {"file": name, "sha256": digest, "next": self._next, "known": self._numbers})
                for old in self._folder.glob("*.usearch"):
                    if old.name != name:
                        old.unlink(missing_ok=True)
            self._unsaved = 0
        except (OSError, RuntimeError) as exc:
            with suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)
            self._unsaved = 0
            log.warning("reuse_index_not_saved", folder=str(self._folder), why=type(exc).__name__)

    def _put(self, told: Mapping[str, Any]) -> None:
        new = self._folder / f"{KNOWN}.new"
        new.write_text(json.dumps(told), "utf-8")
        _synced(new)
        new.replace(self._folder / KNOWN)

    def _load(self) -> None:
        if not (self._folder / KNOWN).exists():
            return
        try:
            with _locked(self._folder):
                self._read()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as exc:
            self._graph, self._numbers, self._shas, self._next = _empty(), {}, {}, 0
            log.warning("reuse_index_begun_anew", folder=str(self._folder), why=f"{type(exc).__name__}: {exc}"[:200])

    def _read(self) -> None:
        told = json.loads((self._folder / KNOWN).read_text("utf-8"))
        for name, value in _header().items():
            if told.get(name) != value:
                raise ValueError(f"its {name} is {told.get(name)!r}, not {value!r}")
        path = self._folder / Path(told["file"]).name
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != told["sha256"]:
                raise ValueError("the file of hashes is not the one that was saved")
        graph = _empty()
        graph.load(str(path))
        numbers = {sha256: (int(number), int(count)) for sha256, (number, count) in told["known"].items()}
        if len(graph) != sum(count for _, count in numbers.values()):
            raise ValueError("the file holds another number of hashes")
        self._graph, self._numbers, self._next = graph, numbers, int(told["next"])
        self._shas = {number: sha256 for sha256, (number, _) in numbers.items()}


def _empty() -> "Index":
    """The library is loaded here alone: it takes a while."""
    from usearch.index import Index

    return Index(
        ndim=BITS,
        metric="hamming",
        dtype="b1",
        connectivity=CONNECTIVITY,
        expansion_add=WHEN_ADDING,
        expansion_search=WHEN_SEARCHING,
    )


def _header() -> dict[str, str]:
    from usearch import __version__

    return {"format": FORMAT, "algorithm": ALGORITHM, "library": f"usearch {__version__.partition('.')[0]}"}


def _keys(number: int, count: int) -> NDArray[np.uint64]:
    return np.arange(count, dtype=np.uint64) + np.uint64(number << PLACES)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _synced(path: Path) -> str:
    """Brings a file to disk; its digest."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()
