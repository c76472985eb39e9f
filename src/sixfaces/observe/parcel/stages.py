"""The stages of an unboxing: from the looks of single frames to a timeline with boundaries (DESIGN §3).

1. Absences that end a stage divide the take; where the parcel is hidden for less than HIDDEN_S its stage goes on.
2. The most probable path through the grammar gives the boundaries, forward-backward the probability of each stage.
3. An opening of which nothing rose is none: hands were on a parcel that looked closed, as they are for any purpose.
4. A stage is as sure as its most probable half second, and as what was seen of it: one that the path needs but that
   hardly any look showed is never sure. Doubt that no rule asks about (see `_same_doubt`) does not count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Stage, StageFact
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.observe.parcel import stage_grammar
from sixfaces.observe.parcel.absences import Absence
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.look import STATES
from sixfaces.observe.parcel.stage_grammar import CLOSED, ORDER
from sixfaces.observe.parcel.stage_paths import Real, best_path, probabilities

HIDDEN_S = 1.0
"""Hands over a parcel for up to a second belong to what is being done to it."""

Numbers = tuple[int, ...]
"""Indices into ORDER."""

_LOOK_OF = {stage: "closed" if stage in ORDER[:2] else str(stage) for stage in ORDER}

SURE_WINDOW_S = 0.5

_SEEN_S = 0.3
"""Seconds of looks that show a stage after which two thirds of the doubt about it are gone."""

_RISING_S = 0.1
_PARTLY, _LATER_S = 0.6, 2.0
"""The same for flaps on their way up: between stage_grammar.LITTLE and this share of what shows in the two seconds
after the opening."""

_MOST = 0.97
"""No stage is surer: what the network mistakes for a whole second it may mistake throughout."""

_WORST_S = 1.0
_SLACK = 0.35
"""Where some second of a stage may as well be another one, that other one may have been missed: the stage is no surer
than that second, but for what flicker and boundaries take."""

LAST = 0.75
"""The last stage also says that no other followed. Openings and items are what the network misses most, so that is not
told so surely that footage could be rejected for it."""

_OPENING = ORDER.index(Stage.OPENING)
_SHUT = frozenset({Stage.SEALED, Stage.SHOWING})
_OPENED = frozenset({Stage.OPEN, Stage.ITEM_OUT})

_NOTHING_ROSE = 0.1
"""By `_rising`: less than what a single frame with flaps on their way up tells."""

_NEVER_SEEN = 0.5
"""Confidence of `absent` where no parcel was ever found: it may as well be one that the finder does not know."""


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stage from glimpse `first` to before glimpse `after`; its span ends where the next one begins."""

    stage: Stage
    first: int
    after: int
    span: MediaSpan
    confidence: float

    @property
    def measured(self) -> Measured:
        """The stage as a fact."""
        return Measured(fact=StageFact(stage=self.stage), span=self.span, confidence=self.confidence)


def stages(glimpses: Sequence[Glimpse], gone: Sequence[Absence]) -> tuple[StageSpan, ...]:
    """The timeline of a take without holes, in order. Times must not decrease."""
    if not glimpses:
        return ()
    # 1.
    away = np.zeros(len(glimpses), dtype=bool)
    for absence in gone:
        if absence.open_ended or absence.reason == "left_frame" or absence.span.duration_s >= HIDDEN_S:
            away[absence.first : absence.after] = True
    decoded, surely = _decoded(glimpses, away)  # 2.
    decoded = _without_hands_only(glimpses, decoded)  # 3.
    spans = []
    for first, after in _stretches(decoded):
        number = int(decoded[first])
        span = MediaSpan(start=glimpses[first].time, end=glimpses[min(after, len(glimpses) - 1)].time)
        if number < 0:
            spans.append(StageSpan(Stage.ABSENT, first, after, span, _absent_confidence(gone, first, len(glimpses))))
        else:
            alike, low, high = _same_doubt(decoded, first, after)
            opening = ORDER[number] is Stage.OPENING
            seen = _rising(glimpses, first, after) if opening else _shown(glimpses[low:high], alike)
            confidence = round(seen * _probable(glimpses[low:high], alike, surely[low:high]), 3)
            if after == len(glimpses) and ORDER[number] is not Stage.ITEM_OUT:
                confidence = min(confidence, LAST)
            spans.append(StageSpan(ORDER[number], first, after, span, confidence))
    return tuple(spans)


def frame_s(glimpses: Sequence[Glimpse]) -> float:
    """The usual distance of glimpses in seconds."""
    times = [g.time.seconds for g in glimpses]
    return max(float(np.median(np.diff(times))), 1e-3) if len(times) > 1 else 0.1


def durations(glimpses: Sequence[Glimpse]) -> Real:
    """(N,) the seconds that each glimpse stands for; pauses of the frames count for twice the usual distance."""
    usual = frame_s(glimpses)
    times = np.array([g.time.seconds for g in glimpses])
    return np.clip(np.diff(times, append=times[-1:] + usual), 0.0, 2 * usual)


def _decoded(glimpses: Sequence[Glimpse], away: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Real]:
    """(N,) stage numbers, -1 for absent, and (N, K) probabilities."""
    decoded = np.full(len(glimpses), -1, dtype=np.int64)
    surely = np.zeros((len(glimpses), len(ORDER)))
    there = np.flatnonzero(~away)
    if len(there) == 0:
        return decoded, surely
    lasting = durations(glimpses)
    likely = np.array([_likelihood(glimpses[i], float(lasting[i])) for i in there.tolist()])
    rejoins = np.diff(there, prepend=there[0]) > 1
    chain = stage_grammar.chain(frame_s(glimpses))
    decoded[there] = stage_grammar.stages_of(best_path(chain, likely, rejoins))
    surely[there] = stage_grammar.stage_shares(probabilities(chain, likely**stage_grammar.DOUBT, rejoins))
    return decoded, surely


