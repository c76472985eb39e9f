"""An exhibit's box and item beside those of packing videos, as the report shows them."""

from collections.abc import Iterable

from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.model import Say
from sixfaces.domain.naming import packed_by
from sixfaces.domain.packed_facts import Changed, PackedBoxFact, PackedItemFact, PicturesBeside
from sixfaces.domain.report import BesideView, PackedView
from sixfaces.report.picture_path import picture_path

_CHANGED = {
    Changed.LABEL: Say(zh="面单或贴纸？", en="label or sticker?"),
    Changed.TAPE: Say(zh="胶带？", en="tape?"),
    Changed.MARK: Say(zh="凹痕、破损或污渍？", en="dent, tear or stain?"),
}


def packed_views(evidence: ExhibitEvidence) -> tuple[PackedView, ...]:
    """Boxes first, then items, in the order of the packing videos."""
    sha256 = evidence.exhibit.sha256
    boxes = (
        PackedView(
            packing=fact.packing, what="box", same=fact.same, design=fact.design, by=fact.by, likely=fact.likely,
            beside=_beside(sha256, fact.packing, fact.beside),
        )
        for _, fact in evidence.of(PackedBoxFact)
    )  # fmt: skip
    items = (
        PackedView(
            packing=fact.packing, what="item", same=fact.same, by=fact.by, likely=fact.likely,
            beside=_beside(sha256, fact.packing, fact.beside),
        )
        for _, fact in evidence.of(PackedItemFact)
    )  # fmt: skip
    return (*boxes, *items)


def _beside(own: str, packing: str, pairs: Iterable[PicturesBeside]) -> tuple[BesideView, ...]:
    return tuple(
        BesideView(
            picture=picture_path(own, pair.picture),
            packed=picture_path(packing, pair.packed),
            turned=pair.turned,
            changes=pair.changes,
        )
        for pair in pairs
    )


def told(view: PackedView) -> Say:
    """What two pictures have to do with each other, in a line."""
    by = packed_by(view.by)
    return Say(zh=f"{by.zh}（可能性 {view.likely:.0%}）", en=f"{by.en} (likelihood {view.likely:.0%})")


def asked(beside: BesideView) -> tuple[Say, ...]:
    """What is asked of the changes that are framed, each once."""
    kinds = {change.what for change in beside.changes}
    return tuple(words for what, words in _CHANGED.items() if what in kinds)
