"""What may follow what in an unboxing, for how long at least, and how the network mistakes one stage for another.

All figures here are ours from looking at how parcels are opened; none was fitted to a clip.
"""

import numpy as np

from sixfaces.domain.parcel_facts import Stage
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.stage_paths import Chain, Real, chained

ORDER = (Stage.SEALED, Stage.SHOWING, Stage.OPENING, Stage.OPEN, Stage.ITEM_OUT)
"""The stages with the parcel in view, in their natural order and that of all arrays. `absent` is not decoded: the
tracker sees it."""

CLOSED = (0, 1)

_LEAST_S = np.array([0.4, 0.4, 0.8, 0.4, 0.5])
"""Nobody opens a parcel in less than 0.8 s; flaps are up for 0.4 s before a hand has the item out."""
_TYPICAL_S = np.array([2.5, 5.0, 5.0, 3.0, 6.0])

_LEAVE: Real = np.array([
    [0.00, 0.69, 0.30, 0.006, 0.004],
    [0.60, 0.00, 0.38, 0.012, 0.008],
    [0.00, 0.00, 0.00, 0.85, 0.15],
    [0.00, 0.00, 0.15, 0.00, 0.85],
    [0.00, 0.00, 0.02, 0.98, 0.00],
])  # fmt: skip
"""Where a stage goes when it ends. What was opened is never sealed again. From closed straight to open is what a cut
of the footage looks like: rare, but possible, so that an opening is never invented to explain it."""

_REJOIN: Real = np.array([
    [0.40, 0.40, 0.08, 0.08, 0.04],
    [0.40, 0.40, 0.08, 0.08, 0.04],
    [0.01, 0.01, 0.48, 0.35, 0.15],
    [0.01, 0.01, 0.08, 0.60, 0.30],
    [0.01, 0.01, 0.02, 0.26, 0.70],
])  # fmt: skip
"""The stage after an absence. That an opened parcel comes back closed means another parcel: told as it looks."""

_START: Real = np.array([0.45, 0.25, 0.08, 0.12, 0.10])
"""The first frame. Footage that starts with an open parcel is a common fault, so it is no surprise here."""

_SEEN_AS: Real = np.array([
    [0.86, 0.09, 0.03, 0.02],
    [0.86, 0.09, 0.03, 0.02],
    [0.17, 0.68, 0.11, 0.04],
    [0.05, 0.12, 0.65, 0.18],
    [0.09, 0.05, 0.18, 0.68],
])  # fmt: skip
"""How a stage looks to the network (look.STATES), bad frames included. Hands on a closed parcel look like opening it;
an empty box closed and put aside beside its item looks closed."""

_ITEM_SEEN: Real = np.array([0.05, 0.05, 0.10, 0.20, 0.80])
"""How often the map of the item shows something. Things lie about on tables, and an item may be seen in its box."""
_INSIDE_SEEN: Real = np.array([0.10, 0.10, 0.50, 0.85, 0.60])
_INSIDE = 0.02
"""How often flaps or the inside show, from this share of the crop on."""

_REST: Real = np.array([[0.90, 0.22], [0.10, 0.78]])
"""At rest or handled (rows), as the two closed stages (columns) are: a parcel shown is held still at times."""

_TURNING = 20.0
"""Degrees a second at which turning shows beyond what an unsteady pose makes of a box at rest."""
_MOVING = 0.35
"""Sides a second, likewise."""
_HELD = 0.12
"""Share of the surroundings that are hands when a parcel is held with one hand."""

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
    """(5,) how well a look fits each stage, for a frame that stands for `frame_s` seconds.

    The maps of item and inside come from the same network as the state, so they count by their square roots. Rest and
    motion only tell the two closed stages apart.
    """
    fit = _SEEN_AS @ np.asarray(glimpse.state)
    item, inside = glimpse.item is not None, glimpse.inside >= _INSIDE
    fit *= np.sqrt((_ITEM_SEEN if item else 1 - _ITEM_SEEN) * (_INSIDE_SEEN if inside else 1 - _INSIDE_SEEN))
    active = activity(glimpse)
    pair = (1 - active) * _REST[0] + active * _REST[1]
    fit[list(CLOSED)] *= pair / pair.max()
    tempered: Real = fit ** min(1.0, frame_s / CORRELATION_S)
    return tempered


def activity(glimpse: Glimpse) -> float:
    """How surely the parcel is being handled, 0..1."""
    strongest = max(glimpse.turning / _TURNING, glimpse.moving / _MOVING, glimpse.held / _HELD)
    return float(1 - np.exp(-(strongest**2) * np.log(2)))
