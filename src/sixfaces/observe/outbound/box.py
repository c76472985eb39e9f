"""Is the box that came back the one that went out? Told by its faces, and told apart from another of its design.

1. Some rotation lays faces upon each other: the design is the same. Thousands of boxes may bear it, so this alone
   leaves it open.
2. The label that went out is still there, all its small print: the same box.
3. What is faint on two faces (stains, creases, scuffs, grain) agrees: the same box. On one face alone it leaves it
   open, and so does a stock whose ground is printed.
4. No rotation does, though under each of them several faces with clear print contradict: another box.
5. Else nobody can tell. How likely it is the same is told all the same, from what was measured of rendered boxes
   (docs/observers/outbound.md).
"""

from collections.abc import Mapping
from typing import NamedTuple

from sixfaces.domain.answer import Answer
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.outbound.box_pairs import Pair, Standing, standing
from sixfaces.observe.outbound.face_pairs import Agreement
from sixfaces.observe.outbound.pictures import FacePicture
from sixfaces.observe.parcel.identity import LABEL_FIT, LABEL_MARGIN, LABEL_TILES

GRAIN_AGREES, GRAIN_PX = 0.4, 2000
"""Correlation of faint marks of one face from which they are its own, and the pixels it must rest on. On 24 faces of
other boxes of the design it stayed below 0.19."""

GRAIN_APART, MARKED = 0.15, 0.3
"""Below it faint marks of both sides differ, if there are any of so many grey levels."""

_GRAIN_FACES = 2

PRINT_TILES, PRINT_LEAD = 3, 2
"""Tiles of print that must match for a design, and how many for each that clearly differs."""

CONFLICTS = 3
"""Faces that must contradict under each rotation: with two, 1 of 30 boxes that came back in poor light was another."""

LIKELY = {
    "label": 0.95,
    "own_marks": 0.95,
    "one_face": 0.93,
    "print_only": 0.65,
    "marks_differ": 0.3,
    "faces": 0.06,
    "not_comparable": 0.3,
}
"""How likely it is the same box by what was found, where as many are as are not and half of the others are of the same
stock; `bench_outbound` holds it to account."""


class BoxLikeness(NamedTuple):
    """`same` and `design` as of PackedBoxFact, `by` a code of `domain.naming.PACKED`, `likely` 0..1, `unlaid` as of
    Standing, where the design is the same."""

    same: Answer
    design: Answer
    by: str
    likely: float
    pairs: tuple[Pair, ...]
    unlaid: tuple[tuple[Face, Face, int], ...] = ()


def box_likeness(returned: Mapping[Face, FacePicture], packed: Mapping[Face, FacePicture]) -> BoxLikeness:
    """Compare the faces of both."""
    found = standing(returned, packed)
    same, design, by, likely = concluded(found)
    unlaid = found.unlaid if design is Answer.MET else ()
    return BoxLikeness(same, design, by, likely, found.pairs, unlaid)


def concluded(found: Standing) -> tuple[Answer, Answer, str, float]:
    """`same`, `design`, `by` and `likely` from what the faces say."""
    labels = [pair for pair in found.pairs if pair.labelled and _is_same_label(pair.agreement)]
    printed = [pair for pair in found.pairs if _is_printed_alike(pair.agreement)]
    if labels:
        return Answer.MET, Answer.MET, "label", LIKELY["label"]
    if not printed:
        if found.least_conflicts >= CONFLICTS and all(pair.labelled for pair in found.pairs):
            return Answer.NOT_MET, Answer.NOT_MET, "faces", LIKELY["faces"]
        return Answer.CANNOT_TELL, Answer.CANNOT_TELL, "not_comparable", LIKELY["not_comparable"]
    grains = [pair.agreement for pair in printed if pair.agreement.grain_px >= GRAIN_PX]
    agreeing = sum(one.grain >= GRAIN_AGREES for one in grains)
    if agreeing >= _GRAIN_FACES and min(one.grain for one in grains) >= GRAIN_APART:
        return Answer.MET, Answer.MET, "own_marks", LIKELY["own_marks"]
    if agreeing:
        return Answer.CANNOT_TELL, Answer.MET, "print_only", LIKELY["one_face"]
    marked = [one for one in grains if one.marked >= MARKED]
    by = "marks_differ" if marked and max(one.grain for one in marked) < GRAIN_APART else "print_only"
    return Answer.CANNOT_TELL, Answer.MET, by, LIKELY[by]


def _is_printed_alike(found: Agreement) -> bool:
    """Whether print off paper agrees: labels of one carrier's form lie upon each other on any two boxes."""
    return found.alike >= PRINT_TILES and found.alike >= PRINT_LEAD * found.apart


def _is_same_label(found: Agreement) -> bool:
    label = found.label
    return label.tiles >= LABEL_TILES and label.fit >= LABEL_FIT and label.margin >= LABEL_MARGIN
