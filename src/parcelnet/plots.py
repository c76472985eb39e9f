"""What happens in a take: an honest unboxing, or one with a named defect."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from parcelnet.handling import Handling
from parcelnet.mesh import Real
from parcelnet.motion import Pose, turned
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.pose import NORMALS

FACES = tuple(Face)
_FACE_DEFECTS = tuple(f"{how}_{face}" for how in ("missing", "covered", "short", "oblique") for face in FACES)
_OTHER_DEFECTS = (
    *("left_frame", "hidden", "substituted", "substituted_similar", "two_boxes"),
    *("starts_open", "seal_cut", "no_opening", "not_opened", "no_item", "bag", "tube", "no_parcel"),
)
DEFECTS = ("honest", *_FACE_DEFECTS, *_OTHER_DEFECTS)
"""`missing`: the face is never turned to the camera; `covered`: only under hands; `short`: for an instant; `oblique`:
never within 60 degrees. `hidden`: something stands before the parcel for a while. `substituted`: while it was out of
the picture it became one of the same make with another waybill; `substituted_similar`: one with other print.
`two_boxes`: a second box is taken up in its place. `no_opening`: the recording pauses while it is opened."""
SOFT = ("bag", "tube")


@dataclass(frozen=True, slots=True)
class Plot:
    """A defect and, where it is about one face, that face."""

    defect: str

    def __post_init__(self) -> None:
        if self.defect not in DEFECTS:
            raise ValueError(f"unknown defect {self.defect!r}")

    @property
    def face(self) -> Face | None:
        """The face it is about."""
        how, _, name = self.defect.partition("_")
        return Face(name) if how in ("missing", "covered", "short", "oblique") else None

    @property
    def how(self) -> str:
        """What is wrong with that face."""
        return self.defect.partition("_")[0]

    @property
    def pitch(self) -> tuple[float, float] | None:
        """The camera's tilt it needs: what lies open to the camera at rest cannot be missing."""
        if self.face is Face.TOP:
            return (3.0, 20.0)
        return (76.0, 92.0) if self.face is Face.FRONT else None


@dataclass(frozen=True, slots=True)
class Props:
    """Things a plot needs. item: (3,) its size. lid: the carton has one. label: on which face. beside: (3,) where a
    second box stands. gone: (3,) a place out of the picture."""

    item: Real
    lid: bool
    label: Face
    beside: Real
    gone: Real


def play(plot: Plot, hand: Handling, props: Props) -> None:
    """Do it all."""
    rng = hand.rng
    if plot.defect == "starts_open":
        hand.flaps.go(-2.0, -1.0, _angles(rng))
        hand.log.first_open = 0.0
        hand.log.stages = [(0.0, "open")]
    hand.wait(float(rng.uniform(0.6, 1.4)))
    hand.grasp(0.8)
    hand.wait(0.8)
    if plot.defect not in ("starts_open",):
        hand.stage("showing")
    if plot.defect in (*SOFT, "no_parcel"):
        _turned_about(hand)
        return
    _faces(plot, hand, props)
    hand.put_back()
    if plot.defect == "not_opened":
        hand.release()
        hand.wait(1.5)
        return
    start = hand.t
    if plot.defect != "starts_open":
        _opened(plot, hand, props)
    if plot.defect == "no_opening":
        hand.log.cuts.append((start + 0.2, hand.t - 0.3))
    if plot.defect == "no_item":
        hand.release()
        hand.wait(1.5)
        return
    _item(hand, props)


def _turned_about(hand: Handling) -> None:
    """A thing without faces, turned this way and that."""
    rng = hand.rng
    for _ in range(int(rng.integers(4, 7))):
        at = hand.home.at * rng.uniform(0.72, 0.88)
        at[2] = max(at[2], hand.bench.table + float(np.linalg.norm(hand.edges)) / 2)
        turn = turned(rng.normal(0, 1.1, 3)) @ hand.parcel.pose.rotation
        hand.go(Pose(turn, at), hand.bench.pace * rng.uniform(0.9, 1.6))
        hand.wait(float(rng.uniform(0.3, 1.0)))
    hand.put_back()
    hand.release()
    hand.wait(0.8)


def _faces(plot: Plot, hand: Handling, props: Props) -> None:
    """Every face is shown, but for what the plot does."""
    rng = hand.rng
    order = [FACES[k] for k in rng.permutation(6)]
    if plot.how == "missing" and plot.face:
        order.remove(plot.face)
    quick = hand.bench.pace < 0.7
    event = int(rng.integers(2, 5))
    if rng.random() < 0.3:
        for face in order[: int(rng.integers(1, 3))]:
            hand.tip_over(face)
    for number, face in enumerate(order):
        if number == event:
            _event(plot, hand, props)
        if face == plot.face:
            _badly(plot, hand, face)
            continue
        angle = float(np.radians(abs(rng.normal(0, 14)) if not quick else abs(rng.normal(0, 18))))
        dwell = float(rng.uniform(0.45, 0.8) if quick else rng.uniform(0.6, 1.6))
        hand.show(face, angle=min(angle, 0.65), dwell=dwell, near=float(rng.uniform(0.72, 0.9)))
        if face is props.label and rng.random() < 0.8:
            start = hand.t
            hand.show(face, angle=0.06, dwell=float(rng.uniform(0.6, 1.2)), near=float(rng.uniform(0.5, 0.62)))
            hand.log.label_close.append((start, hand.t))


