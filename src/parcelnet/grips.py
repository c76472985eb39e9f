"""Hands on a box: palm on one face, digits laid along it and folded over its edges, as holding hands do.

A grip is told in the box's own axes, so it stays where it is while the box turns. The folding is exact: a digit's arc
length runs on over the edge onto the neighbouring face.
"""

from dataclasses import dataclass, replace

import numpy as np

from parcelnet import hands
from parcelnet.hands import Arm, Shape, Skeleton, crossed, hand
from parcelnet.mesh import Mesh, Part, Real, patch
from parcelnet.people import Colour, Person, random_person, torso

FACES: Real = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], float)


@dataclass(frozen=True, slots=True)
class Grip:
    """How one hand lies on a box.

    normal: (3,) of the face under the palm. knuckles: (3,) the middle of the knuckles on that face, box axes. ahead:
    (3,) where the fingers point, along the face. side: +1 right, -1 left hand. arch: how high the knuckles stand off.
    fan: how far the fingers spread. thumb: its angle from the fingers, radians. apart: metres off the box, for hands
    that come and go.
    """

    normal: tuple[float, float, float]
    knuckles: tuple[float, float, float]
    ahead: tuple[float, float, float]
    side: int
    arch: float = 0.012
    fan: float = 0.15
    thumb: float = 1.1
    apart: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """A box for hands to hold: (3, 3) its axes to the scene's, (3,) its middle, (3,) its edges."""

    rotation: Real
    at: Real
    edges: Real


def _folded(start: Real, way: Real, arc: Real, *, normal: Real, half: Real) -> tuple[Real, Real]:
    """(5, 3) starts and directions on a face, (5, 5) arc lengths -> (5, 5, 3) places on the surface and normals there.

    The station nearest to the edge moves onto it: a digit bends at the edge, not through it.
    """
    flat = np.where(np.abs(normal) > 0.5, 1e-9, way)
    room = (half * np.sign(flat) - start) / np.where(np.abs(flat) < 1e-6, 1e-6 * np.sign(flat + 1e-12), flat)
    room = np.where((np.abs(normal) > 0.5)[None] | (np.abs(flat) < 0.05), np.inf, room)
    axis = np.argmin(room, axis=1)
    rows = np.arange(5)
    edge = np.maximum(room[rows, axis], 0.0)[:, None]
    near = np.argmin(np.abs(arc - edge), axis=1)
    crosses = (edge[:, 0] < arc[:, -1]) & (near < 4)
    arc = arc.copy()
    arc[rows[crosses], near[crosses]] = edge[crosses, 0]
    over = np.maximum(arc - edge, 0.0)[..., None]
    second = np.zeros((5, 3))
    second[rows, axis] = np.sign(way[rows, axis])
    along = way - second * np.abs(way[rows, axis])[:, None]
    fold = along - normal * np.abs(way[rows, axis])[:, None]
    place = start[:, None] + np.minimum(arc, edge)[..., None] * way[:, None] + over * fold[:, None]
    share = np.clip((arc - edge) / 0.006 + 0.5, 0, 1)[..., None]
    out = normal * (1 - share) + second[:, None] * share
    return place, out / np.linalg.norm(out, axis=-1, keepdims=True)


