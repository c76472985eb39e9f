"""What sort of parcel it is over the whole take: a box with six faces, a soft parcel without, or none that was found.

Only looks before the opening count, where there are any: an open box or what is taken out of it may look like a bag.
Looks are of one object in one light, so that a thousand of them are worth no more than MOST_LOOKS independent ones.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import ParcelFact, Stage
from sixfaces.domain.time import MediaSpan
from sixfaces.observe.parcel.absences import Absence
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.look import KINDS
from sixfaces.observe.parcel.stage_grammar import CORRELATION_S
from sixfaces.observe.parcel.stages import StageSpan, durations

MOST_LOOKS = 6.0
_MOST = 0.97
_LEAST_LOOKS = 3
_CLIP = 1.5
"""A single look speaks for a kind by odds of at most e^1.5 = 4.5, however sure the network calls itself."""


class Sort(StrEnum):
    """What the parcel is; `none` where looks see no parcel at all."""

    BOX = "box"
    SOFT = "soft"
    NONE = "none"


def sort_of(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan]) -> tuple[Sort, float]:
    """The parcel's sort and how sure that is; `none` with 0.5 where there are too few looks to say anything."""
    looks = _before_opening(glimpses, timeline)
    if len(looks) < _LEAST_LOOKS:
        return Sort.NONE, 0.5
    weight = np.array([s for _, s in looks])
    kinds = np.array([g.kind for g, _ in looks]) + 0.02
    shares = np.column_stack([
        kinds[:, KINDS.index("box")],
        kinds[:, KINDS.index("bag")] + kinds[:, KINDS.index("tube")],
        kinds[:, KINDS.index("none")],
    ])  # fmt: skip
    mean = np.average(np.clip(np.log(shares / (1 - np.minimum(shares, 0.98))), -_CLIP, _CLIP), axis=0, weights=weight)
    strength = min(MOST_LOOKS, float(weight.sum()) / CORRELATION_S) / 2
    odds = np.exp(strength * (mean - mean.max()))
    best = int(mean.argmax())
    return list(Sort)[best], round(min(_MOST, float(odds[best] / odds.sum())), 3)


def parcel(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan], gone: Sequence[Absence]) -> Measured | None:
    """The fact about the parcel from its first to its last sight, or None where none was found."""
    sort, confidence = sort_of(glimpses, timeline)
    there = [i for i, g in enumerate(glimpses) if g.found]
    if sort is Sort.NONE or not there:
        return None
    away = {i for absence in gone for i in range(absence.first, absence.after)}
    lasting = durations(glimpses)
    tracked = float(sum(lasting[i] for i in range(there[0], there[-1]) if i not in away))
    span = MediaSpan(start=glimpses[there[0]].time, end=glimpses[there[-1]].time)
    fact = ParcelFact(soft=sort is Sort.SOFT, tracked_s=round(tracked, 3))
    return Measured(fact=fact, span=span, confidence=confidence)


def _before_opening(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan]) -> list[tuple[Glimpse, float]]:
    pairs = [(g, float(s)) for g, s in zip(glimpses, durations(glimpses), strict=True)]
    closed = [
        pairs[i] for s in timeline if s.stage in (Stage.SEALED, Stage.SHOWING) for i in range(s.first, s.after)
    ]  # fmt: skip
    for chosen in (closed, pairs):
        looks = [(g, s) for g, s in chosen if g.found and len(g.kind) == len(KINDS)]
        if len(looks) >= _LEAST_LOOKS:
            return looks
    return []
