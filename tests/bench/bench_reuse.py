"""Reused pictures, found of them and of others: `python -m tests.bench.bench_reuse [PICTURES [HASHES [ASKED]]]`.

Free pictures and rendered scenes go into a database as records; the search that judging uses is asked for copies of
them, and for each of them among all others. A hash of the whole picture is the rival, in the same run.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fixtures.build import MEDIA
from fixtures.reuse_pictures import COPIES, Picture, copied, rendered
from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.reuse.index import RegionIndex
from sixfaces.adapters.reuse.patches import patches_of
from sixfaces.adapters.reuse.search import RegionSearch, regions_of
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.fingerprint import variants
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.media.frames import Gray
from sixfaces.observe.fingerprints import fingerprint
from sixfaces.observe.regions import PHOTO_PICTURE, regions, told

TENANT = "bench"
FREE = ("ukbench00120.jpg", "ukbench01380.jpg", "adobe-20220124-A.jpg", "adobe-20220124-C.jpg")
PICTURES = 2100
ASKED = 100
"""Copies of each kind."""
WHOLE_BITS = 31
"""Of 256: up to here PDQ's authors take pictures for the same."""
HASHES = 1_000_000


class Shown(NamedTuple):
    """A picture of the set; pictures of one block may share things."""

    block: int
    picture: Picture
    record: Record
    whole: str


def _record(gray: Gray, name: str) -> Record:
    digest = hashlib.sha256(name.encode()).hexdigest()
    exhibit = Exhibit(sha256=digest, name=name, role=Role.BUYER_PHOTO, bytes=1, medium=Medium.PHOTO, format="jpeg")
    fact = told(regions(gray), PHOTO_PICTURE)
    return Record(exhibit=exhibit, observations=numbered([("regions", "1", Measured(fact=fact))]))


def _gray(picture: Picture) -> Gray:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _set(count: int) -> Iterator[Shown]:
    free = [(-1 - k, np.asarray(cv2.imread(str(MEDIA / name)), np.uint8)) for k, name in enumerate(FREE)]
    for number, (block, picture) in enumerate([*free, *rendered(count - len(free))]):
        gray = _gray(picture)
        yield Shown(block, picture, _record(gray, f"picture {number}"), fingerprint(gray)[0])


def _kept(records: SqlRecords, shown: list[Shown]) -> None:
    with records.begin(TENANT) as transaction:
        for one in shown:
            transaction.observations.keep(one.record, by="bench", results="nowhere")


Hashes = NDArray[np.uint8]
"""(n, 32)."""


def _bits(hashes: list[str]) -> Hashes:
    return np.frombuffer(bytes.fromhex("".join(hashes)), np.uint8).reshape(-1, 32)


def _whole(hashed: str, known: Hashes) -> NDArray[np.int64]:
    """Least distances of a hash to each of the known ones over the eight symmetries."""
    asked = _bits(list(variants(hashed).values()))
    apart = np.bitwise_count(asked[:, None] ^ known[None]).sum(axis=2)
    return np.asarray(apart.min(axis=0), np.int64)


