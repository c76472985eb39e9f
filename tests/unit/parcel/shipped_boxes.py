"""Boxes as two filmings would show them: faces with print, tape and a waybill label, seen at an angle, blurred, noisy.

Used by the tests of re-identification and by its bench. Everything follows from the seed given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.media.frames import Bgr
from sixfaces.observe.parcel.atlas import View
from sixfaces.observe.parcel.atlas_faces import NamedView
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.identity import Side
from sixfaces.observe.parcel.slots import quarters, slots_of
from tests.unit.parcel.painted_box import at

Real = NDArray[np.float64]
Dice = np.random.Generator

PX_MM = 2.5
_SIDES = ((0, 1), (0, 1), (0, 2), (0, 2), (1, 2), (1, 2))
_LETTERS = "ABCDEFGHIKLMNOPRSTUVWXYZ0123456789"
_CARDBOARD = (108, 152, 190)


@dataclass(frozen=True)
class Carton:
    """What one box looks like: (3,) edges in mm, a picture of each face, and where its label lies (12, 12 shares)."""

    edges: Real
    faces: Mapping[Face, Bgr]
    label: Mapping[Face, NDArray[np.uint8]] = field(default_factory=dict)


def carton(
    edges: Real, *, print_seed: int | None, label_seed: int | None, tape_seed: int, layout_seed: int = 0
) -> Carton:
    """A box. Equal print seeds are the same shop's carton; `layout_seed` is the carrier's form of label."""
    faces: dict[Face, Bgr] = {}
    for number, face in enumerate(FACES):
        width, height = (round(edges[axis] * PX_MM) for axis in _SIDES[number])
        faces[face] = _board((height, width), np.random.default_rng([7, tape_seed, number]))
        if print_seed is not None:
            _print(faces[face], np.random.default_rng([11, print_seed, number]))
    tape = np.random.default_rng([13, tape_seed])
    for face in (Face.TOP, Face.BOTTOM):
        _tape(faces[face], tape)
    charts: dict[Face, NDArray[np.uint8]] = {}
    if label_seed is not None:
        placing = np.random.default_rng([17, tape_seed])
        charts[Face.TOP] = _stick(faces[Face.TOP], _label(label_seed, layout_seed), placing)
    return Carton(edges, faces, charts)


def _board(shape: tuple[int, int], dice: Dice) -> Bgr:
    tint = np.array(_CARDBOARD) + dice.normal(0, 1.5, 3)
    grain = cv2.GaussianBlur(dice.normal(0, 1, shape).astype(np.float32), (0, 0), 1.0) * 5
    return np.asarray(np.clip(tint + grain[..., None], 0, 255), np.uint8)


def _print(face: Bgr, dice: Dice) -> None:
    """A brand, marks and small print; some faces stay plain."""
    if dice.random() < 0.2:
        return
    height, width = face.shape[:2]
    ink = tuple(int(c) for c in dice.integers(20, 70, 3))
    word = "".join(dice.choice(list(_LETTERS), int(dice.integers(4, 9))))
    size = width / 40 / len(word)
    at_x, at_y = int(width * dice.uniform(0.05, 0.3)), int(height * dice.uniform(0.3, 0.8))
    cv2.putText(face, word, (at_x, at_y), cv2.FONT_HERSHEY_DUPLEX, size, ink, max(2, round(size * 3)), cv2.LINE_AA)
    for _ in range(int(dice.integers(1, 4))):
        x, y = int(width * dice.uniform(0.05, 0.85)), int(height * dice.uniform(0.1, 0.85))
        cv2.circle(face, (x, y), int(dice.integers(12, 40)), ink, int(dice.integers(3, 7)), cv2.LINE_AA)
        cv2.line(face, (x, y), (x + int(dice.integers(20, 90)), y - int(dice.integers(10, 60))), ink, 5, cv2.LINE_AA)
    for line in range(int(dice.integers(0, 5))):
        text = "".join(dice.choice(list(_LETTERS), 14))
        where = (int(width * 0.55), int(height * 0.6 + 18 * line))
        cv2.putText(face, text, where, cv2.FONT_HERSHEY_SIMPLEX, 0.55, ink, 1, cv2.LINE_AA)


def _tape(face: Bgr, dice: Dice) -> None:
    height, width = face.shape[:2]
    middle, wide = height / 2 + dice.normal(0, 0.02) * height, 48 * PX_MM / 2
    slant = dice.normal(0, 0.01) * width
    ends = [[0, middle - wide], [width, middle - wide + slant], [width, middle + wide + slant], [0, middle + wide]]
    over = np.zeros(face.shape[:2], np.uint8)
    cv2.fillConvexPoly(over, np.round(ends).astype(np.int32), 255, cv2.LINE_AA)
    tint = np.array([80, 125, 165]) + dice.normal(0, 4, 3)
    face[over > 127] = (0.45 * face[over > 127] + 0.55 * tint).astype(np.uint8)


def _label(seed: int, layout_seed: int) -> Bgr:
    """A waybill label: the carrier's form is the same for all, what is filled in is not."""
    form, filled = np.random.default_rng([19, layout_seed]), np.random.default_rng([23, seed])
    width, height = round(100 * PX_MM), round(75 * PX_MM)
    sheet = np.full((height, width, 3), 240, np.uint8)
    cv2.rectangle(sheet, (2, 2), (width - 3, height - 3), (20, 20, 20), 2)
    cv2.putText(sheet, "".join(form.choice(list(_LETTERS), 6)), (8, 26), cv2.FONT_HERSHEY_DUPLEX, 0.8, (10, 10, 10), 2)
    for y in sorted(form.uniform(0.2, 0.9, 3) * height):
        cv2.line(sheet, (2, int(y)), (width - 3, int(y)), (20, 20, 20), 1)
    _bars(sheet, (110, 6, width - 118, 40), filled)
    for line in range(6):
        text = "".join(filled.choice(list(_LETTERS + "   "), int(filled.integers(10, 24))))
        size = 0.7 if line == 0 else 0.45
        cv2.putText(sheet, text, (8, 62 + 20 * line), cv2.FONT_HERSHEY_SIMPLEX, size, (15, 15, 15), 1, cv2.LINE_AA)
    return sheet


