"""A break in continuity as the parts of the observer hand it on, and how breaks divide a video into takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sixfaces.domain.facts import BreakCause, BreakFact, TakeFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime


@dataclass(frozen=True, slots=True)
class Break:
    """From the last frame before to the first frame after."""

    cause: BreakCause
    start: MediaTime
    end: MediaTime
    certain: bool
    score: float
    threshold: float
    lost_s: float | None = None
    confidence: float = 1.0

    def measured(self) -> Measured:
        """The break as a fact."""
        fact = BreakFact(
            cause=self.cause, certain=self.certain, score=round(self.score, 2), threshold=round(self.threshold, 2),
            lost_s=None if self.lost_s is None else round(self.lost_s, 3),
        )  # fmt: skip
        return Measured(fact=fact, span=MediaSpan(start=self.start, end=self.end), confidence=self.confidence)


RANK = {cause: rank for rank, cause in enumerate((
    BreakCause.CUT, BreakCause.PAUSE, BreakCause.TIMESTAMP_GAP, BreakCause.BLACK, BreakCause.FREEZE,
    BreakCause.DISSOLVE, BreakCause.JUMP, BreakCause.SPEED_CHANGE, BreakCause.AUDIO_BREAK,
))}  # fmt: skip
"""Where several parts report the same moment, the plainest cause stays."""

_SAME_S = 0.15
_SUDDEN = (BreakCause.CUT, BreakCause.JUMP)


def merged(breaks: Sequence[Break]) -> list[Break]:
    """Breaks in order of time, each moment named once: a certain one before a doubtful one, then by RANK."""
    kept: list[Break] = []
    jumps = [b for b in breaks if b.certain and b.cause in _SUDDEN]
    breaks = [_confirmed(b, jumps) if b.cause is BreakCause.FREEZE else b for b in breaks]
    for found in sorted(breaks, key=lambda b: (not b.certain, RANK[b.cause], b.start)):
        if not any(_same(found, other) for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda b: (b.start, b.end))


def _confirmed(freeze: Break, jumps: Sequence[Break]) -> Break:
    """A picture that stood still and then jumped was frozen, whatever the noise says."""
    return replace(freeze, certain=True) if any(_same(freeze, jump) for jump in jumps) else freeze


def _same(found: Break, other: Break) -> bool:
    if BreakCause.AUDIO_BREAK in (found.cause, other.cause) and found.cause is not other.cause:
        return False
    return found.start.seconds <= other.end.seconds + _SAME_S and other.start.seconds <= found.end.seconds + _SAME_S


def takes(breaks: Sequence[Break], *, first: MediaTime, last: MediaTime) -> list[Measured]:
    """What lies between the certain breaks, from the first frame to the last."""
    spans: list[MediaSpan] = []
    start = first
    for found in breaks:
        if found.certain:
            if start <= found.start:
                spans.append(MediaSpan(start=start, end=found.start))
            start = max(start, found.end)
    spans.append(MediaSpan(start=min(start, last), end=last))
    return [Measured(fact=TakeFact(index=index), span=span) for index, span in enumerate(spans)]
