"""A carton's looks: its proportions and the pictures on its faces, with tape over the seams and a waybill somewhere."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from parcelnet.mesh import Real
from parcelnet.textures import Bytes, Region, board, printed, texture, waybill

FACES = ("top", "bottom", "front", "back", "left", "right")
STYLES = ("kraft", "white", "dark", "colour")


@dataclass(frozen=True, slots=True)
class Carton:
    """Edges in metres along right, back, top. faces: (7, TEXTURE, TEXTURE, 4) in FACES order, then the top once cut.
    lid: it opens as one lid hinged at the back instead of four flaps. inside: BGR of the bare board, linear."""

    edges: Real
    faces: Bytes
    lid: bool
    inside: tuple[float, float, float]
    taped: bool
    label_face: int


def edges(rng: Generator) -> Real:
    """Proportions of parcels: cubes to planks, mailer-flat and long ones, 8 cm to 70 cm."""
    kind = rng.random()
    if kind < 0.55:
        shape = np.array([1.0, rng.uniform(0.55, 1.0), rng.uniform(0.35, 1.0)])
    elif kind < 0.75:  # flat
        shape = np.array([1.0, rng.uniform(0.5, 1.0), rng.uniform(0.12, 0.4)])
    elif kind < 0.88:  # long
        shape = np.array([1.0, rng.uniform(0.25, 0.5), rng.uniform(0.2, 0.5)])
    else:  # tall
        shape = np.array([rng.uniform(0.4, 0.9), rng.uniform(0.3, 0.9), 1.0])
    if rng.random() < 0.3:
        shape = shape[[1, 0, 2]]
    return np.asarray(shape * np.exp(rng.uniform(np.log(0.12), np.log(0.55))), np.float64)


def carton(rng: Generator, *, style: str | None = None, amount: int | None = None, shape: Real | None = None) -> Carton:
    """A random carton; `style` of STYLES, `amount` of print on a face (None: of all kinds)."""
    style = style or str(rng.choice(STYLES, p=[0.6, 0.17, 0.1, 0.13]))
    size = edges(rng) if shape is None else shape
    plain = rng.random() < 0.3 if amount is None else amount == 0
    seed = int(rng.integers(2**31))
    label, taped = int(rng.choice(6, p=[0.6, 0.08, 0.14, 0.06, 0.06, 0.06])), bool(rng.random() < 0.85)
    tape = _tape(rng)
    faces, last = [], None
    for k, name in enumerate(FACES):
        across, down = _extent(size, name)
        scale = 300 / max(across, down)
        shape_px = (max(24, int(down * scale)), max(24, int(across * scale)))
        picture = board(np.random.default_rng(seed) if rng.random() < 0.8 else rng, shape_px, style)
        how_much = 0 if plain else (int(rng.integers(0, 7)) if amount is None else amount)
        if (
            last is not None and how_much and rng.random() < 0.3 and k in (3, 5)
        ):  # opposite sides are often printed alike
            picture = np.asarray(cv2.resize(last, shape_px[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        else:
            printed(rng, picture, how_much)
        last = picture.copy()
        region = np.zeros(shape_px, np.uint8)
        if taped:
            _seal(picture, region, name, tape, scale=scale)
        if k == label or rng.random() < 0.04:
            _stick(rng, picture, region, scale=scale)
        faces.append(texture(picture, region))
        if k == 0:
            faces_top = (picture, region)
    cut = _cut(rng, *faces_top)
    grey = rng.uniform(0.75, 1.15)
    inside = (0.16 * grey, 0.3 * grey, 0.45 * grey) if style != "white" or rng.random() < 0.5 else (0.6, 0.6, 0.6)
    return Carton(size, np.stack([*faces, cut]), bool(rng.random() < 0.12), inside, taped, label)


def _extent(size: Real, name: str) -> tuple[float, float]:
    """Across and down of a face as its texture shows it."""
    x, y, z = (float(v) for v in size)
    return {"top": (x, y), "bottom": (x, y), "front": (x, z), "back": (x, z), "left": (y, z), "right": (y, z)}[name]


def _tape(rng: Generator) -> tuple[Bytes, float, float, float]:
    """A strip of tape, how much of it covers what is below, its width in metres, how far it folds down the sides."""
    strip = np.zeros((32, 512, 3), np.uint8)
    kind = rng.random()
    if kind < 0.45:  # clear or brown
        strip[:] = (rng.uniform(0.75, 1.05) * np.array([110, 160, 195])).clip(0, 255).astype(np.uint8)
        cover = float(rng.uniform(0.15, 0.75))
    elif kind < 0.6:
        strip[:] = int(rng.integers(215, 255))
        cover = float(rng.uniform(0.3, 0.9))
    else:
        strip[:] = rng.integers(0, 255, 3)
        cover = float(rng.uniform(0.6, 0.97))
    if rng.random() < 0.5:
        ink = tuple(int(v) for v in rng.integers(0, 255, 3))
        for x in range(int(rng.integers(0, 30)), 512, int(rng.integers(70, 160))):
            cv2.putText(
                strip, "FRAGILE TAPE"[: int(rng.integers(4, 12))], (x, 23), cv2.FONT_HERSHEY_SIMPLEX, 0.65, ink, 2
            )
    return strip, cover, float(rng.uniform(0.025, 0.065)), float(rng.uniform(0.02, 0.09))


def _seal(picture: Bytes, region: Bytes, name: str, tape: tuple[Bytes, float, float, float], *, scale: float) -> None:
    """The seam between the flaps and the tape over it, in place. The seam runs along x on top and bottom."""
    strip, cover, wide, fold = tape
    height, width = region.shape
    half = max(2, int(wide * scale / 2))
    if name in ("top", "bottom"):
        middle = height // 2
        cv2.line(picture, (0, middle), (width, middle), (30, 40, 50), 1)
        rows, columns = slice(max(0, middle - half), min(height, middle + half)), slice(0, width)
    elif name in ("left", "right"):
        middle, long = width // 2, min(height // 2, int(fold * scale))
        rows, columns = slice(0, long), slice(max(0, middle - half), min(width, middle + half))
    else:
        return
    area = picture[rows, columns]
    if area.size == 0:
        return
    laid = strip if name in ("top", "bottom") else cv2.rotate(strip, cv2.ROTATE_90_CLOCKWISE)
    laid = cv2.resize(laid, (area.shape[1], area.shape[0]), interpolation=cv2.INTER_AREA)
    area[:] = cv2.addWeighted(area, 1 - cover, laid, cover, 0)
    region[rows, columns] = Region.TAPE


def _stick(rng: Generator, picture: Bytes, region: Bytes, *, scale: float) -> None:
    """A waybill label at a random place, a little askew, in place."""
    height, width = region.shape
    long = min(rng.uniform(0.09, 0.18) * scale, 0.92 * max(width, height))
    ratio = rng.uniform(0.5, 0.8)
    w, h = (long, long * ratio) if rng.random() < 0.5 else (long * ratio, long)
    fit = min(1.0, 0.92 * width / w, 0.92 * height / h)
    w, h = max(20, int(w * fit)), max(16, int(h * fit))
    label = waybill(rng, w, h)
    if rng.random() < 0.3:
        label = np.asarray(cv2.rotate(label, int(rng.integers(0, 3))), np.uint8)
        h, w = label.shape[:2]
    x, y = rng.uniform(0, max(1, width - w)), rng.uniform(0, max(1, height - h))
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), float(rng.normal(0, 4)), 1.0)
    turn[:, 2] += (x, y)
    size = (width, height)
    mask = cv2.warpAffine(np.full((h, w), 255, np.uint8), turn, size, flags=cv2.INTER_LINEAR)
    laid = cv2.warpAffine(label, turn, size, flags=cv2.INTER_LINEAR)
    where = mask > 127
    picture[where] = laid[where]
    region[where] = Region.LABEL


def _cut(rng: Generator, picture: Bytes, region: Bytes) -> Bytes:
    """The top once its tape has been cut along the seam."""
    opened, marks = picture.copy(), region.copy()
    height, width = marks.shape
    middle, thick = height // 2, int(rng.integers(1, 4))
    cv2.line(opened, (0, middle), (width, middle), tuple(int(v) for v in rng.integers(8, 45, 3)), thick)
    marks[marks == Region.TAPE] = Region.CUT
    return texture(opened, marks)
