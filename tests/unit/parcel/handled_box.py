"""A box turned in the hands, and what a network that errs in known ways says of it: no pictures, fixed seeds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.observe.parcel.cuboid import shares
from sixfaces.observe.parcel.decode import nearest, trust
from sixfaces.observe.parcel.flow import Turn
from sixfaces.observe.parcel.sight import Sight
from sixfaces.observe.parcel.symmetric import GROUP, inertia, tensor
from sixfaces.observe.parcel.turns import exp, log

Real = NDArray[np.float64]

FPS = 12
SIZE = (640, 360)
EDGES: Real = 2 * np.array([0.34, 0.25, 0.19]) / np.linalg.norm([0.34, 0.25, 0.19])


def random_rotation(rng: np.random.Generator) -> Real:
    """Any orientation."""
    return exp(rng.normal(size=3) * 2)


def handling(rng: np.random.Generator, count: int) -> Real:
    """(count, 3, 3) at rest, then quarter and half turns at up to 170 degrees a second with pauses between."""
    path = [random_rotation(rng)] * 8
    while len(path) < count:
        axis = rng.normal(size=3)
        axis /= np.linalg.norm(axis)
        turn = np.radians(rng.choice([90.0, 90.0, 180.0]))
        steps = int(np.ceil(turn * np.pi / 2 / np.radians(rng.uniform(80, 170)) * FPS))
        for part in np.diff((1 - np.cos(np.linspace(0, np.pi, steps + 1))) / 2 * turn):
            path.append(exp(axis * part) @ path[-1])
        path += [path[-1]] * int(rng.integers(4, 10))
    return np.array(path[:count])


@dataclass(frozen=True)
class Errors:
    """scatter: degrees about each axis. wrong: share of frames, in bursts, that say something else altogether."""

    scatter: float
    wrong: float
    points: bool = True


def sights(rng: np.random.Generator, path: Real, errors: Errors) -> list[Sight]:
    """What a network with these errors and a follower of points give for each frame."""
    wrong = np.zeros(len(path), dtype=bool)
    while wrong.mean() < errors.wrong:
        first = int(rng.integers(8, len(path)))
        wrong[first : first + int(rng.integers(1, 7))] = True
    spread = np.radians(errors.scatter)
    return [_sight(rng, path, i, scatter=0.6 if wrong[i] else spread, points=errors.points) for i in range(len(path))]


def _sight(rng: np.random.Generator, path: Real, i: int, *, scatter: float, points: bool) -> Sight:
    said = exp(rng.normal(size=3) * scatter) @ path[i]
    given = tensor(said) * np.exp(-10 * scatter**2) + rng.normal(size=15) * 0.05
    rotation = nearest(given) @ GROUP[rng.integers(24)]
    edges = EDGES * np.exp(rng.normal(size=3) * 0.1)
    turn = None
    if points and i and rng.random() < 0.85:
        moved = log(path[i] @ path[i - 1].T)
        told = moved * (1 + rng.normal() * 0.2) + rng.normal(size=3) * 0.02
        turn = Turn(exp(told), np.array([0, 0, 3.0]), 40, 0.9, 0.4, 0.02 + 0.25 * float(np.linalg.norm(moved)))
    time = MediaTime(ticks=i, den=FPS)
    share = shares(inertia(path[i], edges), rotation)
    return Sight(time, i, rotation, np.array([0.0, 0.0, 3.0]), share, trust(given, rotation), turn)
