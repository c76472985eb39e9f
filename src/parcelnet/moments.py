"""Random moments of unboxings: where the parcel is, how far it is open, who touches it. One call, one Scene."""

import numpy as np
from numpy.random import Generator

from parcelnet import rooms
from parcelnet.bags import random_soft
from parcelnet.boxes import Opening
from parcelnet.cartons import Carton
from parcelnet.goods import random_item
from parcelnet.grips import Held, random_hand_on_box
from parcelnet.mesh import Mesh, Part, Real, grid, patch
from parcelnet.people import random_person, torso
from parcelnet.pool import Pool
from parcelnet.scene import Scene, View, carton_meshes, lamp, room, view

SETTLED = 0.002
"""Metres between parcel and table: what touches must not flicker."""


def moment(rng: Generator, pool: Pool) -> Scene:
    """A box in two thirds of the open and closed states, soft parcels, and scenes without any."""
    chance = rng.random()
    if chance < 0.14:
        return _nothing(rng, pool)
    if chance < 0.21:
        return _soft(rng, pool)
    return _boxed(rng, pool)


def _boxed(rng: Generator, pool: Pool) -> Scene:
    first, carton = pool.carton(rng)
    looks = view(rng)
    state = str(rng.choice(["closed", "opening", "open", "item_out"], p=[0.40, 0.18, 0.19, 0.23]))
    rests = bool(rng.random() < (0.35 if state == "closed" else 0.85))
    turn = _resting(rng, state) if rests else _held(rng, looks, state)
    world = looks.world.T @ turn if not rests else turn
    rotation = looks.world @ world
    place = _place(rng, looks, float(np.linalg.norm(carton.edges)) / 2)
    opening = _opening(rng, carton, state)
    body = carton_meshes(carton, opening, rotation, place, first_texture=first, rng=rng)
    scene = Scene(looks, lamp(rng, looks), rotation, place, carton.edges, "box", state, opening.cut)
    scene.moving = body + _content(rng, pool, carton, opening, (rotation, place, state))
    middle = looks.world.T @ place
    height = float(np.abs(world[2] @ np.diag(carton.edges / 2)).sum())
    drop = height + (SETTLED if rests else rng.uniform(0.0, 0.45))
    if rng.random() < 0.9:
        clear = float(np.linalg.norm(carton.edges[:2])) / 2
        scene.meshes = room(rng, pool, looks, middle=middle, drop=drop, clear=clear)
    scene.meshes += _beside(rng, pool, looks, scene) if rng.random() < 0.3 else []
    if opening.shut and rests and rng.random() < 0.06:
        size = float(carton.edges.min() * rng.uniform(0.5, 1.2))
        on_top = middle + [rng.normal(0, 0.25) * carton.edges[0], rng.normal(0, 0.25) * carton.edges[1], height]
        stacked = rooms.other_box(rng, pool, on_top, size=size)
        scene.meshes += [m.placed(looks.world, np.zeros(3)) for m in stacked]
    _people(rng, scene, Held(rotation, place, carton.edges), rests=rests)
    return scene


def _resting(rng: Generator, state: str) -> Real:
    """(3, 3) parcel axes to world axes: on its bottom, or on any other face, at any yaw."""
    turn = rooms.yaw(rng.normal(0, 0.35) + rng.choice([0.0, 0.0, np.pi / 2, -np.pi / 2, np.pi]))
    if rng.random() < 0.2:
        turn = rooms.yaw(rng.uniform(-np.pi, np.pi))
    if state == "closed" and rng.random() < 0.35:
        flips = [np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]), np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]])]
        flips += [np.diag([1, -1, -1]), flips[0].T, flips[1].T]
        turn = turn @ flips[int(rng.integers(5))]
    return np.asarray(turn, np.float64)


def _held(rng: Generator, looks: View, state: str) -> Real:
    """(3, 3) parcel axes to camera axes: one face shown to the camera, or turned anyhow."""
    random_turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    random_turn *= np.sign(np.linalg.det(random_turn))
    if state != "closed":
        return looks.world @ _resting(rng, state) @ _little(rng, 0.4)
    if rng.random() < 0.55:
        return np.asarray(random_turn)
    square = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0.0]])
    axes = np.eye(3)[rng.permutation(3)] * rng.choice([-1.0, 1.0], 3)
    axes *= np.sign(np.linalg.det(axes))
    return np.asarray(_little(rng, 0.35) @ square @ axes)


