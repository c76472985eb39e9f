"""What comes out of parcels: printed boxes, mugs, cans, bottles, slabs, shoes, garments, pouches, balls. Metres.

Every item stands about the origin of its own axes; `random_item` fits one into a box.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from parcelnet.mesh import Mesh, Part, Real, ellipsoid, grid, patch
from parcelnet.people import Colour, cloth, linear

Textures = Sequence[int]


def lively(rng: np.random.Generator) -> Colour:
    """A product's colour: any, with white and black often."""
    does = rng.random()
    if does < 0.25:
        return linear(*rng.uniform(215, 250, 3))
    if does < 0.42:
        return linear(*rng.uniform(10, 45, 3))
    hue = rng.permutation([rng.uniform(0, 80), rng.uniform(60, 200), rng.uniform(150, 250)])
    return linear(*hue)


def _print(rng: np.random.Generator, textures: Textures, share: float = 0.6) -> int:
    return int(textures[int(rng.integers(len(textures)))]) if len(textures) and rng.random() < share else -1


def carton(edges: Real, rng: np.random.Generator, textures: Textures = ()) -> list[Mesh]:
    """A small printed box with edges (3,)."""
    half, colour = edges / 2, lively(rng)
    texture = _print(rng, textures, 0.8)
    made = []
    for axis in range(3):
        for sign in (-1, 1):
            a, b = (axis + 1) % 3, (axis + 2) % 3
            corners = np.zeros((4, 3))
            corners[:, axis] = sign * half[axis]
            corners[:, a] = np.array([-1, 1, 1, -1]) * half[a] * sign
            corners[:, b] = np.array([-1, -1, 1, 1]) * half[b]
            own = texture if rng.random() < 0.7 else _print(rng, textures, 0.7)
            made.append(replace(patch(corners, Part.ITEM, texture=own, colour=colour), gloss=0.25))
    return made


def lathe(
    profile: Real, part: Part = Part.ITEM, *, sides: int = 14, texture: int = -1, colour: Colour = (0.5, 0.5, 0.5)
) -> Mesh:
    """A turned body: (N, 2) radii and heights, about z."""
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    radius, height = profile[:, 0][:, None], profile[:, 1][:, None]
    rows = np.stack(
        [radius * np.cos(turn), radius * np.sin(turn), np.broadcast_to(height, (len(profile), sides + 1))], -1
    )
    return grid(rows, part, texture=texture, colour=colour)


def mug(size: float, rng: np.random.Generator, textures: Textures = ()) -> list[Mesh]:
    """A mug of that height with a handle and a dark inside."""
    radius, high, colour = size * rng.uniform(0.36, 0.46), size / 2, lively(rng)
    wall = np.array([[0.001, -high], [radius * 0.93, -high], [radius, -high * 0.8], [radius, high]])
    inner = np.array([[radius * 0.93, high], [radius * 0.9, -high * 0.85], [0.001, -high * 0.85]])
    bow = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 6)
    ring = np.stack([radius * 0.95 + size * 0.26 * np.cos(bow), np.zeros(6), size * 0.3 * np.sin(bow)], -1)
    turn = np.linspace(0, 2 * np.pi, 6)
    way = np.stack([np.cos(bow), np.zeros(6), np.sin(bow)], -1)
    tube = ring[:, None] + size * 0.06 * (np.cos(turn)[:, None] * way[:, None] + np.sin(turn)[:, None] * [0, 1.0, 0])
    made = [
        lathe(wall, texture=_print(rng, textures, 0.4), colour=colour),
        lathe(inner, colour=colour),
        grid(tube, Part.ITEM, colour=colour),
    ]
    return [replace(m, gloss=0.5) for m in made]


def can(size: float, rng: np.random.Generator, textures: Textures = ()) -> list[Mesh]:
    """A can, jar or bottle of that height."""
    high, radius = size / 2, size * rng.uniform(0.16, 0.36)
    neck = rng.uniform(0.3, 1.0) if rng.random() < 0.6 else 1.0
    shoulder = rng.uniform(0.1, 0.6)
    body = np.array(
        [[0.001, -high], [radius, -high], [radius, high * shoulder], [radius * neck, high * (shoulder + 0.25)]]
    )
    top = high * (shoulder + 0.25)
    cap = np.array([[radius * neck, top], [radius * neck, high], [0.001, high]])
    first = lathe(body, texture=_print(rng, textures), colour=lively(rng))
    return [replace(first, gloss=0.5), replace(lathe(cap, colour=lively(rng)), gloss=0.3)]


def slab(edges: Real, rng: np.random.Generator, textures: Textures = ()) -> list[Mesh]:
    """A phone or tablet: a thin dark body, its screen dark or lit."""
    made = [replace(m, texture=-1, colour=(0.02, 0.02, 0.02), gloss=0.6) for m in carton(edges, rng)]
    half = edges / 2 * np.array([0.94, 0.95, 1.04])
    face = np.array([[-half[0], half[1], half[2]], [half[0], half[1], half[2]], [half[0], -half[1], half[2]],
                     [-half[0], -half[1], half[2]]])  # fmt: skip
    lit = rng.random() < 0.35
    screen = patch(face, Part.ITEM, texture=_print(rng, textures, 1.0) if lit else -1,
                   colour=(0.8, 0.8, 0.8) if lit else (0.008, 0.008, 0.009))  # fmt: skip
    return [*made, replace(screen, gloss=0.8)]


