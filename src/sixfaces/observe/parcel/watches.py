"""From a take's steps to named faces: watches, their segments, names at the first rest, identity after each gap.

A watch is what the tracker followed without changing to something else. Inside a watch the smoothing may still find
segments whose axes it cannot join. The first segment gets its names where the parcel first rests; a later one only if
its faces prove how its axes stand to those already named. Otherwise its faces count for nothing, and that is said.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.observe.parcel.atlas import Atlas
from sixfaces.observe.parcel.atlas_faces import best, named
from sixfaces.observe.parcel.cuboid import Size
from sixfaces.observe.parcel.face_log import FaceLog
from sixfaces.observe.parcel.faces import Placed, face_facts, with_pictures
from sixfaces.observe.parcel.holds import moved
from sixfaces.observe.parcel.identity import Side, identity_fact
from sixfaces.observe.parcel.label_evidence import label_evidence, logged_shares
from sixfaces.observe.parcel.naming import named as names_at
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.sight import Sight
from sixfaces.observe.parcel.smooth import Segment, smooth
from sixfaces.observe.parcel.swatches import Swatch, Swatches
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.track import Step

Real = NDArray[np.float64]

_RESTS_DEG_S = 12.0
"""A parcel that turns more slowly than this rests, or is held still: the pose in which its faces are named."""
_BELIEVED = 0.8
_TRUSTED = 0.3
"""A pose's trust falls with the standard error of its rotation; at this one a face may be told ten degrees wrong."""
_SAME = float(np.cos(np.radians(25.0)))
"""A provisional pose farther from the frame's own measurement than this cut its faces wrongly."""
_CLARITY = ((0.79, 0.84), (0.6, 1.0))
"""Mean trust of the looks, and what is left of the belief in names. Of the takes in which names surely told were wrong
for long, all but one lay below 0.83, and of those in which they were right hardly any did."""
_FIRST_S = 2.5
"""How long after its first sight the parcel is given to come to rest."""


@dataclass(slots=True)
class Watch:
    """What was followed without a change: sights in order, the times at which it was out of view in between, and the
    rotation of each provisional pose by its frame's index: slots are told in its axes."""

    sights: list[Sight]
    gone_s: list[float]
    axes: dict[int, Real]


class Watches:
    """Gathers the tracker's steps; a few hundred bytes a frame."""

    def __init__(self) -> None:
        self._watches: list[Watch] = []
        self.size: Size = (0, 0)

    def add(self, step: Step, size: Size) -> None:
        """One medium frame's step; `size` (width, height) of the frame."""
        self.size = size
        if step.other or not self._watches:
            self._watches.append(Watch([], [], {}))
        if step.sight is not None and step.pose is not None:
            self._watches[-1].sights.append(step.sight)
            self._watches[-1].axes[step.sight.index] = step.pose.rotation
        elif not step.glimpse.found:
            self._watches[-1].gone_s.append(step.glimpse.time.seconds)

    @property
    def any(self) -> bool:
        """Whether a box was measured in any frame."""
        return any(watch.sights for watch in self._watches)

    def segments(self, log: FaceLog, swatches: Swatches) -> list[tuple[int, Segment]]:
        """All segments in order, each with the number of its watch. Their axes have no names yet."""
        found = []
        for number, watch in enumerate(self._watches):
            shares = logged_shares(log, [sight.index for sight in watch.sights])
            extra = label_evidence(shares)
            sights = [
                replace(s, extra=e) if _alike(s.rotation, watch.axes[s.index]) else s
                for s, e in zip(watch.sights, extra, strict=True)
            ]
            faces = [_swatches(s, watch.axes[s.index], swatches) for s in watch.sights]
            found += [(number, segment) for segment in smooth(sights, self.size, faces)]
        return found

    def tracked(self) -> dict[int, Real]:
        """The rotation that the tracker gave each frame, by the frame's index."""
        return {index: rotation for watch in self._watches for index, rotation in watch.axes.items()}

    def longest_without(self, turns: Mapping[int, Real], until: MediaTime | None) -> float:
        """Seconds of the longest stretch of sights before `until` that have no turn to named axes."""
        longest, since = 0.0, None
        for sight in (sight for watch in self._watches for sight in watch.sights):
            if until is not None and sight.time >= until:
                break
            if sight.index in turns:
                since = None
                continue
            since = sight.time.seconds if since is None else since
            longest = max(longest, sight.time.seconds - since)
        return round(longest, 3)

    def share_in(self, indices: Set[int], until: MediaTime | None) -> float:
        """Share of the sights before `until` whose frames are among these; 0 if there are none."""
        asked = [s.index in indices for w in self._watches for s in w.sights if until is None or s.time < until]
        return round(sum(asked) / len(asked), 3) if asked else 0.0

    def clarity(self, until: MediaTime | None) -> float:
        """How surely names can be believed at all, 0..1, by how clear the looks before `until` were in the mean: where
        the network is in doubt throughout, its errors last, and what follows from them agrees with itself."""
        trust = [s.trust for w in self._watches for s in w.sights if until is None or s.time < until]
        return float(np.interp(np.mean(trust), *_CLARITY)) if trust else 1.0

    def interrupted(self, start: MediaTime, end: MediaTime) -> bool:
        """Whether the parcel was out of view at some time between."""
        return any(start.seconds < at < end.seconds for watch in self._watches for at in watch.gone_s)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A named segment: the final poses with the turn from the tracker's axes, and its watch."""

    watch: int
    segment: Segment
    placed: tuple[Placed, ...]

    @property
    def span(self) -> MediaSpan:
        """From its first pose to its last."""
        return MediaSpan(start=self.segment.poses[0].time, end=self.segment.poses[-1].time)


