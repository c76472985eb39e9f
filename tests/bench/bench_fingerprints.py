"""How far copies lie from their original: `python -m tests.bench.bench_fingerprints`."""

import sys
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from fixtures.build import MEDIA
from sixfaces.domain.fingerprint import closest, distance
from sixfaces.media.frames import Gray
from sixfaces.observe.fingerprints import fingerprint


def _read(name: str) -> Gray:
    return np.asarray(cv2.imread(str(MEDIA / name), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _jpeg(gray: Gray, quality: int) -> Gray:
    _, data = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


Luma = NDArray[np.float64]


def _levels(gray: Gray, change: Callable[[Luma], Luma]) -> Gray:
    return np.asarray(np.clip(change(gray.astype(np.float64)), 0, 255), dtype=np.uint8)


def _cropped(gray: Gray, share: float) -> Gray:
    rows, columns = (round(side * share / 2) for side in gray.shape)
    return gray[rows : gray.shape[0] - rows, columns : gray.shape[1] - columns]


COPIES: dict[str, Callable[[Gray], Gray]] = {
    "JPEG quality 40": lambda g: _jpeg(g, 40),
    "JPEG quality 10": lambda g: _jpeg(g, 10),
    "half the size": lambda g: np.asarray(
        cv2.resize(g, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8
    ),
    "squeezed to a square": lambda g: np.asarray(
        cv2.resize(g, (300, 300), interpolation=cv2.INTER_AREA), dtype=np.uint8
    ),
    "30 levels brighter": lambda g: _levels(g, lambda x: x + 30),
    "gamma 0.7": lambda g: _levels(g, lambda x: 255 * (x / 255) ** 0.7),
    "noise of 10 levels": lambda g: _levels(g, lambda x: x + np.random.default_rng(1).normal(0, 10, x.shape)),
    "blur of 2 px": lambda g: np.asarray(cv2.GaussianBlur(g, (0, 0), 2), dtype=np.uint8),
    "2 % cropped": lambda g: _cropped(g, 0.02),
    "5 % cropped": lambda g: _cropped(g, 0.05),
    "10 % cropped": lambda g: _cropped(g, 0.10),
    "logo in a corner": lambda g: np.asarray(cv2.rectangle(g.copy(), (500, 20), (620, 60), 255, -1), dtype=np.uint8),
    "mirrored": lambda g: np.ascontiguousarray(g[:, ::-1]),
    "turned by 90 degrees": lambda g: np.ascontiguousarray(np.rot90(g, -1)),
    "turned by 180 degrees": lambda g: np.ascontiguousarray(np.rot90(g, 2)),
}


def main() -> None:
    """Print the table."""
    original = _read("ukbench00120.jpg")
    known = fingerprint(original)[0]
    out = ["## Distances of fingerprints", "", "| copy | bits of 256 | least of eight symmetries |", "|---|---|---|"]
    for name, copy in COPIES.items():
        found = fingerprint(copy(original))[0]
        out.append(f"| {name} | {distance(known, found)} | {closest(found, known)[0]} |")
    others = [
        fingerprint(_read(name))[0] for name in ("ukbench01380.jpg", "adobe-20220124-A.jpg", "adobe-20220124-C.jpg")
    ]
    apart = [distance(known, other) for other in others], [closest(known, other)[0] for other in others]
    out.append(f"| other pictures | {min(apart[0])} to {max(apart[0])} | {min(apart[1])} to {max(apart[1])} |")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
