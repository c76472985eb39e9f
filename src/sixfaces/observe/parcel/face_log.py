"""What was seen of each slot in each medium frame: a few numbers, from which facts are made when slots have names."""

from array import array
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Gray, MediumFrame
from sixfaces.observe.parcel.look import MAPS, Look
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.rectified import inside, over, read_map, sharpness
from sixfaces.observe.parcel.slots import facing, quads, shorter_edges

Real = NDArray[np.float64]

FLATTEST = float(np.cos(np.radians(80)))
"""Faces turned farther away are not looked at: no policy may ask for them (`FaceThresholds.view_deg`)."""

SMALLEST_PX = 6.0
"""Shorter edge in medium pixels. A smaller one holds less than a cell of the map, or has no room for the filters."""

_PARCEL, _HAND, _LABEL = (MAPS.index(name) for name in ("parcel", "hand", "label"))
_HALF = 0.5


class Cover(NamedTuple):
    """What lies over one face: shares of it uncovered, inside the frame, and under the waybill label."""

    uncovered: float
    in_frame: float
    label: float


def cover(quad: Real, look: Look, shape: tuple[int, ...]) -> Cover:
    """How much of a face is free. `quad` is (4, 2) in medium pixels, `shape` that of the medium frame.

    A point is free where the parcel's map says parcel and the hands' map does not say hand more surely. Shares but
    `in_frame` are of the part inside the frame: what the frame cuts off is told once, not twice.
    """
    points = over(quad)
    held = inside(points, shape)
    if not held.any():
        return Cover(0.0, 0.0, 0.0)
    parcel, hand, label = (read_map(look.maps[n], look.crop, points[held]) for n in (_PARCEL, _HAND, _LABEL))
    free = (parcel > _HALF) & (hand <= parcel)
    return Cover(float(free.mean()), float(held.mean()), float((label * free).mean()))


@dataclass(frozen=True, slots=True)
class FaceGlimpse:
    """One frame's numbers by slot, nan where the slot was turned away or too small. `index` is the frame's."""

    index: int
    time: MediaTime
    uncovered: Real
    in_frame: Real
    label: Real
    sharpness: Real


_NUMBERS = 4
_NOTHING = np.full(6, np.nan, np.float32)


class FaceLog:
    """Takes in medium frames with their poses; about 120 bytes a frame."""

    def __init__(self) -> None:
        self._numbers = array("f")
        self._times: list[MediaTime] = []
        self._places: dict[int, int] = {}
        self._crisp = _NOTHING

    def __len__(self) -> int:
        return len(self._times)

    def add(self, frame: MediumFrame, pose: Pose, look: Look) -> None:
        """One medium frame, its provisional pose and what the network said of it."""
        if frame.index in self._places:
            return
        self._places[frame.index] = len(self._times)
        self._times.append(frame.time)
        seen = look_over(frame.gray, pose, look, known=self._crisp if len(self._times) % 2 == 0 else _NOTHING)
        self._crisp = seen[:, -1]
        self._numbers.extend(seen.ravel().tolist())

    def at(self, index: int) -> FaceGlimpse | None:
        """What was seen in the frame of this index, if it had a pose."""
        place = self._places.get(index)
        if place is None:
            return None
        first = place * 6 * _NUMBERS
        rows = np.array(self._numbers[first : first + 6 * _NUMBERS], np.float64).reshape(6, _NUMBERS)
        return FaceGlimpse(index, self._times[place], *rows.T)


def look_over(gray: Gray, pose: Pose, look: Look, *, known: NDArray[np.float32] = _NOTHING) -> NDArray[np.float32]:
    """(6, 4) uncovered, in_frame, label share and sharpness of each slot, nan where it cannot be seen.

    `known` is the sharpness of a frame before for slots that are not to be measured anew: that takes as long as all
    the rest, and a face does not come and go within two frames of blur.
    """
    seen = np.full((6, _NUMBERS), np.nan, np.float32)
    cosines, edges, all_quads = facing(pose), shorter_edges(pose.corners), quads(pose.corners)
    for slot in np.flatnonzero((cosines > FLATTEST) & (edges >= SMALLEST_PX)):
        shares = cover(all_quads[slot], look, gray.shape)
        crisp = float(known[slot])
        if np.isnan(crisp):
            crisp = sharpness(gray, all_quads[slot]) if shares.in_frame > 0 else 0.0
        seen[slot] = (*shares, crisp)
    return seen
