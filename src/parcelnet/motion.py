"""How things move when people handle them: minimum-jerk moves, turns about an edge, tremor. World axes, seconds."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from parcelnet.mesh import Real


@dataclass(frozen=True, slots=True)
class Pose:
    """rotation: (3, 3) own axes to world axes. at: (3,) the middle."""

    rotation: Real
    at: Real


def eased(share: float) -> float:
    """Minimum jerk: 0..1 -> 0..1, at rest at both ends."""
    u = min(max(share, 0.0), 1.0)
    return u * u * u * (10 + u * (6 * u - 15))


def turned(vector: Real) -> Real:
    """(3, 3) the turn about (3,) by its length in radians."""
    return np.asarray(cv2.Rodrigues(np.asarray(vector, np.float64))[0], np.float64)


def between(first: Pose, last: Pose, share: float) -> Pose:
    """A pose on the shortest way."""
    vector = np.asarray(cv2.Rodrigues(first.rotation.T @ last.rotation)[0], np.float64).ravel()
    return Pose(first.rotation @ turned(vector * share), first.at + (last.at - first.at) * share)


def apart(first: Real, last: Real) -> float:
    """Angle between two (3, 3) rotations in radians."""
    return float(np.arccos(np.clip((np.trace(first.T @ last) - 1) / 2, -1, 1)))


class Motion:
    """Poses over time, written down move after move; `now` is when the next one starts."""

    def __init__(self, start: Pose) -> None:
        self.now = 0.0
        self.pose = start
        self._starts = [0.0]
        self._moves: list[tuple[float, float, Callable[[float], Pose]]] = [(0.0, 1e-6, lambda _: start)]

    def wait(self, seconds: float) -> None:
        """Stay."""
        self.now += max(seconds, 0.0)

    def move(self, to: Pose, seconds: float) -> None:
        """Go there the shortest way."""
        start = self.pose
        self._add(lambda u: between(start, to, u), seconds, to)

    def tip(self, axis: Real, pivot: Real, angle: float, *, seconds: float) -> None:
        """Turn about a line through `pivot` (3,) along `axis` (3,) by radians."""
        start = self.pose

        def at(u: float) -> Pose:
            turn = turned(axis * angle * u)
            return Pose(turn @ start.rotation, pivot + turn @ (start.at - pivot))

        self._add(at, seconds, at(1.0))

    def jump(self, to: Pose) -> None:
        """Be there at once, where nobody sees it."""
        self._add(lambda _: to, 1e-6, to)

    def _add(self, at: Callable[[float], Pose], seconds: float, last: Pose) -> None:
        self._starts.append(self.now)
        self._moves.append((self.now, max(seconds, 1e-6), at))
        self.now += seconds
        self.pose = last

    def at(self, t: float) -> Pose:
        """The pose at that time."""
        start, seconds, way = self._moves[max(bisect_right(self._starts, t) - 1, 0)]
        return way(eased((t - start) / seconds))


class Tremor:
    """Smooth small unrest of a hand or a held camera: a few sines a direction."""

    def __init__(
        self, rng: Generator, *, shift_m: float, turn_rad: float, slow: float = 0.3, quick: float = 4.0
    ) -> None:
        self._rate = 2 * np.pi * np.exp(rng.uniform(np.log(slow), np.log(quick), (6, 4)))
        self._phase = rng.uniform(0, 2 * np.pi, (6, 4))
        size = rng.normal(0, 0.6, (6, 4)) * np.sqrt(2 * np.pi * slow * 3 / self._rate)
        self._size = size * np.repeat([turn_rad, shift_m], 3)[:, None]

    def at(self, t: float) -> tuple[Real, Real]:
        """(3, 3) turn and (3,) shift."""
        now = (np.sin(self._rate * t + self._phase) * self._size).sum(1)
        return turned(now[:3]), now[3:]


class Curve:
    """Numbers over time, eased from one to the next."""

    def __init__(self, start: Real) -> None:
        self._keys: list[tuple[float, float, Real]] = [(0.0, 0.0, start)]

    def go(self, start: float, end: float, to: Real) -> None:
        """From whatever it is at `start` to `to` at `end`; to be called in order of time."""
        self._keys.append((start, end, to))

    def at(self, t: float) -> Real:
        """The numbers at that time."""
        value = self._keys[0][2]
        for start, end, to in self._keys[1:]:
            if t <= start:
                break
            value = value + (to - value) * eased((t - start) / max(end - start, 1e-6))
        return np.asarray(value)
