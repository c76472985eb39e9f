"""A parcel in somebody's hands, move after move: touch, lift, show a face, tip over, put back, cut, open, take out.

World axes are the room's (rooms.py): x right, y away from the camera, z up, the camera at the origin.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from parcelnet import grips
from parcelnet.aims import flap_tip, levelled, palm_down, when
from parcelnet.grips import Held
from parcelnet.hands import FIST, Arm, Shape
from parcelnet.mesh import Real
from parcelnet.motion import Curve, Motion, Pose, apart, turned
from parcelnet.people import Person
from parcelnet.puppets import Puppet, State, covering, following, free, holding, picked
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.pose import NORMALS


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it all happens. table: height of its top. rest: (3,) where parcels stand on it. left, right: (3,) the
    handler's shoulders. near: (3,) where the handler's hands wait. pace: seconds for a quarter turn."""

    table: float
    rest: Real
    left: Real
    right: Real
    near: Real
    pace: float


@dataclass(slots=True)
class Log:
    """What happened when. first_open: the inside is seen. first_item: an item leaves the parcel. swaps: when another
    parcel takes the first one's place, unseen. cuts: removed stretches (from, to) of the handling."""

    stages: list[tuple[float, str]] = field(default_factory=lambda: [(0.0, "sealed")])
    cut: tuple[float, float] | None = None
    first_open: float | None = None
    first_item: float | None = None
    label_close: list[tuple[float, float]] = field(default_factory=list)
    inspected: list[tuple[float, float]] = field(default_factory=list)
    swaps: list[float] = field(default_factory=list)
    cuts: list[tuple[float, float]] = field(default_factory=list)
    hidden: list[tuple[float, float]] = field(default_factory=list)
    covered: list[tuple[float, float]] = field(default_factory=list)


