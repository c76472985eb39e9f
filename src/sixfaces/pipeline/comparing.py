"""Lays what came out of the parcel beside the order's reference pictures, which only the case knows."""

from pathlib import Path

from sixfaces.domain.case import CaseFile
from sixfaces.domain.comparison import Comparison, Comparisons, Reference
from sixfaces.domain.errors import IntakeError
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured, Observation, Record
from sixfaces.domain.parcel_facts import ItemFact, ItemViewFact
from sixfaces.domain.ports import Comparer, Pictures, Results
from sixfaces.intake.reference import read_reference
from sixfaces.report.views import picture_path

MOST_REFERENCES = 8
"""Reference pictures of one case that are compared: each costs up to a second of computing for each exhibit."""

MOST_VIEWS = 8
"""Views of the item that are compared: hands hide other parts in each, and more of them show little more."""

_OF = ("item",)


def references_of(case: CaseFile, folder: Path) -> tuple[tuple[Reference, ...], tuple[UnmeasuredFact, ...]]:
    """The case's reference pictures, each once, and a hole for each that cannot be had."""
    names = list(dict.fromkeys(name for line in case.order.items for name in line.reference_images))
    found: dict[str, Reference] = {}
    holes = []
    for name in names[:MOST_REFERENCES]:
        try:
            reference = read_reference(folder, name)
        except IntakeError as exc:
            holes.append(UnmeasuredFact(of=_OF, code=exc.code, detail=name))
            continue
        found.setdefault(reference.sha256, reference)
    if len(names) > MOST_REFERENCES:
        detail = f"the first {MOST_REFERENCES} of {len(names)} are compared"
        holes.append(UnmeasuredFact(of=_OF, code="too_many_references", detail=detail))
    return tuple(found.values()), tuple(holes)


def compared(
    record: Record,
    references: tuple[Reference, ...],
    *,
    comparer: Comparer,
    results: Results,
    pictures: Pictures,
) -> Comparisons:
    """The exhibit's views of the item beside each reference; a hole where it has no views and should have."""
    seen = ExhibitEvidence(record)
    shown = {fact.image: observation for observation, fact in seen.of(ItemViewFact)}
    kept = [name for name in shown if name in record.images][:MOST_VIEWS]  # a fact may name what was never kept
    views = {name: data for name in kept if (data := results.get(picture_path(record.exhibit.sha256, name)))}
    if not views:
        expected = record.exhibit.role is Role.UNBOXING_VIDEO and record.media is not None
        told = seen.unmeasured(ItemFact) or seen.unmeasured(ItemViewFact)
        hole = UnmeasuredFact(of=_OF, code="no_item_views", detail="no view of the item was kept")
        return Comparisons(exhibit=record.exhibit.sha256, holes=(hole,) if expected and told is None else ())
    found = comparer.compare(references, views=views, pictures=pictures)
    return Comparisons(exhibit=record.exhibit.sha256, compared=tuple(_timed(one, shown) for one in found))


def _timed(comparison: Comparison, shown: dict[str, Observation]) -> Comparison:
    """The comparison with each fact at the moment of the view that it rests on."""
    return comparison.model_copy(update={"measured": tuple(_placed(m, shown) for m in comparison.measured)})


def _placed(measured: Measured, shown: dict[str, Observation]) -> Measured:
    view = measured.fact.view if isinstance(measured.fact, ItemFact) else None
    if view is None or view not in shown:
        return measured
    return measured.model_copy(update={"span": shown[view].span})
