"""What an observer said of a rendered take against what is true of it, in the terms of the product's rules.

Faces at the edge of counting (a face seen at 60 degrees, half covered, for 0.3 s) prove nothing about either side: a
face is truly shown if it meets the sharper limits below, truly not shown if it fails the laxer ones, else borderline.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np

from parcelnet.filming import FPS
from parcelnet.mesh import Real
from parcelnet.sequences import absences
from parcelnet.takes import Take, kind_of
from parcelnet.truths import FaceTruth, FrameTruth
from sixfaces.criteria.completeness_faces import shown, six_faces
from sixfaces.criteria.completeness_stages import opening_shown, sealed_at_start
from sixfaces.criteria.consistency_parcel import same_parcel
from sixfaces.domain.answer import Answer
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import Exhibit, MediaInfo, Medium, Role
from sixfaces.domain.facts import ContinuityFact, Steadiness
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.parcel_facts import AbsenceFact, Face, FaceFact, ParcelFact, StageFact
from sixfaces.domain.policy import FaceThresholds, Policy
from sixfaces.observe.parcel.pose import CORNERS, Pose
from sixfaces.observe.parcel.symmetric import GROUP

_DEGREES = 4.0
_SHARE = 0.1
_DWELL_S = 0.1
"""How far to either side of the policy's limits a face is borderline: the frame rate and bulging boxes blur them."""
LONG_ABSENCE_S = 0.5
BOUNDARIES = ("opening", "open", "item_out")
NEAR_S = 0.5
_RENAMED_DEG = 45.0


class Told(NamedTuple):
    """One thing that was told: what kind of thing, how surely, and whether it is so."""

    kind: str
    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Score:
    """One take. shown: truth and answer of each face (None: borderline). six: the same of all six together. wrong_deg:
    angles between told and true orientation by name, folded_deg up to the 24 symmetries, corner: distances in shares of
    the longest projected edge, one each a frame. boundaries: seconds told too late, None if missing. absent: truth's
    long absences found, missed, and told ones that are none. same: what `same_parcel` says. soft: told as soft.
    followed: frames with a pose, and that should have one. told: what reliability is counted from."""

    condition: str
    defect: str
    seed: int
    kind: str
    shown: dict[Face, tuple[bool | None, Answer]]
    six: tuple[bool | None, Answer]
    wrong_deg: tuple[float, ...]
    folded_deg: tuple[float, ...]
    corner: tuple[float, ...]
    boundaries: dict[str, float | None]
    absent: tuple[int, int, int]
    same: Answer
    sealed: Answer
    opening: Answer
    soft: bool | None
    followed: tuple[int, int]
    told: tuple[Told, ...] = ()


def score(
    made: Take, truths: Sequence[FrameTruth], facts: Iterable[Measured], *, policy: Policy, poses: Sequence[Pose] = ()
) -> Score:
    """Hold the facts of one take against its truth; `poses` with their true names, if the observer tells them."""
    seen = _exhibit(made, facts)
    evidence = Evidence(CaseFile(case_id="T"), (seen,))
    truth = faces_shown(made, truths, policy.thresholds.face)
    answers = {face: shown(seen, face, policy).answer for face in Face}
    measured = seen.of(ParcelFact)
    known = {face: (truth[face], answers[face]) for face in Face} if truth else {}
    wrong, folded, corner, both = _poses(truths, poses)
    return Score(
        made.condition, made.plot.defect, made.seed, kind_of(made), known,
        (_all_six(truth), six_faces(evidence, seen, policy).answer),
        wrong, folded, corner, _boundaries(made, truths, seen), _absent(truths, seen),
        same_parcel(evidence, seen, policy).answer, sealed_at_start(evidence, seen, policy).answer,
        opening_shown(evidence, seen, policy).answer,
        any(fact.soft for _, fact in measured) if measured else None, both,
        (*_face_told(truth, seen), *_stage_told(truths, seen), *_names_told(truths, poses)),
    )  # fmt: skip


