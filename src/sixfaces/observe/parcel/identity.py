"""Is the parcel after a gap the one before it? By its faces, whatever side it now stands on.

The names of faces start anew after a gap, so any face may be any other, in any of four turns: one of the 24 rotations
of a cube, the same for all faces, with edges that agree. Two cartons of one shop bear the same print, so print proves
no identity, and neither does a sticker that all boxes of a brand bear. What differs is the waybill: its code, and the
small print of the label on which a code was read.

1. Both sides' waybill codes were read and differ: not the same.
2. The edges agree under no rotation: not the same.
3. Some rotation lays faces upon each other. If there clear detail differs, on the label or elsewhere, it is not the
   same. If the codes agree it is; also if a code was read on one side and all of the label's small print fits. If
   only print agrees, nobody can tell.
4. No rotation does, though under each of them a face with clear print meets one that surely lacks it: not the same.
5. Else nobody can tell: faces are plain, blurred or not the same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.answer import Answer
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Face, IdentityFact
from sixfaces.domain.time import MediaSpan
from sixfaces.observe.parcel.atlas_faces import NamedView
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.identity_faces import Marks, Match, lay_over, marks, pair_up
from sixfaces.observe.parcel.identity_label import NO_LABEL, LabelLikeness
from sixfaces.observe.parcel.slots import quarters, slots_of
from sixfaces.observe.parcel.symmetric import GROUP

Real = NDArray[np.float64]

EDGES_MAY_DIFFER = 1.25
"""Ratio of edges at which a rotation is still tried: the tracker's edges are good to about a tenth."""

EDGES_DIFFER = 1.6
"""Ratio of edges, under the best rotation, that no error of the tracker makes of one box."""

LABEL_TILES, LABEL_FIT, LABEL_MARGIN = 24, 0.9, -0.05
"""To know a label again: tiles with detail, the correlation of their worst tenth, and how much better any of them may
fit elsewhere. In 24 trial pairs each the same label stayed at 0.91 or above; another one of the same carrier's form,
filled in otherwise, at 0.83 or below."""

OTHER_TILES, OTHER_FIT, OTHER_MARGIN = 16, 0.7, -0.12
"""To know that a label is another one: far below what the same label reached in those trials (0.91 and -0.02), for
glare and creases in real footage lower the fit of the same label too."""

APART = 5
APART_SHARE = 0.2
"""Tiles off the label that must clearly differ, and their share of all that are clear, for a face that fits to be
another one. Half as many leave it open."""

CLEAR_MARKS = 40
PLAIN_MARKS = 6
"""Features of a face that bears clear print, and of one that bears none."""

_CONFLICTS = 2
"""Faces that must contradict under each rotation: one may be a slip of names or a picture spoilt by glare."""


@dataclass(frozen=True, slots=True)
class Side:
    """The parcel on one side of a gap: (3,) edges in half diagonals in the axes of its names, its faces' pictures,
    the best first, and the waybill codes that were surely read there."""

    edges: Real
    pictures: Mapping[Face, list[NamedView]]
    codes: frozenset[str] = field(default_factory=frozenset)


class Likeness(NamedTuple):
    """Whether two sides show the same parcel, by what (a code of `domain.naming.IDENTIFIED`), and how surely 0..1."""

    same: Answer
    by: str
    score: float


def identity_fact(before: Side, after: Side, gap: MediaSpan) -> Measured:
    """The fact for one gap."""
    found = likeness(before, after)
    return Measured(fact=IdentityFact(same=found.same, by=found.by), span=gap, confidence=found.score)


def likeness(before: Side, after: Side) -> Likeness:
    """Compare the two sides of a gap; the numbers are those of the module's text."""
    if before.codes and after.codes and not before.codes & after.codes:
        return Likeness(Answer.NOT_MET, "waybill_code", 0.97)
    ratios = [_edge_ratio(before.edges, after.edges, turn) for turn in GROUP]
    if min(ratios) > EDGES_DIFFER:
        return Likeness(Answer.NOT_MET, "proportions", 0.9)
    turns = [turn for turn, ratio in zip(GROUP, ratios, strict=True) if ratio <= EDGES_MAY_DIFFER]
    weighed = _Table(before, after).weigh(turns)
    if not weighed:
        return Likeness(Answer.CANNOT_TELL, "not_comparable", 0.0)
    best = max(weighed, key=lambda under: under.support)
    if best.support > 0:
        return _by_fit(best, codes=(bool(before.codes), bool(after.codes)))
    if min(under.conflicts for under in weighed) >= _CONFLICTS:
        return Likeness(Answer.NOT_MET, "faces", 0.85)
    return Likeness(Answer.CANNOT_TELL, "not_comparable", 0.0)


