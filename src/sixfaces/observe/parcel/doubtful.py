"""Stretches in which the watch may have held on to something else: the parcel perhaps gone, and nobody told.

A network that has lost the parcel rarely says so: it goes on with whatever stands where the parcel was last. What gives
it away is that it is less sure that there is a parcel at all, or that what it watches hangs at the frame's edge, where
things leave. Such a stretch is told as an absence that is not sure, and a person looks.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import AbsenceFact
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.look import KINDS

_NONE = KINDS.index("none")
_PERHAPS_NONE = 0.06
"""Probability of no parcel from which a look is in doubt: on a parcel in plain view it stays below."""
_EDGE = 0.15
"""Share of the frame's width and height from its edges: a parcel whose middle stands there is leaving or has left."""
_LEAST_S = 0.3
CONFIDENCE = 0.5


class Frame(NamedTuple):
    """When a medium frame was, and whether what was watched in it is in doubt."""

    time: MediaTime
    doubted: bool


def doubted(glimpse: Glimpse, size: tuple[int, int]) -> bool:
    """Whether this frame's parcel may be none. `size`: width and height of the medium frame."""
    if not glimpse.found or glimpse.place is None or not glimpse.kind:
        return False
    x, y = glimpse.place[0] / size[0], glimpse.place[1] / size[1]
    return glimpse.kind[_NONE] >= _PERHAPS_NONE or min(x, y, 1 - x, 1 - y) < _EDGE


def doubtful_absences(frames: Sequence[Frame]) -> Iterator[Measured]:
    """Absences that are not sure: each stretch of doubted frames that lasts."""
    first: MediaTime | None = None
    last: MediaTime | None = None
    for frame in [*frames, None]:
        if frame is not None and frame.doubted:
            first = first or frame.time
            last = frame.time
            continue
        if first is not None and last is not None and last.seconds - first.seconds >= _LEAST_S - 1e-6:
            fact = AbsenceFact(reason="left_frame")
            yield Measured(fact=fact, span=MediaSpan(start=first, end=last), confidence=CONFIDENCE)
        first = last = None
