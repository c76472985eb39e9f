"""Two boxes by all their faces: under which of the 24 rotations they agree best, and what agrees there.

Faces get their names anew in each take, so any face may be any other. All faces turn together, which is what tells
print that agrees by chance from print of one design.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.outbound.face_pairs import Agreement, Laid, Prepared, agreement, laid, prepared
from sixfaces.observe.outbound.pictures import FacePicture
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.identity_faces import Pairs, pair_up
from sixfaces.observe.parcel.slots import quarters, slots_of
from sixfaces.observe.parcel.symmetric import GROUP

Real = NDArray[np.float64]

CLEAR_MARKS, PLAIN_MARKS = 40, 6
"""Features of a face that bears clear print, and of one that bears none."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A face of the return and the one that went out, which lies upon it once turned by quarters anticlockwise.
    `labelled`: a waybill code was read on it when it went out."""

    returned: Face
    packed: Face
    quarter: int
    labelled: bool
    laid: Laid
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Standing:
    """What the best rotation comes to. `unlaid`: faces that stand for each other there though nothing holds them
    together, as (returned, packed, quarter). `met`: faces seen on both sides under it. `conflicts`: faces that cannot
    be the same there; `least_conflicts`: of the rotation that has the fewest."""

    pairs: tuple[Pair, ...]
    met: int
    conflicts: int
    least_conflicts: int
    unlaid: tuple[tuple[Face, Face, int], ...] = ()


def standing(returned: Mapping[Face, FacePicture], packed: Mapping[Face, FacePicture]) -> Standing:
    """The boxes under the rotation that most print speaks for."""
    table = _Table(_all(returned), _all(packed))
    under = [table.under(turn) for turn in GROUP]
    best = max(under, key=lambda one: (sum(found.inliers for *_, found in one.fits), -one.conflicts))
    pairs = tuple(
        Pair(face, other, quarter, packed[other].waybill, found, agreement(found))
        for face, other, quarter, found in best.fits
    )
    met = [one for one in under if one.met]
    return Standing(pairs, best.met, best.conflicts, min((one.conflicts for one in met), default=0), tuple(best.unlaid))


def _all(pictures: Mapping[Face, FacePicture]) -> dict[Face, Prepared]:
    made = {face: prepared(face, pictures[face]) for face in FACES if face in pictures}
    return {face: one for face, one in made.items() if one is not None}


@dataclass(frozen=True, slots=True)
class _Under:
    fits: list[tuple[Face, Face, int, Laid]]
    conflicts: int
    met: int
    unlaid: list[tuple[Face, Face, int]]


class _Table:
    """All pairs of faces, each laid upon each other once for each turn that some rotation asks for."""

    def __init__(self, returned: dict[Face, Prepared], packed: dict[Face, Prepared]) -> None:
        self._returned, self._packed = returned, packed
        self._pairs: dict[tuple[Face, Face], Pairs] = {}
        self._known: dict[tuple[Face, Face, int], Laid | None] = {}

    def under(self, turn: Real) -> _Under:
        """What one rotation makes of the faces seen on both sides."""
        fits, unlaid, conflicts, met = [], [], 0, 0
        for number, (slot, quarter) in enumerate(zip(slots_of(turn).tolist(), quarters(turn).tolist(), strict=True)):
            face, other = FACES[number], FACES[slot]
            if face not in self._returned or other not in self._packed:
                continue
            met += 1
            found = self._laid(face, other, quarter)
            if found is not None:
                fits.append((face, other, quarter, found))
            else:
                unlaid.append((face, other, quarter))
                conflicts += _contradict(self._returned[face], self._packed[other])
        return _Under(fits, conflicts, met, unlaid)

    def _laid(self, face: Face, other: Face, quarter: int) -> Laid | None:
        key = (face, other, quarter)
        if key not in self._known:
            one, its = self._returned[face], self._packed[other]
            if (face, other) not in self._pairs:
                self._pairs[face, other] = pair_up(one.marks, its.marks)
            self._known[key] = laid(one, its, self._pairs[face, other], quarter=quarter)
        return self._known[key]


def _contradict(one: Prepared, other: Prepared) -> bool:
    """Whether two good pictures cannot be the same face: clear print on both that does not fit, or on one alone. Paper
    is no print: a label that was stuck on or torn off contradicts nothing."""
    if not (one.good and other.good):
        return False
    less, more = sorted((_printed(one), _printed(other)))
    return more >= CLEAR_MARKS and (less >= CLEAR_MARKS or less <= PLAIN_MARKS)


def _printed(face: Prepared) -> int:
    """Features off paper."""
    height, width = face.paper.shape
    at = np.clip((face.marks.points * (width, height)).astype(int), 0, (width - 1, height - 1))
    return int((~face.paper[at[:, 1], at[:, 0]]).sum())
