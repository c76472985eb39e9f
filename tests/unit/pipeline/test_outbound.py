"""Unboxing videos are laid beside the case's packing videos, by what records kept; roles come from the case file."""

import hashlib
from pathlib import Path

import pytest

from sixfaces.domain.answer import Answer
from sixfaces.domain.case import CaseFile, OutboundParcel
from sixfaces.domain.comparison import OUTBOUND, Comparison, Comparisons, ParcelSide
from sixfaces.domain.exhibit import Exhibit, MediaInfo, Role
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.packed_facts import PackedBoxFact, PicturesBeside
from sixfaces.domain.parcel_facts import Face, FaceFact, ItemViewFact
from sixfaces.domain.ports import OnProgress, Pictures
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Finding, RuleCode
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.pipeline.choose_policy import choose_policy
from sixfaces.pipeline.outbound import MOST_PACKINGS
from sixfaces.pipeline.verify_case import Beside, Ports, Terms, judge_records, verify_case
from tests.unit.pipeline.fakes import JPEG, Shelf
from tests.unit.pipeline.test_comparing import Recogniser

AT_4_S = MediaSpan.at(MediaTime(ticks=4, den=1))
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
VIEW = FaceFact(
    face=Face.TOP, view_cos=0.9, dwell_s=1.0, uncovered=1.0, in_frame=1.0, edge_px=200, sharpness=0.9, best_s=4.0,
    image="faces/top.jpg",
)  # fmt: skip


class Watched:
    """Videos that show a top face twice, an item, and the codes in their names; `empty` ones show nothing."""

    def observe(self, exhibit: Exhibit, path: Path, *, pictures: Pictures, on_progress: OnProgress) -> Record:
        names = () if "empty" in exhibit.name else ("faces/top.jpg", "items/01.jpg")
        facts = [] if "empty" in exhibit.name else [VIEW, VIEW.model_copy(update={"image": None, "waybill": True})]
        told = [Measured(fact=fact, span=AT_4_S) for fact in facts]
        told += [Measured(fact=ItemViewFact(image="items/01.jpg"), span=AT_4_S)] * bool(names)
        told += [
            Measured(fact=CodeFact(format="Code128", text=word, reads=5, carrier="SF"))
            for word in exhibit.name.split(".")[0].split("-")
            if word.startswith("SF")
        ]
        for name in names:
            pictures.put(name, JPEG)
        return Record(
            exhibit=exhibit,
            media=MediaInfo(duration_s=900.0, width=1280, height=720, fps=30.0, codec="h264"),
            observations=numbered(("parcel", "1", measured) for measured in told),
            observers={"parcel": "1"},
            images={name: hashlib.sha256(JPEG).hexdigest() for name in names},
        )


class Eye:
    """Finds every box to be the packed one."""

    def __init__(self) -> None:
        self.asked: list[tuple[ParcelSide, ParcelSide]] = []

    def beside(self, returned: ParcelSide, packed: ParcelSide) -> Comparison:
        self.asked.append((returned, packed))
        pair = PicturesBeside(picture="faces/top.jpg", packed="faces/top.jpg", turned=1)
        fact = PackedBoxFact(
            packing=packed.exhibit, same=Answer.MET, design=Answer.MET, by="label", likely=0.95, beside=(pair,)
        )
        measured = (Measured(fact=fact, confidence=0.95),)
        return Comparison(
            observer=OUTBOUND, name=packed.name, reference=packed.exhibit, views={}, version="1", measured=measured,
            images={},
        )  # fmt: skip


def verified(folder: Path, *names: str, **about: object) -> tuple[Report, Shelf, Eye]:
    """Verify `return.mp4` and packing videos of these names."""
    roles = dict.fromkeys(names, Role.PACKING_VIDEO)
    case = CaseFile.model_validate({"case_id": "C-1", "roles": roles, **about})
    for number, name in enumerate(("return.mp4", *names)):
        (folder / name).write_bytes(MP4 + bytes([number]))
    shelf, eye = Shelf(), Eye()
    ports = Ports(Watched(), shelf, comparer=Beside(Recogniser(), folder, outbound=eye))
    policy, why = choose_policy(case, None)
    paths = [folder / name for name in (*names, "return.mp4")]
    return verify_case(case, paths, terms=Terms(policy=policy, notes=(why,)), ports=ports), shelf, eye


