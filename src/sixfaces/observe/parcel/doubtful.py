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
_RATHER_NONE = 0.2
"""The same once the parcel has been opened: goods, hands and flaps before an open parcel raise it by themselves."""
_EDGE = 0.15
"""Share of the frame's width and height from its edges: a parcel whose middle stands there is leaving or has left."""
_LEAST_S = 0.3
CONFIDENCE = 0.5


class Frame(NamedTuple):
    """When a medium frame was, whether what was watched in it is in doubt, and whether it would be in an opened one."""

    time: MediaTime
    doubted: bool
    opened: bool = False


def doubted(glimpse: Glimpse, size: tuple[int, int]) -> Frame:
    """Whether this frame's parcel may be none. `size`: width and height of the medium frame."""
    if not glimpse.found or glimpse.place is None or not glimpse.kind:
        return Frame(glimpse.time, doubted=False)
    x, y = glimpse.place[0] / size[0], glimpse.place[1] / size[1]
    none, edge = glimpse.kind[_NONE], min(x, y, 1 - x, 1 - y) < _EDGE
    return Frame(glimpse.time, none >= _PERHAPS_NONE or edge, none >= _RATHER_NONE or edge)


def doubtful_absences(frames: Sequence[Frame], opening: MediaTime | None = None) -> Iterator[Measured]:
    """Absences that are not sure: each stretch of doubted frames that lasts. opening: when the parcel was opened."""
    first: MediaTime | None = None
    last: MediaTime | None = None
    for frame in [*frames, None]:
        if frame is not None and (frame.opened if opening is not None and frame.time >= opening else frame.doubted):
            first = first or frame.time
            last = frame.time
            continue
        if first is not None and last is not None and last.seconds - first.seconds >= _LEAST_S - 1e-6:
            fact = AbsenceFact(reason="left_frame")
            yield Measured(fact=fact, span=MediaSpan(start=first, end=last), confidence=CONFIDENCE)
        first = last = None
