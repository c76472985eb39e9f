"""From a record's facts to what the report shows, and from there to the shapes of the timeline."""

import pytest

from sixfaces.domain import facts as f
from sixfaces.domain import parcel_facts as p
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.exhibit import Exhibit, MediaInfo, Medium, Role
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.policy import FaceThresholds
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.report import ExhibitView, SpanView
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.report.timeline import Lane, timeline
from sixfaces.report.views import exhibit_view
from sixfaces.rulebook.loader import load_policy
from tests.unit.report.specimens import VIDEO, finding, video

FACE = FaceThresholds(view_deg=60, dwell_s=0.3, uncovered=0.5, in_frame=0.5, edge_px=40, sharpness=0.2)
LIMITS = load_policy("default").thresholds.model_copy(update={"face": FACE})
GOOD = {
    "face": p.Face.TOP, "view_cos": 0.93, "dwell_s": 1.4, "uncovered": 0.9, "in_frame": 1.0, "edge_px": 200,
    "sharpness": 0.6, "best_s": 3.1, "image": "faces/top.jpg",
}  # fmt: skip
PARCEL = p.ParcelFact(soft=False, tracked_s=9)


def span(start: float, end: float) -> MediaSpan:
    return MediaSpan(
        start=MediaTime(ticks=round(start * 1000), den=1000), end=MediaTime(ticks=round(end * 1000), den=1000)
    )


def shown(*measured: Measured) -> ExhibitView:
    exhibit = Exhibit(sha256=VIDEO, name="v.mp4", role=Role.UNBOXING_VIDEO, bytes=9, medium=Medium.VIDEO, format="mp4")
    record = Record(
        exhibit=exhibit,
        media=MediaInfo(duration_s=10.00049, width=640, height=360, fps=29.97003, codec="h264"),
        observations=numbered(("fake", "1", one) for one in measured),
    )
    return exhibit_view(record, Verdict.NEEDS_REVIEW, LIMITS)


def face(**changes: object) -> Measured:
    return Measured(fact=p.FaceFact.model_validate(GOOD | changes))


def lane(lanes: tuple[Lane, ...], name: str) -> Lane:
    (found,) = (one for one in lanes if one.name.en == name)
    return found


def test_a_face_shown_well_enough_is_met_with_its_picture_beside_the_report() -> None:
    top = shown(Measured(fact=PARCEL), face()).faces[p.Face.TOP]
    assert top.answer is Answer.MET
    assert (top.best_s, top.view_cos, top.seen_s) == (3.1, 0.93, 1.4)
    assert top.image == f"pictures/{VIDEO[:16]}/faces/top.jpg"


@pytest.mark.parametrize(
    "flaw",
    [
        {"view_cos": 0.49},
        {"dwell_s": 0.29},
        {"uncovered": 0.49},
        {"in_frame": 0.4},
        {"edge_px": 39},
        {"sharpness": 0.1},
    ],
)
def test_a_face_shown_too_little_is_not_met(flaw: dict[str, float]) -> None:
    assert shown(Measured(fact=PARCEL), face(**flaw)).faces[p.Face.TOP].answer is Answer.NOT_MET


def test_an_unsure_face_and_one_missing_while_names_are_in_doubt_are_neither_shown_nor_lacking() -> None:
    doubtful = PARCEL.model_copy(update={"names_sure": 0.5})
    view = shown(Measured(fact=doubtful), Measured(fact=p.FaceFact.model_validate(GOOD), confidence=0.4))
    assert view.faces[p.Face.TOP].answer is Answer.CANNOT_TELL
    assert view.faces[p.Face.BOTTOM].answer is Answer.CANNOT_TELL


def test_a_box_that_was_followed_did_not_show_the_faces_that_were_not_seen() -> None:
    faces = shown(Measured(fact=PARCEL), face()).faces
    assert list(faces) == list(p.Face)
    assert faces[p.Face.BOTTOM].answer is Answer.NOT_MET


@pytest.mark.parametrize("measured", [(), (Measured(fact=p.ParcelFact(soft=True, tracked_s=9)),)], ids=["none", "bag"])
def test_where_no_box_was_followed_nothing_is_claimed_about_faces(measured: tuple[Measured, ...]) -> None:
    assert shown(*measured).faces == {}