def skeleton(grip: Grip, edges: Real, scale: float) -> Skeleton:
    """The hand's bones in the box's axes."""
    normal, ahead = np.array(grip.normal), np.array(grip.ahead)
    across = grip.side * crossed(normal, ahead) * -1.0
    knuckles = np.array(grip.knuckles)
    roots = knuckles + (hands.ROOTS[:, :1] * across + hands.ROOTS[:, 1:] * ahead) * scale
    fan = np.array([-grip.thumb, -0.16, -0.02, 0.10, 0.22]) * np.array([1, *[0.3 + grip.fan * 3] * 4])
    way = np.cos(fan)[:, None] * ahead - np.sin(fan)[:, None] * across
    arc = hands.STATIONS * (hands.LENGTHS * scale)[:, None]
    place, out = _folded(roots, way, arc, normal=normal, half=edges / 2)
    rise = np.array([1.0, 0.95, 0.45, 0.1, 0.0]) * grip.arch
    height = np.maximum(hands.RADII, 0.006) * scale + rise + grip.apart * np.array([0.3, 0.5, 0.7, 0.9, 1.0])
    centre = place + out * height[None, :, None]
    along = np.array([-1.0, -0.72, -0.35, 0.0, 0.10])
    lift = np.array([0.026, 0.022, 0.017, 0.013, 0.011]) * scale + grip.arch * np.array([0.6, 0.8, 1.0, 1.0, 0.9])
    lift = lift + grip.apart * 0.15
    palm = knuckles + along[:, None] * hands.PALM * scale * ahead + lift[:, None] * normal
    off = normal * grip.apart * 0.85 - ahead * grip.apart * 0.5
    return Skeleton(centre + off, out, palm + off, across, normal, scale)


def gripping(box: Held, grip: Grip, arm: Arm) -> list[Mesh]:
    """A hand that lies on the box, with its arm."""
    bones = skeleton(grip, box.edges, arm.person.scale).placed(box.rotation, box.at)
    normal, ahead = box.rotation @ np.array(grip.normal), box.rotation @ np.array(grip.ahead)
    elbow = hands.elbow_of(bones.wrist, arm.shoulder, out=normal * 0.8 - ahead * 0.6)
    way = elbow - bones.wrist
    sunk = max(0.25 * float(np.linalg.norm(way)) - float(way @ normal), 0.0)
    elbow = elbow + normal * sunk
    return [*hands.fleshed(bones, arm.person), *hands.forearm(bones, arm, elbow)]


def free_faces(box: Held, shoulder: Real) -> Real:
    """(6,) how well a hand from that shoulder (3,) reaches each of FACES: higher is easier, negative hardly."""
    way = box.rotation.T @ (shoulder - box.at)
    way /= np.linalg.norm(way) + 1e-9
    return np.asarray(FACES @ way)


def random_grip(box: Held, arm: Arm, *, rng: np.random.Generator, cover: float = 0.25) -> Grip:
    """A natural grip of that arm on a face it reaches, on its own side; mostly near the face's edges, now and then
    (`cover`) in its middle."""
    shoulder = arm.shoulder
    own = box.rotation.T @ (shoulder - arm.other)
    own /= np.linalg.norm(own) + 1e-9
    ease = free_faces(box, shoulder) + 0.9 * (FACES @ own)
    face = int(np.argmax(ease * 1.2 + rng.gumbel(0, 0.4, 6)))
    normal, half = FACES[face], box.edges / 2
    way = box.rotation.T @ (box.at - shoulder)
    way = way - normal * (way @ normal)
    way = way + rng.normal(0, 0.35, 3) * np.linalg.norm(way) + rng.normal(0, 0.01, 3)
    way = way - normal * (way @ normal)
    ahead = way / (np.linalg.norm(way) + 1e-9)
    across = crossed(normal, ahead)
    reach = float(np.abs(ahead) @ np.where(np.abs(normal) > 0.5, 0, half))
    wide = float(np.abs(across) @ np.where(np.abs(normal) > 0.5, 0, half))
    if rng.random() < cover:
        ahead_by, across_by = rng.uniform(-0.4, 0.6) * reach, rng.uniform(-0.6, 0.6) * wide
    else:
        wraps = rng.random() < 0.6
        ahead_by = reach - min(rng.uniform(-0.005, 0.06), reach) if wraps else rng.uniform(-0.9, 0.2) * reach
        across_by = rng.uniform(-0.95, 0.95) * max(wide - 0.02, 0)
    if wide > 0.05 and abs(float(across @ own)) > 0.3:
        across_by = abs(across_by) * float(np.sign(across @ own))
    at = normal * half + ahead * ahead_by + across * across_by
    at = np.clip(at, -half, half)
    return Grip(
        tuple(normal), tuple(at), tuple(ahead), arm.side,
        arch=float(rng.uniform(0, 0.03)), fan=float(rng.uniform(0, 0.4)), thumb=float(rng.uniform(0.3, 1.5)),
    )  # fmt: skip


