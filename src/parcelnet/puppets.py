"""Hands over time: what each holds when, and smooth ways in between. World axes, seconds."""

from bisect import bisect_right
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from parcelnet import grips, hands
from parcelnet.grips import Grip, Held
from parcelnet.hands import Arm, Shape, Skeleton
from parcelnet.mesh import Mesh, Real
from parcelnet.motion import Motion, Pose, eased

State = Callable[[float], Skeleton]
"""Where a hand is at a time while it does one thing."""


def holding(motion: Motion, grip: Grip, *, edges: Real, scale: float) -> State:
    """On a thing that moves: the grip goes with it."""
    still = grips.skeleton(grip, edges, scale)

    def at(t: float) -> Skeleton:
        pose = motion.at(t)
        return still.placed(pose.rotation, pose.at)

    return at


def free(pose: Pose, shape: Shape, arm: Arm) -> State:
    """Anywhere, in a free pose of the hand's own axes."""
    bones = hands.free(shape, side=arm.side, scale=arm.person.scale).placed(pose.rotation, pose.at)
    return lambda _: bones


def following(target: Callable[[float], Real], turn: Real, shape: Shape, *, arm: Arm) -> State:
    """With the tips of its fingers at a point that moves. turn: (3, 3) the hand's axes to the world's."""
    bones = hands.free(shape, side=arm.side, scale=arm.person.scale)
    tip = bones.centre[1:4, -1].mean(0)
    start = bones.placed(turn, -turn @ tip)
    eye = np.eye(3)
    return lambda t: start.placed(eye, target(t))


def blended(first: Skeleton, last: Skeleton, share: float) -> Skeleton:
    """A hand on its way from one pose to another, lifted off a little."""

    def mixed(a: Real, b: Real) -> Real:
        return np.asarray(a + (b - a) * share)

    def unit(a: Real, b: Real) -> Real:
        made = mixed(a, b) + 1e-6
        return np.asarray(made / np.linalg.norm(made, axis=-1, keepdims=True))

    back = unit(first.back, last.back)
    far = float(np.linalg.norm(last.wrist - first.wrist))
    off = back * min(0.05, 0.3 * far) * np.sin(np.pi * share)
    return Skeleton(
        mixed(first.centre, last.centre) + off,
        unit(first.up, last.up),
        mixed(first.palm, last.palm) + off,
        unit(first.across, last.across),
        back,
        first.scale,
    )


class Puppet:
    """One hand through the whole take: it does one thing from a time to a time, and moves between them."""

    def __init__(self, arm: Arm, start: State) -> None:
        self.arm = arm
        self._from = [-1e9]
        self._deeds: list[tuple[float, State]] = [(0.0, start)]
        self.tool: list[tuple[float, float]] = []

    def does(self, start: float, state: State) -> None:
        """Do this from then on, until told otherwise; the way there takes the time since the last `until`."""
        self._from.append(max(start, self._deeds[-1][0] + 0.05))
        self._deeds.append((max(start, self._deeds[-1][0] + 0.05), state))

    def until(self, t: float) -> None:
        """Keep doing the last thing until then at least."""
        end, state = self._deeds[-1]
        self._deeds[-1] = max(end, t), state

    def bones(self, t: float) -> Skeleton:
        """The hand at that time."""
        k = bisect_right(self._from, t) - 1
        end, state = self._deeds[k]
        if t <= end or k + 1 == len(self._deeds):
            return state(t)
        start = self._from[k + 1]
        return blended(state(t), self._deeds[k + 1][1](t), eased((t - end) / max(start - end, 1e-6)))

    def meshes(self, t: float) -> list[Mesh]:
        """The hand, its arm and what it holds, in world axes."""
        bones, arm = self.bones(t), self.arm
        ahead = np.cross(-bones.back, bones.across * arm.side)
        elbow = hands.elbow_of(bones.wrist, arm.shoulder, out=bones.back * 0.8 - ahead * 0.6)
        way = elbow - bones.wrist
        elbow = elbow + bones.back * max(0.2 * float(np.linalg.norm(way)) - float(way @ bones.back), 0.0)
        made = [*hands.fleshed(bones, arm.person), *hands.forearm(bones, arm, elbow)]
        if any(a <= t <= b for a, b in self.tool):
            made += [m.placed(frame_of(bones, arm.side), bones.wrist) for m in grips.knife(arm.side)]
        return made


def frame_of(bones: Skeleton, side: int) -> Real:
    """(3, 3) the axes of a posed hand."""
    x, z = bones.across * side, -bones.back
    y = np.cross(z, x)
    return np.column_stack([x, y / (np.linalg.norm(y) + 1e-9), z])


def picked(box: Held, arm: Arm, rng: Generator, *, toward: Real, taken: tuple[Real, ...] = ()) -> Grip:
    """A grip that leaves free the face turned `toward` (3,) the camera; not on a `taken` normal (3,) of the box,
    where the other hand or the table is."""
    best, chosen = -np.inf, None
    for _ in range(12):
        grip = grips.random_grip(box, arm, rng=rng, cover=0.15)
        normal = np.array(grip.normal)
        score = -max(float(box.rotation @ normal @ toward) - 0.25, 0.0) * 3 + 0.2 * rng.random()
        score -= 1.2 * max(float(box.rotation @ np.array(grip.ahead) @ toward), 0.0)  # fingers would fold onto it
        score -= sum(2.0 for other in taken if float(normal @ other) > 0.5)
        if score > best:
            best, chosen = score, grip
    if chosen is None:
        raise ValueError("no grip was drawn")
    return chosen


def covering(box: Held, arm: Arm, rng: Generator, *, toward: Real) -> Grip:
    """A flat hand in the middle of the face turned `toward` (3,) the camera."""
    normal = grips.FACES[int(np.argmax(grips.FACES @ (box.rotation.T @ toward)))]
    way = box.rotation.T @ (box.at - arm.shoulder) + rng.normal(0, 0.02, 3)
    ahead = way - normal * (way @ normal)
    ahead /= np.linalg.norm(ahead) + 1e-9
    spot = normal * box.edges / 2 + np.cross(normal, ahead) * rng.uniform(-0.02, 0.02)
    half = np.minimum(np.abs(spot), box.edges / 2)
    x, y, z = (float(v) for v in np.sign(spot) * half)
    to = float(ahead[0]), float(ahead[1]), float(ahead[2])
    return Grip((float(normal[0]), float(normal[1]), float(normal[2])), (x, y, z), to, arm.side, fan=0.4, thumb=0.6)
