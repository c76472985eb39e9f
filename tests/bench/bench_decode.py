"""What the tiers cost over bare decoding of the same file: `python -m tests.bench.bench_decode`."""

import statistics
import sys
from pathlib import Path

import imageio_ffmpeg

from sixfaces.media.container import probe_container
from sixfaces.media.decode import AUDIO, FULL, MEDIUM, SMALL, decode_video
from sixfaces.media.frames import AudioBlock, FullFrame, MediumFrame, SmallFrame
from tests.bench.bench_verify import Run, run
from tests.bench.clips import detailed_1080p

ROUNDS = 3
VARIANTS = {
    "no tier": (),
    "small": (SMALL,),
    "medium": (MEDIUM,),
    "medium and full": (MEDIUM, FULL),
    "audio": (AUDIO,),
    "all tiers": (SMALL, MEDIUM, FULL, AUDIO),
}


class Nothing:
    """A sink that lets everything fall."""

    def small(self, frame: SmallFrame) -> None: ...

    def medium(self, frame: MediumFrame) -> None: ...

    def full(self, frame: FullFrame) -> None: ...

    def audio(self, block: AudioBlock) -> None: ...


def decode(clip: Path, tiers: tuple[str, ...]) -> None:
    """Probe and decode `clip` in this process; what is measured."""
    probe = probe_container(clip, demuxer="mp4")
    decode_video(clip, probe, wants=tiers, sink=Nothing())


def _measured(clip: Path, variant: str, *, memory: bool = False) -> Run:
    return run(sys.executable, "-m", "tests.bench.bench_decode", variant, clip, memory=memory)


def against_bare_decoding() -> str:
    """Processor seconds of each variant against ffmpeg's, all in turn within each round."""
    clip = detailed_1080p(60)
    bare_command = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-threads", "2", "-i", clip, "-f", "null", "-")
    bare: list[Run] = []
    ours: dict[str, list[Run]] = {variant: [] for variant in VARIANTS}
    for _ in range(ROUNDS):
        bare.append(run(*bare_command))
        for variant, runs in ours.items():
            runs.append(_measured(clip, variant))
    rows = [
        "| 60 s of 1080p30 H.264, 12 Mbit/s | processor s | ratio to bare | wall s |",
        "|---|---|---|---|",
        f"| `ffmpeg -threads 2 -i clip -f null -` | {_middle(bare, 'cpu_s'):.1f} | 1 | {_middle(bare, 'wall_s'):.1f} |",
    ]
    for variant, runs in ours.items():
        ratio = statistics.median(o.cpu_s / b.cpu_s for o, b in zip(runs, bare, strict=True))
        rows.append(f"| {variant} | {_middle(runs, 'cpu_s'):.1f} | {ratio:.2f} | {_middle(runs, 'wall_s'):.1f} |")
    return "\n".join(rows)


def peak_memory() -> str:
    """Peak memory for one and five minutes of the same footage."""
    rows = ["| length of video, all tiers | peak memory, MB |", "|---|---|"]
    for minutes in (1, 5):
        peak = _measured(detailed_1080p(60 * minutes), "all tiers", memory=True).peak
        rows.append(f"| {minutes} min | {peak / 1e6:.0f} |")
    return "\n".join(rows)


def _middle(runs: list[Run], field: str) -> float:
    return float(statistics.median(getattr(one, field) for one in runs))


def main(arguments: list[str]) -> None:
    """Print the section, or decode one variant when asked for one."""
    if arguments:
        import cv2

        cv2.setNumThreads(1)
        decode(Path(arguments[1]), VARIANTS[arguments[0]])
        return
    words = "Python's start and the reading of all packets are included; the sink lets everything fall."
    parts = ["## Decoding into tiers", against_bare_decoding(), words, peak_memory()]
    sys.stdout.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
