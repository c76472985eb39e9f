"""Boxes as they went out and as they came back: dressed from seeds, rendered by parcelnet, rectified as the atlas does.

A box has a design (board's tone, print, kind of tape), which all boxes of its stock share, and what is its own: grain
and stains of its board, where its label was stuck, writing. On the way back a label is added, tape is cut and laid
anew.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator, default_rng

from parcelnet import boxes, cartons, film
from parcelnet.boxes import Opening
from parcelnet.cartons import Carton
from parcelnet.mesh import Mesh, Part, Real, patch
from parcelnet.raster import LEVELS, Camera, Light, render
from parcelnet.scene import lamp, view
from parcelnet.textures import Bytes, Region, board, printed, texture, waybill
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.outbound.pictures import FacePicture
from sixfaces.observe.parcel.atlas import LONGEST_SIDE
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.pose import NORMALS, QUADS
from sixfaces.observe.parcel.rectified import sharpness, warped
from sixfaces.observe.parcel.slots import quarters, slots_of

PX = 300
_FOCAL = 900.0
_SIDES = ((0, 1), (0, 1), (0, 2), (0, 2), (1, 2), (1, 2))
_OFF = 0.012
"""Error of the tracker's corners, in shares of a face's longer side."""


@dataclass(frozen=True)
class Box:
    """What makes one box: seeds of its design and of what is its own; `print_amount` per face, 0 for plain board."""

    design: int
    own: int
    label: int
    edges: tuple[float, float, float]
    print_amount: int = 3
    style: str = "kraft"
    back_label: int | None = None
    covered: bool = False
    retaped: int | None = None
    dented: int | None = None
    torn: int | None = None


@dataclass(frozen=True)
class Filming:
    """How a side was filmed: pixels of a face's longer side and widest angle."""

    px: tuple[float, float] = (170.0, 420.0)
    angle_deg: float = 48.0
    spoilt: float = 0.6


def dressed(box: Box) -> Carton:
    """The box's faces as textures."""
    edges = np.array(box.edges)
    tape = cartons._tape(default_rng([3, box.design]))  # the recipe's own strip
    faces = []
    for k, name in enumerate(cartons.FACES):
        across, down = cartons._extent(edges, name)
        scale = PX / max(across, down)
        shape = (max(24, int(down * scale)), max(24, int(across * scale)))
        picture = _board(box, k, shape)
        printed(default_rng([5, box.design, k]), picture, box.print_amount if k != 4 else 0)
        own = default_rng([7, box.own, k])
        _written(own, picture)
        region = np.zeros(shape, np.uint8)
        cartons._seal(picture, region, name, tape, scale=scale)
        if k == 0:
            _stuck(picture, region, box.label, default_rng([9, box.own]), scale)
            if box.retaped is not None:
                _retaped(picture, region, default_rng([11, box.retaped]), scale)
            if box.back_label is not None:
                place = default_rng([9, box.own]) if box.covered else default_rng([13, box.back_label])
                _stuck(picture, region, box.back_label, place, scale * (1.15 if box.covered else 1.0))
        if box.torn is not None:
            _torn(default_rng([15, box.torn, k]), picture)
        faces.append(texture(picture, region))
    return Carton(edges, np.stack([*faces, faces[0]]), False, (0.2, 0.3, 0.4), True, 0)


def _board(box: Box, face: int, shape: tuple[int, int]) -> Bytes:
    """The tone of the design, the grain and stains of the box."""
    tone = board(default_rng([1, box.design]), (32, 32), box.style).reshape(-1, 3).mean(axis=0)
    own = board(default_rng([2, box.own, face]), shape, box.style).astype(np.float32)
    own += tone - own.reshape(-1, 3).mean(axis=0) + default_rng([4, box.own]).normal(0, 2, 3)
    return np.asarray(np.clip(own, 0, 255), np.uint8)


def _written(rng: Generator, picture: Bytes) -> None:
    """A mark by hand on some faces."""
    if rng.random() > 0.25:
        return
    height, width = picture.shape[:2]
    at = rng.uniform(0.15, 0.75, 2) * (width, height)
    points = at + np.cumsum(rng.normal(0, 0.035, (12, 2)) * max(width, height), axis=0)
    cv2.polylines(
        picture, [np.round(points).astype(np.int32)], False, (40, 30, 30), int(rng.integers(1, 4)), cv2.LINE_AA
    )


