"""Synthetic views of printed codes in a 1080p frame: known text, module width, angle, blur, perspective."""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

WIDTH, HEIGHT = 1920, 1080
MODULES = (1.2, 1.6, 2.0, 3.0, 4.0)
ANGLES = (0, 15, 30, 45, 90, 130)
BLURS = (0.0, 1.0, 1.8)
PERSPECTIVES = (0.0, 0.25)


@dataclass(frozen=True)
class View:
    """One view: module width in frame pixels, angle in degrees, blur sigma in pixels, perspective strength."""

    module_px: float
    angle: int
    blur: float
    perspective: float
    seed: int


def sweep() -> list[View]:
    """All 180 views."""
    grid = product(MODULES, ANGLES, BLURS, PERSPECTIVES)
    return [View(m, a, b, p, seed) for seed, (m, a, b, p) in enumerate(grid)]


def symbol(text: str, barcode_format: zxingcpp.BarcodeFormat, *, scale: int = 8) -> Gray:
    """The code as printed on white, `scale` pixels a module, with its quiet zone; linear ones 30 modules high."""
    code = zxingcpp.create_barcode(text, barcode_format)
    picture = np.array(code.to_image(scale=1, add_quiet_zones=True))
    if barcode_format in (zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.ITF):
        picture = np.repeat(picture[picture.shape[0] // 2][None, :], 30, axis=0)
    picture = np.pad(picture, 6, constant_values=255)
    return np.kron(picture, np.ones((scale, scale), np.uint8))


def background(rng: np.random.Generator) -> Gray:
    """A table and a carton: soft texture, a few hard edges."""
    coarse = rng.normal(0, 1, (HEIGHT // 8, WIDTH // 8)).astype(np.float32)
    smooth = np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.float64)
    field = 110.0 + 18.0 * smooth
    for _ in range(6):
        x, y = int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT))
        w, h = int(rng.integers(80, 700)), int(rng.integers(60, 500))
        field[y : y + h, x : x + w] += rng.uniform(-45, 45)
    return np.clip(field, 0, 255).astype(np.uint8)


def _homography(size: tuple[int, int], view: View, module: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Maps the printed symbol into the frame: scale, turn, perspective, a random place."""
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    flat = (corners - corners.mean(0)) * module
    flat *= 1 + view.perspective * flat[:, :1] / (np.abs(flat[:, 0]).max() * 4)
    turn = np.deg2rad(view.angle + float(rng.uniform(-2, 2)))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    reach = np.abs(flat @ rotation.T).max(0) + 20
    centre = np.array(
        [rng.uniform(min(r, s / 2), max(s - r, s / 2)) for r, s in zip(reach, (WIDTH, HEIGHT), strict=True)]
    )
    return np.asarray(
        cv2.getPerspectiveTransform(corners.astype(np.float32), (flat @ rotation.T + centre).astype(np.float32))
    )


def render(printed: Gray, view: View, *, scale: int = 8) -> Gray:
    """The frame: the symbol warped into the background with area sampling, then blur, noise and JPEG 75."""
    rng = np.random.default_rng(view.seed)
    height, width = printed.shape
    matrix = _homography((width, height), view, view.module_px / scale, rng)
    finer = np.diag([3.0, 3.0, 1.0]) @ matrix
    size = (WIDTH * 3, HEIGHT * 3)
    shade = 40 + 185 * (printed.astype(np.float32) / 255)
    label = cv2.warpPerspective(shade, finer, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.ones_like(shade), finer, size, flags=cv2.INTER_LINEAR)
    label, mask = (cv2.resize(x, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) for x in (label, mask))
    frame = background(rng).astype(np.float32) * (1 - mask) + label * (mask > 0)
    if view.blur:
        frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), view.blur), np.float32)
    frame += rng.normal(0, 4, frame.shape).astype(np.float32)
    coded = cv2.imencode(".jpg", np.clip(frame, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 75])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