def _badly(plot: Plot, hand: Handling, face: Face) -> None:
    near = float(hand.rng.uniform(0.75, 0.88))
    if plot.how == "covered":
        hand.show_covered(face, dwell=1.0, near=near)
    elif plot.how == "oblique":
        hand.show(face, angle=float(np.radians(hand.rng.uniform(68, 76))), dwell=1.0, near=near)
    else:  # for an instant: over to it and back at once
        back = hand.parcel.pose
        to = hand.pose_showing(face, angle=float(np.radians(50)), near=near)
        hand.go(to, 0.35)
        hand.go(back, 0.35)


def _event(plot: Plot, hand: Handling, props: Props) -> None:
    """What goes wrong between two faces."""
    seconds = float(hand.rng.uniform(0.6, 3.0))
    start = hand.t
    if plot.defect == "left_frame":
        hand.leave(props.gone, 0.8, gone=seconds)
    elif plot.defect in ("substituted", "substituted_similar"):
        hand.leave(props.gone, 0.8, gone=max(seconds, 1.0))
        hand.log.swaps.append((start + hand.t) / 2)
    elif plot.defect == "hidden":
        hand.wait(seconds + 1.2)
        hand.log.hidden.append((start + 0.6, start + 0.6 + seconds))
    elif plot.defect == "two_boxes":
        _second(hand, props)


def _second(hand: Handling, props: Props) -> None:
    """Put this one down aside, take the other one."""
    aside = hand.home.at * [1, 1, 0] + (hand.home.at - props.beside) * [1, 0, 0]
    at = np.array([aside[0], aside[1], hand.home.at[2]])
    hand.go(Pose(hand.home.rotation, at + np.array([0, 0, 0.08])), 1.2)
    hand.parcel.move(Pose(hand.home.rotation, at), 0.4)
    hand.wait(0.2)
    hand.release(0.6)
    hand.log.swaps.append(hand.t)
    hand.parcel.jump(Pose(hand.home.rotation, props.beside))
    hand.grasp(0.8)
    hand.wait(0.8)


def _opened(plot: Plot, hand: Handling, props: Props) -> None:
    if plot.defect == "seal_cut":
        hand.stage("opening")
    else:
        hand.cut_tape(float(hand.rng.uniform(0.8, 2.0)))
    hand.open_flaps(_angles(hand.rng), lid=props.lid)


def _angles(rng: Generator) -> Real:
    return np.asarray(rng.uniform(105, 235, 4) * [1, 1, 0.8, 0.8])


def _item(hand: Handling, props: Props) -> None:
    """Out with it, turned before the camera, put aside; often the empty box is shown."""
    rng = hand.rng
    hand.take_out(props.item)
    hand.inspect(float(rng.uniform(2.0, 4.5)))
    side = float(rng.choice([-1.0, 1.0]))
    away = float(np.linalg.norm(hand.edges)) * 0.6 + float(props.item.max()) * 0.6 + 0.05
    hand.put_aside(props.item, hand.bench.rest + np.array([side * away, -0.05, 0]))
    if rng.random() < 0.5:
        tilt = turned(np.array([float(rng.uniform(0.5, 0.9)), 0, 0])) @ hand.parcel.pose.rotation
        hand.grasp(0.6)
        hand.wait(0.6)
        back = hand.parcel.pose
        lift = float(np.linalg.norm(hand.edges)) / 2 + 0.02
        up = np.array([back.at[0], back.at[1], hand.bench.table + lift])
        hand.go(Pose(tilt, up), 1.0)
        hand.wait(0.7)
        hand.go(back, 1.0)
        hand.release()
    hand.wait(0.8)


def longest_views(hand: Handling, until: float, *, cos: float, step: float = 0.05) -> dict[Face, float]:
    """Seconds at a stretch that each face is turned to the camera at least so far, but for when hands cover it."""
    motion, edges = hand.parcel, hand.edges
    best = dict.fromkeys(FACES, 0.0)
    run = dict.fromkeys(FACES, 0.0)
    for t in np.arange(0, until, step):
        pose = motion.at(float(t))
        hidden = any(a <= t <= b for a, b in hand.log.covered)
        for face in FACES:
            normal = pose.rotation @ np.array(NORMALS[face], float)
            middle = pose.at + pose.rotation @ (np.array(NORMALS[face]) * edges / 2)
            open_to = float(normal @ -middle) / float(np.linalg.norm(middle))
            run[face] = run[face] + step if open_to > cos and not hidden else 0.0
            best[face] = max(best[face], run[face])
    return best
