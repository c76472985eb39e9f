"""Hands: five digits of three phalanges, a palm, a forearm and its sleeve. Metres.

The hand's own axes: +x towards the thumb of a right hand, +y where the fingers point, +z out of the palm; its origin
is the wrist. `grips` bends a hand around a box; here a hand takes a free pose.
"""

from dataclasses import dataclass

import numpy as np

from parcelnet.mesh import Floats, Ints, Mesh, Part, Real
from parcelnet.people import Colour, Person

PALM = 0.092
"""From the wrist to the knuckles of an average hand (0.19 m)."""
ROOTS: Real = np.array([[0.030, -0.062], [0.029, -0.002], [0.010, 0.003], [-0.010, 0.0], [-0.028, -0.009]])
"""Where the digits start: towards the thumb, and ahead of the knuckles; thumb first."""
LENGTHS: Real = np.array([0.066, 0.074, 0.083, 0.077, 0.060])
STATIONS: Real = np.array([0.0, 0.46, 0.76, 0.94, 1.0])
"""Rings of a digit in shares of its length: root, two joints, finger pad, tip."""
RADII: Real = np.array([0.0102, 0.0092, 0.0080, 0.0068, 0.0022])
_THICK: Real = np.array([1.15, 0.98, 1.0, 0.98, 0.87])[:, None]
_SIDES = 6
_ODD: Real = np.array([0.31, 0.83, 0.46])
_STOUT_SIDES = 8
_PALM_AT: Real = np.array([-1.0, -0.72, -0.35, 0.0, 0.10])
_PALM_WIDE: Real = np.array([0.027, 0.037, 0.043, 0.041, 0.033])
_PALM_DEEP: Real = np.array([0.020, 0.019, 0.016, 0.012, 0.007])


def _weave(limbs: int, rings: int, sides: int) -> Ints:
    number = np.arange(limbs * rings * (sides + 1), dtype=np.int32).reshape(limbs, rings, sides + 1)
    a, b, c, d = number[:, :-1, :-1], number[:, :-1, 1:], number[:, 1:, 1:], number[:, 1:, :-1]
    both = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
    return np.ascontiguousarray(both.reshape(-1, 3))


_WOVEN: dict[tuple[int, int, int], tuple[Ints, Floats, Real, Real]] = {}


def _pattern(limbs: int, rings: int, sides: int) -> tuple[Ints, Floats, Real, Real]:
    key = limbs, rings, sides
    if key not in _WOVEN:
        turn = np.linspace(0, 2 * np.pi, sides + 1)[:, None]
        v, u = np.meshgrid(np.linspace(0, 1, rings), np.linspace(0, 1, sides + 1), indexing="ij")
        uv = np.tile(np.stack([u, v], -1).reshape(-1, 2), (limbs, 1)).astype(np.float32)
        _WOVEN[key] = _weave(*key), uv, np.cos(turn), np.sin(turn)
    return _WOVEN[key]


def crossed(a: Real, b: Real) -> Real:
    """Cross products of (..., 3), several times as fast as NumPy's own on few vectors."""
    x = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    y = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    return np.stack([x, y, a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]], -1)


