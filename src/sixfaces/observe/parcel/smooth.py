"""The box through a whole take: names of its axes, its rotation, its place and its edges, smoothed over every frame.

1. Frames that hang together by continuity or by followed points form segments; a gap is never bridged here.
2. In each segment one of 24 relabellings is chosen for every frame (`labelling`).
3. Rotations are smoothed (`refine`), edges are one for all, places are smoothed.
4. What is in doubt is said: per frame how likely its names are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.observe.parcel import cuboid
from sixfaces.observe.parcel.chain import CARRY_S, GAP_S, Chain, chain, motion
from sixfaces.observe.parcel.labelling import Labels, labels, segments
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.refine import refined, solved
from sixfaces.observe.parcel.sight import Sight
from sixfaces.observe.parcel.swatches import Swatch
from sixfaces.observe.parcel.symmetric import GROUP

Real = NDArray[np.float64]
Numbers = NDArray[np.intp]

_ROUGH = np.radians(15.0)
"""Standard error at which a pose's trust has fallen to 1/e: twice it, and faces would be called wrongly."""
_PLACE_NOISE = (0.04, 0.04, 0.10)
"""The network's error in place: to the side in depths, and of the logarithm of the depth."""
_PLACE_SPEED = 0.6
"""How fast the same three change, per second."""
_SURROUNDING = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the take in which the axes keep their names, as far as `sure` says.

    poses: one per sight. sure: (n,) probability that the names are those of pose `reference`, the first confident one.
    sigma: (n,) standard error of the rotation in radians about one axis. edges: (3,) as in the poses.
    """

    poses: tuple[Pose, ...]
    sure: Real
    sigma: Real
    reference: int
    edges: Real

    def renamed(self, turn: Real) -> "Segment":
        """The same segment in other axes: each rotation times one of GROUP, such as `naming.named` gives."""
        poses = tuple(relabelled(pose, turn) for pose in self.poses)
        return replace(self, poses=poses, edges=_permuted(self.edges, turn))

    def doubted(self, share: float) -> "Segment":
        """The same segment, its names believed only so far."""
        return replace(self, sure=self.sure * share)


def relabelled(pose: Pose, turn: Real) -> Pose:
    """The same box with its axes named anew by one of GROUP: `rotation @ turn`."""
    edges = _permuted(pose.edges, turn)
    old = {tuple(corner): i for i, corner in enumerate(cuboid.SIGNS)}
    order = [old[tuple(corner)] for corner in np.round(cuboid.SIGNS @ turn.T)]
    return replace(pose, rotation=pose.rotation @ turn, edges=edges, corners=pose.corners[order])


def _permuted(edges: Real, turn: Real) -> Real:
    made: Real = np.abs(turn).T @ edges
    return made


def smooth(sights: Sequence[Sight], size: cuboid.Size, swatches: Sequence[Sequence[Swatch]] = ()) -> list[Segment]:
    """A take's sights, in order of time, as segments. Sights of which none is sure, far from any, are left out.

    swatches: per sight what its faces look like, slots told in the axes of its rotation.
    """
    if not sights:
        return []
    given = chain(sights)
    made = []
    taken = 0
    moved = motion(given)
    for node in segments(given, moved):
        first, last = _extent(given, node, taken)
        taken = last + 1
        chosen = np.arange(first, taken)
        made.append(
            _segment(
                given.part(chosen),
                labels(given, moved, node, swatches=swatches),
                list(sights[first:taken]),
                where=(first, size),
            )
        )
    return made


def _extent(given: Chain, node: Numbers, taken: int) -> tuple[int, int]:
    """The sights of a segment: its nodes, all between, and those before and after that points still reach."""
    first, last = int(node[0]), int(node[-1])
    start, end = given.seconds[first], given.seconds[last]
    while first > taken and not np.isnan(given.sigma[first]) and start - given.seconds[first - 1] <= CARRY_S / 2:
        first -= 1
    while (
        last + 1 < len(given.seconds)
        and not np.isnan(given.sigma[last + 1])
        and given.seconds[last + 1] - end <= CARRY_S / 2
        and given.trust[last + 1] < given.trust[node].min()
    ):
        last += 1
    return first, last


def _segment(given: Chain, found: Labels, sights: Sequence[Sight], *, where: tuple[int, cuboid.Size]) -> Segment:
    first, size = where
    node = found.node - first
    fixed = np.full(len(sights), -1, dtype=np.intp)
    fixed[node[found.used]] = found.state[found.used]
    path, sigma = refined(given, _start(given, fixed), fixed)
    edges = cuboid.edges(found.edges)
    places = _places(given)
    sure = _sure(found, node, len(sights))
    poses = tuple(
        _pose((s.time, s.index), (rotation, at, edges), trust=float(p * np.exp(-((e / _ROUGH) ** 2))), size=size)
        for s, rotation, at, p, e in zip(sights, path, places, sure, sigma, strict=True)
    )
    return Segment(poses, sure, sigma, found.reference - first, edges)


def _pose(when: tuple[MediaTime, int], box: tuple[Real, Real, Real], *, trust: float, size: cuboid.Size) -> Pose:
    rotation, at, edges = box
    pixels = cuboid.project(cuboid.corners(rotation, at, edges), size)
    return Pose(when[0], when[1], rotation, at, edges, pixels, trust)


def _start(given: Chain, fixed: Numbers) -> Real:
    """Named frames as measured, the others carried there by the followed points from the named frame before."""
    path = given.rotation @ GROUP[np.maximum(fixed, 0)]
    named = np.flatnonzero(fixed >= 0)
    for i in range(int(named[0]) - 1, -1, -1):
        path[i] = given.turn[i + 1].T @ path[i + 1]
    for i in range(int(named[0]) + 1, len(path)):
        if fixed[i] < 0:
            path[i] = given.turn[i] @ path[i - 1]
    return path


def _sure(found: Labels, node: Numbers, count: int) -> Real:
    """(count,) of each sight: its node's own, or the lesser of the nodes beside it."""
    kept = node[found.used]
    sure = found.sure[found.used]
    after = np.minimum(np.searchsorted(kept, np.arange(count)), len(kept) - 1)
    before = np.maximum(np.searchsorted(kept, np.arange(count), side="right") - 1, 0)
    lesser: Real = np.minimum(sure[after], sure[before])
    return lesser


def _places(given: Chain) -> Real:
    """(N, 3) places smoothed: direction and logarithm of depth along the chain, single wild ones set aside."""
    depth = np.maximum(given.place[:, 2], 0.1)
    raw = np.column_stack([given.place[:, :2] / depth[:, None], np.log(depth)])
    passed = np.maximum(np.diff(given.seconds), 1e-3)
    link = 1 / (_PLACE_SPEED * passed) ** 2
    smoothed = np.empty_like(raw)
    for k, noise in enumerate(_PLACE_NOISE):
        value = raw[:, k]
        for _ in range(_SURROUNDING):
            pull = 1 / noise**2 / (1 + ((raw[:, k] - value) / (2 * noise)) ** 2)
            value = solved(pull, link, (pull * raw[:, k])[:, None])[:, 0]
        smoothed[:, k] = value
    depth = np.exp(smoothed[:, 2])
    made: Real = np.column_stack([smoothed[:, :2] * depth[:, None], depth])
    return made


__all__ = ["GAP_S", "Segment", "relabelled", "smooth"]
