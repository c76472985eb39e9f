"""Stretches in which the parcel was not in view, exactly as long as they were (D5).

1. A stretch begins with the first medium frame without the parcel and ends with the first that has it again.
2. One of at most two frames in which the parcel comes back where it was, as large as it was, is a dropout of the
   detector: a hand needs longer to take a parcel away and to bring it, or another one, back to the same place.
   Where the tracker saw it go over the frame's edge this excuse does not hold.
3. Stretches shorter than SHORTEST_S are no absences. All others are told; which of them count is for the rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import AbsenceFact
from sixfaces.domain.time import MediaSpan
from sixfaces.observe.parcel.glimpse import Glimpse, Lost

SHORTEST_S = 0.2
"""Two to three medium frames. Shorter ones cannot be told from a dropout by a detector at 8 to 15 frames a second."""

DROPOUT_FRAMES = 2
DROPOUT_S = 0.3
DROPOUT_SHIFT = 0.35
"""In sides of the parcel's square. A box turned in the hands moves so far in 0.3 s; one taken away and put back by
hand has to travel more than its own side twice."""
DROPOUT_GROWTH = 1.25

_TRUST: dict[Lost, float] = {"left_frame": 0.95, "hidden": 0.75}
"""How surely the parcel is out of view where the tracker does not say: going over the edge is seen, being hidden is
inferred from hands where the parcel was, so that alone it never decides against anybody."""


@dataclass(frozen=True, slots=True)
class Absence:
    """`first` and `after`: indices of the first frame without the parcel and of the next that has it (or one past the
    end). `open_ended`: it was not seen before, or never again."""

    first: int
    after: int
    span: MediaSpan
    reason: Lost
    confidence: float
    open_ended: bool

    @property
    def measured(self) -> Measured:
        """The absence as a fact."""
        return Measured(fact=AbsenceFact(reason=self.reason), span=self.span, confidence=self.confidence)


def absences(glimpses: Sequence[Glimpse]) -> tuple[Absence, ...]:
    """All absences of a take, in order."""
    found = (_absence(glimpses, first, after) for first, after in runs(not g.found for g in glimpses))
    return tuple(a for a in found if a is not None)


def runs(flags: Iterable[bool]) -> list[tuple[int, int]]:
    """First and one past the last index of each run of true flags."""
    found, at = [], 0
    for flag, group in groupby(flags):
        length = sum(1 for _ in group)
        if flag:
            found.append((at, at + length))
        at += length
    return found


def _absence(glimpses: Sequence[Glimpse], first: int, after: int) -> Absence | None:
    last = len(glimpses) - 1
    span = MediaSpan(start=glimpses[first].time, end=glimpses[min(after, last)].time)
    open_ended = first == 0 or after > last
    whole = first == 0 and after > last
    reason = _reason(glimpses[first:after])
    if not whole and (span.duration_s < SHORTEST_S or _is_dropout(glimpses, first, after)):
        return None
    told = [g.trust for g in glimpses[first:after] if g.trust is not None]
    trust = sum(told) / len(told) if told else _TRUST[reason]
    confidence = round(trust * (1 - 0.5 ** (after - first)), 3)
    return Absence(first, after, span, reason=reason, confidence=confidence, open_ended=open_ended)


def _reason(lost: Sequence[Glimpse]) -> Lost:
    """Over the edge if the tracker ever saw that in the stretch; a hand that follows hides nothing more."""
    named = [g.lost for g in lost if g.lost is not None]
    return "left_frame" if not named or "left_frame" in named else "hidden"


def _is_dropout(glimpses: Sequence[Glimpse], first: int, after: int) -> bool:
    """2."""
    if first == 0 or after >= len(glimpses) or after - first > DROPOUT_FRAMES:
        return False
    before, again = glimpses[first - 1], glimpses[after]
    if again.time.seconds - glimpses[first].time.seconds >= DROPOUT_S or before.place is None or again.place is None:
        return False
    if any(g.lost == "left_frame" for g in glimpses[first:after]):
        return False
    (x, y, side), (u, v, other) = before.place, again.place
    shift = ((x - u) ** 2 + (y - v) ** 2) ** 0.5
    return shift <= DROPOUT_SHIFT * side and max(side, other) <= DROPOUT_GROWTH * min(side, other)
