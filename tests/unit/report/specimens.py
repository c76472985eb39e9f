"""Reports made by hand for the tests of what people see."""

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.exhibit import MediaInfo, Medium, Role
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Sandbox
from sixfaces.domain.parcel_facts import Face, Stage
from sixfaces.domain.report import (
    AbsenceView,
    BreakView,
    CodeView,
    DecodeView,
    ExhibitView,
    FaceView,
    HoleView,
    MomentView,
    QualityView,
    Report,
    RulebookView,
    SpanView,
    StageView,
    Timing,
)
from sixfaces.domain.rules import Criterion, CriterionJudgement, Finding, Requirement, RuleCode

VIDEO = "a" * 64
PHOTO = "b" * 64

PACKED = {RuleCode.SAME_BOX_AS_PACKED, RuleCode.SAME_ITEM_AS_PACKED}
ADVISORY = {RuleCode.ORIGINAL, RuleCode.NOT_RECAPTURED, RuleCode.BATCH} | PACKED


def finding(code: RuleCode, answer: Answer, **fields: object) -> Finding:
    """A finding about the video, with words in both languages."""
    words: dict[str, object] = {
        "text": Say(zh=f"{code} 的认定：{answer}。", en=f"What was found about {code}: {answer}."),
        "exhibit": VIDEO,
    }
    if answer is not Answer.MET:
        words["fix"] = Say(zh="请补充拍摄。", en="Film it again and hand that in.")
    return Finding.model_validate({"code": code, "answer": answer, **words, **fields})


def criteria(**bad: Answer) -> dict[Criterion, CriterionJudgement]:
    """All rules met, but for those named by the last part of their code."""
    judged = {}
    for criterion in Criterion:
        found = tuple(
            finding(code, bad.get(code.name.lower(), Answer.MET)) for code in RuleCode if code.criterion is criterion
        )
        answers = {f.answer for f in found}
        worst = next(a for a in (Answer.NOT_MET, Answer.CANNOT_TELL, Answer.MET) if a in answers)
        judged[criterion] = CriterionJudgement(answer=worst, findings=found)
    return judged


def video(**fields: object) -> ExhibitView:
    """The view of an unboxing video with everything measured; `fields` replace its parts."""
    parts: dict[str, object] = {
        "sha256": VIDEO,
        "name": "return-0412.mp4",
        "role": Role.UNBOXING_VIDEO,
        "bytes": 3_574_434,
        "verdict": Verdict.REJECTED,
        "medium": Medium.VIDEO,
        "format": "mp4",
        "media": MediaInfo(duration_s=61.2, width=1920, height=1080, fps=30.0, codec="h264"),
        "decode": DecodeView(frames=1836, covered_s=61.2, expected_s=61.2),
        "faces": {
            face: FaceView(answer=Answer.MET, best_s=3.0 + 2 * i, view_cos=0.9, seen_s=1.4, image=f"f/{face}.jpg")
            for i, face in enumerate(Face)
            if face is not Face.BOTTOM
        }
        | {Face.BOTTOM: FaceView(answer=Answer.NOT_MET)},
        "stages": (
            StageView(stage=Stage.SEALED, from_s=0, to_s=4.1),
            StageView(stage=Stage.SHOWING, from_s=4.1, to_s=26),
            StageView(stage=Stage.OPENING, from_s=26, to_s=35),
            StageView(stage=Stage.OPEN, from_s=35, to_s=42),
            StageView(stage=Stage.ITEM_OUT, from_s=42, to_s=61.2),
        ),
        "takes": (SpanView(from_s=0, to_s=38.4), SpanView(from_s=38.5, to_s=61.2)),
        "breaks": (
            BreakView(cause="jump", certain=True, from_s=38.4, to_s=38.5),
            BreakView(cause="audio_break", certain=False, from_s=50.0, to_s=50.2),
        ),
        "codes": (
            CodeView(format="Code128", text="SF1234567890123", reads=14, from_s=12.3, to_s=14.0),
            CodeView(format="QRCode", text="https://example.invalid/r/A1", reads=5, from_s=12.8, to_s=13.2),
        ),
        "absences": (AbsenceView(reason="left_frame", from_s=30.2, to_s=31.4),),
        "moments": tuple(
            MomentView(at_s=5.1 * i, label=label, image=f"m/{i}.jpg")
            for i, label in enumerate(("start", "sealed", "waybill", "opening", "break", "item_out", "end"))
        ),
        "quality": QualityView(
            step_s=1.0,
            sharpness=tuple(-1.0 if i == 20 else 0.5 + 0.4 * ((i * 7) % 11) / 11 for i in range(61)),
            luma=(0.5,) * 61,
        ),
        "unmeasured": (
            HoleView(of=("weight",), code="weight.no_scale", detail="no scale in the picture"),
            HoleView(of=("item", "quantity"), code="item.no_reference", detail="no reference images"),
        ),
        "sandbox": Sandbox(kind="bubblewrap", network="none"),
    }
    return ExhibitView.model_validate(parts | fields)


def report(**fields: object) -> Report:
    """A rejected case: the bottom face was not shown and the take was cut."""
    judged = criteria(six_faces=Answer.NOT_MET, one_take=Answer.NOT_MET, item=Answer.CANNOT_TELL)
    parts: dict[str, object] = {
        "case_id": "C-1001",
        "verdict": Verdict.REJECTED,
        "criteria": judged,
        "exhibits": (video(),),
        "rulebook": RulebookView(
            policy="tmall",
            version="2026.1",
            digest="c" * 64,
            rules={
                code: Requirement.ADVISORY if code in ADVISORY else Requirement.REQUIRED for code in sorted(RuleCode)
            },
        ),
        "observers": {"codes": "3", "continuity": "2", "parcel": "1", "usability": "1"},
        "notes": (Say(zh="本机此前没有记录。", en="This installation knows of no earlier evidence."),),
        "timing": Timing(media_s=61.2, wall_s=9.0, decode_s=6.1),
    }
    return Report.model_validate(parts | fields)
