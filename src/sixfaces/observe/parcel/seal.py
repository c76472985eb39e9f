"""Whether the parcel was sealed when it first came into view (D8).

1. The first stage with the parcel decides alone where it is an opened one: the seal was broken before.
2. Else looks at the seam count from the first sight until the opening begins, or until the parcel was out of view
   for longer than CHAIN_S: a seal that is whole later, on a parcel that was watched all the while and that nobody
   opened, was whole at the start.
3. A parcel has seams on several faces. However often one of them looks whole, it is no proof beside another that looks
   cut: the second in which most speaks for a cut stands against all that speaks for a whole seam. Looks just before
   the opening are not used for it, where the knife may already be in.
4. One look proves nothing: it takes LEAST_LOOKS of them. Where neither side is strong enough nobody can tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sixfaces.domain.answer import Answer
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import SealFact, Stage
from sixfaces.domain.time import MediaSpan
from sixfaces.observe.parcel.absences import Absence
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.look import SEALS
from sixfaces.observe.parcel.stage_grammar import CORRELATION_S, ORDER
from sixfaces.observe.parcel.stages import StageSpan, durations

CHAIN_S = 0.5
"""Longer out of view, it may be another parcel: putting one away and another in its place takes about a second."""

BEFORE_OPENING_S = 1.0
LEAST_LOOKS = 4
LEAST_INTACT_S = 0.4

_PLAIN = 0.55
"""A look that gives its answer less probability than this does not show the seam plainly."""
_CUT_WEIGHT = 1.5
_MOST_WHOLE = 6.0
"""Log odds beyond which more looks at a whole seam prove no more: they are looks at the same seam."""
WINDOW_S = 1.0
"""For so long, about, one face is turned to the camera."""
_MOST = 0.95
_PRIOR = 1.5
"""Log odds that looks have to overcome: how often tape that looks whole was lifted and pressed on again is unknown."""


@dataclass(frozen=True, slots=True)
class SealEvidence:
    """Log odds gathered for a whole seam less those for a cut one (`whole`), the same the other way round in the
    window where it is most (`cut_at_most`), in how many plain looks, over how many seconds."""

    whole: float
    cut_at_most: float
    whole_looks: int
    cut_looks: int
    whole_s: float


def seal(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan], gone: Sequence[Absence]) -> Measured | None:
    """The fact about the seal, or None where the parcel was never in view."""
    present = [s for s in timeline if s.stage is not Stage.ABSENT]
    if not present:
        return None
    first = present[0]
    # 1.
    if first.stage not in ORDER[:2]:
        return Measured(fact=SealFact(intact=Answer.NOT_MET), span=first.span, confidence=first.confidence)
    # 2.
    end = _end(present, gone)
    evidence = _gathered(glimpses, first.first, end, knife_s=_knife_s(glimpses, present, end))
    intact, confidence = _judged(evidence)
    last = min(end, len(glimpses) - 1)
    span = MediaSpan(start=first.span.start, end=max(first.span.start, glimpses[last].time))
    return Measured(fact=SealFact(intact=intact), span=span, confidence=min(confidence, _closed_until(present, end)))


def _end(present: Sequence[StageSpan], gone: Sequence[Absence]) -> int:
    """Index after the last glimpse that still speaks of the start."""
    first = present[0].first
    opened = next((s.first for s in present if s.stage not in ORDER[:2]), present[-1].after)
    left = [a.first for a in gone if a.first > first and a.span.duration_s > CHAIN_S]
    return min([opened, *left])


def _closed_until(present: Sequence[StageSpan], end: int) -> float:
    """How surely the parcel was closed all the while: no stage before `end` may be doubtful by its own looks."""
    return max(s.confidence for s in present if s.first < end)


def _knife_s(glimpses: Sequence[Glimpse], present: Sequence[StageSpan], end: int) -> float:
    """3. From when on a cut seam may be the opening's own; infinity where no opening follows."""
    opened = any(s.first == end and s.stage not in ORDER[:2] for s in present)
    return glimpses[end].time.seconds - BEFORE_OPENING_S if opened and end < len(glimpses) else float("inf")


def _gathered(glimpses: Sequence[Glimpse], first: int, end: int, *, knife_s: float) -> SealEvidence:
    is_whole, is_cut = SEALS.index("intact"), SEALS.index("cut")
    looks: list[tuple[float, float]] = []
    whole_looks = cut_looks = 0
    whole_s = 0.0
    for glimpse, lasting in zip(glimpses[first:end], durations(glimpses[first:end]), strict=True):
        odds = _odds(glimpse) * min(1.0, float(lasting) / CORRELATION_S)
        if odds == 0.0 or (odds < 0 and glimpse.time.seconds >= knife_s):
            continue
        looks.append((glimpse.time.seconds, odds))
        if glimpse.seal[is_whole] >= _PLAIN:
            whole_looks, whole_s = whole_looks + 1, whole_s + float(lasting)
        cut_looks += glimpse.seal[is_cut] >= _PLAIN
    return SealEvidence(sum(odds for _, odds in looks), _most_against(looks), whole_looks, cut_looks, whole_s=whole_s)


def _odds(glimpse: Glimpse) -> float:
    """Log odds of one look for a whole seam, within +-2; 0 where the seam is not to be seen."""
    if not glimpse.found or len(glimpse.seal) != len(SEALS):
        return 0.0
    unseen, whole, cut = glimpse.seal
    if unseen > _PLAIN:
        return 0.0
    return (1 - unseen) * float(np.clip(np.log((whole + 0.05) / (cut + 0.05)), -2.0, 2.0))


def _most_against(looks: Sequence[tuple[float, float]]) -> float:
    """3. The most that speaks for a cut, on balance, within any WINDOW_S."""
    most, total, since = 0.0, 0.0, 0
    for at, odds in looks:
        total += odds
        while looks[since][0] < at - WINDOW_S:
            total -= looks[since][1]
            since += 1
        most = max(most, -total)
    return most


def _judged(seen: SealEvidence) -> tuple[Answer, float]:
    """3. and 4."""
    against = _CUT_WEIGHT * seen.cut_at_most
    for_whole = _sure(min(seen.whole, _MOST_WHOLE) - against - _PRIOR)
    if for_whole >= 0.5 and seen.whole_looks >= LEAST_LOOKS and seen.whole_s >= LEAST_INTACT_S:
        return Answer.MET, for_whole
    for_cut = _sure(-seen.whole - _PRIOR)
    if for_cut >= 0.5 and seen.cut_looks >= LEAST_LOOKS:
        return Answer.NOT_MET, for_cut
    return Answer.CANNOT_TELL, round(1 - max(for_whole, for_cut) / 2, 3)


def _sure(odds: float) -> float:
    return round(min(_MOST, float(1 / (1 + np.exp(-odds)))), 3)