def _stuck(picture: Bytes, region: Bytes, seed: int, place: Generator, scale: float) -> None:
    """A waybill label, a little askew."""
    height, width = region.shape
    ratio = place.uniform(0.5, 0.8)
    long = min(place.uniform(0.11, 0.18) * scale, 0.75 * max(width, height))
    w, h = (long, long * ratio) if place.random() < 0.5 else (long * ratio, long)
    fit = min(1.0, 0.8 * width / w, 0.8 * height / h)
    w, h = max(20, int(w * fit)), max(16, int(h * fit))
    sheet = waybill(default_rng([17, seed]), w, h)
    x, y = place.uniform(0, max(1, width - w)), place.uniform(0, max(1, height - h))
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), float(place.normal(0, 3)), 1.0)
    turn[:, 2] += (x, y)
    over = cv2.warpAffine(np.full((h, w), 255, np.uint8), turn, (width, height)) > 127
    picture[over] = cv2.warpAffine(sheet, turn, (width, height))[over]
    region[over] = Region.LABEL


def _retaped(picture: Bytes, region: Bytes, rng: Generator, scale: float) -> None:
    """Cut along the seam and closed with another strip, laid by hand."""
    height, width = region.shape
    strip, cover, wide, _ = cartons._tape(rng)
    half = max(3, int(wide * scale / 2))
    middle = height / 2 + rng.normal(0, 0.04) * height
    cv2.line(picture, (0, height // 2), (width, height // 2), (20, 25, 30), 1)
    laid = cv2.resize(strip, (width, 2 * half), interpolation=cv2.INTER_AREA)
    sheet = np.zeros_like(picture)
    top = int(np.clip(middle - half, 0, height - 2 * half))
    sheet[top : top + 2 * half] = laid[: sheet[top : top + 2 * half].shape[0]]
    mask = np.zeros(region.shape, np.uint8)
    mask[top : top + 2 * half] = 255
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 1.5)), 1.0)
    over = cv2.warpAffine(mask, turn, (width, height)) > 127
    cover = max(cover, 0.4)
    mixed = (1 - cover) * picture + cover * cv2.warpAffine(sheet, turn, (width, height))
    picture[over] = mixed[over].astype(np.uint8)
    region[over] = Region.TAPE


def _torn(rng: Generator, picture: Bytes) -> None:
    """The upper ply torn off on about every third face."""
    if rng.random() > 0.4:
        return
    height, width = picture.shape[:2]
    angles = np.sort(rng.uniform(0, 2 * np.pi, 14))
    reach = rng.uniform(0.04, 0.12) * max(width, height) * rng.uniform(0.5, 1.2, 14)
    middle = rng.uniform(0.15, 0.85, 2) * (width, height)
    points = middle + np.stack([np.cos(angles), np.sin(angles)], 1) * reach[:, None]
    cv2.fillPoly(
        picture, [np.round(points).astype(np.int32)], tuple(int(v) for v in rng.uniform(140, 200, 3)), cv2.LINE_AA
    )


def filmed(box: Box, *, seed: int, turn: Real, how: Filming | None = None, seen: int = 6) -> dict[Face, FacePicture]:
    """The atlas of one take. `turn` (one of the 24): how the box stood when its faces got their names."""
    how, rng = how or Filming(), default_rng([29, seed])
    carton = dressed(box)
    take = _Take(
        carton, _levels(carton.faces), lamp(rng, view(rng, overhead=False)), int(rng.integers(2**31)), how,
        1 + rng.normal(0, 0.02, 3),
    )  # fmt: skip
    named = {int(slot): face for face, slot in enumerate(slots_of(turn))}
    found = {}
    for slot in sorted(rng.permutation(6)[:seen].tolist()):
        swell = float(abs(rng.normal(0, 0.002)))
        opening = Opening(bulge=swell, dent=0.0 if box.dented is None else 0.016)
        meshes = boxes.meshes(carton, opening, first_texture=0, rng=default_rng([31, box.dented or 0]))
        found[FACES[named[slot]]] = _face(take, slot, meshes, quarter=int(quarters(turn)[named[slot]]), rng=rng)
    return found


