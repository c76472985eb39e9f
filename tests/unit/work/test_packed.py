"""JUDGE lays a return beside the case's packing video, by the pictures that measuring kept, in a jail of its own."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sixfaces.domain.exhibit import MediaInfo, Role
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.parcel_facts import Face, FaceFact
from sixfaces.observe.outbound.comparer import JailedOutbound
from sixfaces.observe.outbound.pictures import FacePicture
from sixfaces.pipeline.archive.keeping import judged_on
from sixfaces.pipeline.personal import MaskedResults
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.children import Allowance, Task, Watch, inside
from sixfaces.pipeline.work.results import result
from sixfaces.report.serial import json_bytes, read_report
from tests.rig.workshop import MEASURING, Counted, Sent, file_exhibit, new_case, open_workshop, run_all, runner_of
from tests.unit.outbound.boxes import Drawn, faces

BOX = Drawn(5, 5, 5)
SEEN: dict[str, dict[Face, FacePicture]] = {"went.mp4": faces(BOX, take=1), "came.mp4": faces(BOX, take=2)}


class Cameras(Counted):
    """Children that keep the faces of a drawn box; of a video with any other name they keep nothing."""

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        record_at, pictures = inside(Path(task.folder))
        facts, images = [], {}
        for face, one in SEEN.get(task.exhibit.name, {}).items():
            name = f"faces/{face}.jpg"
            (pictures / name).parent.mkdir(parents=True, exist_ok=True)
            (pictures / name).write_bytes(one.jpeg)
            images[name] = hashlib.sha256(one.jpeg).hexdigest()
            facts.append(FaceFact(
                face=face, view_cos=one.cos, dwell_s=1.0, uncovered=1.0, in_frame=1.0, edge_px=one.edge_px,
                sharpness=one.sharpness, best_s=2.0, image=name, waybill=one.waybill,
            ))  # fmt: skip
        record = Record(
            exhibit=task.exhibit,
            media=MediaInfo(duration_s=600.0, width=64, height=64, fps=30.0, codec="h264"),
            observations=numbered(("parcel", "1", Measured(fact=fact)) for fact in facts),
            observers={"parcel": "1"},
            images=images,
        )
        record_at.write_bytes(json_bytes(record))


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return open_workshop(tmp_path, measuring=replace(MEASURING, outbound=JailedOutbound()))


def judged(service: Service, *names: str) -> tuple[FiledCase, dict[str, Any]]:
    """The report on a case with `came.mp4` and these packing videos."""
    case = new_case(service)
    for name in names:
        file_exhibit(service, case, Sent(name.encode(), name=name, role=Role.PACKING_VIDEO))
    file_exhibit(service, case, Sent(b"came", name="came.mp4"))
    run_all(runner_of(service, children=Cameras()))
    with service.records.begin(case.tenant, reading=True) as tx:
        verdict = tx.verdicts.current(case.id)
    assert verdict is not None
    page = result(service.blobs, verdict, "report.html")
    assert page is not None
    report = json.loads(result(service.blobs, verdict, "report.json") or b"")
    for view in read_report(json.dumps(report).encode()).exhibits:
        for beside in (pair for packed in view.packed for pair in packed.beside):
            assert result(service.blobs, verdict, beside.picture)
            assert result(service.blobs, verdict, beside.packed)
    return case, report | {"page": page.decode()}


def box(report: dict[str, Any]) -> dict[str, Any]:
    (found,) = (
        finding
        for finding in report["criteria"]["consistency"]["findings"]
        if finding["code"] == "consistency.same_box_as_packed"
    )
    return dict(found)


def test_the_report_of_a_server_lays_the_return_beside_its_packing(service: Service) -> None:
    _, report = judged(service, "went.mp4")
    assert box(report)["answer"] == "met"
    (came,) = (view for view in report["exhibits"] if view["role"] == "unboxing_video")
    (packed,) = came["packed"]
    assert {len(packed["beside"]), packed["by"]} == {6, "label"}
    assert "与打包视频并列" in report["page"]
    assert report["observers"]["outbound"] == "1"


def test_a_packing_video_that_shows_nothing_leaves_it_open_beside_one_that_does(service: Service) -> None:
    _, report = judged(service, "empty.mp4", "went.mp4")
    assert box(report)["answer"] == "met"
    _, report = judged(service, "empty.mp4")
    assert box(report)["answer"] == "cannot_tell"
    assert "no face of a box is seen clearly enough in the packing video" in box(report)["text"]["en"]


def test_what_was_compared_is_judged_again_without_pictures(service: Service) -> None:
    case, report = judged(service, "went.mp4")
    with service.records.begin(case.tenant, reading=True) as tx:
        verdict = tx.verdicts.current(case.id)
    assert verdict is not None
    kept = judged_on(service, verdict)
    assert kept is not None
    told = {code: answer for one in kept.said for code, answer, _ in one.answers}
    assert told["consistency.same_box_as_packed"] == box(report)["answer"]


def test_who_may_not_see_personal_data_gets_the_answer_and_no_bare_picture(service: Service) -> None:
    case, report = judged(service, "went.mp4")
    with service.records.begin(case.tenant, reading=True) as tx:
        verdict = tx.verdicts.current(case.id)
        assert verdict is not None
        masked = MaskedResults(service, verdict, tx)
    assert [view.packed for view in masked.report().exhibits if view.packed]
    page = masked.file("report.html").decode()
    assert "与打包视频并列" in page
    assert "data:image/jpeg" not in page
    assert "data:image/jpeg" in report["page"]
