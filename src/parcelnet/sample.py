"""Training samples: a crop of a rendered moment and everything the network is to say of it."""

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from parcelnet import film
from parcelnet.mesh import Floats, Part, Real
from parcelnet.moments import moment, shaken
from parcelnet.pool import Pool
from parcelnet.raster import Camera, Rendered, render
from parcelnet.scene import Scene
from parcelnet.textures import Bytes, Region
from sixfaces.observe.parcel import symmetric
from sixfaces.observe.parcel.look import GRID, INPUT, KINDS, MAPS, PADDING, STATES
from sixfaces.observe.parcel.pose import CORNERS

RENDERED = 192
"""Side of the rendered crop, area-averaged to INPUT afterwards."""
UNKNOWN = -1
POSE = 24


class Sample(NamedTuple):
    """image: (INPUT, INPUT, 3) RGB bytes. maps: (6, GRID, GRID) bytes, 255 is one. pose: (24,) as observe.parcel.look
    orders it. known: (3,) whether orientation, centre and size are defined. kind, state, seal: numbers, or UNKNOWN."""

    image: Bytes
    maps: Bytes
    pose: NDArray[np.float32]
    known: NDArray[np.bool_]
    labels: NDArray[np.int8]


def sample(rng: Generator, pool: Pool) -> Sample:
    """One random crop with its truth."""
    scene = moment(rng, pool)
    camera, side = window(rng, scene)
    first = _render(scene, camera, pool)
    outside = beyond(scene, camera)
    first.part[outside], first.region[outside], first.depth[outside] = Part.BACKGROUND, 0, np.inf
    light = first.light
    if rng.random() < 0.12:
        phases = shaken(scene, rng, float(rng.uniform(0.2, 1.6)))[1:]
        others = [_render(replace(scene, moving=phase), camera, pool).light for phase in phases]
        light = np.asarray((light + sum(others)) / (1 + len(others)), np.float32)
    small = np.asarray(cv2.resize(light, (INPUT, INPUT), interpolation=cv2.INTER_AREA), np.float32)
    picture = film.develop(rng, small)
    picture = film.spoil(rng, picture, side=side)
    picture[cv2.resize(outside.astype(np.uint8), (INPUT, INPUT), interpolation=cv2.INTER_NEAREST) > 0] = PADDING
    return Sample(np.ascontiguousarray(picture[..., ::-1]), *truth(scene, first, camera))


def _render(scene: Scene, camera: Camera, pool: Pool) -> Rendered:
    radius = float(np.linalg.norm(scene.edges)) * 1.6
    focus = np.array([*scene.place, radius])
    return render([*scene.meshes, *scene.moving], camera, scene.light, textures=pool.textures, focus=focus)


def window(rng: Generator, scene: Scene) -> tuple[Camera, float]:
    """A square window of the picture around the parcel, as a tracker that is a little off would cut it; its side."""
    x, y, reach = outline(scene)
    side = 2 * reach * float(np.exp(rng.uniform(np.log(1.1), np.log(1.9))))
    if rng.random() < 0.08:
        side *= rng.uniform(1.2, 1.8)
    side = max(side, 40.0)
    spread = 0.06 if rng.random() < 0.85 else 0.15
    x += rng.normal(0, spread) * side
    y += rng.normal(0, spread) * side
    return window_camera(scene, (x, y, side)), side


def beyond(scene: Scene, camera: Camera) -> NDArray[np.bool_]:
    """Which pixels of a window lie outside of the whole picture: a tracker pads them with PADDING."""
    scale = camera.focal / scene.view.focal
    wide, tall = scene.view.size
    x, y = np.arange(camera.width) + 0.5 - camera.cx, np.arange(camera.height) + 0.5 - camera.cy
    return np.asarray((np.abs(x) > wide * scale / 2)[None] | (np.abs(y) > tall * scale / 2)[:, None])


def window_camera(scene: Scene, crop: tuple[float, float, float], pixels: int = RENDERED) -> Camera:
    """The camera of a square window: middle and side in pixels of the whole picture."""
    x, y, side = crop
    scale = pixels / side
    wide, tall = scene.view.size
    return Camera(scene.view.focal * scale, (wide / 2 - x + side / 2) * scale, (tall / 2 - y + side / 2) * scale,
                  pixels, pixels)  # fmt: skip


def outline(scene: Scene) -> tuple[float, float, float]:
    """Middle of the parcel's visible bounding box in the whole picture and half its longer side."""
    corners = scene.place + np.array(CORNERS) * scene.edges / 2 @ scene.rotation.T
    depth = np.maximum(corners[:, 2], 0.05)
    wide, tall = scene.view.size
    x = corners[:, 0] / depth * scene.view.focal + wide / 2
    y = corners[:, 1] / depth * scene.view.focal + tall / 2
    left, right = np.clip([x.min(), x.max()], -0.1 * wide, 1.1 * wide)
    top, bottom = np.clip([y.min(), y.max()], -0.1 * tall, 1.1 * tall)
    return (left + right) / 2, (top + bottom) / 2, max(right - left, bottom - top) / 2


