"""Bytes into the folder store: `python -m tests.bench.bench_bytes`. Target: spooling at least 0.7 of a plain copy.

Every way starts with the bytes in memory or in a file of the same disk, and ends with them on disk under their name.
The ways take turns, as other work on the machine comes and goes, and each ratio is of neighbours in one round.
"""

import hashlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sixfaces.adapters.byte_files import bring_to_disk, digest_of
from sixfaces.adapters.bytes import Bytes, open_blobs
from sixfaces.domain.blobs import original_key
from sixfaces.domain.upload import Segment
from sixfaces.pipeline.ids import new_id

SIZE = 256 << 20
PIECE = 256 << 10
COMMIT = 8 << 20
ROUNDS = 7

Way = Callable[[], object]


def copied(source: Path, target: Path) -> None:
    """What everybody does: copy, and bring to disk."""
    shutil.copyfile(source, target)
    bring_to_disk(target)
    target.unlink()


def spooled(store: Bytes, data: bytes, *, into: list[Segment]) -> None:
    """As an upload comes: small pieces, each commit brought to disk."""
    into.clear()
    writer = store.spool.writer(new_id(), token=1, start=0)
    for start in range(0, len(data), COMMIT):
        for at in range(start, start + COMMIT, PIECE):
            writer.write(data[at : at + PIECE])
        segment = writer.flush()
        into += [segment] if segment else []
    writer.close()


def sealed(store: Bytes, segments: list[Segment], digest: str, *, tenant: str) -> None:
    """What one writer brought, assembled, read back and named."""
    with store.spool.assembled(segments[0].upload_id, segments) as path:
        store.blobs.seal(original_key(tenant, digest), path, sha256=digest)
    store.spool.forget(segments[0].upload_id)


def sealed_file(store: Bytes, source: Path, digest: str, *, tenant: str) -> None:
    """A file that may still be written to: copied, read back and named."""
    store.blobs.seal(original_key(tenant, digest), source, sha256=digest)


def taken(way: Way) -> float:
    """Seconds."""
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def rounds(folder: Path) -> dict[str, list[float]]:
    """Seconds of each way in each round."""
    store, source = open_blobs(str(folder / "store")), folder / "source"
    data = hashlib.shake_128(b"footage").digest(1 << 20) * (SIZE >> 20)
    source.write_bytes(data)
    digest, segments = hashlib.sha256(data).hexdigest(), list[Segment]()
    seconds: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        ways: dict[str, Way] = {
            "copy": partial(copied, source, folder / "copy"),
            "digest": partial(digest_of, source),
            "spool": partial(spooled, store, data, into=segments),
            "seal": partial(lambda n: sealed(store, segments, digest, tenant=f"a{n}"), number),
            "seal of a foreign file": partial(sealed_file, store, source, digest, tenant=f"b{number}"),
        }
        for name, way in ways.items():
            seconds.setdefault(name, []).append(taken(way))
        shutil.rmtree(folder / "store" / "originals")
    seconds["spool and seal"] = [a + b for a, b in zip(seconds["spool"], seconds["seal"], strict=True)]
    return seconds


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        seconds = rounds(Path(folder))
    lines = [
        "## Bytes into the folder store",
        "",
        f"{SIZE >> 20} MiB, brought to disk every {COMMIT >> 20} MiB; medians of {ROUNDS} rounds on one disk.",
        "",
        "| way | MiB/s | of a plain copy with fsync |",
        "|---|---|---|",
    ]
    for name, each in seconds.items():
        ratio = statistics.median(c / e for c, e in zip(seconds["copy"], each, strict=True))
        lines.append(f"| {name} | {(SIZE >> 20) / statistics.median(each):.0f} | {ratio:.2f} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