def _exhibit(made: Take, facts: Iterable[Measured]) -> ExhibitEvidence:
    """The take as an exhibit whose recording has no other fault."""
    wide, tall = made.set.view.size
    watched = Measured(fact=ContinuityFact(steadiness=Steadiness.FIXED, frames=int(made.duration * FPS)))
    media = MediaInfo(duration_s=made.duration, width=wide, height=tall, fps=float(FPS), codec="h264")
    exhibit = Exhibit(
        sha256="0" * 64, name="take.mp4", role=Role.UNBOXING_VIDEO, bytes=1, medium=Medium.VIDEO, format="mp4"
    )
    told = [("parcel", "1", fact) for fact in facts]
    return ExhibitEvidence(
        Record(exhibit=exhibit, media=media, observations=numbered([*told, ("continuity", "1", watched)]))
    )


# --- faces


def faces_shown(made: Take, truths: Sequence[FrameTruth], limits: FaceThresholds) -> dict[Face, bool | None]:
    """Which faces were shown; empty where the question makes no sense: soft parcels, none, or two of them."""
    if kind_of(made) != "box" or made.hand.log.swaps or made.plot.defect == "starts_open":
        return {}
    opened = made.hand.log.first_open
    until = made.filmed(opened) if opened is not None else float("inf")
    found: dict[Face, bool | None] = {}
    for face in Face:
        sure = _longest(truths, face, limits=limits, strict=1, until=until) >= limits.dwell_s + _DWELL_S
        lax = _longest(truths, face, limits=limits, strict=-1, until=float("inf")) > limits.dwell_s - _DWELL_S
        found[face] = True if sure else None if lax else False
    return found


def _longest(truths: Sequence[FrameTruth], face: Face, *, limits: FaceThresholds, strict: int, until: float) -> float:
    """Seconds at a stretch that a face held the limits, drawn closer (strict 1) or wider (-1)."""
    cos = float(np.cos(np.radians(limits.view_deg - strict * _DEGREES)))
    flags = [
        t.time < until and face in t.faces and _holds(t.faces[face], cos, limits, share=strict * _SHARE) for t in truths
    ]
    return max((sum(1 for _ in run) for good, run in groupby(flags) if good), default=0) / FPS


def _holds(seen: FaceTruth, cos: float, limits: FaceThresholds, *, share: float) -> bool:
    return seen.cos >= cos and seen.unoccluded >= limits.uncovered + share and seen.in_frame >= limits.in_frame + share


def _all_six(truth: dict[Face, bool | None]) -> bool | None:
    if not truth or False in truth.values():
        return False if truth else None
    return None if None in truth.values() else True


# --- reliability


def reliability_of(
    shown: dict[Face, bool | None], truths: Sequence[FrameTruth], seen: ExhibitEvidence
) -> tuple[Told, ...]:
    """Stretches of faces and stages that were told, each with its confidence and whether it is so. `shown`: which faces
    were (`faces_shown`)."""
    return (*_face_told(shown, seen), *_stage_told(truths, seen))


_ALIKE = {"sealed": "closed", "showing": "closed"}
"""Rest and showing are told apart by hands alone: the doubt that is told is whether the parcel is closed."""


def _face_told(truth: dict[Face, bool | None], seen: ExhibitEvidence) -> Iterator[Told]:
    """Stretches of faces that were shown or not; borderline ones prove nothing."""
    for observation, fact in seen.of(FaceFact):
        true = truth.get(fact.face)
        if true is not None:
            yield Told("face", observation.confidence, true)


def _stage_told(truths: Sequence[FrameTruth], seen: ExhibitEvidence) -> Iterator[Told]:
    for observation, fact in seen.of(StageFact):
        if observation.span is None:
            continue
        start, end = observation.span.seconds
        during = [_ALIKE.get(t.stage, t.stage) for t in truths if start <= t.time < end]
        name = _ALIKE.get(str(fact.stage), str(fact.stage))
        if during:
            yield Told("stage", observation.confidence, during.count(name) > len(during) / 2)