def test_seconds_are_rounded_and_every_kind_of_fact_has_its_place() -> None:
    view = shown(
        Measured(fact=f.TakeFact(index=0), span=span(0, 6.1234)),
        Measured(fact=f.BreakFact(cause=f.BreakCause.JUMP, certain=True, score=9, threshold=6), span=span(6.1, 6.2)),
        Measured(fact=p.StageFact(stage=p.Stage.SEALED), span=span(0, 2)),
        Measured(fact=p.AbsenceFact(reason="hidden"), span=span(3, 4)),
        Measured(fact=CodeFact(format="QRCode", text="A", reads=3), span=span(1, 2)),
        Measured(fact=f.MomentFact(label="last", image="moments/2.jpg"), span=span(9, 9)),
        Measured(fact=f.MomentFact(label="first", image="moments/1.jpg"), span=span(0, 0)),
        Measured(fact=f.DecodeFact(frames=300, corrupt_frames=2, covered_s=9.99999, expected_s=10)),
        Measured(fact=f.UnmeasuredFact(of=("weight",), code="weight.none", detail="no scale")),
    )
    assert view.media is not None
    assert (view.media.duration_s, view.media.fps) == (10.0, 29.97)
    assert view.takes == (SpanView(from_s=0, to_s=6.123),)
    assert (view.breaks[0].cause, view.breaks[0].certain) == ("jump", True)
    assert (view.stages[0].stage, view.absences[0].reason, view.codes[0].text) == (p.Stage.SEALED, "hidden", "A")
    assert [moment.label for moment in view.moments] == ["first", "last"]
    assert view.decode is not None
    assert (view.decode.corrupt_frames, view.decode.covered_s) == (2, 10.0)
    assert view.unmeasured[0].code == "weight.none"


def test_marks_stand_where_their_seconds_are() -> None:
    lanes = timeline(video(), [finding(RuleCode.ONE_TAKE, Answer.NOT_MET, spans=((30.6, 30.6),))])
    (decisive,) = lane(lanes, "Decisive").marks
    assert decisive.x == pytest.approx(50, abs=0.01)
    assert decisive.style == "not_met"
    takes = lane(lanes, "Takes").marks
    assert [mark.style for mark in takes] == ["take0", "take1", "break", "doubt"]
    assert takes[1].x == pytest.approx(100 * 38.5 / 61.2, abs=0.01)


def test_a_finding_about_the_whole_video_points_at_no_moment() -> None:
    lanes = timeline(video(), [finding(RuleCode.ONE_TAKE, Answer.CANNOT_TELL, spans=((0, 61),))])
    assert "Decisive" not in {one.name.en for one in lanes}


def test_the_takes_are_counted() -> None:
    note = lane(timeline(video(), []), "Takes").note
    assert note is not None
    assert note.en == "2 takes · 1 certain break · 1 doubtful"
    whole = lane(timeline(video(takes=({"from_s": 0, "to_s": 61},), breaks=()), []), "Takes").note
    assert whole is not None
    assert (whole.zh, whole.en) == ("1 镜", "1 take")


def test_every_mark_lies_inside_its_lane_and_can_be_seen() -> None:
    odd = video(
        takes=(SpanView(from_s=-5, to_s=500), SpanView(from_s=61.2, to_s=61.2), SpanView(from_s=900, to_s=901)),
        codes=({"format": "QR", "text": "x", "reads": 1, "from_s": 61.2, "to_s": 61.2},),
    )
    for one in timeline(odd, []):
        for mark in one.marks:
            assert 0 <= mark.x <= 100
            assert mark.x + mark.width <= 100.001
            assert mark.width > 0 or one.kind == "ticks"


def test_hours_of_footage_become_a_strip_of_bounded_width_that_hides_no_blur() -> None:
    seconds = 3 * 3600
    sharp = [0.9] * seconds
    sharp[5000] = 0.1
    media = MediaInfo(duration_s=seconds, width=1920, height=1080, codec="h264")
    view = video(media=media, quality={"step_s": 1, "sharpness": sharp, "luma": [0.5] * seconds})
    bars = lane(timeline(view, []), "Sharpness").marks
    assert len(bars) <= 240
    assert min(bar.height for bar in bars) == 10.0
    assert [mark.tip.en for mark in lane(timeline(view, []), "Time").marks][:2] == ["0:00", "30:00"]


def test_the_most_read_codes_have_lanes_and_their_number_is_bounded() -> None:
    codes = tuple({"format": "QR", "text": f"code {n}", "reads": n, "from_s": 1, "to_s": 2} for n in range(1, 20))
    lanes = [one for one in timeline(video(codes=codes), []) if one.name.en == "Code"]
    assert [one.note.en for one in lanes if one.note][:1] == ["QR code 19 · 19 reads"]
    assert len(lanes) == 5


def test_a_photo_has_no_timeline() -> None:
    assert timeline(video(media=MediaInfo(width=10, height=10, codec="jpeg")), []) == ()
