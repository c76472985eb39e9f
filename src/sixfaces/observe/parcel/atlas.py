"""The six-face atlas: rectified pictures of the faces, gathered while the take is watched, named when it is over.

1. Medium frames come with their pose and the network's maps; the last half second of them is held.
2. A full frame arrives up to a third of a second later. Its box stands between those of the two medium frames around
   it. Every slot turned to the camera, large enough and inside the frame is rectified and scored.
3. Of each visit (a stretch in which a slot stays in view) only the best few pictures stay, as JPEG; a bound on all of
   them holds whatever the length.
4. When slots have names, `atlas_faces` turns the best picture of each face upright.
"""

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Bgr, FullFrame, MediumFrame
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.face_log import Cover, cover
from sixfaces.observe.parcel.look import MAPS, Look
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.rectified import apparent, inside, over, read_map, sharpness, warped
from sixfaces.observe.parcel.slots import facing, quads

Real = NDArray[np.float64]

Chart = NDArray[np.uint8]

LONGEST_SIDE = 384
LONGEST_LABELLED = 640
"""Pixels. The face with the waybill label is kept larger: what tells two labels of one carrier apart is small print."""

_LABELLED = 0.04
"""Share of a face under the label from which it counts as carrying it: a tenth of a side by four tenths."""

FLATTEST = float(np.cos(np.radians(75)))
LEAST_EDGE_PX = 32.0
"""Shorter edge in full pixels: below it a picture shows a person nothing."""
LEAST_SHARE = 0.3
"""Of a face inside the frame, and of that uncovered."""

_NEAR_S = 0.2
"""A full frame farther from every pose than this has none: a box may turn by 20 degrees in that time."""
_HELD = 12
_VISIT_GAP_S = 0.7
_VISIT_S = 6.0
"""A visit ends when its slot is out of view this long, or after this time: slots may get other names in between."""
_PER_VISIT = 3
MOST_BYTES = 12_000_000
_QUALITY = 88
_MAGNIFIED = 1.3
"""A foreshortened side may be stretched this much, no more: magnified pixels tell nothing new."""