def _edge_ratio(one: Real, other: Real, turn: Real) -> float:
    """The worst ratio of edges if the other's axes are turned so."""
    turned = np.abs(turn.T) @ other
    return float(np.exp(np.abs(np.log(turned / one) - np.log(turned / one).mean()).max()))


@dataclass(frozen=True, slots=True)
class _Under:
    """What one rotation makes of the faces: those that fit, and how many contradict it."""

    fits: tuple[Match, ...]
    conflicts: int

    @property
    def support(self) -> int:
        return sum(fit.inliers for fit in self.fits)


def _by_fit(best: _Under, *, codes: tuple[bool, bool]) -> Likeness:
    """What follows from faces that fit. `codes`: whether a code was read on either side; on both it is the same."""
    other_label = any(_other(fit.label) for fit in best.fits)
    apart = [fit for fit in best.fits if fit.apart >= APART and fit.apart >= APART_SHARE * (fit.alike + fit.apart)]
    if all(codes):
        clean = not (other_label or apart or best.conflicts >= _CONFLICTS)
        return Likeness(Answer.MET, "waybill_code", 0.97) if clean else _CONTRADICTORY
    if other_label:
        return Likeness(Answer.NOT_MET, "label", 0.9)
    if apart:
        return Likeness(Answer.NOT_MET, "marks", 0.82)
    if best.conflicts >= _CONFLICTS or sum(fit.apart for fit in best.fits) > APART // 2:
        return _CONTRADICTORY
    if any(codes) and any(_same(fit.label) for fit in best.fits):
        return Likeness(Answer.MET, "label", 0.9)
    return Likeness(Answer.CANNOT_TELL, "print_only", 0.0)


_CONTRADICTORY = Likeness(Answer.CANNOT_TELL, "contradictory", 0.0)


def _same(label: LabelLikeness) -> bool:
    return label.tiles >= LABEL_TILES and label.fit >= LABEL_FIT and label.margin >= LABEL_MARGIN


def _other(label: LabelLikeness) -> bool:
    return label.tiles >= OTHER_TILES and label.fit < OTHER_FIT and label.margin < OTHER_MARGIN


class _Table:
    """All pairs of faces, each laid upon each other once for each turn that some rotation asks for."""

    def __init__(self, before: Side, after: Side) -> None:
        self._before = _prepared(before)
        self._after = _prepared(after)
        self._pairs = {
            (one, other): pair_up(mine, theirs)
            for one, mine in self._before.items()
            for other, theirs in self._after.items()
        }
        self._known: dict[tuple[int, int, int], Match] = {}

    def weigh(self, turns: list[Real]) -> list[_Under]:
        """What each rotation makes of the faces seen on both sides."""
        return [self._under(turn) for turn in turns]

    def _under(self, turn: Real) -> _Under:
        fits, conflicts = [], 0
        for face, (slot, quarter) in enumerate(zip(slots_of(turn).tolist(), quarters(turn).tolist(), strict=True)):
            if face not in self._before or slot not in self._after:
                continue
            match = self._match(face, slot, quarter)
            if match.inliers:
                fits.append(match)
            else:
                conflicts += _contradict(self._before[face], self._after[slot])
        return _Under(tuple(fits), conflicts)

    def _match(self, face: int, slot: int, quarter: int) -> Match:
        key = (face, slot, quarter)
        if key not in self._known:
            one, other = self._before[face], self._after[slot]
            match = lay_over(one, other, self._pairs[face, slot], quarter=quarter)
            # Blur, a flat view and a few pixels make labels and marks differ too: only good pictures speak against.
            self._known[key] = match if one.good and other.good else _without_differences(match)
        return self._known[key]


def _without_differences(match: Match) -> Match:
    return replace(match, apart=0, label=match.label if _same(match.label) else NO_LABEL)


def _prepared(side: Side) -> dict[int, Marks]:
    return {FACES.index(face): marks(views[0]) for face, views in side.pictures.items() if views}


def _contradict(one: Marks, other: Marks) -> bool:
    """Whether two good pictures cannot be the same face: clear print on both that does not fit, or on one alone."""
    if not (one.good and other.good):
        return False
    less, more = sorted((len(one.points), len(other.points)))
    return more >= CLEAR_MARKS and (less >= CLEAR_MARKS or less <= PLAIN_MARKS)