def _copies(shown: list[Shown], search: RegionSearch, asked: int, *, out: Callable[[str], None]) -> None:
    known = _bits([one.whole for one in shown])
    out("| copy | found | regions agree as a copy's | whole hash, 8 symmetries | too flat |")
    out("|---|---|---|---|---|")
    sums, asked_in_all = np.zeros(4), 0
    for kind in COPIES:
        chosen = [*range(len(FREE)), *range(len(FREE), len(shown), max(1, (len(shown) - len(FREE)) // asked))]
        figures = np.zeros(4)
        for number in chosen:
            one = shown[number]
            gray = _gray(copied(one.picture, kind, seed=number))
            found = search.find(TENANT, _record(gray, f"{kind} of {number}"))
            its = [match for match in found.matches if match.other == one.record.exhibit.sha256]
            near = _whole(fingerprint(gray)[0], known)[number] <= WHOLE_BITS
            figures += (bool(its), any(match.exact for match in its), near, found.flat)
        sums, asked_in_all = sums + figures, asked_in_all + len(chosen)
        shares = figures / len(chosen)
        out(f"| {kind} | {shares[0]:.3f} | {shares[1]:.3f} | {shares[2]:.3f} | {figures[3]:.0f} of {len(chosen)} |")
    shares = sums / asked_in_all
    out(f"| all | **{shares[0]:.3f}** | {shares[1]:.3f} | {shares[2]:.3f} | {sums[3]:.0f} of {asked_in_all} |")


def _others(shown: list[Shown], search: RegionSearch, out: Callable[[str], None]) -> None:
    blocks = {one.record.exhibit.sha256: one.block for one in shown}
    known, of_block = _bits([one.whole for one in shown]), np.array([one.block for one in shown])
    pairs = false = sure = whole = same = 0
    for one in shown:
        found = search.find(TENANT, one.record)
        strangers = [m for m in found.matches if blocks[m.other] != one.block]
        same += len(found.matches) - len(strangers)
        false += len(strangers)
        sure += sum(match.exact for match in strangers)
        apart = _whole(one.whole, known)
        whole += int(((apart <= WHOLE_BITS) & (of_block != one.block)).sum())
        pairs += int((of_block != one.block).sum())
    out("")
    told = (
        f"Each of the {len(shown)} pictures asked for among the others, {pairs:,} pairs that share nothing: "
        f"{false} found, {sure} of them as a copy for sure ({false / pairs:.1e} for a pair; none in so many means at "
        f"most {3 / pairs:.1e} with 95 % confidence). The whole hash found {whole} ({whole / pairs:.1e}). "
        f"Of pictures that may show the same carton or table {same} were found."
    )
    out(told)


def _many(shown: list[Shown], count: int) -> Hashes:
    """Hashes of the set and, to make up the number, of what it would be with some bits turned."""
    real = np.concatenate([patches_of(fact).bits for one in shown for fact in regions_of(one.record)])
    rng, rows = np.random.default_rng(3), [real]
    while sum(map(len, rows)) < count:
        turned = np.packbits(rng.random((len(real), 256)) < 0.2, axis=1)
        rows.append(real ^ turned)
    return np.concatenate(rows)[:count]


def _speed(shown: list[Shown], folder: Path, count: int, out: Callable[[str], None]) -> None:
    hashes, index = _many(shown, count), RegionIndex(folder / "speed")
    started = time.perf_counter()
    for number, at in enumerate(range(0, count, 200)):
        index.add(f"{number:064x}", hashes[at : at + 200])
    added = time.perf_counter() - started
    rng = np.random.default_rng(4)
    which = rng.integers(0, count, 4000)
    asked = hashes[which] ^ np.packbits(rng.random((len(which), 256)) < 0.05, axis=1)
    started = time.perf_counter()
    found = list(index.near(asked, 12))
    took = time.perf_counter() - started
    pairs = zip(which, found, strict=True)
    hit = np.mean([any(sha256 == f"{at // 200:064x}" for sha256, _, _ in near) for at, near in pairs])
    started = time.perf_counter()
    index.save()
    saved = time.perf_counter() - started
    started = time.perf_counter()
    loaded = len(RegionIndex(folder / "speed"))
    opened = time.perf_counter() - started
    size = sum(path.stat().st_size for path in (folder / "speed").iterdir())
    out("")
    told = (
        f"At {len(index):,} hashes: **{len(asked) / took:,.0f} questions a second** (one thread asks; {hit:.3f} find "
        f"the exhibit with 5 % of the bits turned), {count / added:,.0f} hashes added a second, files of "
        f"{size / 2**20:.0f} MiB written in {saved:.1f} s and read in {opened:.1f} s ({loaded:,} hashes)."
    )
    out(told)


def main(count: int = PICTURES, hashes: int = HASHES, asked: int = ASKED) -> None:
    """Print the section: of `count` pictures, `hashes` for the speed, about `asked` copies of each kind."""
    cv2.setNumThreads(1)

    def out(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/records.sqlite"
        migrate(url)
        records, shown = SqlRecords(url), list(_set(count))
        _kept(records, shown)
        search = RegionSearch(records, Path(folder) / "reuse")
        out("## Reused pictures")
        out("")
        out(f"{len(FREE)} free pictures and {len(shown) - len(FREE)} rendered scenes; copies as JPEG of quality 75.")
        out("")
        _copies(shown, search, asked, out=out)
        _others(shown, search, out)
        _speed(shown, Path(folder), hashes, out)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
