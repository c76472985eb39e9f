"""What a decoding child may take: the fixed shares of memory, time and output, whatever a file says of itself."""

from dataclasses import dataclass, replace

MEBIBYTE = 1 << 20

PHOTO_CPU_S = 10
VIDEO_CPU_CAP_S = 15 * 60
VIDEO_CPU_BASE_S = 30
VIDEO_HEADERS_CPU_S = 120
"""Until a video's claimed length is known: 8 GiB are hashed and a million packets listed in a third of this."""

VIDEO_CPU_PER_S = 2
WALL_PER_CPU = 4
"""A machine that is busy elsewhere is not the file's fault, so the wall timer is wider than the CPU limit."""


@dataclass(frozen=True, slots=True)
class Share:
    """Bounds of one child. `memory_bytes` is address space: libraries alone take about 450 MiB of it."""

    cpu_s: int
    wall_s: float
    memory_bytes: int = 1024 * MEBIBYTE
    output_bytes: int = 256 * MEBIBYTE
    open_files: int = 64

    def for_duration(self, duration_s: float | None) -> "Share":
        """The same, with the time that a video of this stated length may take; never more than before."""
        cpu = video_cpu_s(duration_s)
        if cpu >= self.cpu_s:
            return self
        return replace(self, cpu_s=cpu, wall_s=min(self.wall_s, float(cpu * WALL_PER_CPU)))


def video_cpu_s(duration_s: float | None) -> int:
    """CPU seconds for a video that claims this length: twice its length and 30 s, at most 15 minutes."""
    if duration_s is None or not 0 <= duration_s < VIDEO_CPU_CAP_S:
        return VIDEO_CPU_CAP_S
    return min(VIDEO_CPU_CAP_S, VIDEO_CPU_BASE_S + int(VIDEO_CPU_PER_S * duration_s))


PHOTO = Share(cpu_s=PHOTO_CPU_S, wall_s=float(PHOTO_CPU_S * WALL_PER_CPU))
VIDEO = Share(cpu_s=VIDEO_CPU_CAP_S, wall_s=float(VIDEO_CPU_CAP_S))