class _Take(NamedTuple):
    """What all faces of a take have in common: textures, lamp, the seed of exposure, the tracker's error of edges."""

    carton: Carton
    levels: tuple[Bytes, ...]
    light: Light
    exposed: int
    how: Filming
    stretch: Real


def _levels(faces: Bytes) -> tuple[Bytes, ...]:
    """Mip levels, as the rasteriser takes them."""
    found, level = [], faces
    for _ in range(LEVELS):
        found.append(np.ascontiguousarray(level))
        wide = level[..., :3].astype(np.uint16)
        mean = (wide[:, ::2, ::2] + wide[:, 1::2, ::2] + wide[:, ::2, 1::2] + wide[:, 1::2, 1::2]) // 4
        level = np.concatenate([mean.astype(np.uint8), level[:, ::2, ::2, 3:]], -1)
    return tuple(found)


def _towards(slot: int, rng: Generator, angle_deg: float) -> tuple[Real, float]:
    """(3, 3) box axes to camera axes with the slot's face towards the camera, aside by up to so much; the cosine."""
    normal = np.array(NORMALS[FACES[slot]], float)
    up = np.array([0, 0, 1.0]) if abs(normal[2]) < 0.5 else np.array([0, 1.0, 0])
    base = np.stack([np.cross(up, normal), -up, -normal])
    aside, about = np.radians(rng.uniform(0, angle_deg)), rng.uniform(0, 2 * np.pi)
    tilt = cv2.Rodrigues(np.array([np.cos(about), np.sin(about), 0]) * aside)[0]
    spin = cv2.Rodrigues(np.array([0, 0, rng.normal(0, 0.2)]))[0]
    return np.asarray(spin @ tilt @ base), float(np.cos(aside))


def _face(take: _Take, slot: int, meshes: list[Mesh], *, quarter: int, rng: Generator) -> FacePicture:
    """Render the face, spoil the picture as a camera does, and cut the face out by corners that are a bit off."""
    rotation, cos = _towards(slot, rng, take.how.angle_deg)
    edges, long = take.carton.edges, float(rng.uniform(*take.how.px))
    away = _FOCAL * max(cartons._extent(edges, cartons.FACES[slot])) / long + float(edges.max()) / 2
    place = np.array([0, 0, away])
    ground = np.array([[-9, -9, 9 + away], [9, -9, 9 + away], [9, 9, 9 + away], [-9, 9, 9 + away]])
    blue, green, red = (float(v) for v in rng.uniform(0.05, 0.6, 3))
    side = int(min(900, long * 1.6 + 40))
    seen = render(
        [*(m.placed(rotation, place) for m in meshes), patch(ground, Part.BACKGROUND, colour=(blue, green, red))],
        Camera(_FOCAL, side / 2, side / 2, side, side), take.light, textures=take.levels,
        focus=np.array([*place, float(np.linalg.norm(edges))]),
    )  # fmt: skip
    picture = film.develop(default_rng(take.exposed), seen.light)
    if rng.random() < take.how.spoilt:
        picture = film.spoil(rng, picture, side=float(side))
    corners = place + boxes.corners(edges) @ rotation.T
    flat = corners[:, :2] / corners[:, 2:] * _FOCAL + side / 2
    return _cut(take, slot, picture, flat[list(QUADS[FACES[slot]])], (rng, quarter, cos, long))


def _cut(take: _Take, slot: int, picture: Bytes, quad: Real, how: tuple[Generator, int, float, float]) -> FacePicture:
    rng, quarter, cos, long = how
    crisp = sharpness(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8), quad)
    off = quad + rng.normal(0, _OFF * long, (4, 2))
    width, height = (float(take.carton.edges[axis] * take.stretch[axis]) for axis in _SIDES[slot])
    per = min(LONGEST_SIDE, long) / max(width, height)
    size = (max(8, round(width * per)), max(8, round(height * per)))
    upright = np.ascontiguousarray(np.rot90(warped(picture, off, size), quarter))
    jpeg = cv2.imencode(".jpg", upright, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
    edge = min(float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[2] - quad[1])))
    return FacePicture(jpeg, edge_px=edge, cos=cos, sharpness=crisp, share=1.0, waybill=slot == 0)
