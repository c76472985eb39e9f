"""Lays each unboxing video's parcel beside those of the case's packing videos: by what records kept, never by the
videos.

A packing video is as long as it likes: what is compared is a picture of each face and some of the item.
"""

from collections.abc import Sequence

from sixfaces.criteria.consistency_numbers import normalised
from sixfaces.domain.case import CaseFile
from sixfaces.domain.comparison import Comparison, Comparisons, ParcelSide
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured, Record
from sixfaces.domain.packed_facts import PackedBoxFact, PackedItemFact
from sixfaces.domain.parcel_facts import Face, FaceFact, ItemViewFact
from sixfaces.domain.ports import OutboundComparer, Results
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.report.views import picture_path

MOST_PACKINGS = 4
"""Packing videos of one case that are compared: an order may have gone out in several parcels. Each takes a second."""

MOST_VIEWS = 8


def beside_packings(
    case: CaseFile, records: Sequence[Record], *, comparer: OutboundComparer, results: Results
) -> dict[str, tuple[Comparison, ...]]:
    """Comparisons of each unboxing video with the packing videos, by its digest."""
    packings = _packings(case, records)
    if not packings:
        return {}
    sides = [side_of(record, results) for record in packings[:MOST_PACKINGS]]
    found = {}
    for record in records:
        if record.exhibit.role is Role.UNBOXING_VIDEO and record.media is not None:
            own = side_of(record, results)
            compared = tuple(_placed(comparer.beside(own, side), record) for side in sides)
            found[record.exhibit.sha256] = compared if len(packings) <= MOST_PACKINGS else _untold(compared, packings)
    return found


def joined(found: dict[str, Comparisons], packed: dict[str, tuple[Comparison, ...]]) -> dict[str, Comparisons]:
    """Both kinds of comparisons of each exhibit as one."""
    every = dict(found)
    for sha256, compared in packed.items():
        own = every.get(sha256) or Comparisons(exhibit=sha256)
        every[sha256] = own.model_copy(update={"compared": own.compared + compared})
    return every


def side_of(record: Record, results: Results) -> ParcelSide:
    """What the record kept of the parcel: each face's picture as it was seen best, and views of the item."""
    seen = ExhibitEvidence(record)
    faces: dict[Face, FaceFact] = {}
    labelled = {fact.face for _, fact in seen.of(FaceFact) if fact.waybill}
    for _, fact in seen.of(FaceFact):
        if fact.image in record.images:
            faces.setdefault(fact.face, fact.model_copy(update={"waybill": fact.face in labelled, "series": None}))
    views = [fact.image for _, fact in seen.of(ItemViewFact) if fact.image in record.images]
    names = [*(fact.image for fact in faces.values() if fact.image), *views[:MOST_VIEWS]]
    sha256 = record.exhibit.sha256
    pictures = {name: data for name in names if (data := results.get(picture_path(sha256, name))) is not None}
    return ParcelSide(sha256, record.exhibit.name, tuple(faces.values()), pictures)


def _packings(case: CaseFile, records: Sequence[Record]) -> list[Record]:
    """The packing videos, those first that show the waybill under which the parcel went out."""
    found = [one for one in records if one.exhibit.role is Role.PACKING_VIDEO and one.media is not None]
    waybill = case.outbound_parcel.waybill
    if waybill is None:
        return found
    return sorted(found, key=lambda one: not _shows(one, normalised(waybill)))


def _shows(record: Record, waybill: str) -> bool:
    return any(waybill in normalised(code.text) for _, code in ExhibitEvidence(record).of(CodeFact))


def _placed(comparison: Comparison, record: Record) -> Comparison:
    """The comparison with each fact at the moment at which the return's picture was seen."""
    seen = ExhibitEvidence(record)
    spans = {view.image: o.span for o, view in seen.of(ItemViewFact)}
    spans |= {face.image: o.span for o, face in seen.of(FaceFact) if face.image is not None}

    def placed(measured: Measured) -> Measured:
        fact = measured.fact
        beside = fact.beside if isinstance(fact, PackedBoxFact | PackedItemFact) else ()
        span = next((spans.get(one.picture) for one in beside), None)
        return measured.model_copy(update={"span": span}) if span is not None else measured

    return comparison.model_copy(update={"measured": tuple(placed(one) for one in comparison.measured)})


def _untold(compared: tuple[Comparison, ...], packings: Sequence[Record]) -> tuple[Comparison, ...]:
    """The last comparison says that there were more packing videos."""
    detail = f"the first {MOST_PACKINGS} of {len(packings)} are compared"
    hole = Measured(fact=UnmeasuredFact(of=("packed_box", "packed_item"), code="too_many_packings", detail=detail))
    last = compared[-1].model_copy(update={"measured": (*compared[-1].measured, hole)})
    return (*compared[:-1], last)
