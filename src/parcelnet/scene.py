"""One moment before a camera: the handled parcel, hands, goods, the room; and what is true of it. World axes are the
room's (rooms.py), everything handed out is in the camera's (OpenCV)."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from parcelnet import boxes, rooms
from parcelnet.boxes import Opening
from parcelnet.cartons import Carton
from parcelnet.mesh import Mesh, Real
from parcelnet.pool import Pool
from parcelnet.raster import Light


@dataclass(frozen=True, slots=True)
class View:
    """A camera in the room. focal and size (width, height) in pixels of the whole picture; world: (3, 3) world axes to
    camera axes; the camera stands at the origin of both."""

    focal: float
    size: tuple[int, int]
    world: Real

    @property
    def up(self) -> Real:
        """(3,) away from the table, in camera axes."""
        return np.asarray(self.world[:, 2])


@dataclass(slots=True)
class Scene:
    """`meshes` in camera axes, `moving` those that go with the parcel. rotation, place, edges: of the parcel's body in
    camera axes and metres, parcel axes +x right, +y back, +z top. kind and state as in observe.parcel.look."""

    view: View
    light: Light
    rotation: Real
    place: Real
    edges: Real
    kind: str
    state: str
    cut: bool = False
    meshes: list[Mesh] = field(default_factory=list)
    moving: list[Mesh] = field(default_factory=list)


def view(rng: Generator, *, overhead: bool | None = None) -> View:
    """A phone or station camera: landscape or portrait, from the front or from above, a little askew."""
    long = 640
    ratio = float(rng.choice([9 / 16, 3 / 4, 1.0], p=[0.75, 0.2, 0.05]))
    size = (long, int(long * ratio)) if rng.random() < 0.7 else (int(long * ratio), long)
    steep = overhead if overhead is not None else rng.random() < 0.2
    pitch = rng.uniform(60, 95) if steep else rng.uniform(2, 55)
    roll = rng.normal(0, 4) if not steep else rng.uniform(-20, 20)
    return View(
        long * float(rng.uniform(0.62, 1.15) if rng.random() < 0.8 else rng.uniform(1.1, 1.45)),
        size,
        world_axes(np.radians(pitch), np.radians(roll)),
    )


def world_axes(pitch: float, roll: float) -> Real:
    """(3, 3) world axes to camera axes for a camera that looks along y, tilted down by `pitch` radians."""
    level = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0.0]])
    c, s = np.cos(pitch), np.sin(pitch)
    tilt = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    c, s = np.cos(roll), np.sin(roll)
    return np.asarray(np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ tilt @ level)


def lamp(rng: Generator, view: View) -> Light:
    """A lamp or window somewhere above, and a room that gives light back."""
    direction = rng.normal(0, 1, 3)
    direction[2] = abs(direction[2]) + rng.uniform(0.3, 2.5)
    toward = view.world @ (direction / np.linalg.norm(direction))
    warm = np.array([rng.uniform(0.7, 1.05), 1.0, rng.uniform(0.9, 1.25)])
    share = rng.uniform(0.05, 0.85)
    total = rng.uniform(0.9, 1.5)
    sky = (1 - share) * total * np.array([rng.uniform(0.85, 1.15), 1.0, rng.uniform(0.85, 1.15)])
    return Light(toward, share * total * warm, sky, sky * rng.uniform(0.3, 0.9), view.up, float(rng.uniform(0.3, 5)))


def carton_meshes(
    carton: Carton, opening: Opening, rotation: Real, place: Real, *, first_texture: int, rng: Generator
) -> list[Mesh]:
    """The carton at its place before the camera."""
    return [m.placed(rotation, place) for m in boxes.meshes(carton, opening, first_texture=first_texture, rng=rng)]


def room(rng: Generator, pool: Pool, view: View, *, middle: Real, drop: float, clear: float) -> list[Mesh]:
    """Table, wall and things around; `middle` (3,) of the parcel in world axes, the table `drop` metres below it."""
    base = middle - [0, 0, drop]
    made = rooms.table(rng, pool, base) + rooms.wall(rng, pool, base) + rooms.clutter(rng, pool, base, clear=clear)
    return [m.placed(view.world, np.zeros(3)) for m in made]
