"""Clips for training and measuring the continuity observer: rendered takes, as the sensor gives them or through H.264.

Training uses seeds below `TEST_SEED`, measuring those above it.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
import cv2
import numpy as np

from fixtures.bench_camera import Camera
from fixtures.bench_scene import Image, Scene, Style
from fixtures.grey_video import Coding, write_video

TEST_SEED = 500_000

GOPS = (15, 30, 60, 250)


@dataclass(frozen=True)
class Take:
    """What to render. `crf` sends 640 x 360 pictures through x264; None models a codec on small pictures directly."""

    kind: str
    seed: int
    fps: int
    shake: float = 0.0
    seconds: float = 30.0
    lively: float = 1.0
    crf: int | None = None


@dataclass
class Clip:
    """Small frames with times, key flags and the moments at which lamps, flashes or screens change."""

    name: str
    frames: list[Image]
    times: list[float]
    keys: list[bool]
    sudden: list[float]

    @property
    def fps(self) -> float:
        """Frames a second."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])


def filmed(take: Take) -> tuple[Scene, Camera]:
    """The scene of a take and the camera before it; noise, flicker and the like follow from the seed."""
    rng = np.random.default_rng([take.seed, 99])
    style = Style(
        shake=take.shake, noise=float(rng.uniform(1, 6) if take.crf else rng.uniform(0.2, 2)),
        flicker=float(rng.choice([0, 0.003, 0.01])), lively=take.lively, subframes=int(rng.integers(1, 3)),
    )  # fmt: skip
    width, height = (640, 360) if take.crf else (160, 90)
    scene = Scene(take.seed, width=width, height=height, duration=take.seconds, style=style)
    return scene, Camera(scene)


def rendered(take: Take) -> Clip:
    """The take as small frames."""
    scene, camera = filmed(take)
    rng = np.random.default_rng([take.seed, 98])
    gop, dead = int(rng.choice(GOPS)), int(rng.integers(0, 4))
    shots = [camera.shoot(n / take.fps, n) for n in range(int(take.seconds * take.fps))]
    name = f"{take.kind}:{take.seed}"
    if take.crf:
        frames, times, keys = decoded(encoded(shots, fps=take.fps, crf=take.crf, gop=gop))
    else:
        frames = codec_model(shots, dead=dead, gop=gop)
        times = [n / take.fps for n in range(len(shots))]
        keys = [n % gop == 0 for n in range(len(shots))]
    return Clip(name, frames, times, keys, sudden_moments(scene))


def sudden_moments(scene: Scene) -> list[float]:
    """When something genuine changes from one frame to the next."""
    moments = [t for f in scene.flashes for t in (f, f + 0.04)] + [t for s, _ in scene.lamp for t in (s, s + 5)]
    if scene.has_screen:
        moments += [4.7 * k for k in range(1, int(scene.duration / 4.7) + 1)]
    return moments


def codec_model(frames: Sequence[Image], *, dead: int, gop: int) -> list[Image]:
    """Cheap stand-in for a codec: small changes are not sent until the next frame that is coded on its own."""
    out: list[Image] = []
    for n, frame in enumerate(frames):
        still = out and n % gop and cv2.absdiff(frame, out[-1]) <= dead
        out.append(np.where(still, out[-1], frame) if out and n % gop else frame.copy())
    return out


def encoded(frames: Sequence[Image], *, fps: int, crf: int, gop: int) -> IO[bytes]:
    """H.264 in MP4, one thread, so that it is the same every time."""
    file = io.BytesIO()
    write_video(file, frames, times=[Fraction(n, fps) for n in range(len(frames))], coding=Coding(crf=crf, gop=gop))
    file.seek(0)
    return file


def decoded(source: IO[bytes] | Path) -> tuple[list[Image], list[float], list[bool]]:
    """Small frames, times and key flags of a video."""
    frames, times, keys = [], [], []
    for frame, time, key in frames_of(source):
        frames.append(frame)
        times.append(time)
        keys.append(key)
    return frames, times, keys


def frames_of(source: IO[bytes] | Path) -> Iterator[tuple[Image, float, bool]]:
    """The small frames of a video one by one."""
    opened: Any = str(source) if isinstance(source, Path) else source
    with av.open(opened) as container:
        for frame in container.decode(video=0):
            yield shrunk(frame.to_ndarray(format="gray")), float(frame.time or 0), bool(frame.key_frame)


def shrunk(gray: Image) -> Image:
    """The frame as the small tier has it."""
    scale = 160 / max(gray.shape)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)


def takes(base: int, *, seconds: float = 30.0) -> list[Take]:
    """The mixture that is trained on and measured: fixed and hand-held, 10 to 30 frames a second."""
    fixed = [Take("fixed30", base + k, 30, seconds=seconds, lively=(1, 1, 0.6, 1.4)[k % 4]) for k in range(16)]
    fixed += [Take("fixed25", base + 20 + k, 25, seconds=seconds) for k in range(4)]
    slow = [Take("fixed12", base + 30 + k, (12, 12, 15, 10)[k % 4], seconds=1.6 * seconds) for k in range(12)]
    hand = [Take("hand30", base + 50 + k, 30, (0.004, 0.01, 0.02)[k % 3], seconds) for k in range(12)]
    hand += [Take("hand15", base + 65 + k, 15, (0.004, 0.01, 0.02)[k % 3], seconds) for k in range(4)]
    coded = [Take("fixed30", base + 70 + k, (30, 25)[k % 2], seconds=20, crf=(20, 26, 33, 23)[k]) for k in range(4)]
    coded += [Take("fixed12", base + 74 + k, 12, seconds=20, crf=(24, 30)[k]) for k in range(2)]
    coded += [Take("hand30", base + 80 + k, 30, (0.005, 0.015)[k], 15, crf=26) for k in range(2)]
    return fixed + slow + hand + coded
