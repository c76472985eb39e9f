"""Parcels that have no six faces: poly and bubble mailers, transparent bags, tubes. Metres, own axes, z up at rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from parcelnet.goods import lathe, lively, pillow, random_item
from parcelnet.mesh import Mesh, Part, Real, grid
from parcelnet.people import Colour, linear


@dataclass(frozen=True, slots=True)
class Soft:
    """A soft parcel. kind: "bag" or "tube". label: index of its label's mesh among `meshes`, or None. size: (3,)."""

    kind: str
    meshes: tuple[Mesh, ...]
    label: int | None
    size: Real

    def placed(self, rotation: Real, at: Real) -> list[Mesh]:
        """Turned by a (3, 3) rotation, then moved by (3,)."""
        return [mesh.placed(rotation, at) for mesh in self.meshes]


def _film(rng: np.random.Generator) -> Colour:
    does = rng.random()
    if does < 0.3:
        return linear(*(rng.uniform(205, 245) + rng.normal(0, 4, 3)))
    if does < 0.55:
        return linear(*(rng.uniform(18, 50) + rng.normal(0, 3, 3)))
    if does < 0.75:
        return linear(*(rng.uniform(90, 170) + rng.normal(0, 5, 3)))
    return lively(rng)


def _kraft(rng: np.random.Generator) -> Colour:
    return linear(*(np.array([196, 158, 112]) * rng.uniform(0.8, 1.12) + rng.normal(0, 6, 3)))


def _label(sheet: Mesh, rng: np.random.Generator, texture: int) -> Mesh:
    """A label laid on a pillow's upper sheet: the cells of that sheet it covers, lifted a little."""
    points = sheet.xyz.reshape(9, 11, 3).astype(float)
    normal = sheet.normal.reshape(9, 11, 3).astype(float)
    normal *= np.where(normal[..., 2:] < 0, -1.0, 1.0)
    top, left = int(rng.integers(1, 4)), int(rng.integers(1, 5))
    rows, columns = slice(top, top + int(rng.integers(4, 5))), slice(left, left + int(rng.integers(4, 6)))
    lifted = points[rows, columns] + normal[rows, columns] * 0.0015
    made = grid(lifted[::-1], Part.BODY, texture=texture, colour=(0.85, 0.86, 0.86))
    return replace(made, gloss=0.15)


def mailer(
    rng: np.random.Generator, *, label: int | None = None, textures: Sequence[int] = (), padded: bool = False
) -> Soft:
    """A poly mailer, or a padded one. label: texture of its label; textures: prints that may cover it."""
    long = rng.uniform(0.18, 0.45)
    size = np.array([long, long * rng.uniform(0.55, 0.95), long * rng.uniform(0.08, 0.35)])
    colour = _kraft(rng) if padded and rng.random() < 0.6 else _film(rng)
    texture = int(textures[int(rng.integers(len(textures)))]) if len(textures) and rng.random() < 0.3 else -1
    rough = rng.uniform(0.05, 0.12) if padded else rng.uniform(0.12, 0.4)
    sheets = pillow(size, rng, Part.BODY, colour=colour, rough=rough)
    gloss = rng.uniform(0.05, 0.25) if padded else rng.uniform(0.2, 0.7)
    made = [replace(m, gloss=float(gloss), texture=texture) for m in sheets]
    if label is not None:
        made.append(_label(made[1], rng, label))
    return Soft("bag", tuple(made), len(made) - 1 if label is not None else None, size)


def _paled(colour: Colour) -> Colour:
    blue, green, red = (0.35 * value + 0.4 for value in colour)
    return blue, green, red


def clear_bag(rng: np.random.Generator, *, label: int | None = None, textures: Sequence[int] = ()) -> Soft:
    """A transparent bag, told by what light does to it: the goods seen pale through strips of shining film."""
    size = np.array([rng.uniform(0.15, 0.35), rng.uniform(0.12, 0.3), rng.uniform(0.04, 0.1)])
    goods = random_item(rng, size, textures=textures)
    pale = [replace(m, part=Part.BODY, colour=_paled(m.colour), gloss=0.7) for m in goods]
    rim = pillow(size * [1.15, 1.15, 0.5], rng, Part.BODY, colour=(0.5, 0.52, 0.52), rough=0.35)
    made = [*pale, *(replace(m, gloss=0.9) for m in rim[:1])]
    if label is not None:
        made.append(_label(rim[1], rng, label))
    return Soft("bag", tuple(made), len(made) - 1 if label is not None else None, size)


def roll(rng: np.random.Generator, *, label: int | None = None) -> Soft:
    """A mailing tube along x, with end caps; triangular ones are three-sided."""
    long = rng.uniform(0.3, 0.8)
    radius = long * rng.uniform(0.05, 0.13)
    sides = 3 if rng.random() < 0.15 else 16
    half = long / 2
    colour = _kraft(rng) if rng.random() < 0.7 else _film(rng)
    upright = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    wall = lathe(np.array([[radius, -half], [radius, 0], [radius, half]]), Part.BODY, sides=sides, colour=colour)
    cap_colour = lively(rng) if rng.random() < 0.5 else colour
    inset = half - rng.choice([0.0, 0.004, 0.012])
    caps = [
        lathe(np.array([[0.001, z], [radius, z]]), Part.BODY, sides=sides, colour=cap_colour) for z in (-inset, inset)
    ]
    made = [m.placed(upright, np.zeros(3)) for m in (wall, *caps)]
    if label is not None:
        angle = np.linspace(-0.9, 0.9, 7) + np.pi / 2
        x = np.linspace(-0.06, 0.08, 3)[:, None] + rng.uniform(-0.25, 0.25) * long
        lifted = radius * 1.01
        sheet = np.stack(
            [np.broadcast_to(x, (3, 7)), lifted * np.cos(angle)[None] + 0 * x, lifted * np.sin(angle)[None] + 0 * x], -1
        )
        made.append(grid(sheet, Part.BODY, texture=label, colour=(0.85, 0.86, 0.86)))
    return Soft(
        "tube", tuple(made), len(made) - 1 if label is not None else None, np.array([long, 2 * radius, 2 * radius])
    )


def random_soft(rng: np.random.Generator, *, label: int | None = None, textures: Sequence[int] = ()) -> Soft:
    """Any of them."""
    does = rng.random()
    if does < 0.5:
        return mailer(rng, label=label, textures=textures)
    if does < 0.68:
        return mailer(rng, label=label, textures=textures, padded=True)
    if does < 0.8:
        return clear_bag(rng, label=label, textures=textures)
    return roll(rng, label=label)
