"""What stands around the parcel: table, wall, shelves of other boxes, things on the table. World axes: x right, y away
from the camera, z up; the camera at the origin."""

import numpy as np
from numpy.random import Generator

from parcelnet import boxes
from parcelnet.mesh import Mesh, Part, Real, ellipsoid, patch, tube
from parcelnet.pool import Pool

FLAT = boxes.Opening()


def yaw(angle: float) -> Real:
    """(3, 3) turn about the vertical by radians."""
    c, s = float(np.cos(angle)), float(np.sin(angle))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


def table(rng: Generator, pool: Pool, middle: Real) -> list[Mesh]:
    """A table's top through `middle` and, often, a mat on it and a floor below."""
    half, near, far = rng.uniform(0.5, 2.2), rng.uniform(0.3, 1.5), rng.uniform(0.25, 1.6)
    turn = yaw(rng.normal(0, 0.15) if rng.random() < 0.8 else rng.uniform(-np.pi, np.pi))
    made = [_flat(middle, turn, (half, near, far), texture=pool.surface(rng), tint=rng.uniform(0.5, 1.2))]
    if rng.random() < 0.3:
        size = (rng.uniform(0.2, 0.5), rng.uniform(0.15, 0.5), rng.uniform(0.15, 0.4))
        made.append(_flat(middle + [0, 0, 0.002], turn, size, texture=pool.surface(rng), tint=rng.uniform(0.5, 1.2)))
    floor = middle + [0, 0, -rng.uniform(0.5, 0.9)]
    return [*made, _flat(floor, turn, (6.0, 4.0, 6.0), texture=pool.surface(rng), tint=rng.uniform(0.3, 1.0))]


def _flat(middle: Real, turn: Real, size: tuple[float, float, float], *, texture: int, tint: float) -> Mesh:
    half, near, far = size
    points = np.array([[-half, far, 0], [half, far, 0], [half, -near, 0], [-half, -near, 0]]) @ turn.T + middle
    return patch(points, Part.BACKGROUND, texture=texture, colour=(tint, tint, tint))


def wall(rng: Generator, pool: Pool, middle: Real) -> list[Mesh]:
    """A wall behind, often with shelves of boxes before it."""
    away = middle + [0, rng.uniform(0.4, 2.5), 0]
    tint = rng.uniform(0.4, 1.1)
    points = np.array([[-5, 0, 3], [5, 0, 3], [5, 0, -2], [-5, 0, -2.0]]) + away
    made = [patch(points, Part.BACKGROUND, texture=pool.surface(rng), colour=(tint, tint, tint))]
    if rng.random() < 0.45:
        bottom = away[2] + rng.uniform(-0.3, 0.3)
        for _ in range(int(rng.integers(1, 4))):
            made += _shelf(rng, pool, np.array([away[0], away[1] - 0.2, bottom]))
            bottom += rng.uniform(0.25, 0.5)
    return made


def _shelf(rng: Generator, pool: Pool, at: Real) -> list[Mesh]:
    grey = rng.uniform(0.05, 0.6, 3)
    colour = (float(grey[0]), float(grey[1]), float(grey[2]))
    points = np.array([[-3, 0.2, 0], [3, 0.2, 0], [3, -0.2, 0], [-3, -0.2, 0.0]]) + at
    edge = np.array([[-3, -0.2, 0], [3, -0.2, 0], [3, -0.2, -0.05], [-3, -0.2, -0.05]]) + at
    made = [patch(points, Part.CLUTTER, colour=colour), patch(edge, Part.CLUTTER, colour=colour)]
    x = at[0] + rng.uniform(-1.0, -0.3)
    for _ in range(int(rng.integers(1, 8))):
        size = float(rng.uniform(0.12, 0.35))
        made += other_box(rng, pool, np.array([x + size / 2, at[1], at[2]]), size=size)
        x += size * rng.uniform(1.05, 1.8)
    return made


def other_box(rng: Generator, pool: Pool, base: Real, *, size: float) -> list[Mesh]:
    """A carton that nobody touches, standing with its base at (3,), its longest edge `size`."""
    number, carton = pool.carton(rng)
    turn = yaw(rng.normal(0, 0.2) + (np.pi / 2) * rng.integers(0, 4))
    scale = size / float(carton.edges.max())
    at = base + [0, 0, scale * carton.edges[2] / 2]
    made = boxes.meshes(carton, FLAT, first_texture=number, rng=rng)
    return [_as(m.placed(turn * scale, at), Part.OTHER_BOX) for m in made]


def _as(mesh: Mesh, part: Part) -> Mesh:
    return Mesh(mesh.xyz, mesh.normal, mesh.uv, mesh.tri, part, mesh.texture, mesh.colour, mesh.gloss)


def clutter(rng: Generator, pool: Pool, middle: Real, *, clear: float) -> list[Mesh]:
    """Tape rolls, cups, pens, papers, other boxes on the table, none within `clear` metres of the middle."""
    made: list[Mesh] = []
    for _ in range(int(rng.integers(0, 7))):
        angle, away = rng.uniform(0, 2 * np.pi), clear + rng.uniform(0.03, 0.5)
        base = middle + [away * np.cos(angle), away * np.sin(angle), 0.0]
        shade = rng.uniform(0.02, 0.9, 3)
        colour = (float(shade[0]), float(shade[1]), float(shade[2]))
        kind = rng.random()
        if kind < 0.3:
            size = float(rng.uniform(0.08, 0.4))
            outward = np.array([np.cos(angle), np.sin(angle), 0]) * size * 0.7
            made += other_box(rng, pool, base + outward, size=size)
        elif kind < 0.45:
            radii = np.array([1, 1, rng.uniform(0.4, 2)]) * rng.uniform(0.02, 0.07)
            made.append(ellipsoid(radii, Part.CLUTTER, rings=6, colour=colour).placed(np.eye(3), base))
        elif kind < 0.6:
            height = rng.uniform(0.02, 0.22)
            path = np.array([[0, 0, 0.0], [0, 0, height]]) + base
            radius = np.full(2, rng.uniform(0.02, 0.06))
            made.append(tube(path, radius, Part.CLUTTER, colour=colour))
        elif kind < 0.8:
            long = rng.uniform(0.06, 0.12)
            along = np.array([np.cos(kind * 50), np.sin(kind * 50), 0]) * long
            path = np.stack([base - along, base + along]) + [0, 0, 0.006]
            made.append(tube(path, np.full(2, 0.006), Part.CLUTTER, sides=5, colour=colour))
        else:
            turn = yaw(rng.uniform(0, np.pi))
            sheet = (rng.uniform(0.05, 0.12), rng.uniform(0.07, 0.15), rng.uniform(0.07, 0.15))
            made.append(_flat(base + [0, 0, 0.003], turn, sheet, texture=pool.surface(rng), tint=rng.uniform(0.6, 1.2)))
    return made
