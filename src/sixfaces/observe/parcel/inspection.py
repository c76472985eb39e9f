"""When the item is out, how it was inspected, and how many items there were (D5, D7).

1. An episode is a stretch of the stages `open` and `item_out` in which an item is seen, with pauses of up to PAUSE_S:
   hands cover it while they turn it.
2. It was inspected while hands held it. Views are counted by how far what it shows moves away from every view before.
   Held still, it was shown but not inspected: then nothing is sure.
3. One item is counted only where a person would not doubt it: it came out once, stayed one patch, and the parcel's
   inside was seen afterwards. All else is a number of low confidence, which decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import InspectionFact, QuantityFact, Stage
from sixfaces.domain.time import MediaSpan
from sixfaces.observe.parcel.absences import runs
from sixfaces.observe.parcel.glimpse import Glimpse, ItemGlimpse
from sixfaces.observe.parcel.item_look import apart
from sixfaces.observe.parcel.stages import StageSpan, durations

PAUSE_S = 0.5
LEAST_EPISODE_S = 0.4
"""Shorter, and it is a hand or a flap that looked like an item for a moment."""

HELD = 0.08
"""Share of the item's surroundings that are hands from which on it is held: two fingers on a phone."""

VIEW = 0.33
"""Distance of signatures from which on another side is shown. Of drawn sides shaken, relit and partly covered 95 in 100
stay below 0.31 of themselves; another side of the same colour goes beyond in half of the cases, so that views are
rather missed than made up."""
TURNED = 35.0
"""Degrees by which the longer axis turns for another view of an item that looks the same all around."""

_SURE, _UNSURE = 0.85, 0.6
_COUNTED = 0.82
_AFTER_S = 1.5
"""For so long after the item is out nothing else must come out, for it to have been the only one."""
_INSIDE, _INSIDE_S = 0.02, 0.4
_ONE_PATCH = 0.9
_ABROAD = 1.0
"""Seconds without any item after which one that is seen may be another."""


@dataclass(frozen=True, slots=True)
class Episode:
    """An item in view from glimpse `first` to before `after`."""

    first: int
    after: int
    seconds: float


def episodes(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan]) -> tuple[Episode, ...]:
    """1. All stretches with an item out, in order."""
    opened = [False] * len(glimpses)
    for stage in timeline:
        if stage.stage in (Stage.OPEN, Stage.ITEM_OUT):
            opened[stage.first : stage.after] = [True] * (stage.after - stage.first)
    shown = [there and g.item is not None for there, g in zip(opened, glimpses, strict=True)]
    return _joined(glimpses, shown, pause_s=PAUSE_S, least_s=LEAST_EPISODE_S)


def inspections(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan]) -> tuple[Measured, ...]:
    """2. Each stretch in which the item was held, with its views."""
    out = max((s.confidence for s in timeline if s.stage is Stage.ITEM_OUT), default=0.0)
    found = []
    for episode in episodes(glimpses, timeline):
        part = glimpses[episode.first : episode.after]
        held = [g.item is not None and g.item.held >= HELD for g in part]
        for stretch in _joined(part, held, pause_s=PAUSE_S, least_s=LEAST_EPISODE_S):
            seen = [g.item for g in part[stretch.first : stretch.after] if g.item is not None]
            count = views(seen)
            confidence = min(out, _SURE if count >= 2 else _UNSURE)
            span = MediaSpan(start=part[stretch.first].time, end=part[min(stretch.after, len(part) - 1)].time)
            found.append(Measured(fact=InspectionFact(views=count), span=span, confidence=round(confidence, 3)))
    return tuple(found)


def views(items: Sequence[ItemGlimpse]) -> int:
    """2. How many views differ from each other, in the order in which they were shown. Single frames show none: a
    view is one that the next frame confirms."""
    kept: list[ItemGlimpse] = []
    for item, following in zip(items, [*items[1:], items[-1]] if items else [], strict=True):
        if not _differs(item, following) and all(_differs(item, other) for other in kept):
            kept.append(item)
    return max(len(kept), 1 if items else 0)


def _differs(one: ItemGlimpse, other: ItemGlimpse) -> bool:
    turn = abs(one.angle - other.angle)
    turned = min(turn, 180.0 - turn) >= TURNED and _long(one) and _long(other)
    return turned or apart(one.look, other.look) >= VIEW


def _long(item: ItemGlimpse) -> bool:
    """Whether the longer axis means anything: of a square patch it is noise."""
    width, height = item.box[2:]
    return max(width, height) >= 1.5 * min(width, height)


def quantity(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan]) -> Measured | None:
    """3. How many items came out, or None where none was seen: an empty parcel is not told from a missed item."""
    seen = episodes(glimpses, timeline)
    if not seen:
        return None
    comings = _comings(glimpses, seen)
    inside = [g.item.parts for e in seen for g in glimpses[e.first : e.after] if g.item is not None]
    together = sorted(inside)[int(_ONE_PATCH * (len(inside) - 1))]
    count = max(len(comings), together)
    sure = count == 1 and _came_out_once(glimpses, timeline, seen)
    span = MediaSpan(start=glimpses[seen[0].first].time, end=glimpses[min(seen[-1].after, len(glimpses) - 1)].time)
    return Measured(fact=QuantityFact(count=count), span=span, confidence=_COUNTED if sure else 0.5)


def _comings(glimpses: Sequence[Glimpse], seen: Sequence[Episode]) -> list[Episode]:
    """3. Episodes before which no item was in view for a while."""
    comings = [seen[0]]
    for before, episode in pairwise(seen):
        gap = glimpses[episode.first].time.seconds - glimpses[before.after - 1].time.seconds
        if gap >= _ABROAD:
            comings.append(episode)
    return comings


def _came_out_once(glimpses: Sequence[Glimpse], timeline: Sequence[StageSpan], seen: Sequence[Episode]) -> bool:
    """3. The parcel was open before the item came, time passed after it, and the inside was seen again."""
    first = seen[0].first
    witnessed = any(s.stage in (Stage.OPENING, Stage.OPEN) and s.first < first for s in timeline)
    out = [s for s in timeline if s.stage is Stage.ITEM_OUT]
    lasting = durations(glimpses)
    after_s = float(lasting[first:].sum())
    inside_s = sum(s for g, s in zip(glimpses[first:], lasting[first:], strict=True) if g.inside >= _INSIDE)
    looked_s = sum(e.seconds for e in seen)
    return (
        witnessed
        and bool(out)
        and min(s.confidence for s in out) >= _COUNTED
        and after_s >= _AFTER_S
        and inside_s >= _INSIDE_S
        and looked_s >= _AFTER_S / 2
    )


def _joined(
    glimpses: Sequence[Glimpse], flags: Sequence[bool], *, pause_s: float, least_s: float
) -> tuple[Episode, ...]:
    """Runs of true flags, joined over short pauses, those of some length."""
    merged: list[list[int]] = []
    for first, after in runs(flags):
        if merged and glimpses[first].time.seconds - glimpses[merged[-1][1] - 1].time.seconds <= pause_s:
            merged[-1][1] = after
        else:
            merged.append([first, after])
    lasting = durations(glimpses)
    found = (Episode(first, after, float(sum(lasting[first:after]))) for first, after in merged)
    return tuple(e for e in found if e.seconds >= least_s)
