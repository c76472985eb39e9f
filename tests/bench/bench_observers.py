"""What each observer of pictures and headers costs: `python -m tests.bench.bench_observers`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2

from fixtures.build import MEDIA, built
from sixfaces.media.container import probe_container
from sixfaces.media.decode import MEDIUM, decode_video
from sixfaces.media.frames import AudioBlock, FullFrame, MediumFrame, SmallFrame
from sixfaces.media.probe import ContainerProbe
from sixfaces.observe.capture_time import CaptureTime
from sixfaces.observe.container import ContainerBiography
from sixfaces.observe.fingerprints import Fingerprints
from sixfaces.observe.moments import Moments
from sixfaces.observe.observer import Observer
from sixfaces.observe.provenance import Provenance
from sixfaces.observe.usability import Usability

CLIP = MEDIA / "genuine.mp4"
ROUNDS = 5


class _Frames:
    """A sink that collects the medium frames."""

    def __init__(self) -> None:
        self.frames: list[MediumFrame] = []

    def small(self, frame: SmallFrame) -> None: ...

    def medium(self, frame: MediumFrame) -> None:
        self.frames.append(frame)

    def full(self, frame: FullFrame) -> None: ...

    def audio(self, block: AudioBlock) -> None: ...


def _nothing(_name: str, _data: bytes) -> None:
    """Lets pictures fall."""


def least_ms(work: Callable[[], object]) -> float:
    """The least processor milliseconds of this thread over some rounds: noise only ever adds."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.thread_time()
        work()
        best = min(best, time.thread_time() - begun)
    return best * 1000


def per_frame(observer: type[Observer], frames: list[MediumFrame]) -> float:
    """Milliseconds per medium frame, the finish included."""

    def work() -> None:
        watching = observer(_nothing)
        for frame in frames:
            watching.medium(frame)
        list(watching.finish())

    return least_ms(work) / len(frames)


def main() -> None:
    """Print both tables."""
    cv2.setNumThreads(1)
    probe = probe_container(CLIP, demuxer="mp4")
    signed = built("signed.mp4")
    sink = _Frames()
    decode_video(CLIP, probe, wants=(MEDIUM,), sink=sink)
    height, width = sink.frames[0].gray.shape
    rate = len(sink.frames) / (probe.duration_s or 1)
    lines = [
        "## Observers of medium frames, headers and credentials",
        "",
        f"{len(sink.frames)} medium frames of {width}x{height}, {rate:.1f} a second, "
        f"least of {ROUNDS} rounds, one thread.",
        "",
        "| observer | CPU ms per medium frame |",
        "|---|---|",
        *(f"| {each.name} | {per_frame(each, sink.frames):.2f} |" for each in (Usability, Fingerprints, Moments)),
        "",
        "| observer | CPU ms per file |",
        "|---|---|",
        f"| container | {least_ms(lambda: _headers(ContainerBiography, probe)):.2f} |",
        f"| capture_time | {least_ms(lambda: _headers(CaptureTime, probe)):.2f} |",
        f"| provenance, none there | {least_ms(lambda: _credentials(CLIP)):.2f} |",
        f"| provenance, signed, {signed.stat().st_size / 1e6:.1f} MB | {least_ms(lambda: _credentials(signed)):.2f} |",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _headers(observer: type[Observer], probe: ContainerProbe) -> None:
    watching = observer(_nothing)
    watching.container(probe)
    list(watching.finish())


def _credentials(path: Path) -> None:
    watching = Provenance(_nothing)
    watching.file(path, "video/mp4")
    list(watching.finish())


if __name__ == "__main__":
    main()
