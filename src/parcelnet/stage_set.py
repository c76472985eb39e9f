"""The set of a take: camera, table, people, the parcel's looks, the things around; by condition."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator

from parcelnet import cartons, rooms
from parcelnet.cartons import Carton
from parcelnet.handling import Bench
from parcelnet.mesh import Mesh, Part, Real
from parcelnet.people import Person, random_person, torso
from parcelnet.pool import Pool
from parcelnet.raster import Light
from parcelnet.scene import View, lamp, world_axes
from parcelnet.textures import Region, waybill

CONDITIONS = ("plain", "printed", "white", "dark", "gloves", "fast", "overhead", "cluttered", "phone")
LONG = 640
TORSO: Real = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
"""A standing body's axes (y down, z away) to the world's."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a condition or a script asks of the set. pitch: degrees that the camera looks down, lowest and highest."""

    condition: str
    pitch: tuple[float, float]
    behind: bool


@dataclass(slots=True)
class Set:
    """Everything that stands still, and who and what will move. still: meshes in the camera's axes."""

    view: View
    light: Light
    bench: Bench
    person: Person
    edges: Real
    yaw: float
    still: list[Mesh]


def look(rng: Generator, condition: str, pitch: tuple[float, float] | None) -> Look:
    """How a condition is filmed. pitch: where a script insists on it."""
    if pitch is None:
        pitch = (72.0, 92.0) if condition == "overhead" else (20.0, 62.0) if condition == "phone" else (14.0, 48.0)
    chosen = float(rng.uniform(*pitch))
    behind = chosen < 30 or (chosen < 65 and rng.random() < 0.55)
    return Look(condition, (chosen, chosen), behind)


def shape(rng: Generator) -> Real:
    """Edges of a parcel that two hands turn: 12 to 45 cm, not flatter than 4 cm."""
    edges = cartons.edges(rng)
    size = rng.uniform(0.16, 0.42) / float(edges.max())
    return np.asarray(np.maximum(edges * size, 0.04))


def dressed(rng: Generator, condition: str, edges: Real) -> Carton:
    """A carton as the condition wants it: bare, much printed, white or dark."""
    if condition == "white":
        return cartons.carton(rng, style="white", amount=int(rng.integers(0, 4)), shape=edges)
    if condition == "dark":
        return cartons.carton(rng, style="dark", amount=int(rng.integers(0, 4)), shape=edges)
    if condition == "printed":
        style = str(rng.choice(["kraft", "colour", "white"]))
        return cartons.carton(rng, style=style, amount=int(rng.integers(4, 8)), shape=edges)
    amount = 0 if condition == "plain" else int(rng.integers(0, 5))
    return cartons.carton(rng, style="kraft", amount=amount, shape=edges)


def relabelled(rng: Generator, carton: Carton) -> Carton:
    """The same carton of another sender: another waybill in the same place."""
    faces = carton.faces.copy()
    label = waybill(rng, 220, 150)
    for face in faces:
        where = face[..., 3] == Region.LABEL
        if not where.any():
            continue
        rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
        area = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        size = (int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))
        laid = cv2.resize(label, size, interpolation=cv2.INTER_AREA)
        face[area][..., :3][where[area]] = laid[where[area]]
    return replace(carton, faces=faces)


def built(rng: Generator, pool: Pool, wanted: Look, *, edges: Real) -> Set:
    """A set for that look and a parcel of edges (3,)."""
    diagonal = float(np.linalg.norm(edges))
    focal = float(rng.uniform(0.68, 0.95))
    size = (LONG, LONG * 9 // 16)
    if wanted.condition == "phone" or rng.random() < 0.12:
        size = (LONG * 9 // 16, LONG)
    pitch = float(np.radians(wanted.pitch[0]))
    view = View(focal * LONG, size, world_axes(pitch, float(np.radians(rng.normal(0, 1.5)))))
    share = rng.uniform(0.27, 0.38) * (0.85 if size[0] < size[1] else 1.0)
    away = max(focal * diagonal / share, 0.45)
    middle = np.array([rng.normal(0, 0.04) * away, np.cos(pitch) * away, -np.sin(pitch) * away])
    table = float(middle[2] - edges[2] / 2)
    rest = np.array([middle[0], middle[1], table])
    left, right, near = _handler(rng, view, rest, behind=wanted.behind, clear=diagonal / 2)
    pace = rng.uniform(0.4, 0.6) if wanted.condition == "fast" else rng.uniform(0.8, 1.4)
    bench = Bench(table, rest, left, right, near, float(pace))
    person = random_person(rng, gloves=wanted.condition == "gloves", texture=pool.surface(rng))
    still = _room(rng, pool, bench, diagonal=diagonal, cluttered=wanted.condition == "cluttered")
    if wanted.behind and rng.random() < 0.85:
        at = (left + right) / 2 + [0, 0.06, 0.02]
        still += [m.placed(TORSO, at) for m in torso(person, np.zeros(3), rng=rng)]
    placed = [m.placed(view.world, np.zeros(3)) for m in still]
    return Set(view, lamp(rng, view), bench, person, edges, float(np.radians(rng.uniform(-30, 30))), placed)


def _handler(rng: Generator, view: View, rest: Real, *, behind: bool, clear: float) -> tuple[Real, Real, Real]:
    """Left and right shoulder and where the hands wait."""
    wide = np.array([rng.uniform(0.17, 0.22), 0, 0])
    if behind:
        middle = rest + np.array([rng.normal(0, 0.04), clear + rng.uniform(0.25, 0.4), rng.uniform(0.35, 0.5)])
        return middle + wide, middle - wide, rest + np.array([0, clear + 0.06, 0])
    middle = view.world.T @ np.array(
        [0, rng.uniform(0.36, 0.45), max(0.12, float(np.linalg.norm(rest)) * rng.uniform(0.15, 0.45))]
    )
    return middle - wide, middle + wide, rest - np.array([0, clear + 0.16, 0])


def _room(rng: Generator, pool: Pool, bench: Bench, *, diagonal: float, cluttered: bool) -> list[Mesh]:
    """Table, wall, small things, and boxes that never hide the parcel."""
    base = bench.rest
    made = rooms.table(rng, pool, base) + rooms.wall(rng, pool, base + np.array([0, diagonal + 0.7, 0]))
    made += [m for m in rooms.clutter(rng, pool, base, clear=diagonal * 0.75 + 0.1) if m.part != Part.OTHER_BOX]
    for _ in range(int(rng.integers(3, 7)) if cluttered else int(rng.integers(0, 3))):
        side = float(rng.choice([-1.0, 1.0]))
        size = float(rng.uniform(0.1, 0.35))
        away = side * (diagonal * 0.8 + size * 0.7 + rng.uniform(0, 0.3))
        at = base + np.array([away, rng.uniform(0.0, 0.5), 0])
        made += rooms.other_box(rng, pool, at, size=size)
    return made