def _aimed(ahead: Real, palm: Real) -> Real:
    """(3, 3) hand axes with the fingers along `ahead` and the palm towards `palm`."""
    y = ahead / (np.linalg.norm(ahead) + 1e-9)
    z = palm - y * (palm @ y)
    z /= np.linalg.norm(z) + 1e-9
    return np.column_stack([crossed(y, z), y, z])


def reaching(target: Real, arm: Arm, *, rng: np.random.Generator, palm: Real | None = None) -> list[Mesh]:
    """A hand on its way to a point (3,), pointing at it or flat before it; palm: where its palm faces."""
    ahead = target - arm.shoulder
    ahead = ahead / (np.linalg.norm(ahead) + 1e-9) + rng.normal(0, 0.2, 3)
    turn = _aimed(ahead, np.array([0.0, 1.0, 0.4]) if palm is None else palm)
    shape = hands.POINTING if rng.random() < 0.4 else Shape(tuple(rng.uniform(0, 0.45, 5)), float(rng.random()))
    wrist = target - turn[:, 1] * arm.person.scale * rng.uniform(0.12, 0.19)
    return hand(wrist, turn, shape, arm=arm)


_HANDLES: tuple[Colour, ...] = (
    (0.02, 0.08, 0.7),
    (0.02, 0.02, 0.02),
    (0.05, 0.55, 0.8),
    (0.4, 0.1, 0.02),
    (0.2, 0.2, 0.2),
)
_KNIFE: Real = np.array([[0.06, 0.085, 0.02], [-0.075, 0.1, 0.02]])
"""From one end of the handle to the other, through the fist."""


def knife(side: int, *, reach: float = 0.25, handle: int = 0) -> list[Mesh]:
    """A box cutter in the hand's axes: handle through the fist, blade beyond it by `reach` handles."""
    mirror = np.array([float(side), 1.0, 1.0])
    path = np.linspace(_KNIFE[0], _KNIFE[1], 4)[None] * mirror
    wide = np.tile([0.0, 0.004, 0.011], (1, 4, 1))
    deep = np.tile([0.0, 0.009, -0.003], (1, 4, 1))
    grasp = hands.limbs(path, wide, deep, part=Part.TOOL, colour=_HANDLES[handle % len(_HANDLES)])
    root, tip = _KNIFE[1], _tip(reach)
    spine = np.array([[0, 0, 0.009], [0, 0, 0], [0, 0, -0.004], [0, 0, -0.009]])
    corners = (np.stack([root, tip, tip, root]) + spine) * mirror
    return [grasp, patch(corners, Part.TOOL, colour=(0.55, 0.55, 0.55))]


def _tip(reach: float) -> Real:
    return np.asarray(_KNIFE[1] + (_KNIFE[1] - _KNIFE[0]) * reach)


def at_seam(target: Real, along: Real, arm: Arm, *, reach: float = 0.25) -> tuple[Real, Real]:
    """(3, 3) axes and (3,) wrist of a fist whose knife's tip is at `target` (3,), cutting towards `along` (3,)."""
    side, down = arm.side, target - arm.shoulder
    down = down / (np.linalg.norm(down) + 1e-9)
    thumb = -(0.7 * down + 0.6 * along / (np.linalg.norm(along) + 1e-9))
    x = side * thumb / np.linalg.norm(thumb)
    y = crossed(crossed(thumb, down), thumb) + 0.4 * along
    y -= x * (y @ x)
    y /= np.linalg.norm(y) + 1e-9
    turn = np.column_stack([x, y, crossed(x, y)])
    tip = _tip(reach) * np.array([side, 1, 1]) * arm.person.scale
    return turn, target - turn @ tip


