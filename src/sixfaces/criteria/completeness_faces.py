"""Whether all six faces of the parcel were shown (D6)."""

import math
from dataclasses import dataclass

from sixfaces.criteria.answering import TOLERANCE, cannot_tell, cites, met, not_met, unmeasured
from sixfaces.criteria.moments import listed, moment
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import cut_short, is_sure, sure
from sixfaces.criteria.words import NOTHING, Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.face_view import judged as as_judged
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Observation
from sixfaces.domain.parcel_facts import Face, FaceFact, ParcelFact
from sixfaces.domain.policy import FaceThresholds, Policy
from sixfaces.domain.rules import Finding, RuleCode, SpanSeconds

FACES: dict[Face, Words] = {
    Face.TOP: Words(zh="顶面", en="top"),
    Face.BOTTOM: Words(zh="底面", en="bottom"),
    Face.FRONT: Words(zh="正面", en="front"),
    Face.BACK: Words(zh="背面", en="back"),
    Face.LEFT: Words(zh="左侧面", en="left"),
    Face.RIGHT: Words(zh="右侧面", en="right"),
}


@dataclass(frozen=True, slots=True)
class FaceShown:
    """What is known of one face: its answer, why it does not count, and its best view if there is one."""

    face: Face
    answer: Answer
    why: Words
    observation: Observation | None = None
    fact: FaceFact | None = None


_TOO_SHORT = ("太短", "too short", "{:.2f} 秒", "{:.2f} s")
_COVERED = ("被遮挡", "covered", "露出 {:.0%}", "{:.0%} uncovered")
_OUT_OF_FRAME = ("出画", "out of frame", "画内 {:.0%}", "{:.0%} in the frame")
_TOO_SMALL = ("太小", "too small", "短边 {:.0f} 像素", "shorter edge {:.0f} px")
_BLURRED = ("模糊", "blurred", "清晰度 {:.2f}", "sharpness {:.2f}")
"""What is wrong with a view and how its number is told, in both languages."""