class Handling:
    """One person and one parcel of `edges` (3,). Every method is a deed; `t` is the time reached."""

    def __init__(self, rng: Generator, bench: Bench, person: Person, *, edges: Real, yaw: float) -> None:
        self.rng, self.bench, self.edges, self.log = rng, bench, edges, Log()
        upright = turned(np.array([0, 0, yaw]))
        self.parcel = Motion(Pose(upright, bench.rest + np.array([0, 0, edges[2] / 2 + 0.002])))
        self.home = self.parcel.pose
        self.item = Motion(Pose(upright, self.home.at))
        self.flaps = Curve(np.zeros(4))
        self._item_from = float("inf")
        self.puppets = [self._puppet(Arm(person, -1, bench.left, bench.right)),
                        self._puppet(Arm(person, 1, bench.right, bench.left))]  # fmt: skip

    def _puppet(self, arm: Arm) -> Puppet:
        return Puppet(arm, self._idle(arm))

    def _idle(self, arm: Arm) -> State:
        aside = arm.shoulder - arm.other
        aside = aside / np.linalg.norm(aside)
        at = self.bench.near + aside * (0.16 + float(np.linalg.norm(self.edges)) * 0.4)
        ahead = self.bench.rest - arm.shoulder
        ahead[2] = 0.0
        ahead = ahead / np.linalg.norm(ahead) - aside * 0.3
        return free(Pose(palm_down(ahead), at + np.array([0, 0, 0.035])), Shape((0.3, 0.3, 0.3, 0.3, 0.3), 0.3), arm)

    @property
    def t(self) -> float:
        """Seconds since the start."""
        return self.parcel.now

    @property
    def toward(self) -> Real:
        """(3,) from the parcel to the camera."""
        at = self.parcel.pose.at
        return np.asarray(-at / np.linalg.norm(at))

    def wait(self, seconds: float) -> None:
        """Nothing moves."""
        self.parcel.wait(seconds)
        for puppet in self.puppets:
            puppet.until(self.t)

    def stage(self, name: str) -> None:
        """From now on it is that stage."""
        self.log.stages.append((self.t, name))

    # --- hands

    def grasp(
        self, seconds: float, *, pose: Pose | None = None, cover: bool = False, start: float | None = None
    ) -> None:
        """Both hands take the parcel, or regrip for a pose it will have; the hands move one after the other."""
        start = self.t if start is None else start
        at = pose or self.parcel.pose
        box = Held(at.rotation, at.at, self.edges)
        below = at.rotation.T @ np.array([0, 0, -1.0])
        rests = at.at[2] - self.bench.table < float(np.abs(at.rotation[2]) @ self.edges) / 2 + 0.04
        taken: tuple[Real, ...] = (below,) if rests else ()
        for number, puppet in enumerate(self.puppets):
            toward = -at.at / np.linalg.norm(at.at)
            if cover:
                grip = covering(box, puppet.arm, self.rng, toward=toward)
            else:
                grip = picked(box, puppet.arm, self.rng, toward=toward, taken=taken)
                taken = (*taken, np.array(grip.normal))
            puppet.until(start + 0.4 * seconds * number)
            puppet.does(start + seconds * (0.6 + 0.4 * number), holding(
                self.parcel, grip, edges=self.edges, scale=puppet.arm.person.scale))  # fmt: skip

    def release(self, seconds: float = 0.5) -> None:
        """Both hands go back to where they wait, while the parcel stays."""
        for puppet in self.puppets:
            puppet.until(self.t)
            puppet.does(self.t + seconds, self._idle(puppet.arm))
        self.wait(seconds)

    # --- the parcel

    def _height(self, rotation: Real) -> float:
        """How high the middle stands when the parcel touches the table in that rotation."""
        return self.bench.table + float(np.abs(rotation[2]) @ self.edges) / 2

    def _hold_at(self, near: float) -> Real:
        """(3,) a place before the camera, `near` of the way to the table's parcel, clear of the table."""
        at = self.home.at * near + self.rng.normal(0, 0.012, 3)
        clear = self.bench.table + float(np.linalg.norm(self.edges)) / 2 + 0.02
        at[2] = max(at[2], clear)
        return np.asarray(at)

    def go(self, to: Pose, seconds: float) -> None:
        """Carry it somewhere, regripping underway where the grip would get awkward."""
        if apart(self.parcel.pose.rotation, to.rotation) > 0.5:
            self.grasp(seconds * 0.7, pose=to, start=self.t + seconds * 0.15)
        self.carry(to, seconds)

    def carry(self, to: Pose, seconds: float) -> None:
        """Carry it somewhere in the grip it is in."""
        self.parcel.move(to, seconds)
        for puppet in self.puppets:
            puppet.until(self.t)

    def pose_showing(self, face: Face, *, angle: float, near: float) -> Pose:
        """`face` towards the camera, `angle` radians off, rolled the least from where it is now."""
        at = self._hold_at(near)
        toward = -at / np.linalg.norm(at)
        normal = np.array(NORMALS[face], float)
        now = self.parcel.pose.rotation
        seen = now @ normal
        axis = np.cross(seen, toward)
        size = float(np.linalg.norm(axis))
        if size < 0.2:  # nearly there or opposite: turn about the picture's upright or level axis
            axis = np.array([0, 0, 1.0]) if self.rng.random() < 0.6 else np.array([1.0, 0, 0])
            axis -= toward * (axis @ toward)
        axis = axis / np.linalg.norm(axis)
        straight = turned(axis * float(np.arctan2(size, seen @ toward))) @ now
        roll = levelled(straight, toward)
        off = self.rng.normal(0, 1, 3)
        off -= toward * (off @ toward)
        off = off / np.linalg.norm(off) * angle
        return Pose(turned(off) @ turned(toward * (roll + self.rng.normal(0, 0.12))) @ straight, at)

    def show(self, face: Face, *, angle: float, dwell: float, near: float = 0.8) -> None:
        """Turn a face to the camera and keep it there a while."""
        to = self.pose_showing(face, angle=angle, near=near)
        far = apart(self.parcel.pose.rotation, to.rotation)
        pace = self.bench.pace * self.rng.uniform(0.8, 1.25)
        self.go(to, max(pace * far / (np.pi / 2), pace * 0.5))
        self.wait(dwell)

    def show_covered(self, face: Face, *, dwell: float, near: float = 0.8) -> None:
        """Turn a face to the camera under both hands, and away again before they let go."""
        start, back = self.t, self.parcel.pose
        to = self.pose_showing(face, angle=0.1, near=near)
        seconds = self.bench.pace * max(apart(back.rotation, to.rotation) / (np.pi / 2), 0.5)
        self.grasp(0.8, pose=to, cover=True)
        self.wait(0.8)
        self.carry(to, seconds)
        self.wait(dwell)
        self.carry(back, seconds)
        self.log.covered.append((start, self.t))

    def tip_over(self, face: Face) -> None:
        """On the table, over an edge, until `face` lies where the one next to it was: towards the camera or up."""
        pose = self.parcel.pose
        seen = pose.rotation @ np.array(NORMALS[face], float)
        axes = [np.array([1.0, 0, 0]), np.array([-1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, -1.0, 0])]
        frame = turned(np.array([0, 0, np.arctan2(*self._yaw(pose.rotation))]))
        goals = [turned(frame @ a * np.pi / 2) @ seen @ self.toward for a in axes]
        axis = frame @ axes[int(np.argmax(goals))]
        corners = pose.at + (np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * self.edges / 2
                             ) @ pose.rotation.T  # fmt: skip
        side = np.cross(axis, [0, 0, 1.0])
        pivot = corners[np.argmax(corners @ side - corners[:, 2] * 3)]
        seconds = self.bench.pace * self.rng.uniform(0.9, 1.4)
        last = Pose(turned(axis * np.pi / 2) @ pose.rotation, pose.at)
        self.grasp(seconds * 0.7, pose=last, start=self.t + 0.1 * seconds)
        self.parcel.tip(axis, pivot, np.pi / 2, seconds=seconds)
        at = self.bench.rest * [1, 1, 0] + [0, 0, self._height(self.parcel.pose.rotation) + 0.002]
        self.parcel.move(Pose(self.parcel.pose.rotation, at), 0.3)
        self.wait(self.rng.uniform(0.3, 0.8))

    @staticmethod
    def _yaw(rotation: Real) -> tuple[float, float]:
        flat = rotation[:, np.argmax(np.abs(rotation[0]) + np.abs(rotation[1]))]
        quarter = np.arctan2(flat[1], flat[0])
        quarter -= np.round(quarter / (np.pi / 2)) * np.pi / 2
        return float(np.sin(quarter)), float(np.cos(quarter))

    def put_back(self) -> None:
        """Onto its bottom, at rest before the camera as at first."""
        turn = turned(np.array([0, 0, self.rng.normal(0, 0.12)])) @ self.home.rotation
        shift = self.rng.normal(0, 0.015, 3) * [1, 1, 0]
        far = apart(self.parcel.pose.rotation, turn)
        over = Pose(turn, self.home.at + shift + [0, 0, 0.06])
        self.go(over, max(self.bench.pace * far / (np.pi / 2), 0.6))
        self.parcel.move(Pose(turn, self.home.at + shift), 0.3)
        self.wait(0.1)

    def leave(self, to: Real, seconds: float, *, gone: float) -> None:
        """Carry it out of the picture to (3,) and back after `gone` seconds."""
        back = self.parcel.pose
        self.go(Pose(back.rotation, to), seconds)
        self.wait(gone)
        self.go(back, seconds)

    # --- opening

    def cut_tape(self, seconds: float) -> None:
        """One hand steadies, the other draws a knife along the seam."""
        pose, arm = self.parcel.pose, self.puppets[1].arm
        top = pose.at + pose.rotation @ np.array([0, 0, self.edges[2] / 2])
        along = pose.rotation[:, 0] * (1.0 if pose.rotation[:, 0] @ (arm.shoulder - arm.other) < 0 else -1.0)
        reach = along * self.edges[0] * 0.46
        puppet = self.puppets[1]
        begin, end = (grips.at_seam(top + d + [0, 0, 0.004], along, arm) for d in (-reach, reach))
        puppet.until(self.t)
        start = self.t + 0.6
        puppet.does(start, free(Pose(*begin), FIST, arm))
        puppet.does(start + seconds, free(Pose(*end), FIST, arm))
        puppet.tool.append((self.t + 0.25, start + seconds + 0.3))
        self.wait(0.6)
        self.stage("opening")
        self.log.cut = (start, start + seconds)
        self.wait(seconds + 0.05)
        puppet.does(self.t + 0.5, self._idle(arm))
        self.wait(0.5)

    def open_flaps(self, angles: Real, *, lid: bool) -> None:
        """The flaps one by one or in pairs, or the lid: degrees (4,) front, back, left, right."""
        order = [[0]] if lid else ([[0], [1], [2, 3]] if self.rng.random() < 0.6 else [[0, 1], [2, 3]])
        reached = np.zeros(4)
        for group in order:
            seconds = self.bench.pace * self.rng.uniform(0.5, 0.9)
            before = reached.copy()
            reached[group] = angles[group]
            start = self.t + 0.3
            self.flaps.go(start, start + seconds, reached.copy())
            self._lift_flaps(group, start, start + seconds, lid=lid)
            share = np.max((60 - before[group]) / np.maximum(angles[group] - before[group], 1e-6))
            if group is order[-1]:
                self.log.first_open = start + seconds * when(float(np.clip(share, 0, 1)))
            self.wait(seconds + 0.35)
        first = self.log.first_open or self.t
        self.log.stages.append((first, "open"))

    def _lift_flaps(self, group: list[int], start: float, end: float, *, lid: bool) -> None:
        """Fingers stay at the tips of the flaps that go up."""
        pose, edges, curve = self.parcel.pose, self.edges, self.flaps
        for k, flap in enumerate(group):
            puppet = self.puppets[(flap + k) % 2 if len(group) == 1 else k]

            def tip(t: float, flap: int = flap) -> Real:
                return pose.at + pose.rotation @ flap_tip(edges, flap, float(curve.at(t)[flap]), lid=lid)

            ahead = tip(start) - puppet.arm.shoulder
            turn = palm_down(ahead * [1, 1, 0.3])
            puppet.until(self.t)
            puppet.does(start - 0.05, following(tip, turn, Shape((0.3, 0.35, 0.35, 0.35, 0.4), 0.1), arm=puppet.arm))
            puppet.until(end)

    # --- the item

    def item_from(self) -> float:
        """When hands start to lift the item; before, it lies in the parcel."""
        return self._item_from

    def take_out(self, size: Real) -> None:
        """Hands go in and lift the item, of size (3,), out of the parcel and before the camera."""
        pose = self.parcel.pose
        inside = pose.at + pose.rotation @ np.array([0, 0, -self.edges[2] / 2 + size[2] / 2 + 0.01])
        self.item.now = max(self.t + 0.55, self.item.now)
        self.item.jump(Pose(pose.rotation, inside))
        self.item.now = self._item_from = self.t + 0.6
        over = inside + np.array([0, 0, self.edges[2] / 2 + size[2] / 2 + 0.08])
        self.grasp_item(size, Pose(pose.rotation, over), 0.6)
        self.item.move(Pose(pose.rotation, over), 0.7)
        self.log.first_item = self.t + 0.6 + 0.7 * when(0.6)
        self.log.stages.append((self.log.first_item, "item_out"))
        self.wait(1.3)

    def grasp_item(self, size: Real, at: Pose, seconds: float) -> None:
        """Both hands take the item."""
        taken: tuple[Real, ...] = (np.array([0, 0, -1.0]),)
        for puppet in self.puppets:
            box = Held(at.rotation, at.at, size)
            grip = picked(box, puppet.arm, self.rng, toward=self.toward, taken=taken)
            taken = (*taken, np.array(grip.normal))
            puppet.until(self.t)
            puppet.does(self.t + seconds, holding(self.item, grip, edges=size, scale=puppet.arm.person.scale))

    def inspect(self, seconds: float) -> None:
        """Turn the item before the camera."""
        start, end = self.t, self.t + seconds
        near = self.home.at * self.rng.uniform(0.72, 0.85)
        near[2] = max(near[2], self.home.at[2] + self.edges[2] / 2 + 0.1)
        while self.item.now < end - 0.3:
            turn = turned(self.rng.normal(0, 0.7, 3)) @ self.item.pose.rotation
            self.item.move(Pose(turn, near + self.rng.normal(0, 0.02, 3)), self.rng.uniform(0.7, 1.3))
            self.item.wait(self.rng.uniform(0.1, 0.5))
        self.wait(self.item.now - start)
        self.log.inspected.append((start, self.t))

    def put_aside(self, size: Real, to: Real) -> None:
        """The item goes onto the table at (3,)."""
        flat = turned(np.array([0, 0, self.rng.uniform(-1, 1)]))
        at = np.array([to[0], to[1], self.bench.table + size[2] / 2 + 0.004])
        self.item.move(Pose(flat, (self.item.pose.at + at) / 2 + [0, 0, 0.15]), 0.6)
        self.item.move(Pose(flat, at), 0.5)
        self.wait(1.1)
        self.release()