@dataclass(frozen=True, slots=True)
class View:
    """One rectified picture of a slot.

    `index` is the medium frame's whose pose it was cut with, `share` the part of the face in the frame times the part
    uncovered, `label` and `free` (12, 12) where on the face the waybill label lies and where it can be seen, 0..255.
    """

    time: MediaTime
    index: int
    slot: int
    jpeg: bytes
    score: float
    cos: float
    sharpness: float
    share: float
    edge_px: float
    label: Chart
    free: Chart

    def picture(self) -> Bgr:
        """The picture, decoded."""
        return np.asarray(cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


@dataclass(slots=True)
class _Visit:
    """A stretch in which a slot stays in view, and its best pictures."""

    start_s: float
    last_s: float
    views: list[View]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A medium frame's pose with what the network said of it, and the frame's shape."""

    pose: Pose
    look: Look
    shape: tuple[int, ...]


class Atlas:
    """Gathers pictures of slots while the take is watched."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._recent: deque[_Seen] = deque(maxlen=_HELD)
        self._visits: list[list[_Visit]] = [[] for _ in FACES]
        self._most_bytes = most_bytes
        self._bytes = 0

    def medium(self, frame: MediumFrame, pose: Pose, look: Look) -> None:
        """A medium frame's provisional pose; comes before the full frame of the same moment."""
        self._recent.append(_Seen(pose, look, frame.gray.shape))

    def corners(self, time: MediaTime) -> Real | None:
        """(8, 2) the box's corners at a moment of the last half second, in medium pixels, between its neighbours."""
        at = time.seconds
        before = [seen.pose for seen in self._recent if seen.pose.time.seconds <= at]
        after = [seen.pose for seen in self._recent if seen.pose.time.seconds > at]
        first, then = (before[-1] if before else None), (after[0] if after else None)
        if first is not None and then is not None and then.time.seconds - first.time.seconds <= 2 * _NEAR_S:
            part = (at - first.time.seconds) / (then.time.seconds - first.time.seconds)
            between: Real = first.corners * (1 - part) + then.corners * part
            return between
        near = [pose for pose in (first, then) if pose is not None and abs(pose.time.seconds - at) <= _NEAR_S]
        return near[0].corners if near else None

    def full(self, frame: FullFrame) -> None:
        """Rectify what a full frame shows of each slot and keep what is better than what there is."""
        corners = self.corners(frame.time)
        if corners is None:
            return
        seen = min(self._recent, key=lambda s: abs(s.pose.time.seconds - frame.time.seconds))
        scale = max(frame.gray.shape) / max(seen.shape)
        cosines, medium = facing(seen.pose), quads(corners)
        shown = [slot for slot in range(6) if cosines[slot] > FLATTEST]
        shown = [slot for slot in shown if min(apparent(medium[slot])) * scale >= LEAST_EDGE_PX]
        for slot in shown:
            shares = cover(medium[slot], seen.look, seen.shape)
            if min(shares.uncovered, shares.in_frame) >= LEAST_SHARE:
                self._offer(frame, _Cut(seen, slot, medium[slot], scale, float(cosines[slot]), shares))

    def _offer(self, frame: FullFrame, cut: "_Cut") -> None:
        crisp = _crispness(frame, cut)
        share = cut.shares.uncovered * cut.shares.in_frame
        edge = min(apparent(cut.quad)) * cut.scale
        score = cut.cos * share * (0.1 + crisp) * min(1.0, edge / 160) ** 0.5 * (0.2 + cut.seen.pose.trust)
        visit = self._visit(cut.slot, frame.time.seconds)
        if len(visit.views) >= _PER_VISIT and score <= visit.views[-1].score:
            return
        jpeg = _encoded(frame, cut)
        label, free = charts(cut.quad, cut.seen.look, cut.seen.shape)
        view = View(frame.time, cut.seen.pose.index, cut.slot, jpeg, score, cut.cos, crisp, share, edge, label, free)
        visit.views.append(view)
        visit.views.sort(key=lambda kept: -kept.score)
        self._bytes += len(jpeg) - sum(len(dropped.jpeg) for dropped in visit.views[_PER_VISIT:])
        del visit.views[_PER_VISIT:]
        while self._bytes > self._most_bytes:
            self._drop()

    def _visit(self, slot: int, at: float) -> _Visit:
        visits = self._visits[slot]
        last = visits[-1] if visits else None
        if last is None or at - last.last_s > _VISIT_GAP_S or at - last.start_s > _VISIT_S:
            last = _Visit(at, at, [])
            visits.append(last)
        last.last_s = at
        return last

    def _drop(self) -> None:
        """Give up the worst picture of the slot that holds most, second pictures of a visit first."""
        visits = max(self._visits, key=lambda kept: sum(len(view.jpeg) for visit in kept for view in visit.views))
        spare = [visit for visit in visits if len(visit.views) > 1] or [visit for visit in visits if visit.views]
        worst = min(spare, key=lambda visit: visit.views[-1].score)
        self._bytes -= len(worst.views.pop().jpeg)
        visits[:] = [visit for visit in visits if visit.views or visit is visits[-1]]

    def views(self) -> list[View]:
        """All pictures kept, in the order of slots, then of time."""
        kept = (sorted(visit.views, key=lambda view: view.time) for slot in self._visits for visit in slot)
        return [view for views in kept for view in views]

    @property
    def size(self) -> int:
        """Bytes of all pictures kept."""
        return self._bytes


@dataclass(frozen=True, slots=True)
class _Cut:
    """A face to cut out: (4, 2) quad in medium pixels, full over medium pixels, its cosine and cover."""

    seen: _Seen
    slot: int
    quad: Real
    scale: float
    cos: float
    shares: Cover


def _crispness(frame: FullFrame, cut: _Cut) -> float:
    """Sharpness in pixels of the medium frame: the part of the full frame around the face is reduced to them."""
    height, width = frame.gray.shape
    low = np.maximum(np.floor((cut.quad.min(axis=0) - 8) * cut.scale), 0).astype(int)
    high = np.minimum(np.ceil((cut.quad.max(axis=0) + 8) * cut.scale), (width, height)).astype(int)
    part = frame.gray[low[1] : high[1], low[0] : high[0]]
    if min(part.shape) < 2:
        return 0.0
    size = tuple(max(2, round(side / cut.scale)) for side in part.shape[::-1])
    reduced = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    return sharpness(reduced, (cut.quad * cut.scale - low) * (np.array(size) / part.shape[::-1]))


def _encoded(frame: FullFrame, cut: _Cut) -> bytes:
    size = shape_of(cut.quad * cut.scale, cut.seen.pose.edges, cut.slot, labelled=cut.shares.label >= _LABELLED)
    picture = warped(frame.bgr(), cut.quad * cut.scale, size)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


_CHARTED = ("parcel", "hand", "label")

_SIDES = ((0, 1), (0, 1), (0, 2), (0, 2), (1, 2), (1, 2))
"""Which of the box's edges (x, y, z) are each slot's width and height."""


def shape_of(quad: Real, edges: Real, slot: int, *, labelled: bool) -> tuple[int, int]:
    """(width, height) of a face's picture: the face's own proportions, hardly larger than the pixels it had."""
    width, height = (max(float(edges[axis]), 1e-3) for axis in _SIDES[slot])
    across, down = apparent(quad)
    per_unit = min(max(across / width, down / height), _MAGNIFIED * min(across / width, down / height) + 1e-9)
    per_unit = min(per_unit, (LONGEST_LABELLED if labelled else LONGEST_SIDE) / max(width, height))
    return max(8, round(width * per_unit)), max(8, round(height * per_unit))


def charts(quad: Real, look: Look, shape: tuple[int, ...]) -> tuple[Chart, Chart]:
    """(12, 12) how surely each part of a face shows the waybill label, and whether it can be seen at all, 0..255."""
    points = over(quad)
    side = round(len(points) ** 0.5)
    parcel, hand, label = (read_map(look.maps[MAPS.index(name)], look.crop, points) for name in _CHARTED)
    free = inside(points, shape) & (parcel > hand) & (parcel > 0.5)
    return _chart(label, side), _chart(free, side)


def _chart(shares: Real | NDArray[np.bool_], side: int) -> Chart:
    return np.asarray(np.clip(shares, 0, 1).reshape(side, side) * 255, np.uint8)
