"""What may follow what in an unboxing, for how long at least, and how the network mistakes one stage for another.

An opening has two parts that look quite unlike each other: hands work on a parcel that rests and still looks closed,
then flaps rise. They are two phases here and one stage outside. How looks fall in each phase was counted on rendered
takes of our own renderer and rounded; what people do, and for how long, is ours from looking at how parcels are opened.
"""

from typing import Final

import numpy as np

from sixfaces.domain.parcel_facts import Stage
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.stage_paths import Chain, Real, Whole, chained

ORDER = (Stage.SEALED, Stage.SHOWING, Stage.OPENING, Stage.OPEN, Stage.ITEM_OUT)
"""The stages with the parcel in view, in their natural order. `absent` is not decoded: the tracker sees it."""

CLOSED = (0, 1)
"""Of ORDER."""

STAGE_OF: Final[Whole] = np.array([0, 1, 0, 2, 2, 3, 4])
"""The stage in ORDER of each phase: sealed, showing, hands coming to rest on it, hands at work, flaps rising, open,
item out. All tables below go by phases."""
_SETTLING = 2
_LOOKS_CLOSED = [0, 1, 2, 3]

_LEAST_S = np.array([0.4, 0.4, 0.6, 0.4, 0.4, 0.4, 0.5])
_TYPICAL_S = np.array([2.5, 5.0, 0.8, 2.5, 1.5, 3.0, 6.0])
"""Nobody opens a parcel in less than 0.8 s; flaps are up for 0.4 s before a hand has the item out."""

_LEAVE: Real = np.array([
    [0.00, 0.69, 0.31, 0.00, 0.00, 4e-6, 1e-6],
    [0.60, 0.00, 0.40, 0.00, 0.00, 4e-6, 1e-6],
    [0.00, 0.00, 0.00, 1.00, 0.00, 0.00, 0.00],
    [0.00, 0.00, 0.00, 0.00, 0.97, 0.02, 0.01],
    [0.00, 0.00, 0.00, 0.00, 0.00, 0.95, 0.05],
    [0.00, 0.00, 0.00, 0.00, 0.10, 0.00, 0.90],
    [0.00, 0.00, 0.00, 0.00, 0.02, 0.98, 0.00],
])  # fmt: skip
"""Where a phase goes when it ends. What was opened is never sealed again. From closed straight to open is what a cut
of the footage looks like: possible, so that no opening has to be invented where nothing of one was seen, but as
unlikely as all the boundaries together that an opening's best path has to pay for."""

_REJOIN: Real = np.array([
    [0.40, 0.40, 0.00, 0.06, 0.02, 0.08, 0.04],
    [0.40, 0.40, 0.00, 0.06, 0.02, 0.08, 0.04],
    [0.40, 0.40, 0.00, 0.06, 0.02, 0.08, 0.04],
    [0.01, 0.01, 0.00, 0.36, 0.12, 0.35, 0.15],
    [0.01, 0.01, 0.00, 0.12, 0.36, 0.35, 0.15],
    [0.01, 0.01, 0.00, 0.00, 0.08, 0.60, 0.30],
    [0.01, 0.01, 0.00, 0.00, 0.02, 0.26, 0.70],
])  # fmt: skip
"""The phase after an absence. That an opened parcel comes back closed means another parcel: told as it looks."""

_START: Real = np.array([0.45, 0.25, 0.00, 0.04, 0.04, 0.12, 0.10])
"""The first frame. Footage that starts with an open parcel is a common fault, so it is no surprise here."""

_SEEN_AS: Real = np.array([
    [0.93, 0.04, 0.02, 0.01],
    [0.90, 0.05, 0.03, 0.02],
    [0.90, 0.06, 0.02, 0.02],
    [0.88, 0.08, 0.02, 0.02],
    [0.45, 0.15, 0.16, 0.24],
    [0.06, 0.04, 0.50, 0.40],
    [0.08, 0.03, 0.29, 0.60],
])  # fmt: skip
"""How a phase looks to the network (look.STATES), bad frames included. An empty box closed and put aside beside its
item looks closed."""