def limbs(centre: Real, aside: Real, above: Real, *, part: Part, colour: Colour) -> Mesh:
    """Round limbs through (L, N, 3) centres of rings whose half axes are (L, N, 3) vectors `aside` and `above`."""
    sides = _SIDES if len(centre) > 1 else _STOUT_SIDES
    tri, uv, cos, sin = _pattern(centre.shape[0], centre.shape[1], sides)
    xyz = centre[:, :, None] + aside[:, :, None] * cos + above[:, :, None] * sin
    square_a = np.maximum((aside**2).sum(-1), 1e-9)[..., None, None]
    square_b = np.maximum((above**2).sum(-1), 1e-9)[..., None, None]
    normal = aside[:, :, None] * cos / square_a + above[:, :, None] * sin / square_b
    normal /= np.sqrt((normal**2).sum(-1, keepdims=True)) + 1e-9
    last = centre[:, -1] - centre[:, -2]
    normal[:, -1] = normal[:, -1] * 0.3 + (last / (np.linalg.norm(last, axis=-1, keepdims=True) + 1e-9))[:, None]
    flat = np.asarray(xyz.reshape(-1, 3), np.float32)
    return Mesh(flat, np.asarray(normal.reshape(-1, 3), np.float32), uv, tri, part, -1, colour)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A posed hand. centre, up: (5, 5, 3) rings of the digits, thumb first, and the direction away from their pads;
    palm: (5, 3) rings from wrist to knuckles; across, back: (3,) unit vectors towards the thumb and out of the back."""

    centre: Real
    up: Real
    palm: Real
    across: Real
    back: Real
    scale: float

    @property
    def wrist(self) -> Real:
        """(3,) where the forearm starts."""
        start: Real = self.palm[0]
        return start

    def placed(self, rotation: Real, at: Real) -> "Skeleton":
        """Turned by a (3, 3) rotation, then moved by (3,)."""
        return Skeleton(
            self.centre @ rotation.T + at,
            self.up @ rotation.T,
            self.palm @ rotation.T + at,
            rotation @ self.across,
            rotation @ self.back,
            self.scale,
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """How the digits are held: curl 0 straight .. 1 fist, per digit, thumb first; spread 0 closed .. 1 wide."""

    curl: tuple[float, float, float, float, float] = (0.2, 0.2, 0.2, 0.2, 0.2)
    spread: float = 0.3


FIST = Shape((0.75, 0.95, 1.0, 1.0, 1.0), 0.0)
POINTING = Shape((0.6, 0.05, 0.9, 0.95, 1.0), 0.1)
_BEND: Real = np.array([1.25, 1.75, 1.15])
"""Radians that knuckle, middle and end joint turn when a fist is made."""


def free(shape: Shape, *, side: int, scale: float = 1.0) -> Skeleton:
    """A hand in its own axes. side: +1 right, -1 left."""
    root = np.column_stack([ROOTS[:, 0], ROOTS[:, 1] + PALM, np.zeros(5)])
    fan = np.array([-0.95, -0.16, -0.02, 0.12, 0.26]) * (0.35 + shape.spread)
    fan[0] = -0.55 - 0.45 * shape.spread
    ahead = np.column_stack([-np.sin(fan), np.cos(fan), np.zeros(5)])
    pads = np.tile([0.0, 0.0, 1.0], (5, 1))
    thumb = np.array([-0.65, 0.15, 0.75])
    pads[0] = thumb - ahead[0] * (thumb @ ahead[0])
    pads[0] /= np.linalg.norm(pads[0])
    bend = np.cumsum(np.asarray(shape.curl)[:, None] * _BEND * np.array([[0.55]] + [[1.0]] * 4), axis=1)[..., None]
    way = np.cos(bend) * ahead[:, None] + np.sin(bend) * pads[:, None]
    up = -(np.cos(bend) * pads[:, None] - np.sin(bend) * ahead[:, None])
    step = np.diff(STATIONS)[None, :, None] * LENGTHS[:, None, None] * way[:, [0, 1, 2, 2]]
    centre = root[:, None] + np.concatenate([np.zeros((5, 1, 3)), np.cumsum(step, axis=1)], axis=1)
    raised = np.concatenate([up[:, :1] - pads[:, None], up[:, :1] + up[:, 1:2], up[:, 1:], up[:, 2:]], axis=1)
    raised /= np.linalg.norm(raised, axis=-1, keepdims=True)
    palm = np.column_stack([np.zeros(5), PALM * (1 + _PALM_AT), np.full(5, -0.004)])
    mirror = np.array([float(side), 1.0, 1.0])
    made = centre * mirror * scale, raised * mirror, palm * mirror * scale
    return Skeleton(*made, np.array([float(side), 0, 0]), np.array([0, 0, -1.0]), scale)


def fleshed(bones: Skeleton, person: Person) -> list[Mesh]:
    """The hand alone, without its forearm."""
    way = np.gradient(bones.centre, axis=1)
    aside = crossed(way, bones.up)
    aside /= np.linalg.norm(aside, axis=-1, keepdims=True) + 1e-9
    thick = (RADII * _THICK * bones.scale * (1.1 if person.glove else 1.0))[..., None]
    digits = limbs(bones.centre, aside * thick, bones.up * thick, part=Part.HAND, colour=person.hand)
    wide = _PALM_WIDE[:, None] * bones.scale * bones.across
    deep = _PALM_DEEP[:, None] * bones.scale * bones.back
    palm = limbs(bones.palm[None], wide[None], deep[None], part=Part.HAND, colour=person.hand)
    if person.coating:
        digits = _tinted(digits, person.coating)
    return [_shiny(digits, person.gloss), _shiny(palm, person.gloss)]


def _tinted(mesh: Mesh, colour: Colour) -> Mesh:
    return Mesh(mesh.xyz, mesh.normal, mesh.uv, mesh.tri, mesh.part, mesh.texture, colour, mesh.gloss)


def _shiny(mesh: Mesh, gloss: float) -> Mesh:
    return Mesh(mesh.xyz, mesh.normal, mesh.uv, mesh.tri, mesh.part, mesh.texture, mesh.colour, gloss)


def _tubular(path: Real, radius: Real, *, part: Part, colour: Colour) -> Mesh:
    way = np.gradient(path, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True) + 1e-9
    aside = crossed(way, _ODD)
    aside /= np.linalg.norm(aside, axis=1, keepdims=True) + 1e-9
    above = crossed(way, aside)
    reach = radius[:, None]
    return limbs(path[None], (aside * reach)[None], (above * reach)[None], part=part, colour=colour)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of a person. side: +1 right, -1 left. shoulder: (3,) its own, other: (3,) the other one."""

    person: Person
    side: int
    shoulder: Real
    other: Real


