"""The atlas when slots have names: each face's best picture, upright."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Bgr
from sixfaces.observe.parcel.atlas import View
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.slots import quarters, slots_of

Real = NDArray[np.float64]

_QUALITY = 88


@dataclass(frozen=True, slots=True)
class NamedView:
    """A picture of a face; `turns` says how often it must be turned a quarter anticlockwise to stand upright."""

    face: Face
    turns: int
    view: View

    def picture(self) -> Bgr:
        """(height, width, 3) the face, upright."""
        return np.ascontiguousarray(np.rot90(self.view.picture(), self.turns))

    def label(self) -> NDArray[np.uint8]:
        """(12, 12) how surely each part of the upright face shows the waybill label, 0..255."""
        return np.ascontiguousarray(np.rot90(self.view.label, self.turns))

    def free(self) -> NDArray[np.uint8]:
        """(12, 12) where the upright face can be seen, 0..255."""
        return np.ascontiguousarray(np.rot90(self.view.free, self.turns))

    def jpeg(self) -> bytes:
        """The upright picture, encoded; as it was kept if it stands upright."""
        if self.turns % 4 == 0:
            return self.view.jpeg
        return cv2.imencode(".jpg", self.picture(), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def named(
    views: Iterable[View], turns: Mapping[int, Real], *, start: MediaTime | None = None, until: MediaTime | None = None
) -> dict[Face, list[NamedView]]:
    """The pictures of each face in a stretch of time (`until` itself excluded), the best first.

    `turns` has the rotation of each medium frame by its index (see `slots`); a picture whose frame has none is left
    out, for nobody knows which face it shows.
    """
    found: dict[Face, list[NamedView]] = {}
    for view in views:
        turn = turns.get(view.index)
        if turn is None or (start is not None and view.time < start) or (until is not None and until <= view.time):
            continue
        number = int(np.flatnonzero(slots_of(turn) == view.slot)[0])
        found.setdefault(FACES[number], []).append(NamedView(FACES[number], int(quarters(turn)[number]), view))
    for face in found.values():
        face.sort(key=lambda named: (-named.view.score, named.view.time))
    return {face: found[face] for face in FACES if face in found}


def best(pictures: Mapping[Face, list[NamedView]]) -> dict[Face, NamedView]:
    """The best picture of each face."""
    return {face: views[0] for face, views in pictures.items() if views}
