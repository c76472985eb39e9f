"""One exhibit's part of the report, drawn from its record."""

import math
from collections.abc import Sequence

from sixfaces.domain import facts as f
from sixfaces.domain import parcel_facts as p
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.evidence import EarlierUse, ExhibitEvidence
from sixfaces.domain.exhibit import MediaInfo
from sixfaces.domain.face_view import judged
from sixfaces.domain.observation import Observation, Record
from sixfaces.domain.policy import FaceThresholds, Thresholds
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.report import (
    AbsenceView,
    BreakView,
    CodeView,
    DecodeView,
    ExhibitView,
    FaceView,
    HoleView,
    ItemView,
    MomentView,
    QualityView,
    SpanView,
    StageView,
    UseView,
)
from sixfaces.domain.reuse import PictureMatch
from sixfaces.report.packed import packed_views
from sixfaces.report.picture_path import picture_path as picture_path  # everybody asks for it here


def exhibit_view(
    record: Record, verdict: Verdict, limits: Thresholds, *, uses: Sequence[EarlierUse] = ()
) -> ExhibitView:
    """The exhibit as the report shows it, with the `uses` of it that are known: seconds to a millisecond; a face is
    `met` where it is surely well shown."""
    evidence = ExhibitEvidence(record)
    exhibit = record.exhibit
    return ExhibitView(
        sha256=exhibit.sha256,
        name=exhibit.name,
        role=exhibit.role,
        bytes=exhibit.bytes,
        verdict=verdict,
        medium=exhibit.medium,
        format=exhibit.format,
        media=_media(record.media),
        decode=_decode(evidence),
        failure=record.failure,
        faces=_faces(evidence, limits),
        stages=tuple(StageView(stage=s.stage, **_span(o)) for o, s in evidence.of(p.StageFact)),
        takes=tuple(SpanView(**_span(o)) for o, _ in evidence.of(f.TakeFact)),
        breaks=tuple(BreakView(cause=b.cause, certain=b.certain, **_span(o)) for o, b in evidence.of(f.BreakFact)),
        codes=tuple(
            CodeView(format=c.format, text=c.text, reads=c.reads, **_span(o)) for o, c in evidence.of(CodeFact)
        ),
        absences=tuple(AbsenceView(reason=a.reason, **_span(o)) for o, a in evidence.of(p.AbsenceFact)),
        moments=_moments(evidence),
        items=tuple(_item(evidence, o, i) for o, i in evidence.of(p.ItemFact)),
        packed=packed_views(evidence),
        uses=tuple(_use(use, use.shown) for use in uses if use.exhibit == exhibit.sha256 and use.shown),
        quality=_quality(evidence),
        unmeasured=tuple(HoleView(of=h.of, code=h.code, detail=h.detail) for _, h in evidence.of(f.UnmeasuredFact)),
        sandbox=record.sandbox,
    )


def _use(use: EarlierUse, match: PictureMatch) -> UseView:
    return UseView(
        other_case=use.other_case,
        other_exhibit=use.other_exhibit,
        sure=use.sure,
        resubmission=use.resubmission,
        common=match.common,
        pictures=use.pictures,
        regions=match.regions,
        picture=picture_path(use.exhibit, match.picture),
        other_picture=match.other_picture,
        box=match.box,
        other_box=match.other_box,
        mirrored=match.mirrored,
        turn_deg=match.turn_deg,
        scale=match.scale,
    )


def _item(evidence: ExhibitEvidence, observation: Observation, fact: p.ItemFact) -> ItemView:
    def path(image: str | None) -> str | None:
        return picture_path(evidence.exhibit.sha256, image) if image else None

    return ItemView(
        reference=fact.reference,
        by=fact.by,
        same=fact.same,
        score=fact.score,
        view=path(fact.view),
        picture=path(fact.picture),
        **_span(observation),
    )


