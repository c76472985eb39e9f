"""Scene detectors to compare with, at their defaults: PySceneDetect (if installed) and ffmpeg's scdet."""

import re
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import imageio_ffmpeg

Rival = Callable[[Path], list[float]]


def _scdet(path: Path) -> list[float]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-i", str(path), "-vf", "scdet", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return [float(t) for t in re.findall(r"lavfi\.scd\.time: ?([0-9.]+)", told)]


def _content(path: Path) -> list[float]:
    from scenedetect import ContentDetector, detect

    return [start.get_seconds() for start, _ in detect(str(path), ContentDetector())[1:]]


def _adaptive(path: Path) -> list[float]:
    from scenedetect import AdaptiveDetector, detect

    return [start.get_seconds() for start, _ in detect(str(path), AdaptiveDetector())[1:]]


RIVALS: dict[str, Rival] = {"ffmpeg scdet": _scdet}
if find_spec("scenedetect") is not None:
    RIVALS |= {"PySceneDetect content": _content, "PySceneDetect adaptive": _adaptive}
