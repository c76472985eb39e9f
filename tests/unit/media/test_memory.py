import subprocess
import sys

from fixtures.build import built

_CHILD = """
import resource, sys
from pathlib import Path
from sixfaces.media.container import probe_container
from sixfaces.media.decode import decode_video

class Nothing:
    def small(self, frame): ...
    def medium(self, frame): ...
    def full(self, frame): ...
    def audio(self, block): ...

path = Path(sys.argv[1])
probe = probe_container(path, demuxer="mp4")
outcome = decode_video(path, probe, wants=("small", "medium", "full", "audio"), sink=Nothing())
print(outcome.frames, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _frames_and_peak_kib(name: str) -> tuple[int, int]:
    done = subprocess.run([sys.executable, "-c", _CHILD, built(name)], capture_output=True, text=True, check=True)
    frames, peak = map(int, done.stdout.split())
    return frames, peak


def test_memory_does_not_grow_with_the_length_of_the_video() -> None:
    short_frames, short = _frames_and_peak_kib("twenty_seconds.mp4")
    long_frames, long = _frames_and_peak_kib("hundred_seconds.mp4")
    assert long_frames == 5 * short_frames
    assert long - short < 16 * 1024