def _little(rng: Generator, spread: float) -> Real:
    """(3, 3) a small random turn, about `spread` radians."""
    vector = rng.normal(0, spread / np.sqrt(3), 3)
    angle = float(np.linalg.norm(vector)) + 1e-12
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _place(rng: Generator, looks: View, radius: float) -> Real:
    """(3,) in camera axes: how near, and where in the picture, now and then partly out of it."""
    wide, tall = looks.size
    apparent = float(np.exp(rng.uniform(np.log(0.11), np.log(0.55)))) * min(wide, tall)
    away = max(looks.focal * radius / apparent, radius + 0.12)
    reach = apparent * (rng.uniform(0.75, 1.2) if rng.random() < 0.85 else rng.uniform(0.1, 0.75))
    x = rng.uniform(reach, wide - reach) if wide > 2 * reach else wide / 2 + rng.normal(0, 0.1 * wide)
    y = rng.uniform(reach, tall - reach) if tall > 2 * reach else tall / 2 + rng.normal(0, 0.1 * tall)
    return np.array([(x - wide / 2) / looks.focal, (y - tall / 2) / looks.focal, 1.0]) * away


def _opening(rng: Generator, carton: Carton, state: str) -> Opening:
    bulge = float(rng.uniform(0, 0.012)) if rng.random() < 0.3 else 0.0
    dent = float(rng.uniform(0.003, 0.02)) if rng.random() < 0.15 else 0.0
    if state == "closed":
        return Opening(bulge=bulge, dent=dent)
    if state == "opening":
        if rng.random() < 0.35 and carton.taped:
            return Opening(cut=True, bulge=bulge)
        angles = rng.uniform(0, 75, 4) * (rng.random(4) < 0.7)
        angles[int(rng.integers(0, 2)) if not carton.lid else 0] = rng.uniform(12, 75)
        return Opening((angles[0], angles[1], angles[2], angles[3]), True, bulge)
    angles = rng.uniform(75, 245, 4)
    if rng.random() < 0.2:
        angles[int(rng.integers(1, 4))] = rng.uniform(0, 60)
    return Opening((angles[0], angles[1], angles[2], angles[3]), True, bulge)


def _content(rng: Generator, pool: Pool, carton: Carton, opening: Opening, now: tuple[Real, Real, str]) -> list[Mesh]:
    """Goods and filler: inside the open carton, or outside of it once taken out."""
    rotation, place, state = now
    if opening.shut:
        return []
    made: list[Mesh] = []
    depth = float(carton.edges[2])
    if rng.random() < 0.4:
        made += _filler(rng, carton, rotation, place)
    fits = carton.edges * np.array([0.8, 0.8, 0.75])
    goods = random_item(rng, fits, textures=(pool.print(rng),) if rng.random() < 0.7 else ())
    inside = state != "item_out" and rng.random() < 0.75
    if inside:
        at = np.array([0, 0, -depth / 2 + float(fits[2]) / 2 + 0.01])
        made += [m.placed(rotation, rotation @ at + place) for m in goods]
    elif state == "item_out":
        aside = np.array([rng.normal(0, 0.7), rng.normal(-0.2, 0.5), rng.uniform(0.35, 1.3)]) * carton.edges
        aside[2] += depth * 0.3
        turn = rotation @ _little(rng, 0.9)
        at = place + rotation @ aside
        moved = [m.placed(turn, at) for m in goods]
        made += moved
        if rng.random() < 0.85:
            made += random_hand_on_box(rng, Held(turn, at, fits * 0.9), count=int(rng.integers(1, 3)))
    return made


def _filler(rng: Generator, carton: Carton, rotation: Real, place: Real) -> list[Mesh]:
    """Crumpled paper, foam or bubble wrap as a bumpy sheet somewhere inside."""
    x, y, z = carton.edges / 2 * 0.95
    v, u = np.meshgrid(np.linspace(-y, y, 8), np.linspace(-x, x, 8), indexing="ij")
    height = -z + rng.uniform(0.1, 1.6) * z + rng.normal(0, 0.012, v.shape)
    shade = rng.uniform(0.3, 0.9)
    colour = (shade * rng.uniform(0.4, 1.0), shade * rng.uniform(0.7, 1.0), shade)
    sheet = grid(np.stack([u, -v, height], -1), Part.FILLER, colour=colour)
    return [sheet.placed(rotation, place)]


def _beside(rng: Generator, pool: Pool, looks: View, scene: Scene) -> list[Mesh]:
    """Another box right behind or beside the handled one, often of the same make."""
    size = float(scene.edges.max() * rng.uniform(0.5, 1.3))
    away = looks.world.T @ scene.place
    angle = rng.uniform(0, 2 * np.pi)
    reach = (np.linalg.norm(scene.edges) + size) * rng.uniform(0.55, 0.9)
    base = away + [reach * np.cos(angle), abs(reach * np.sin(angle)) * rng.choice([1, 1, -0.5]), -scene.edges[2] / 2]
    return [m.placed(looks.world, np.zeros(3)) for m in rooms.other_box(rng, pool, base, size=size)]


