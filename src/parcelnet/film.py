"""What a camera makes of light: exposure, colour, blur, noise, and what compression leaves of it."""

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from parcelnet.mesh import Floats
from parcelnet.textures import Bytes


def develop(rng: Generator, light: Floats) -> Bytes:
    """Linear light (H, W, 3) -> BGR as displayed, exposed and white-balanced by chance."""
    mean = float(light.mean()) + 1e-3
    wanted = float(np.exp(rng.normal(np.log(0.2), 0.45)))
    gain = np.clip(wanted / mean, 0.25, 3.5) * np.exp(rng.normal(0, 0.05, 3))
    shown = np.clip(light * gain.astype(np.float32), 0, None)
    if rng.random() < 0.5:  # a camera's shoulder instead of hard clipping
        shown = shown / (1 + 0.35 * shown)
    shown = np.clip(shown, 0, 1) ** np.float32(1 / rng.uniform(1.8, 2.4))
    if rng.random() < 0.3:
        shown = np.clip((shown - 0.5) * rng.uniform(0.6, 1.35) + 0.5 + rng.normal(0, 0.04), 0, 1)
    if rng.random() < 0.1:  # cameras without colour, and lights that leave none
        shown = np.repeat(shown.mean(-1, keepdims=True), 3, axis=-1)
    return np.asarray(shown * 255, np.uint8)


def spoil(rng: Generator, picture: Bytes, *, side: float) -> Bytes:
    """Blur, noise, poor resolution and compression; `side` is how many frame pixels the crop had."""
    wide = picture.shape[0]
    out: NDArray[Any] = picture
    if side < wide * 0.9:
        small = max(24, int(side))
        out = cv2.resize(out, (small, small), interpolation=cv2.INTER_AREA)
    chance = rng.random()
    if chance < 0.25:
        out = cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.4, 1.6)))
    elif chance < 0.38:
        out = cv2.filter2D(out, -1, _stroke(rng))
    if rng.random() < 0.2:  # sharpened by the phone
        soft = cv2.GaussianBlur(out, (0, 0), 1.2)
        out = cv2.addWeighted(out, 1 + 0.8 * rng.random(), soft, -0.8 * rng.random(), 0)
    if rng.random() < 0.7:
        noise = rng.normal(0, rng.uniform(0.5, 9), out.shape).astype(np.float32)
        if rng.random() < 0.3:
            noise += rng.normal(0, rng.uniform(0, 4), (out.shape[0], 1, 1)).astype(np.float32)  # rolling lines
        out = np.clip(out + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.75:
        quality = int(rng.uniform(12, 95))
        _, packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])
        out = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))
    if out.shape[0] != wide:
        out = cv2.resize(out, (wide, wide), interpolation=cv2.INTER_LINEAR)
    return np.asarray(out, np.uint8)


def _stroke(rng: Generator) -> Floats:
    """A straight stroke of motion, 3 to 11 pixels."""
    long = int(rng.integers(3, 12)) | 1
    kernel = np.zeros((long, long), np.float32)
    angle = rng.uniform(0, np.pi)
    middle = long // 2
    reach = (np.cos(angle) * middle, np.sin(angle) * middle)
    start = (round(float(middle - reach[0])), round(float(middle - reach[1])))
    end = (round(float(middle + reach[0])), round(float(middle + reach[1])))
    cv2.line(kernel, start, end, 1.0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)
