"""Who handles the parcel: skin or gloves, sleeves, apron. Colours are linear BGR, lengths metres, camera axes."""

from dataclasses import dataclass

import numpy as np

from parcelnet.mesh import Mesh, Part, Real, ellipsoid, grid

Colour = tuple[float, float, float]

_SKINS = ((251, 222, 205), (241, 200, 175), (228, 178, 146), (208, 153, 118), (176, 122, 88), (133, 88, 62),
          (96, 62, 44), (62, 40, 31))  # fmt: skip
"""sRGB, from the lightest to the darkest."""
_GLOVES = ((238, 238, 232), (226, 222, 210), (58, 110, 190), (78, 142, 205), (28, 28, 32), (44, 44, 48),
           (140, 142, 146), (212, 128, 60), (60, 130, 80), (205, 190, 60))  # fmt: skip
_COATINGS = ((40, 40, 44), (205, 80, 45), (50, 70, 140), (120, 120, 122))


def linear(red: float, green: float, blue: float) -> Colour:
    """sRGB 0..255 -> linear BGR 0..1."""
    b, g, r = (float((np.clip(value, 0, 255) / 255) ** 2.2) for value in (blue, green, red))
    return b, g, r


def _near(rng: np.random.Generator, colour: tuple[int, int, int], spread: float) -> Colour:
    red, green, blue = np.array(colour) * rng.normal(1, spread * 0.5) + rng.normal(0, 255 * spread * 0.3, 3)
    return linear(red, green, blue)


def cloth(rng: np.random.Generator) -> Colour:
    """The colour of a garment: often dark, grey or blue, now and then anything."""
    if rng.random() < 0.55:
        grey = rng.choice([15, 25, 40, 70, 120, 180, 225])
        red, green, blue = grey * rng.uniform(0.85, 1.1, 3) + rng.normal(0, 6, 3)
        return linear(red, green, blue)
    red, green, blue = rng.uniform(10, 235, 3)
    return linear(red, green, blue)


@dataclass(frozen=True, slots=True)
class Person:
    """One person's looks.

    skin: of hand and forearm. glove: over the hand, or None. coating: of the glove's fingers and palm, or None.
    cuff: share of the forearm that the sleeve covers, 0 rolled up .. 1 to the wrist. scale: of the hand, 1 is 0.19 m.
    loose: how much wider than the arm the sleeve is, metres. texture: of the sleeve, -1 for plain.
    """

    skin: Colour
    glove: Colour | None
    coating: Colour | None
    sleeve: Colour
    cuff: float
    loose: float
    scale: float
    shirt: Colour
    texture: int = -1
    gloss: float = 0.08

    @property
    def hand(self) -> Colour:
        """What colour the back of the hand has."""
        return self.glove or self.skin


def random_person(rng: np.random.Generator, *, gloves: bool | None = None, texture: int = -1) -> Person:
    """Anybody. gloves: asked for, refused, or as it comes (a quarter)."""
    gloved = rng.random() < 0.25 if gloves is None else gloves
    glove = _near(rng, _GLOVES[rng.integers(len(_GLOVES))], 0.08) if gloved else None
    coated = glove is not None and rng.random() < 0.3
    coating = _near(rng, _COATINGS[rng.integers(len(_COATINGS))], 0.08) if coated else None
    bare = rng.random() < 0.3
    sleeve = cloth(rng)
    return Person(
        skin=_near(rng, _SKINS[rng.integers(len(_SKINS))], 0.06),
        glove=glove,
        coating=coating,
        sleeve=sleeve,
        cuff=0.0 if bare else float(rng.uniform(0.45, 1.02)),
        loose=float(rng.uniform(0.003, 0.02)),
        scale=float(np.clip(rng.normal(1, 0.07), 0.82, 1.18)),
        shirt=sleeve if rng.random() < 0.75 else cloth(rng),
        texture=texture if rng.random() < 0.3 else -1,
        gloss=float(rng.uniform(0.1, 0.45)) if gloved and rng.random() < 0.5 else float(rng.uniform(0.0, 0.15)),
    )


def _sheet(width: float, height: float, *, depth: float, bulge: float) -> Real:
    """(7, 9, 3) the front half of a barrel, its upper edge at y = 0."""
    angle = np.linspace(-0.55 * np.pi, 0.55 * np.pi, 9)
    down = np.linspace(0, 1, 7)
    wide = 1 + bulge * np.sin(np.pi * down) - 0.25 * (1 - np.minimum(down * 4, 1)) ** 2
    x = np.sin(angle)[None] * wide[:, None] * width / 2
    z = -np.cos(angle)[None] * wide[:, None] * depth
    return np.stack([x, np.broadcast_to(down[:, None] * height, x.shape), z], -1)


def torso(person: Person, at: Real, *, rng: np.random.Generator, texture: int = -1) -> list[Mesh]:
    """The body of a person who stands at (3,), the middle between the shoulders, facing the camera's z; clutter."""
    width, height = rng.uniform(0.38, 0.52), rng.uniform(0.55, 0.75)
    lean = rng.normal(0, 0.06)
    turn = np.array([[np.cos(lean), -np.sin(lean), 0], [np.sin(lean), np.cos(lean), 0], [0, 0, 1]])
    sheet = _sheet(width, height, depth=rng.uniform(0.1, 0.16), bulge=rng.uniform(-0.05, 0.12))
    made = [grid(sheet, Part.CLUTTER, texture=texture, colour=person.shirt).placed(turn, at)]
    if rng.random() < 0.4:
        apron = _sheet(width * 0.8, height * 0.8, depth=rng.uniform(0.165, 0.18), bulge=0.05)
        apron[..., 1] += height * 0.2
        made.append(grid(apron[:, 1:-1], Part.CLUTTER, colour=cloth(rng)).placed(turn, at))
    neck = ellipsoid(np.array([0.06, 0.07, 0.06]), Part.CLUTTER, rings=5, colour=person.skin)
    head = ellipsoid(np.array([0.08, 0.115, 0.095]), Part.CLUTTER, rings=6, colour=person.skin)
    made.append(neck.placed(turn, at + turn @ np.array([0, -0.04, 0.02])))
    made.append(head.placed(turn, at + turn @ np.array([0, -0.17, 0.0])))
    return made