def found(report: Report, code: RuleCode = RuleCode.SAME_BOX_AS_PACKED) -> Finding:
    (finding,) = (f for judged in report.criteria.values() for f in judged.findings if f.code is code)
    return finding


def test_the_case_file_says_which_video_shows_the_packing(tmp_path: Path) -> None:
    report, _, eye = verified(tmp_path, "packing.mp4")
    assert {view.name: view.role for view in report.exhibits} == {
        "packing.mp4": Role.PACKING_VIDEO,
        "return.mp4": Role.UNBOXING_VIDEO,
    }
    ((returned, packed),) = eye.asked
    assert (returned.name, packed.name) == ("return.mp4", "packing.mp4")
    assert set(returned.pictures) == {"faces/top.jpg", "items/01.jpg"}
    assert [(fact.face, fact.waybill) for fact in packed.faces] == [(Face.TOP, True)]


def test_the_report_lays_both_pictures_side_by_side_at_the_moment_of_the_return(tmp_path: Path) -> None:
    report, shelf, _ = verified(tmp_path, "packing.mp4")
    finding = found(report)
    assert (finding.answer, finding.spans) == (Answer.MET, ((4.0, 4.0),))
    packing, came = report.exhibits
    assert packing.packed == ()
    (view,) = came.packed
    (pair,) = view.beside
    assert pair.picture == f"pictures/{came.sha256[:16]}/faces/top.jpg"
    assert pair.packed == f"pictures/{packing.sha256[:16]}/faces/top.jpg"
    page = shelf.kept["report.html"].decode()
    assert "Beside the packing video" in page
    assert "与打包视频并列" in page
    assert 'class="turned-1"' in page


def test_record_and_comparison_are_enough_to_judge_again(tmp_path: Path) -> None:
    report, shelf, _ = verified(tmp_path, "packing.mp4")
    records = tuple(Record.model_validate_json(shelf.kept[f"records/{one.sha256}.json"]) for one in report.exhibits)
    kept = {
        name[len("comparisons/") : -len(".json")]: Comparisons.model_validate_json(data)
        for name, data in shelf.kept.items()
        if name.startswith("comparisons/")
    }
    case = CaseFile(case_id="C-1")
    policy, why = choose_policy(case, None)
    again = judge_records(case, records, comparisons=kept, terms=Terms(policy=policy, notes=(why,)))
    assert found(again) == found(report)
    assert report.observers["outbound"] == "1"


def test_without_a_packing_video_nothing_is_compared(tmp_path: Path) -> None:
    report, shelf, eye = verified(tmp_path)
    assert eye.asked == []
    assert found(report).missing == "case.packing_video"
    assert not any(name.startswith("comparisons/") for name in shelf.kept)


def test_of_many_packing_videos_those_of_the_shipment_come_first_and_the_rest_is_told(tmp_path: Path) -> None:
    names = [f"p{number}.mp4" for number in range(MOST_PACKINGS)] + ["p-SF5550001112223.mp4"]
    outbound = OutboundParcel(waybill="SF5550001112223")
    report, _, eye = verified(tmp_path, *names, outbound_parcel=outbound)
    assert eye.asked[0][1].name == "p-SF5550001112223.mp4"
    assert len(eye.asked) == MOST_PACKINGS
    came = next(view for view in report.exhibits if view.role is Role.UNBOXING_VIDEO)
    assert [hole.code for hole in came.unmeasured if "packed_box" in hole.of] == ["too_many_packings"]


def test_a_role_for_a_file_that_was_not_handed_in_is_told(tmp_path: Path) -> None:
    report, _, _ = verified(tmp_path, roles={"packnig.mp4": "packing_video"})
    assert any("packnig.mp4" in note.en and "packnig.mp4" in note.zh for note in report.notes)


@pytest.mark.parametrize("role", ["packing", "", None])
def test_a_role_that_there_is_not_is_refused(role: object) -> None:
    with pytest.raises(ValueError, match="roles"):
        CaseFile.model_validate({"case_id": "C-1", "roles": {"a.mp4": role}})