def cutting(target: Real, along: Real, arm: Arm, *, rng: np.random.Generator) -> list[Mesh]:
    """A fist whose knife's tip is at a point (3,) of the seam; along: (3,) where it cuts to."""
    reach = float(rng.uniform(0.12, 0.35))
    turn, wrist = at_seam(target, along, arm, reach=reach)
    tool = knife(arm.side, reach=reach, handle=int(rng.integers(len(_HANDLES))))
    return [*hand(wrist, turn, hands.FIST, arm=arm), *(m.placed(turn, wrist) for m in tool)]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where whoever handles the parcel stands: (3,) left and right shoulder, the person's own, and whether he or she is
    behind the parcel and seen (the right hand is then on the picture's left)."""

    left: Real
    right: Real
    seen: bool

    def arm(self, person: Person, side: int) -> Arm:
        """The right (+1) or left (-1) arm of the person who stands there."""
        own, other = (self.right, self.left) if side > 0 else (self.left, self.right)
        return Arm(person, side, own, other)


def stand(rng: np.random.Generator, box: Held) -> Stand:
    """Behind the table, beside the camera or at the table's end."""
    at, clear = box.at, float(np.linalg.norm(box.edges)) / 2
    where = rng.choice(3, p=[0.5, 0.35, 0.15])
    wide = np.array([rng.uniform(0.17, 0.23), 0, 0])
    if where == 0:
        seen = bool(rng.random() < 0.7)
        up = rng.uniform(-0.45, -0.2) - (not seen) * 0.5
        middle = at + np.array([rng.normal(0, 0.08), up, rng.uniform(0.15, 0.35) + clear])
        return Stand(middle + wide, middle - wide, seen)
    if where == 1:
        middle = np.array([rng.normal(0, 0.15), rng.uniform(0.3, 0.6), rng.uniform(0.12, 0.3) * min(at[2], 1.0)])
        return Stand(middle - wide, middle + wide, seen=False)
    aside = rng.choice([-1.0, 1.0])
    middle = at + np.array([aside * (rng.uniform(0.5, 0.8) + clear), rng.uniform(-0.3, 0.35), rng.normal(0, 0.2)])
    return Stand(middle - wide[[1, 1, 0]] * aside, middle + wide[[1, 1, 0]] * aside, seen=False)


def random_hand_on_box(
    rng: np.random.Generator, box: Held, *, person: Person | None = None, count: int | None = None, cover: float = 0.25
) -> list[Mesh]:
    """No, one or two hands of one person that hold, cover, push, point at, steady or cut the box, with the body if it
    is in the picture. cover: share of grips in the middle of a face."""
    person = person or random_person(rng)
    count = int(rng.choice(3, p=[0.15, 0.3, 0.55])) if count is None else count
    place = stand(rng, box)
    made = torso(person, (place.left + place.right) / 2 + [0, -0.03, 0.03], rng=rng) if place.seen else []
    first = rng.integers(2)
    for number in range(count):
        side = -1 if (number + first) % 2 == 0 else 1
        made += _random_hand(rng, box, place.arm(person, side), cover=cover)
    return made


def _random_hand(rng: np.random.Generator, box: Held, arm: Arm, *, cover: float) -> list[Mesh]:
    shoulder = arm.shoulder
    does = rng.random()
    if does < 0.8:
        grip = random_grip(box, arm, rng=rng, cover=cover)
        if rng.random() < 0.2:
            apart = float(rng.exponential(0.04))
            grip = replace(grip, apart=apart)
        return gripping(box, grip, arm)
    face = int(np.argmax(free_faces(box, shoulder) + rng.gumbel(0, 0.3, 6)))
    spot = FACES[face] * box.edges / 2 + (1 - np.abs(FACES[face])) * rng.uniform(-0.45, 0.45, 3) * box.edges
    target = box.at + box.rotation @ spot
    if does < 0.9:
        return reaching(target, arm, rng=rng, palm=-box.rotation @ FACES[face])
    along = box.rotation @ ((1 - np.abs(FACES[face])) * rng.normal(0, 1, 3))
    return cutting(target, along, arm, rng=rng)