_ITEM_SEEN: Real = np.array([0.02, 0.02, 0.02, 0.03, 0.07, 0.22, 0.45])
"""How often the map of the item shows something. Things lie about on tables, and an item may be seen in its box."""

LITTLE, _MUCH = 0.02, 0.10
_INSIDE: Real = np.array([
    [0.95, 0.04, 0.01],
    [0.94, 0.05, 0.01],
    [0.94, 0.05, 0.01],
    [0.92, 0.06, 0.02],
    [0.30, 0.35, 0.35],
    [0.07, 0.13, 0.80],
    [0.08, 0.14, 0.78],
])  # fmt: skip
"""How often flaps or the inside show in less than LITTLE of the crop, in less than _MUCH of it, and in more."""

_HANDLED: Real = np.array([
    [0.76, 0.18, 0.06],
    [0.12, 0.33, 0.55],
    [0.20, 0.70, 0.10],
    [0.20, 0.75, 0.05],
])  # fmt: skip
"""Free at rest, at rest under hands, and turned or moved: the phases in which a parcel looks closed. One that is
shown is held still at times."""

_TURNING = 20.0
"""Degrees a second at which turning shows beyond what an unsteady pose makes of a box at rest."""
_MOVING = 0.35
"""Sides a second, likewise."""
_HELD = 0.07
"""Share of the surroundings that are hands when a parcel is touched."""

CORRELATION_S = 0.16
"""For so long a look is the last one again: the same light, the same hand before the tape. A frame counts for its share
of it. Short enough for boundaries to lie where the looks change."""

DOUBT = 0.4
"""Power of the likelihoods for probabilities: wrong looks come in bursts of half a second, not of CORRELATION_S, so
that what is told of a stage's sureness counts each look less than what is told of its boundaries."""


def chain(frame_s: float) -> Chain:
    """The grammar at a frame distance in seconds."""
    least = np.maximum(1, np.round(_LEAST_S / frame_s)).astype(np.int64)
    stay = np.exp(-frame_s / np.maximum(_TYPICAL_S - _LEAST_S, frame_s))
    return chained(least, stay, _LEAVE, rejoin=_REJOIN, start=_START)


def likelihood(glimpse: Glimpse, frame_s: float) -> Real:
    """(7,) how well a look fits each phase, for a frame that stands for `frame_s` seconds.

    The maps of item and inside come from the same network as the state, and hands lie still for seconds: these count
    by their square roots. Rest, hands and motion only tell the phases apart in which the parcel looks closed.
    """
    fit = _SEEN_AS @ np.asarray(glimpse.state)
    level = int(glimpse.inside >= LITTLE) + int(glimpse.inside >= _MUCH)
    fit *= np.sqrt((_ITEM_SEEN if glimpse.item is not None else 1 - _ITEM_SEEN) * _INSIDE[:, level])
    handled = _HANDLED @ _handling(glimpse)
    fit[_LOOKS_CLOSED] *= handled / handled.max()
    tempered: Real = fit ** min(1.0, frame_s / CORRELATION_S)
    return tempered


def _handling(glimpse: Glimpse) -> Real:
    """(3,) how surely it is free at rest, at rest under hands, turned or moved."""
    moved = 1 - 0.5 ** (max(glimpse.turning / _TURNING, glimpse.moving / _MOVING) ** 2)
    touched = 1 - 0.5 ** ((glimpse.held / _HELD) ** 2)
    return np.array([(1 - moved) * (1 - touched), (1 - moved) * touched, moved])


def stages_of(phases: Whole) -> Whole:
    """(N,) phases -> (N,) numbers in ORDER. Hands that come to rest belong to the stage before."""
    stages = STAGE_OF[phases]
    for i in np.flatnonzero(phases == _SETTLING).tolist():
        if i and stages[i - 1] in CLOSED:
            stages[i] = stages[i - 1]
    return stages


def stage_shares(phases: Real) -> Real:
    """(N, 7) probabilities of phases -> (N, 5) of the stages in ORDER."""
    member = (STAGE_OF[:, None] == np.arange(len(ORDER))).astype(np.float64)
    shares: Real = phases @ member
    return shares