def _people(rng: Generator, scene: Scene, held: Held, *, rests: bool) -> None:
    """Hands on the parcel and, often, the person behind it."""
    person = random_person(rng)
    chances = [0.5, 0.25, 0.25] if rests else [0.12, 0.28, 0.6]
    count = int(rng.choice(3, p=chances))
    scene.moving += random_hand_on_box(rng, held, person=person, count=count)
    if count == 0 and rng.random() < 0.35:
        behind = held.at + scene.view.up * rng.uniform(0.2, 0.5) + np.array([rng.normal(0, 0.15), 0, 0])
        behind[2] += float(np.linalg.norm(held.edges)) / 2 + rng.uniform(0.1, 0.4)
        scene.meshes += torso(person, behind, rng=rng)


def _soft(rng: Generator, pool: Pool) -> Scene:
    looks = view(rng)
    label = pool.label(rng) if rng.random() < 0.75 else None
    soft = random_soft(rng, label=label, textures=(pool.print(rng),) if rng.random() < 0.3 else ())
    edges = np.asarray(soft.size, np.float64)
    turn = looks.world @ _resting(rng, "closed") @ _little(rng, 1.2 if rng.random() < 0.6 else 0.1)
    place = _place(rng, looks, float(np.linalg.norm(edges)) / 2)
    scene = Scene(looks, lamp(rng, looks), turn, place, edges, soft.kind, "closed")
    scene.moving = soft.placed(turn, place)
    middle = looks.world.T @ place
    clear = float(np.linalg.norm(edges[:2])) / 2
    scene.meshes = room(rng, pool, looks, middle=middle, drop=float(edges.min()) / 2 + rng.uniform(0, 0.3), clear=clear)
    _people(rng, scene, Held(turn, place, edges), rests=False)
    return scene


def _nothing(rng: Generator, pool: Pool) -> Scene:
    """A room, hands, perhaps goods without any parcel; other boxes stand only in the background."""
    looks = view(rng)
    place = _place(rng, looks, 0.2)
    scene = Scene(looks, lamp(rng, looks), np.eye(3), place, np.full(3, 0.2), "none", "closed")
    middle = looks.world.T @ place
    scene.meshes = room(rng, pool, looks, middle=middle, drop=rng.uniform(0, 0.3), clear=0.45)
    if rng.random() < 0.45:
        scene.meshes += _sheets(rng, pool, place)
    held = Held(np.eye(3), place, np.full(3, 0.12))
    if rng.random() < 0.6:
        if rng.random() < 0.6:
            turn = _little(rng, 2.0)
            goods = random_item(rng, np.full(3, 0.25), textures=(pool.print(rng),) if rng.random() < 0.5 else ())
            scene.meshes += [m.placed(turn, place) for m in goods]
        scene.meshes += random_hand_on_box(rng, held, count=int(rng.integers(1, 3)))
    return scene


def _sheets(rng: Generator, pool: Pool, at: Real) -> list[Mesh]:
    """Flat things that are no box: screens, books, posters, papers, floors of any pattern."""
    made = []
    for _ in range(int(rng.integers(1, 6))):
        size = np.exp(rng.uniform(np.log(0.05), np.log(0.6), 2)) / 2
        corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0.0]]) * np.array([*size, 1])
        points = corners @ _little(rng, 0.7).T + at + rng.normal(0, 0.12, 3) + [0, 0, rng.uniform(-0.05, 0.3)]
        texture = pool.print(rng) if rng.random() < 0.5 else pool.surface(rng)
        tint = rng.uniform(0.5, 1.2)
        made.append(patch(points, Part.CLUTTER, texture=texture, colour=(tint, tint, tint)))
    return made


def shaken(scene: Scene, rng: Generator, amount: float) -> list[list[Mesh]]:
    """Three phases of the moving parts along one motion, for blur: turn and shift of `amount` (1 is fast)."""
    turn, shift = _little(rng, 0.12 * amount), rng.normal(0, 0.02 * amount, 3)
    phases = []
    for part in (0.5, 1.0):
        about = scene.place
        r = np.eye(3) + (turn - np.eye(3)) * part
        u, _, v = np.linalg.svd(r)
        r = u @ v
        phases.append([m.placed(r, about - r @ about + shift * part) for m in scene.moving])
    return [scene.moving, *phases]
