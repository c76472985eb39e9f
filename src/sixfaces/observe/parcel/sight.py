"""One medium frame's measurement of the box, as the smoothing over the take needs it: a few numbers a frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.observe.parcel import cuboid
from sixfaces.observe.parcel.decode import climb, nearest, trust
from sixfaces.observe.parcel.flow import Turn
from sixfaces.observe.parcel.look import Look

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sight:
    """What one frame says of the box.

    rotation: (3, 3) box axes to the frame's camera axes, any one of its 24 twins. place: (3,) as in a pose.
    share: (3,) of each edge's square along the columns of `rotation`; they sum to 1. trust: 0..1 as `decode.trust`
    gives it. turn: the motion since the sight before this one, None where it is not known. extra: (24,) logarithms of
    how likely other evidence (label, texture) makes `rotation @ GROUP[k]`, in the axes of the segment.
    """

    time: MediaTime
    index: int
    rotation: Real
    place: Real
    share: Real
    trust: float
    turn: Turn | None = None
    extra: Real | None = None


def sight(look: Look, size: cuboid.Size, when: tuple[MediaTime, int], *, start: Real | None = None) -> Sight:
    """The network's answer as a measurement. `start`: a rotation in the frame's axes whose twin is wanted."""
    turn = cuboid.to_frame(look.crop, size)
    rotation = nearest(look.tensor) if start is None else climb(look.tensor, turn.T @ start)
    share = cuboid.shares(look.inertia, rotation)
    sure = trust(look.tensor, rotation)
    return Sight(when[0], when[1], turn @ rotation, cuboid.place(look, size), share, sure)
