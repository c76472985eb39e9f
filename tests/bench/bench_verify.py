"""Whole-product figures: `verify` against bare decoding, peak memory by length, start-up of the command."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import imageio_ffmpeg
import psutil

from tests.bench.clips import detailed_1080p

SIXFACES = Path(sys.executable).with_name("sixfaces")
ROUNDS = 3


class Run(NamedTuple):
    """One run of a command: wall seconds, processor seconds of the whole tree, peak resident bytes of the tree."""

    wall_s: float
    cpu_s: float
    peak: int


def _tree(process: psutil.Process) -> list[psutil.Process]:
    """The process and all its children, grandchildren included."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _note(members: list[psutil.Process], cpu: dict[int, float], *, memory: bool) -> int:
    """Update each member's processor time; the memory of all, pages shared between them counted once (PSS)."""
    total = 0
    for member in members:
        try:
            times = member.cpu_times()
            cpu[member.pid] = times.user + times.system
            total += member.memory_full_info().pss if memory else 0
        except psutil.Error:
            continue  # it ended between listing and reading
    return total


def run(*command: str | Path, memory: bool = False) -> Run:
    """Run a command to its end, sampling the whole tree: a jailed child's times never reach its grandparent."""
    start, peak, cpu = time.perf_counter(), 0, dict[int, float]()
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watched = psutil.Process(child.pid)
    while child.poll() is None:
        peak = max(peak, _note(_tree(watched), cpu, memory=memory))
        time.sleep(0.05)
    return Run(time.perf_counter() - start, sum(cpu.values()), peak)


def _verify(clip: Path, folder: Path, *, memory: bool = False) -> Run:
    case = folder / "case.json"
    case.write_text(json.dumps({"case_id": "BENCH"}), "utf-8")
    return run(SIXFACES, "verify", clip, "--case", case, "--out", folder / "out", memory=memory)


def against_bare_decoding(folder: Path) -> str:
    """The ratio of wall and processor time, both commands in turn, medians of ROUNDS."""
    clip = detailed_1080p(60)
    bare_command = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", clip, "-f", "null", "-")
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare.append(run(*bare_command))
        ours.append(_verify(clip, folder))
    wall = statistics.median(o.wall_s / b.wall_s for o, b in zip(ours, bare, strict=True))
    cpu = statistics.median(o.cpu_s / b.cpu_s for o, b in zip(ours, bare, strict=True))
    rows = [
        "| 60 s of 1080p30 H.264, 12 Mbit/s | wall s | processor s |",
        "|---|---|---|",
        f"| `ffmpeg -i clip -f null -` | {statistics.median(b.wall_s for b in bare):.1f} | "
        f"{statistics.median(b.cpu_s for b in bare):.1f} |",
        f"| `sixfaces verify` | {statistics.median(o.wall_s for o in ours):.1f} | "
        f"{statistics.median(o.cpu_s for o in ours):.1f} |",
        f"| ratio, median of {ROUNDS} pairs (target ≤ 2.0) | **{wall:.2f}** | {cpu:.2f} |",
    ]
    return "\n".join(rows)


def peak_memory(folder: Path) -> str:
    """Peak memory of the whole process tree for 1 and 10 minutes of video."""
    rows = ["| length of video | peak memory of all processes, MB (target ≤ 500, flat) |", "|---|---|"]
    for minutes in (1, 10):
        peak = _verify(detailed_1080p(60 * minutes), folder, memory=True).peak
        rows.append(f"| {minutes} min | {peak / 1e6:.0f} |")
    return "\n".join(rows)


def start_up() -> str:
    """Median wall time of `sixfaces --help`, beside a bare start of the same interpreter."""
    ours = statistics.median(run(SIXFACES, "--help").wall_s for _ in range(9))
    bare = statistics.median(run(sys.executable, "-c", "pass").wall_s for _ in range(9))
    return (
        "| command | median wall s of 9 (target ≤ 0.4) |\n|---|---|\n"
        f"| `sixfaces --help` | {ours:.2f} |\n| `python -c pass` | {bare:.2f} |"
    )


def main() -> None:
    """Print the section."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        parts = ["## The whole command", against_bare_decoding(folder), peak_memory(folder), start_up()]
    sys.stdout.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
