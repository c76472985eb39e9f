"""What proving clips costs, hashing beside decoding: `python -m tests.bench.bench_clips`.

CPU seconds, the least of some runs.
"""

import hashlib
import io
import json
import runpy
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av

from sixfaces.domain.clip import ClipBudget
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.clips import Source, cut
from sixfaces.media.group_reading import read_groups
from sixfaces.vault.clip_claims import claim_of
from sixfaces.vault.takes import proof_of
from tests.bench.clips import detailed_1080p

RUNS = 3
OUTSIDER = Path(__file__).resolve().parents[2] / "docs" / "verify_clip.py"


def _least(work: Callable[[], object]) -> float:
    found = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


def _demuxed(path: Path) -> None:
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            bytes(packet)


def _decoded(path: Path) -> None:
    with av.open(str(path)) as container:
        for _ in container.decode(video=0):
            pass


def main() -> None:
    """Print the tables."""
    path = detailed_1080p(20)
    demuxed, hashed = (
        _least(lambda: _demuxed(path)),
        _least(lambda: read_groups(path, "mp4", demuxer="mp4", offset=False)),
    )
    decoded = _least(lambda: _decoded(path))
    megabytes = path.stat().st_size / 1e6
    out = sys.stdout.write
    what = f"Twenty seconds of 1080p30 in H.264, {megabytes:.0f} MB, with sound; a key frame each two seconds."
    out(f"## Proving clips\n\n{what}\n\n")
    out("| | CPU s | beside decoding |\n|---|---|---|\n")
    for done, spent in (("all packets read", demuxed), ("groups of pictures hashed", hashed), ("decoded", decoded)):
        out(f"| {done} | {spent:.3f} | {spent / decoded:.1%} |\n")
    _proofs(out)
    _checked(out, path)


def _proofs(out: Callable[[str], object]) -> None:
    out("\nA proof's hashes, for 15 groups in the middle of a take with groups of a second:\n\n")
    out("| take | groups | hashes | bytes in the claim |\n|---|---|---|---|\n")
    for told, size in (("1 min", 60), ("10 min", 600), ("1 h", 3600), ("4 h", 14_400)):
        leaves = [hashlib.sha256(str(number).encode()).digest() for number in range(size)]
        path = proof_of(leaves, [range(size // 2 - 7, size // 2 + 8)]).path
        out(f"| {told} | {size} | {len(path)} | {len(json.dumps(path))} |\n")


def _checked(out: Callable[[str], object], path: Path) -> None:
    verify = runpy.run_path(str(OUTSIDER))["faults_of"]
    span = MediaSpan(start=MediaTime(ticks=2, den=1), end=MediaTime(ticks=7, den=1))
    with tempfile.TemporaryDirectory() as folder:
        budget = ClipBudget(bytes=100_000_000, seconds=60)
        clip = cut(Source(path, "mp4"), [span], budget=budget, to=Path(folder) / "clip.mp4")
        data, claim = clip.path.read_bytes(), claim_of(clip)
    spent = _least(lambda: verify(io.BytesIO(data), claim))
    assert verify(io.BytesIO(data), claim) == []
    out(f"\nA copied clip of {clip.written.seconds:.1f} s and {len(data) / 1e6:.1f} MB ")
    out(f"is checked by the outsider's verifier in {spent:.3f} CPU s.\n")


if __name__ == "__main__":
    main()