def _bars(sheet: Bgr, box: tuple[int, int, int, int], dice: Dice) -> None:
    x, y, width, height = box
    for column in range(width):
        if dice.random() < 0.5:
            sheet[y : y + height, x + column] = 20


def _stick(face: Bgr, sheet: Bgr, dice: Dice) -> NDArray[np.uint8]:
    """Put the label on by hand and tell where it lies."""
    height, width = face.shape[:2]
    middle = np.array([width * (0.5 + dice.normal(0, 0.06)), height * (0.5 + dice.normal(0, 0.06))])
    about = (sheet.shape[1] / 2, sheet.shape[0] / 2)
    turn = np.asarray(cv2.getRotationMatrix2D(about, dice.normal(0, 2.0), 1.0), np.float64)
    turn[:, 2] += middle - np.array(sheet.shape[1::-1]) / 2
    over = cv2.warpAffine(np.full(sheet.shape[:2], 255, np.uint8), turn, (width, height))
    face[over > 127] = cv2.warpAffine(sheet, turn, (width, height))[over > 127]
    return np.asarray(cv2.resize(over, (12, 12), interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True)
class Filming:
    """How a box was filmed: pixels of a face's longer side, widest angle, blur and corner error in shares of it."""

    px: tuple[float, float] = (260, 520)
    angle_deg: float = 40.0
    blur_px: tuple[float, float] = (0.5, 1.3)
    off: float = 0.012
    noise: float = 4.0


def filmed(box: Carton, *, seed: int, turn: Real, how: Filming | None = None, seen: int = 6) -> Side:
    """The atlas of one side of a gap. `turn` (one of the 24) is how the box stood when it was given its names."""
    how, dice = how or Filming(), np.random.default_rng([29, seed])
    shown = set(dice.permutation(6)[:seen].tolist())
    pictures: dict[Face, list[NamedView]] = {}
    here_of = {int(slot): face for face, slot in enumerate(slots_of(turn))}
    for slot in sorted(shown):
        # the box's own face `slot` is called `here` on this side, and its picture is turned with the name
        here, quarter = FACES[here_of[slot]], int(quarters(turn)[here_of[slot]])
        chart = box.label.get(FACES[slot], np.zeros((12, 12), np.uint8))
        view = _view(box.faces[FACES[slot]], chart, dice, how)
        pictures[here] = [NamedView(here, quarter, view)]
    edges = np.abs(turn.T) @ box.edges
    return Side(edges / np.linalg.norm(edges) * 2 * (1 + dice.normal(0, 0.03, 3)), pictures)


def _view(face: Bgr, chart: NDArray[np.uint8], dice: Dice, how: Filming) -> View:
    """A face as the atlas would keep it: warped, lit, blurred, coded, and rectified by corners that are a bit off."""
    height, width = face.shape[:2]
    px, angle = dice.uniform(*how.px), np.radians(dice.uniform(0, how.angle_deg))
    quad = _seen_quad(width, height, angle, dice) * px / max(width, height) + 20
    size = (int(quad[:, 0].max()) + 20, int(quad[:, 1].max()) + 20)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    smaller = cv2.GaussianBlur(face, (0, 0), max(0.3, 0.4 * max(width, height) / px))
    frame = cv2.warpPerspective(smaller, cv2.getPerspectiveTransform(flat, quad.astype(np.float32)), size)
    frame = _taken(np.asarray(frame, np.uint8), dice, how)
    off = quad + dice.normal(0, how.off * px, (4, 2))
    longest = min(640 if chart.any() else 384, px)
    out = tuple(max(8, round(side * longest / max(width, height))) for side in (width, height))
    target = np.array([[0, 0], [out[0], 0], [out[0], out[1]], [0, out[1]]], np.float32)
    cut = cv2.warpPerspective(frame, cv2.getPerspectiveTransform(off.astype(np.float32), target), out)
    jpeg = cv2.imencode(".jpg", cut, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
    full = np.full((12, 12), 255, np.uint8)
    return View(at(0), 0, 0, jpeg, 1.0, float(np.cos(angle)), 0.9, 1.0, px * min(width, height) / max(width, height),
                chart, full)  # fmt: skip


def _seen_quad(width: int, height: int, angle: float, dice: Dice) -> Real:
    """The face's corners seen from the side, twice as far away as it is wide; upper left at the origin."""
    about = dice.uniform(0, 2 * np.pi)
    x, y = np.array([-1, 1, 1, -1]) * width / 2, np.array([-1, -1, 1, 1]) * height / 2
    along = x * np.cos(about) + y * np.sin(about)
    depth = 2.0 * max(width, height) + along * np.sin(angle)
    squeezed = along * (np.cos(angle) - 1)
    quad = np.stack([x + squeezed * np.cos(about), y + squeezed * np.sin(about)], -1)
    quad *= (2.0 * max(width, height) / depth)[:, None]
    corners: Real = quad - quad.min(axis=0)
    return corners


def _taken(frame: Bgr, dice: Dice, how: Filming) -> Bgr:
    """Light from one side, exposure, defocus or motion, noise and coding."""
    height, width = frame.shape[:2]
    slope = dice.uniform(-0.3, 0.3, 2)
    light = 1 + slope[0] * np.linspace(-1, 1, width)[None, :] + slope[1] * np.linspace(-1, 1, height)[:, None]
    lit = frame.astype(np.float32) * (light * dice.uniform(0.7, 1.15))[..., None].astype(np.float32)
    lit *= (1 + dice.normal(0, 0.04, 3)).astype(np.float32)
    lit = cv2.GaussianBlur(lit, (0, 0), dice.uniform(*how.blur_px))
    lit += dice.normal(0, how.noise, lit.shape).astype(np.float32)
    coded = cv2.imencode(".jpg", np.clip(lit, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
