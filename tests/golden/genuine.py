"""The facts of one honest take, as observers measure them: every required rule of the default policy is met by them."""

from sixfaces.domain.answer import Answer
from sixfaces.domain.exhibit import MediaInfo
from sixfaces.domain.facts import (
    ContainerFact,
    ContinuityFact,
    MomentFact,
    ProvenanceState,
    Steadiness,
    StreamFact,
    TakeFact,
    ToolKind,
    ToolTagFact,
)
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import (
    Face,
    FaceFact,
    InspectionFact,
    ItemFact,
    ItemMatch,
    ParcelFact,
    QuantityFact,
    Stage,
    StageFact,
)
from sixfaces.domain.reading_facts import CheckDigit, CodeFact, TextFact
from tests.golden.building import WAYBILL, fact
from tests.golden.facts_of_validity import (
    captured,
    credentials,
    decoded,
    fingerprints,
    recapture,
    seal,
    shown_code,
    usable,
)

MEDIA = MediaInfo(duration_s=60.0, width=1920, height=1080, fps=30.0, codec="h264", audio_codec="aac")

STAGES = (
    (Stage.SEALED, 0.0, 4.0),
    (Stage.SHOWING, 4.0, 26.0),
    (Stage.OPENING, 26.0, 34.0),
    (Stage.OPEN, 34.0, 38.0),
    (Stage.ITEM_OUT, 38.0, 60.0),
)


def face(which: Face, at_s: float) -> Measured:
    """A face shown well for a second."""
    value = FaceFact(
        face=which, view_cos=0.95, dwell_s=1.0, uncovered=0.9, in_frame=1.0, edge_px=300.0, sharpness=0.8,
        best_s=at_s, image=f"faces/{which.value}.jpg",
    )  # fmt: skip
    return fact(value, at_s - 0.5, at_s + 0.5)


def genuine() -> tuple[Measured, ...]:
    """About forty observations in record order."""
    streams = tuple(
        StreamFact(index=i, media=media, codec=c) for i, (media, c) in enumerate((("video", "h264"), ("audio", "aac")))
    )
    return (
        fact(ContainerFact(format="mp4", brands=("isom",), duration_s=60.0, bit_rate=4_000_000, streams=streams)),
        fact(ToolTagFact(field="model", value="iPhone 15", tool=ToolKind.RECORDER)),
        fact(captured()),
        fact(credentials(ProvenanceState.ABSENT)),
        fact(decoded(), 0.0, 60.0),
        fact(ContinuityFact(steadiness=Steadiness.FIXED, frames=1800, smallest_removal_s=0.1), 0.0, 60.0),
        fact(TakeFact(index=0), 0.0, 60.0),
        fact(usable(60), 0.0, 60.0),
        fact(fingerprints(*(f"{i:064x}" for i in range(60))), 0.0, 60.0),
        fact(recapture(0.02)),
        fact(CodeFact(format="Code128", text=WAYBILL, reads=12, check_digit=CheckDigit.OK, carrier="SF"), 12.0, 14.0),
        fact(CodeFact(format="QRCode", text=f"https://sf.example/{WAYBILL}", reads=3), 12.5, 13.5),
        *(fact(TextFact(text=f"line {i} 138****1234", reads=3, score=0.9, masked=True), 12.0, 14.0) for i in range(4)),
        shown_code(at_s=1.0),
        seal(Answer.MET),
        fact(ParcelFact(soft=False, tracked_s=60.0), 0.0, 60.0),
        *(face(which, 5.0 + 3 * i) for i, which in enumerate(Face)),
        *(fact(StageFact(stage=stage), start, end) for stage, start, end in STAGES),
        fact(ItemFact(reference="S1", by=ItemMatch.BARCODE, same=Answer.MET, score=1.0), 40.0, 44.0),
        fact(QuantityFact(count=1), 40.0, 44.0),
        fact(InspectionFact(views=4), 40.0, 50.0),
        *(fact(MomentFact(label=f"moment {i}", image=f"moments/{i:02}.jpg"), 5.0 * i) for i in range(6)),
    )  # fmt: skip