@dataclass(frozen=True, slots=True)
class NamedFaces:
    """Facts of faces and of identity after gaps; see `ParcelFact.unnamed_s`; the named poses.

    held: the share of the time before the opening, a box being in view, in which its orientation was surely known.
    least: the least probability in that time that names are right; a face is missing only if none ever was wrong.
    """

    facts: tuple[Measured, ...]
    unnamed_s: float
    held: float
    least: float
    poses: tuple[Pose, ...] = ()


def named_faces(watches: Watches, seen: "Seen", *, until: MediaTime | None) -> NamedFaces:
    """Faces before the opening (`until`), and the identity of the parcel after each gap."""
    tracked = watches.tracked()
    clarity = watches.clarity(until)
    joined: list[Stretch] = []
    facts: list[Measured] = []
    for number, segment in watches.segments(seen.log, seen.swatches):
        if not joined:
            turn = names_at(*_resting(segment)).turn
            joined.append(_stretch(number, segment.renamed(turn).doubted(clarity), tracked))
        else:
            facts += _after_a_gap(watches, seen.atlas, joined[-1], after=_stretch(number, segment, tracked))
    turns = _turns(joined)
    placed = [p for stretch in joined for p in stretch.placed]
    faces = face_facts(seen.log, placed, scale=seen.scale, until=until)
    facts += with_pictures(faces, best(named(seen.atlas.views(), turns, until=until)), seen.keep)
    sure = {p.pose.index for p in placed if p.sure.min() >= _BELIEVED and p.pose.trust >= _TRUSTED}
    held = watches.share_in(sure, until)
    least = min((float(p.sure.min()) for p in placed if until is None or p.pose.time < until), default=0.0)
    unnamed = watches.longest_without(turns, until)
    return NamedFaces(tuple(facts), unnamed, held, least, tuple(p.pose for p in placed))


@dataclass(frozen=True, slots=True)
class Seen:
    """What was gathered while the take was watched. scale: full over medium pixels."""

    log: FaceLog
    swatches: Swatches
    atlas: Atlas
    scale: float
    keep: Callable[[str, bytes], None]


def _alike(one: Real, other: Real) -> bool:
    """Whether two rotations name the axes alike: none of the cube's rotations brings them closer together."""
    fits: Real = np.einsum("ij,gij->g", one.T @ other, GROUP)
    return int(fits.argmax()) == 0


def _swatches(sight: Sight, axes: Real, swatches: Swatches) -> list[Swatch]:
    """A frame's swatches in the axes of its sight; none where they were cut from a box that stood otherwise."""
    fits: Real = np.einsum("ij,gij->g", axes.T @ sight.rotation, GROUP)
    turn = int(fits.argmax())
    return moved(swatches.of(sight.index), turn) if (fits[turn] - 1) / 2 >= _SAME else []


def _turns(stretches: list[Stretch]) -> dict[int, Real]:
    return {p.pose.index: p.turn for stretch in stretches for p in stretch.placed}


def _resting(segment: Segment) -> tuple[Real, Real]:
    """Rotation and place at the first rest: the first slow pose among the first seconds whose names are sure."""
    poses = [p for p, sure in zip(segment.poses, segment.sure, strict=True) if sure >= _BELIEVED] or segment.poses
    start = segment.poses[0].time.seconds
    for before, now in pairwise(poses):
        passed = max(now.time.seconds - before.time.seconds, 1e-3)
        cosine = (np.trace(before.rotation.T @ now.rotation) - 1) / 2
        if np.degrees(np.arccos(np.clip(cosine, -1, 1))) / passed < _RESTS_DEG_S:
            return now.rotation, now.place
        if now.time.seconds - start > _FIRST_S:
            break
    first = segment.poses[segment.reference]
    return first.rotation, first.place


def _stretch(watch: int, segment: Segment, tracked: dict[int, Real]) -> Stretch:
    placed = []
    for pose, sure in zip(segment.poses, segment.sure, strict=True):
        turn = GROUP[int(np.einsum("ij,gij->g", tracked[pose.index].T @ pose.rotation, GROUP).argmax())]
        placed.append(Placed(pose, turn, np.full(6, float(sure))))
    return Stretch(watch, segment, tuple(placed))


def _after_a_gap(watches: Watches, atlas: Atlas, before: Stretch, *, after: Stretch) -> Iterator[Measured]:
    """Whether the parcel after a gap is the one before; nothing if it never was out of view."""
    gap = MediaSpan(start=before.span.end, end=after.span.start)
    if before.watch == after.watch and not watches.interrupted(gap.start, gap.end):
        return
    sides = [
        Side(s.segment.edges, named(atlas.views(), _turns([s]), start=s.span.start, until=None))
        for s in (before, after)
    ]
    yield identity_fact(sides[0], sides[1], gap)