def _span(observation: Observation) -> dict[str, float]:
    """From and to in seconds; an observation without a span stands at the start (a photo, a whole file)."""
    if observation.span is None:
        return {"from_s": 0.0, "to_s": 0.0}
    return {
        "from_s": round(observation.span.start.seconds, 3),
        "to_s": round(observation.span.end.seconds, 3),
    }


def _media(media: MediaInfo | None) -> MediaInfo | None:
    if media is None:
        return None
    rounded = {
        "duration_s": None if media.duration_s is None else round(media.duration_s, 3),
        "fps": None if media.fps is None else round(media.fps, 3),
    }
    return media.model_copy(update=rounded)


def _decode(evidence: ExhibitEvidence) -> DecodeView | None:
    for _, fact in evidence.of(f.DecodeFact):
        return DecodeView(
            frames=fact.frames,
            corrupt_frames=fact.corrupt_frames,
            covered_s=round(fact.covered_s, 3),
            expected_s=None if fact.expected_s is None else round(fact.expected_s, 3),
            stopped_by=fact.stopped_by,
        )
    return None


def _faces(evidence: ExhibitEvidence, limits: Thresholds) -> dict[p.Face, FaceView]:
    """Each face's best view: one that counts before one that does not, a sure one first, one with a picture first.

    A face that was seen unsurely, or not seen while the names of faces were in doubt, is neither shown nor lacking.
    """
    enough, least = limits.face, limits.evidence.confidence
    views = [(judged(fact, enough), o.confidence >= least) for o, fact in evidence.of(p.FaceFact)]
    views.sort(key=lambda v: (_shown(v[0], enough), v[1], v[0].image is not None, v[0].view_cos, -v[0].best_s))
    lacking = Answer.CANNOT_TELL if _names_in_doubt(evidence, limits) else Answer.NOT_MET
    seen = {}
    for fact, sure in views:
        good = Answer.MET if sure else Answer.CANNOT_TELL
        seen[fact.face] = _face(evidence, fact, good if _shown(fact, enough) else lacking)
    if not any(not parcel.soft for _, parcel in evidence.of(p.ParcelFact)):
        return {face: seen[face] for face in p.Face if face in seen}
    return {face: seen.get(face, FaceView(answer=lacking)) for face in p.Face}


def _names_in_doubt(evidence: ExhibitEvidence, limits: Thresholds) -> bool:
    least = limits.evidence.confidence
    return any(
        min(o.confidence, parcel.names_sure) < least or parcel.unnamed_s >= limits.face.dwell_s
        for o, parcel in evidence.of(p.ParcelFact)
    )


def _face(evidence: ExhibitEvidence, fact: p.FaceFact, answer: Answer) -> FaceView:
    return FaceView(
        answer=answer,
        best_s=round(fact.best_s, 3),
        view_cos=round(fact.view_cos, 4),
        seen_s=round(fact.dwell_s, 3),
        image=picture_path(evidence.exhibit.sha256, fact.image) if fact.image else None,
    )


def _shown(fact: p.FaceFact, enough: FaceThresholds) -> bool:
    return (
        fact.view_cos >= math.cos(math.radians(enough.view_deg))
        and fact.dwell_s >= enough.dwell_s
        and fact.uncovered >= enough.uncovered
        and fact.in_frame >= enough.in_frame
        and fact.edge_px >= enough.edge_px
        and fact.sharpness >= enough.sharpness
    )


def _moments(evidence: ExhibitEvidence) -> tuple[MomentView, ...]:
    views = [
        MomentView(at_s=_span(o)["from_s"], label=m.label, image=picture_path(evidence.exhibit.sha256, m.image))
        for o, m in evidence.of(f.MomentFact)
    ]
    return tuple(sorted(views, key=lambda view: (view.at_s, view.image)))


def _quality(evidence: ExhibitEvidence) -> QualityView | None:
    for _, fact in evidence.of(f.UsabilityFact):
        return QualityView(
            step_s=round(fact.step_s, 3),
            sharpness=tuple(round(value, 3) for value in fact.sharpness),
            luma=tuple(round(value, 3) for value in fact.luma),
        )
    return None