def forearm(bones: Skeleton, arm: Arm, elbow: Real) -> list[Mesh]:
    """From the wrist to an elbow (3,) and on to the shoulder: skin as far as the sleeve leaves it bare."""
    wrist, person, shoulder = bones.wrist, arm.person, arm.shoulder
    made = []
    bend = elbow + (shoulder - elbow) * 0.12
    if person.cuff < 1.0:
        ends = (
            [elbow, bend]
            if person.cuff <= 0
            else [wrist + (elbow - wrist) * t for t in (0.7 - 0.6 * person.cuff, 1.05 - person.cuff)]
        )
        path = np.array([wrist, wrist + (ends[0] - wrist) * 0.35, *ends])
        made.append(
            _tubular(path, np.array([0.026, 0.034, 0.042, 0.044]) * bones.scale, part=Part.HAND, colour=person.skin)
        )
    if person.glove:
        path = wrist + (elbow - wrist) * np.array([[-0.04], [0.1], [0.2]])
        made.append(_tubular(path, np.array([0.029, 0.032, 0.034]) * bones.scale, part=Part.HAND, colour=person.glove))
    start = wrist + (elbow - wrist) * (1 - person.cuff) if person.cuff > 0 else elbow + (shoulder - elbow) * 0.35
    knee = [(start + elbow) / 2, elbow] if person.cuff > 0 else [(start + shoulder) / 2]
    path = np.array([start, *knee, shoulder])
    wide = np.linspace(0.034, 0.058, len(path)) * bones.scale + person.loose
    sleeve = _tubular(path, wide, part=Part.SLEEVE, colour=person.sleeve)
    made.append(Mesh(sleeve.xyz, sleeve.normal, sleeve.uv, sleeve.tri, sleeve.part, person.texture, sleeve.colour))
    return made


ARM = 0.26
"""From wrist to elbow."""


def elbow_of(wrist: Real, shoulder: Real, *, out: Real) -> Real:
    """(3,) an elbow between wrist and shoulder, sagging down and to `out` (a direction) as arms of fixed length do."""
    gap = shoulder - wrist
    far = float(np.linalg.norm(gap)) + 1e-9
    slack = max(2 * ARM - far, 0.0)
    placed: Real = wrist + gap / far * min(ARM, far * 0.55) + out * slack * 0.5
    return placed


def hand(wrist_at: Real, rotation: Real, shape: Shape, *, arm: Arm) -> list[Mesh]:
    """A hand in a free pose with its arm. rotation: (3, 3) the hand's axes to the scene's."""
    bones = free(shape, side=arm.side, scale=arm.person.scale).placed(rotation, wrist_at)
    elbow = elbow_of(bones.wrist, arm.shoulder, out=bones.back * 0.5 - rotation[:, 1] * 0.5)
    return [*fleshed(bones, arm.person), *forearm(bones, arm, elbow)]