def shoe(length: float, rng: np.random.Generator) -> list[Mesh]:
    """A shoe-like body: sole, toe, shaft with its dark opening."""
    colour, sole = lively(rng), linear(*rng.uniform(150, 250, 3))
    third = length / 2
    toe = ellipsoid(np.array([third * 0.62, third * 0.36, third * 0.32]), Part.ITEM, rings=5, colour=colour)
    heel = ellipsoid(np.array([third * 0.55, third * 0.34, third * 0.5]), Part.ITEM, rings=5, colour=colour)
    under = ellipsoid(np.array([third, third * 0.38, third * 0.12]), Part.ITEM, rings=5, colour=sole)
    hole = ellipsoid(np.array([third * 0.3, third * 0.2, third * 0.06]), Part.ITEM, rings=4, colour=(0.02, 0.02, 0.02))
    eye = np.eye(3)
    return [
        toe.placed(eye, np.array([third * 0.35, 0, -third * 0.1])),
        heel.placed(eye, np.array([-third * 0.4, 0, 0])),
        under.placed(eye, np.array([0, 0, -third * 0.36])),
        hole.placed(eye, np.array([-third * 0.45, 0, third * 0.45])),
    ]


def pillow(edges: Real, rng: np.random.Generator, part: Part, *, colour: Colour, rough: float = 0.12) -> list[Mesh]:
    """Two crumpled sheets closed along their rim: garments, pouches, padded or thin mailers. edges: (3,)."""
    rows, columns = 9, 11
    v, u = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    full = np.clip((1 - u**4) * (1 - v**4), 0, 1) ** rng.uniform(0.35, 0.7)
    rim = 1 + rough * 0.12 * rng.normal(0, 1, (2, rows, columns)) * (full < 0.05)
    crease = sum(
        rng.normal(0, 1) * np.sin(rng.uniform(2, 7) * u + rng.uniform(2, 7) * v + rng.uniform(0, 6)) for _ in range(5)
    )
    sag = rough * 0.5 * np.sin(rng.uniform(0.5, 1.6) * u + rng.uniform(0, 6)) * np.cos(rng.uniform(0.5, 1.6) * v)
    made = []
    for sign in (-1.0, 1.0):
        wrinkle = rough * (np.asarray(crease) * 0.35 + rng.normal(0, 0.35, (rows, columns))) * (0.2 + 0.8 * full)
        z = edges[2] / 2 * (sign * full * (1 + wrinkle) + 2 * sag)
        points = np.stack([u * rim[0] * edges[0] / 2, v * rim[1] * edges[1] / 2, z], -1)
        made.append(grid(points, part, colour=colour))
    return made


def random_item(
    rng: np.random.Generator, fits: Real, *, textures: Textures = (), kind: str | None = None
) -> list[Mesh]:
    """An item that fits into a box of edges (3,); its own axes, about the origin, z up."""
    kinds = ("carton", "mug", "can", "slab", "shoe", "garment", "pouch", "ball")
    kind = kind or str(rng.choice(kinds, p=[0.3, 0.12, 0.13, 0.12, 0.08, 0.1, 0.08, 0.07]))
    room = np.minimum(np.asarray(fits, float) * 0.9, [0.34, 0.34, 0.3])
    small = float(room.min())
    if kind == "carton":
        return carton(room * rng.uniform(0.4, 0.95, 3), rng, textures)
    if kind == "mug":
        return mug(min(small, rng.uniform(0.07, 0.12)), rng, textures)
    if kind == "can":
        return can(min(small, rng.uniform(0.08, 0.25)), rng, textures)
    if kind == "slab":
        size = min(float(np.sort(room)[1]), rng.uniform(0.12, 0.27))
        return slab(np.array([size * rng.uniform(0.45, 0.75), size, rng.uniform(0.007, 0.014)]), rng, textures)
    if kind == "shoe":
        return shoe(min(float(room.max()), rng.uniform(0.2, 0.31)), rng)
    if kind == "ball":
        radii = min(small, rng.uniform(0.05, 0.2)) / 2 * rng.uniform(0.8, 1.0, 3)
        ball = ellipsoid(radii, Part.ITEM, rings=7, colour=lively(rng))
        return [replace(ball, texture=_print(rng, textures, 0.4), gloss=0.3)]
    soft = room * rng.uniform(0.55, 1.0, 3) * np.array([1, 1, 0.5])
    colour = cloth(rng) if kind == "garment" else lively(rng)
    upper, lower = pillow(soft, rng, Part.ITEM, colour=colour)
    gloss = 0.0 if kind == "garment" else 0.4
    return [replace(upper, texture=_print(rng, textures, 0.35), gloss=gloss), replace(lower, gloss=gloss)]