def truth(scene: Scene, seen: Rendered, camera: Camera) -> tuple[Bytes, Floats, NDArray[np.bool_], NDArray[np.int8]]:
    """maps, pose, known and labels of one rendered window."""
    part, region = seen.part, seen.region
    parcel = (part == Part.BODY) | (part == Part.FLAP) | (part == Part.INSIDE) | (part == Part.FILLER)
    if scene.kind == "none":
        parcel[:] = False
    flap = (part == Part.FLAP) | (part == Part.INSIDE) | (part == Part.FILLER)
    hand = (part == Part.HAND) | (part == Part.SLEEVE)
    label = parcel & (region == Region.LABEL)
    planes = [parcel, hand, part == Part.ITEM, label, flap]
    maps = np.zeros((len(MAPS), GRID, GRID), np.uint8)
    for k, plane in enumerate(planes):
        maps[k] = cv2.resize(plane.astype(np.uint8) * 255, (GRID, GRID), interpolation=cv2.INTER_AREA)
    box = scene.kind == "box"
    if box:
        maps[5] = _corner_map(scene, seen, camera)
    pose, inside = _pose(scene, camera)
    visible = parcel.mean() > 0.004
    known = np.array([box and visible, scene.kind != "none" and visible and inside, scene.kind != "none" and visible])
    kind = KINDS.index(scene.kind) if visible or scene.kind == "none" else UNKNOWN
    state = STATES.index(scene.state) if visible and scene.kind == "box" else UNKNOWN
    if state == 3 and (part == Part.ITEM).mean() < 0.002:
        state = UNKNOWN  # the item is outside of the window: nobody could tell
    labels = np.array([kind, state, _seal(parcel, region) if box and visible else UNKNOWN], np.int8)
    return maps, pose, known, labels


def _seal(parcel: NDArray[np.bool_], region: Bytes) -> int:
    intact, cut = (parcel & (region == Region.TAPE)).sum(), (parcel & (region == Region.CUT)).sum()
    if cut > 60:
        return 2
    return 1 if intact > 60 and cut == 0 else 0


def _corner_map(scene: Scene, seen: Rendered, camera: Camera) -> Bytes:
    """A Gaussian of one cell at each corner of the body that nothing hides."""
    corners = scene.place + np.array(CORNERS) * scene.edges / 2 @ scene.rotation.T
    grid = np.arange(GRID) + 0.5
    out = np.zeros((GRID, GRID), np.float32)
    for x, y, z in corners:
        if z < 0.05:
            continue
        u, v = camera.cx + camera.focal * x / z, camera.cy + camera.focal * y / z
        column, row = int(u), int(v)
        if not (0 <= column < camera.width and 0 <= row < camera.height):
            continue
        around = seen.depth[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
        near = seen.part[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
        if not ((np.abs(around - z) < 0.03 * z + 0.01) & (near >= Part.BODY) & (near <= Part.INSIDE)).any():
            continue
        cell = GRID / camera.width
        bump = np.exp(-((grid - v * cell) ** 2)[:, None] / 2 - ((grid - u * cell) ** 2)[None] / 2)
        out = np.maximum(out, bump.astype(np.float32))
    return np.asarray(out * 255, np.uint8)


def crop_axes(camera: Camera) -> Real:
    """(3, 3) axes of the crop's own camera, which looks through the window's middle, to the whole picture's."""
    ray = np.array([(camera.width / 2 - camera.cx) / camera.focal, (camera.height / 2 - camera.cy) / camera.focal, 1.0])
    ray /= np.linalg.norm(ray)
    x, y, z = ray
    # the smallest turn that takes (0, 0, 1) to the ray
    cross = np.array([[0, 0, x], [0, 0, y], [-x, -y, 0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1 + z))


def _pose(scene: Scene, camera: Camera) -> tuple[Floats, bool]:
    turn = crop_axes(camera).T
    rotation, place = turn @ scene.rotation, turn @ scene.place
    half = camera.width / 2
    u = (camera.cx + camera.focal * scene.place[0] / scene.place[2] - half) / half
    v = (camera.cy + camera.focal * scene.place[1] / scene.place[2] - half) / half
    apparent = camera.focal * float(np.linalg.norm(scene.edges)) / 2 / place[2] / half
    pose = [*symmetric.tensor(rotation), *symmetric.inertia(rotation, scene.edges), u, v, np.log(apparent)]
    return np.array(pose, np.float32), max(abs(u), abs(v)) < 1.3
