"""Where the waybill label was seen, as evidence for the box's orientation: it does not move from face to face.

The tracker may slip into a neighbouring symmetry; then the label seems to jump to another slot. Under the turn that
undoes the slip it stays on one true face.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.face_log import FaceLog
from sixfaces.observe.parcel.slots import slots_of
from sixfaces.observe.parcel.symmetric import GROUP

Real = NDArray[np.float64]

LEAST_SHARE = 0.03
"""Share of a face under the label from which the frame says where the label is; less may be a stray cell."""

CLEARLY = 3.0
"""The label's slot must have this many times more of it than the next: it reaches over an edge, or poses are off."""

BELIEVED = 0.9
"""How often a frame that clearly shows the label on a slot is right about the slot; the rest goes to the others."""

ALIKE = 0.25
"""What is taken for the label in one frame is so in the next: each counts for a part of what it would alone."""


def logged_shares(log: FaceLog, indices: Sequence[int]) -> list[Real]:
    """(6,) a frame the share of each slot's face under the label, by the frames' indices; zeros for one not logged."""
    found = []
    for index in indices:
        glimpse = log.at(index)
        found.append(np.zeros(6) if glimpse is None else np.nan_to_num(glimpse.label))
    return found


def label_evidence(shares: Sequence[Real]) -> list[Real]:
    """Per frame (24,) log-likelihoods over `GROUP` of the turn from the tracker's axes to the true ones.

    1. Every frame that clearly shows the label votes for its slot, weighted by how much of it there is. The winner is
       taken as the label's true face: names of faces are relative until the first rest names them, so only changes of
       slot matter. Which face wins does not.
    2. In a frame that clearly shows the label, turns that bring its slot to that face are likely, others are not.
       All other frames give zeros: a label that is not seen tells little, for it is turned away, covered or missed.
    """
    clear = [_clear_slot(share) for share in shares]
    votes = np.zeros(6)
    for slot, share in zip(clear, shares, strict=True):
        if slot is not None:
            votes[slot] += share[slot]
    if votes.max(initial=0.0) <= 0:
        return [np.zeros(24) for _ in shares]
    table = _table(int(votes.argmax()))
    return [np.zeros(24) if slot is None else ALIKE * table[slot] for slot in clear]


def _clear_slot(share: Real) -> int | None:
    best = int(share.argmax())
    others = np.delete(share, best).max()
    return best if share[best] >= LEAST_SHARE and share[best] >= CLEARLY * others else None


def _table(face: int) -> Real:
    """(6, 24) log-likelihoods of seeing the label on each slot under each turn, if it is on this true face."""
    showing = np.array([slots_of(turn)[face] for turn in GROUP])
    hit = showing[None, :] == np.arange(6)[:, None]
    table: Real = np.log(np.where(hit, BELIEVED, (1 - BELIEVED) / 5))
    return table