def six_faces(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """Each of the six faces was turned to the camera, long, open, large and sharp enough.

    1. Faces not measured: cannot tell. 2. A soft parcel has no six faces: a person looks. 3. A face surely not shown:
    not met, naming it and why. 4. A face shown, but not surely: cannot tell. 5. Else met.
    """
    if seen.unmeasured(FaceFact) is not None or not _measured(seen):
        return unmeasured(RuleCode.SIX_FACES, seen, FaceFact, fix=turn(tuple(Face), policy))
    soft = [o for o, parcel in seen.of(ParcelFact) if parcel.soft]
    if soft:
        return _soft(seen, soft)
    faces = [shown(seen, face, policy) for face in Face]
    absent = [f for f in faces if f.answer is Answer.NOT_MET]
    doubtful = [f for f in faces if f.answer is Answer.CANNOT_TELL]
    if absent and not doubtful_parcel(seen, policy):
        return _lacking(seen, faces, absent, policy=policy)
    if absent or doubtful:
        return _unsure(seen, faces, absent + doubtful, policy=policy)
    weakest = min((f.fact for f in faces if f.fact is not None), key=lambda fact: fact.view_cos)
    return met(
        RuleCode.SIX_FACES, seen,
        zh=f"包裹六个面均已出镜；最斜的是{FACES[weakest.face].zh}（{_angle(weakest):.1f}°，"
        f"上限 {policy.thresholds.face.view_deg:g}°）。",
        en=f"All six faces are shown; the most oblique is the {FACES[weakest.face].en} ({_angle(weakest):.1f}°, at "
        f"most {policy.thresholds.face.view_deg:g}°).",
        spans=_moments(faces), cites=_cited(faces), value=6, threshold=6, margin=0, unit="faces",
    )  # fmt: skip


def shown(seen: ExhibitEvidence, face: Face, policy: Policy) -> FaceShown:
    """Whether one face counts as shown, from its best sure view; `cannot_tell` where only an unsure view would do."""
    limits = policy.thresholds.face
    views = [(o, as_judged(fact, limits)) for o, fact in seen.of(FaceFact) if fact.face is face]
    if not views:
        return FaceShown(face, Answer.NOT_MET, Words(zh="未出镜", en="never in view"))
    judged = sorted(((_faults(f, limits), (o, f)) for o, f in views), key=lambda v: (len(v[0]), -v[1][1].view_cos))
    good = [view for faults, view in judged if not faults]
    certain = sure(good, policy)
    if certain:
        return FaceShown(face, Answer.MET, NOTHING, *certain[0])
    if good:
        confidence = good[0][0].confidence
        why = Words(zh=f"识别置信度仅 {confidence:.2f}", en=f"recognised with confidence {confidence:.2f} only")
        return FaceShown(face, Answer.CANNOT_TELL, why, *good[0])
    faults, best = judged[0]
    answer = Answer.NOT_MET if all(is_sure(o, policy) for o, _ in views) else Answer.CANNOT_TELL
    return FaceShown(face, answer, listed(faults), *best)


def doubtful_parcel(seen: ExhibitEvidence, policy: Policy) -> bool:
    """Whether what was not seen may be there all the same: tracking unsure, faces in view that could not be named, or
    the footage not measured to its end."""
    unsure = any(not is_sure(o, policy) for o, _ in seen.of(ParcelFact))
    limits = policy.thresholds
    unnamed = any(
        parcel.unnamed_s >= limits.face.dwell_s or parcel.names_sure < limits.evidence.confidence
        for _, parcel in seen.of(ParcelFact)
    )
    return unsure or unnamed or cut_short(seen) is not None


def turn(faces: tuple[Face, ...], policy: Policy) -> Say:
    """What to do next time for these faces to count."""
    limits = policy.thresholds.face
    which = listed([FACES[face] for face in faces])
    return Say(
        zh=f"请在开箱前将包裹的{which.zh}依次正对镜头（偏角不超过 {limits.view_deg:g}°），"
        f"每面停留至少 {limits.dwell_s:g} 秒，勿用手遮挡。",
        en=f"Before opening, turn the {which.en} of the parcel to the camera one after another (within "
        f"{limits.view_deg:g}°), each for at least {limits.dwell_s:g} s and clear of hands.",
    )


def _measured(seen: ExhibitEvidence) -> bool:
    faces, parcels = seen.of(FaceFact), seen.of(ParcelFact)
    return bool(faces or parcels)


def _angle(fact: FaceFact) -> float:
    return math.degrees(math.acos(min(1.0, max(0.0, fact.view_cos))))


def _faults(fact: FaceFact, limits: FaceThresholds) -> list[Words]:
    """Why a view does not count, each with its number and limit; empty if it does."""
    faults = []
    if _angle(fact) > limits.view_deg + TOLERANCE:
        angle = f"{_angle(fact):.1f}°"
        faults.append(Words(zh=f"太斜（{angle}，上限 {limits.view_deg:g}°）",
                          en=f"too oblique ({angle}, at most {limits.view_deg:g}°)"))  # fmt: skip
    least = (
        (fact.dwell_s, limits.dwell_s, _TOO_SHORT),
        (fact.uncovered, limits.uncovered, _COVERED),
        (fact.in_frame, limits.in_frame, _OUT_OF_FRAME),
        (fact.edge_px, limits.edge_px, _TOO_SMALL),
        (fact.sharpness, limits.sharpness, _BLURRED),
    )
    for value, limit, words in least:
        if value < limit - TOLERANCE:
            zh, en, told_zh, told_en = words
            faults.append(
                Words(zh=f"{zh}（{told_zh.format(value)}，至少 {_limit(told_zh, limit)}）",
                    en=f"{en} ({told_en.format(value)}, at least {_limit(told_en, limit)})")
            )  # fmt: skip
    return faults


def _limit(told: str, limit: float) -> str:
    return f"{limit:.0%}" if "%" in told else f"{limit:g}"


def _soft(seen: ExhibitEvidence, soft: list[Observation]) -> Finding:
    return cannot_tell(
        RuleCode.SIX_FACES, seen,
        zh="包裹为软包装（袋、筒），没有可逐一判定的六个面，需人工查看是否完整展示。",
        en="The parcel is soft (a bag or tube) and has no six faces to judge; a person must see whether it was shown "
        "from all sides.",
        fix=Say(
            zh="请在开箱前将软包装正反两面及四边缓慢转动展示，并由人工查看。",
            en="Before opening, turn a soft parcel slowly to show both sides and every edge, and let a person look.",
        ),
        cites=cites(soft),
    )  # fmt: skip


def _lacking(seen: ExhibitEvidence, faces: list[FaceShown], absent: list[FaceShown], *, policy: Policy) -> Finding:
    count = sum(f.answer is Answer.MET for f in faces)
    zh, en = _told(absent)
    return not_met(
        RuleCode.SIX_FACES, seen,
        zh=f"六个面中 {count} 个面合格；不合格的面——{zh}。", en=f"{count} of six faces are shown; not shown – {en}.",
        fix=turn(tuple(f.face for f in absent), policy),
        spans=_moments(absent), cites=_cited(faces), value=count, threshold=6, margin=count - 6, unit="faces",
    )  # fmt: skip


def _unsure(seen: ExhibitEvidence, faces: list[FaceShown], open_: list[FaceShown], *, policy: Policy) -> Finding:
    count = sum(f.answer is Answer.MET for f in faces)
    zh, en = _told(open_)
    short = cut_short(seen)
    return cannot_tell(
        RuleCode.SIX_FACES, seen,
        zh=f"六个面中 {count} 个面合格；无法确定的面——{zh}{f'（{short.zh}）' if short else ''}。",
        en=f"{count} of six faces are shown; in doubt – {en}{f' ({short.en})' if short else ''}.",
        fix=turn(tuple(f.face for f in open_), policy),
        spans=_moments(open_), cites=_cited(faces), value=count, threshold=6, margin=count - 6, unit="faces",
    )  # fmt: skip


def _told(faces: list[FaceShown]) -> tuple[str, str]:
    """Each face with why it does not count and its best moment."""
    at = [f"{moment(f.fact.best_s)} " if f.fact is not None else "" for f in faces]
    zh = "；".join(f"{FACES[f.face].zh}：{time}{f.why.zh}" for f, time in zip(faces, at, strict=True))
    en = "; ".join(f"{FACES[f.face].en}: {time}{f.why.en}" for f, time in zip(faces, at, strict=True))
    return zh, en


def _cited(faces: list[FaceShown]) -> tuple[str, ...]:
    return cites(f.observation for f in faces if f.observation is not None)


def _moments(faces: list[FaceShown]) -> tuple[SpanSeconds, ...]:
    return tuple((f.fact.best_s, f.fact.best_s) for f in faces if f.fact is not None)


RULE = Rule(RuleCode.SIX_FACES, UNBOXING, six_faces)
