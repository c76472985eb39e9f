"""All that the glimpses of a take tell: parcel, stages, seal, absences, inspection and number of items, or why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Stage
from sixfaces.observe.parcel.absences import Absence, absences
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.inspection import Episode, episodes, inspections, quantity
from sixfaces.observe.parcel.seal import seal
from sixfaces.observe.parcel.softness import Sort, parcel, sort_of
from sixfaces.observe.parcel.stages import StageSpan, stages

NO_FRAMES = "no_frames"
NOT_FOUND = "parcel_not_found"
ITEM_UNCLEAR = "item_unclear"

_OF_STORY = ("parcel", "stage", "seal", "absence", "inspection", "quantity")


@dataclass(frozen=True, slots=True)
class Story:
    """The take's timeline with all that other parts of the observer need of it."""

    glimpses: Sequence[Glimpse]
    absences: tuple[Absence, ...]
    timeline: tuple[StageSpan, ...]
    episodes: tuple[Episode, ...]
    sort: Sort
    sort_confidence: float

    @property
    def out_confidence(self) -> float:
        """How surely an item was out of the parcel at all."""
        return max((s.confidence for s in self.timeline if s.stage is Stage.ITEM_OUT), default=0.0)

    @property
    def soft(self) -> bool:
        """Whether the parcel is a bag or a tube, which has no six faces."""
        return self.sort is Sort.SOFT


def story(glimpses: Sequence[Glimpse]) -> Story:
    """The glimpses of a whole take, in the order of time, read once."""
    gone = absences(glimpses)
    timeline = stages(glimpses, gone)
    sort, confidence = sort_of(glimpses, timeline)
    return Story(glimpses, gone, timeline, episodes(glimpses, timeline), sort, sort_confidence=confidence)


def measured(told: Story) -> Iterator[Measured]:
    """The facts, and a hole for each kind that the footage does not settle."""
    if not told.glimpses:
        yield _hole(_OF_STORY, NO_FRAMES, "no medium frame was decoded")
        return
    found = parcel(told.glimpses, told.timeline, told.absences)
    yield from (s.measured for s in told.timeline)
    if found is None:
        yield _hole([kind for kind in _OF_STORY if kind != "stage"], NOT_FOUND, "no parcel was found in the footage")
        return
    yield found
    yield from (a.measured for a in told.absences)
    sealed = seal(told.glimpses, told.timeline, told.absences)
    if sealed is not None:
        yield sealed
    yield from _of_items(told)


def _of_items(told: Story) -> Iterator[Measured]:
    """Where no item was made out, that is a hole and not an inspection of 0 s: many an item is not recognised."""
    inspected = inspections(told.glimpses, told.timeline)
    yield from inspected
    if not inspected and not told.episodes:
        yield _hole(("inspection",), ITEM_UNCLEAR, "the item could not be made out")
    counted = quantity(told.glimpses, told.timeline)
    yield counted if counted is not None else _hole(("quantity",), ITEM_UNCLEAR, "no item could be made out to count")


def _hole(of: Sequence[str], code: str, detail: str) -> Measured:
    return Measured(fact=UnmeasuredFact(of=tuple(of), code=code, detail=detail))