def _likelihood(glimpse: Glimpse, lasting_s: float) -> Real:
    if not glimpse.found or len(glimpse.state) != len(STATES):
        return np.ones(len(stage_grammar.STAGE_OF))
    return stage_grammar.likelihood(glimpse, lasting_s)


def _stretches(decoded: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    at = 0
    for _, group in groupby(decoded.tolist()):
        length = sum(1 for _ in group)
        yield at, at + length
        at += length


def _same_doubt(decoded: NDArray[np.int64], first: int, after: int) -> tuple[Numbers, int, int]:
    """4. The stages whose probabilities add up to how sure this one is, and the stretch that tells it.

    Of the closed stages the doubt is whether the parcel is closed, not whether it rests. Of `open` beside `item_out` it
    is whether the parcel is open; where no item comes out it is also whether none did. Else a stage stands for itself.
    """
    number = int(decoded[first])
    beside = {int(decoded[i]) for i in (first - 1, after) if 0 <= i < len(decoded)}
    alike: Numbers = (number,)
    if number in CLOSED:
        alike = CLOSED
    elif ORDER[number] is Stage.OPEN and ORDER.index(Stage.ITEM_OUT) in beside:
        alike = (number, ORDER.index(Stage.ITEM_OUT))
    while first > 0 and decoded[first - 1] in alike:
        first -= 1
    while after < len(decoded) and decoded[after] in alike:
        after += 1
    return alike, first, after


def _without_hands_only(glimpses: Sequence[Glimpse], decoded: NDArray[np.int64]) -> NDArray[np.int64]:
    """3. Such an opening belongs to the stage before it, or is the parcel's being shown."""
    left = decoded.copy()
    for first, after in _stretches(decoded):
        if decoded[first] == _OPENING and _rising(glimpses, first, after) < _NOTHING_ROSE:
            left[first:after] = left[first - 1] if first and left[first - 1] >= 0 else CLOSED[-1]
    return left


def _probable(seen: Sequence[Glimpse], alike: Numbers, surely: Real) -> float:
    """4. By the grammar. When hands on a closed parcel begin to open it is no doubt that it was closed until then."""
    probable = surely[:, list(alike)].sum(1)
    window = max(1, min(len(seen), round(SURE_WINDOW_S / frame_s(seen))))
    best = float(np.convolve(probable, np.full(window, 1 / window), mode="valid").max())
    lasting = max(1, min(len(seen), round(_WORST_S / frame_s(seen))))
    if alike == CLOSED:
        probable = probable + surely[:, _OPENING]
    worst = float(np.convolve(probable, np.full(lasting, 1 / lasting), mode="valid").min())
    return min(_MOST, best, worst + _SLACK)


def _shown(seen: Sequence[Glimpse], alike: Numbers) -> float:
    """4. By what was seen."""
    looks = {_LOOK_OF[ORDER[number]] for number in alike}
    shown_s = sum(
        float(s) * sum(g.state[STATES.index(look)] for look in looks)
        for g, s in zip(seen, durations(seen), strict=True)
        if len(g.state) == len(STATES)
    )
    return 1 - float(np.exp(-shown_s / _SEEN_S))


def _rising(glimpses: Sequence[Glimpse], first: int, after: int) -> float:
    """The same for an opening: by how long flaps or the inside show, but less than once the parcel is open. That is
    what a cut in the footage takes away, while hands on a parcel that looks closed may be there for any purpose."""
    usual = frame_s(glimpses)
    ahead = [g.inside for g in glimpses[after : after + max(1, round(_LATER_S / usual))] if g.found]
    full = float(np.median(ahead)) if ahead else 0.0
    lasting = durations(glimpses)[first:after]
    partly = [g.found and stage_grammar.LITTLE <= g.inside < _PARTLY * full for g in glimpses[first:after]]
    return 1 - float(np.exp(-float(lasting[partly].sum()) / _RISING_S))


def _absent_confidence(gone: Sequence[Absence], first: int, length: int) -> float:
    absence = next((a for a in gone if a.first == first), None)
    if absence is None or absence.after - absence.first == length:
        return _NEVER_SEEN
    return absence.confidence


def opening_begins(timeline: Sequence[StageSpan]) -> MediaTime | None:
    """The first opening: the start of the stage `opening`, or, where a closed parcel is next seen open, of that; None
    where neither was seen."""
    opening = next((s.span.start for s in timeline if s.stage is Stage.OPENING), None)
    closed = next((i for i, s in enumerate(timeline) if s.stage in _SHUT), len(timeline))
    opened = next((s.span.start for s in timeline[closed:] if s.stage in _OPENED), None)
    return min((at for at in (opening, opened) if at is not None), default=None)


def missing(timeline: Sequence[StageSpan], least: float) -> tuple[Stage, ...]:
    """Stages of the natural order that were never seen with at least confidence `least`. Either of the two closed
    stages stands for both: a parcel need not rest to be sealed."""
    seen = {s.stage for s in timeline if s.confidence >= least}
    if seen & {Stage.SEALED, Stage.SHOWING}:
        seen |= {Stage.SEALED, Stage.SHOWING}
    return tuple(stage for stage in ORDER if stage not in seen)