def _names_told(truths: Sequence[FrameTruth], poses: Sequence[Pose]) -> Iterator[Told]:
    """Each pose's names: the orientation is right if it is nearer to the truth than any renaming of it could be."""
    for pose in poses:
        rotation = truths[pose.index].rotation
        if rotation is not None:
            yield Told("names", pose.trust, _angle(pose.rotation, rotation) < _RENAMED_DEG)


# --- poses


def _permutations() -> list[list[int]]:
    corners = np.array(CORNERS)
    return [[int(np.argmin(np.abs(corners - c).sum(1))) for c in corners @ turn.T] for turn in GROUP]


_ORDERS = _permutations()
"""Where each corner goes under each of the 24 turns."""


def _poses(
    truths: Sequence[FrameTruth], poses: Sequence[Pose]
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...], tuple[int, int]]:
    """Angles by name, angles up to symmetry, corner errors, and (frames with a pose, frames that should have one)."""
    by_index = {pose.index: pose for pose in poses}
    wrong, folded, corner = [], [], []
    due = 0
    for number, truth in enumerate(truths):
        if truth.rotation is None or truth.corners is None or not truth.present or truth.in_frame < 0.5:
            continue
        due += 1
        pose = by_index.get(number)
        if pose is None:
            continue
        angles = [_angle(pose.rotation @ turn, truth.rotation) for turn in GROUP]
        wrong.append(angles[0])
        folded.append(min(angles))
        corner.append(_corner(pose.corners, truth.corners))
    return tuple(wrong), tuple(folded), tuple(corner), (len(wrong), due)


def _angle(first: Real, last: Real) -> float:
    return float(np.degrees(np.arccos(np.clip((np.trace(first.T @ last) - 1) / 2, -1, 1))))


def _corner(told: Real, true: Real) -> float:
    """Mean distance of the eight corners over the longest projected edge, named as fits best."""
    edges = [np.linalg.norm(true[0] - true[k]) for k in (1, 2, 4)]
    errors = [float(np.linalg.norm(told[order] - true, axis=1).mean()) for order in _ORDERS]
    return min(errors) / max(float(max(edges)), 1.0)


# --- time


def _boundaries(made: Take, truths: Sequence[FrameTruth], seen: ExhibitEvidence) -> dict[str, float | None]:
    """Seconds that each stage was told too late, against the footage's own times; None where it was not told."""
    log = made.hand.log
    starts = {name: t for t, name in reversed(log.stages)}
    told: dict[str, float] = {}
    for observation, fact in seen.of(StageFact):
        if observation.span is not None:
            told.setdefault(str(fact.stage), observation.span.start.seconds)
    found: dict[str, float | None] = {}
    for name in BOUNDARIES:
        if name in starts and starts[name] > 0 and not any(a <= starts[name] < b for a, b in log.cuts):
            found[name] = told[name] - made.filmed(starts[name]) if name in told else None
    return found


def _absent(truths: Sequence[FrameTruth], seen: ExhibitEvidence) -> tuple[int, int, int]:
    """Long absences found and missed, and told ones of which hardly any frame is one."""
    spans = [o.span.seconds for o, _ in seen.of(AbsenceFact) if o.span is not None]
    found = missed = 0
    for gap in absences(list(truths)):
        start, end = float(str(gap["from_s"])), float(str(gap["to_s"])) + 1 / FPS
        if end - start < LONG_ABSENCE_S:
            continue
        common = sum(max(0.0, min(b, end) - max(a, start)) for a, b in spans)
        found, missed = (found + 1, missed) if common >= 0.5 * (end - start) else (found, missed + 1)
    false = sum(_is_false(truths, a, b) for a, b in spans if b - a >= LONG_ABSENCE_S)
    return found, missed, false


def _is_false(truths: Sequence[FrameTruth], start: float, end: float) -> bool:
    there = [t.present for t in truths if start <= t.time <= end]
    return bool(there) and sum(there) > 0.7 * len(there)
