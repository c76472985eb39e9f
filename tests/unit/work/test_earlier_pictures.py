"""Pictures of earlier cases: copies are held against a case, doubts are shown to a person, a second filing is said."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fixtures.build import MEDIA
from fixtures.reuse_pictures import Picture, copied
from sixfaces.adapters.reuse.late import LateSearch
from sixfaces.domain.case import CaseFile, Order
from sixfaces.domain.erasing import EraseReason
from sixfaces.domain.exhibit import MediaInfo, Role
from sixfaces.domain.facts import FingerprintFact, MomentFact
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.observe.fingerprints import fingerprint
from sixfaces.observe.regions import regions, told
from sixfaces.pipeline.earlier_shown import with_earlier
from sixfaces.pipeline.erasing import Wish, erase_exhibit
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.children import Allowance, Task, Watch, inside
from sixfaces.pipeline.work.results import result
from sixfaces.report.serial import json_bytes
from tests.rig.workshop import Counted, Sent, file_exhibit, new_case, run_all, runner_of

NAME = "moments/01.jpg"
MINE = "ukbench00120.jpg"
OTHER = "adobe-20220124-A.jpg"
REVIEWER = Principal(tenant="main", role=ApiRole.REVIEWER, key_id=new_id(), sees_personal=True)


class Looking(Counted):
    """Children that measure regions of photos and keep the picture."""

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        self.runs[task.exhibit.name] += 1
        data = Path(task.path).read_bytes()
        gray = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
        at, shown = inside(Path(task.folder))
        (shown / NAME).parent.mkdir(parents=True, exist_ok=True)
        (shown / NAME).write_bytes(data)
        facts = (
            FingerprintFact(algorithm="x", at_s=(0.0,), hashes=(fingerprint(gray)[0],), quality=(1.0,)),
            told(regions(gray), NAME),
            MomentFact(label="photo", image=NAME),
        )
        record = Record(
            exhibit=task.exhibit,
            media=MediaInfo(width=gray.shape[1], height=gray.shape[0], codec="jpeg"),
            observations=numbered([("fake", "1", Measured(fact=fact)) for fact in facts]),
            observers={"fake": "1"},
            images={NAME: hashlib.sha256(data).hexdigest()},
        )
        at.write_bytes(json_bytes(record))


def picture(name: str) -> Picture:
    return np.asarray(cv2.imread(str(MEDIA / name)), np.uint8)


def sent(shown: Picture, quality: int = 90) -> Sent:
    data = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    return Sent(data, name=f"photo{len(data)}.jpg", role=Role.BUYER_PHOTO)


@pytest.fixture
def looking(service: Service, tmp_path: Path) -> Service:
    return replace(service, reuse=LateSearch(service.records, tmp_path / "reuse"))


def filed(service: Service, number: str, *photos: Sent, order: str | None = None) -> tuple[FiledCase, FiledExhibit]:
    case = new_case(service, CaseFile(case_id=number, order=Order(order_id=order)))
    exhibits = [file_exhibit(service, case, one)[0] for one in photos]
    run_all(runner_of(service, children=Looking()))
    return case, exhibits[0]


def report_on(service: Service, case: FiledCase) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """The finding, the exhibit's part of the report, and the page."""
    with service.records.begin(case.tenant, reading=True) as tx:
        verdict = tx.verdicts.current(case.id)
    assert verdict is not None
    report = json.loads(result(service.blobs, verdict, "report.json") or b"")
    (finding, *_) = (f for f in report["criteria"]["validity"]["findings"] if f["code"] == "validity.not_reused")
    return finding, report["exhibits"][0], result(service.blobs, verdict, "report.html") or b""


def test_a_copy_of_another_cases_photo_is_not_met_with_both_pictures(looking: Service) -> None:
    first, one = filed(looking, "C-1", sent(picture(MINE)))
    second, _ = filed(looking, "C-2", sent(copied(picture(MINE), "mirrored", seed=1)))
    finding, view, page = report_on(looking, second)
    assert finding["answer"] == "not_met"
    assert "C-1" in finding["text"]["en"]
    assert "mirrored" in finding["text"]["en"]
    assert "镜像" in finding["text"]["zh"]
    (use,) = view["uses"]
    assert (use["other_case"], use["other_exhibit"], use["sure"]) == ("C-1", one.exhibit.sha256, True)
    assert use["mirrored"]
    shown = with_earlier(looking, REVIEWER, page)
    assert page.count(b"<img") + 1 == shown.count(b"<img")
    assert report_on(looking, first)[0]["answer"] == "met", "the first is not held against by what came after it"


def test_the_other_picture_is_in_no_page_that_is_kept_and_not_for_a_station(looking: Service) -> None:
    filed(looking, "C-1", sent(picture(MINE)))
    second, _ = filed(looking, "C-2", sent(copied(picture(MINE), "mirrored", seed=1)))
    page = report_on(looking, second)[2]
    station = Principal(tenant="main", role=ApiRole.STATION, key_id=new_id(), station="S-1")
    assert with_earlier(looking, station, page).count(b"<img") == page.count(b"<img")
    abroad = REVIEWER.model_copy(update={"tenant": "other"})
    assert with_earlier(looking, abroad, page).count(b"<img") == page.count(b"<img")


def test_tenants_never_meet_and_a_case_never_meets_itself(looking: Service) -> None:
    case = new_case(looking, CaseFile(case_id="C-1"), tenant="other")
    file_exhibit(looking, case, sent(picture(MINE)))
    mine, _ = filed(looking, "C-2", sent(copied(picture(MINE), "mirrored", seed=1)), sent(picture(MINE), 80))
    finding, view, _ = report_on(looking, mine)
    assert finding["answer"] == "met"
    assert view["uses"] == []


def test_another_picture_is_met(looking: Service) -> None:
    filed(looking, "C-1", sent(picture(MINE)))
    case, _ = filed(looking, "C-2", sent(picture(OTHER)))
    assert report_on(looking, case)[0]["answer"] == "met"


def test_the_same_order_filed_again_is_said_and_met(looking: Service) -> None:
    filed(looking, "C-1", sent(picture(MINE)), order="T-1")
    case, _ = filed(looking, "C-2", sent(picture(MINE), 80), order="T-1")
    finding, view, _ = report_on(looking, case)
    assert finding["answer"] == "met"
    assert "C-1" in finding["text"]["en"]
    assert view["uses"][0]["resubmission"]


@pytest.mark.parametrize("how", ["cut to half its area", "screenshot of a phone", "mirrored, cut and recoloured"])
def test_what_was_cut_or_framed_might_show_the_same_print_and_is_for_a_person(looking: Service, how: str) -> None:
    filed(looking, "C-1", sent(picture(MINE)))
    case, _ = filed(looking, "C-2", sent(copied(picture(MINE), how, seed=1)))
    finding, view, page = report_on(looking, case)
    assert (finding["answer"], view["uses"][0]["sure"]) == ("cannot_tell", False)
    assert page.count(b"<img") + 1 == with_earlier(looking, REVIEWER, page).count(b"<img")


@pytest.mark.parametrize("seed", range(4))
def test_two_honest_photos_of_one_print_are_held_against_nobody(looking: Service, seed: int) -> None:
    """A book, a box, a label: there are many of each, and their photos agree in their regions as copies do."""
    rng = np.random.default_rng(seed)
    filed(looking, "C-1", sent(photographed(picture(MINE), rng)))
    case, _ = filed(looking, "C-2", sent(photographed(picture(MINE), rng)))
    finding, view, _ = report_on(looking, case)
    assert finding["answer"] == "cannot_tell"
    assert not view["uses"][0]["sure"]


def photographed(print_: Picture, rng: np.random.Generator) -> Picture:
    """The print on a table of its own, seen by a hand that holds the camera a little aslant, in its own light."""
    high, wide = print_.shape[:2]
    table = cv2.GaussianBlur(rng.integers(0, 256, (high, wide, 3), np.uint8), (0, 0), 4.0)
    table = np.asarray(cv2.normalize(table, table.copy(), 40, 200, cv2.NORM_MINMAX), np.uint8)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = corners * rng.uniform(0.6, 0.75) + rng.uniform(0.08, 0.22, 2) * (wide, high)
    seen += rng.uniform(-0.02, 0.02, (4, 2)) * wide
    plane = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    cv2.warpPerspective(print_, plane, (wide, high), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    left, right = map(float, rng.uniform(0.75, 1.15, 2))
    light = np.linspace(left, right, wide)[None, :, None]
    return np.asarray(np.clip(table * light + rng.normal(0, 3, table.shape), 0, 255), np.uint8)


def test_a_small_copied_part_is_for_a_person(looking: Service) -> None:
    def stamped(on: str, seed: int) -> Picture:
        base, part = picture(on).copy(), picture(OTHER)[200:387, 300:580]
        base[20:207, 20 + seed : 300 + seed] = part
        return base

    filed(looking, "C-1", sent(stamped(MINE, 0)))
    case, _ = filed(looking, "C-2", sent(stamped("ukbench01380.jpg", 300)))
    finding, _, _ = report_on(looking, case)
    assert finding["answer"] == "cannot_tell"


def test_a_flat_photo_cannot_be_compared(looking: Service) -> None:
    case, _ = filed(looking, "C-1", sent(np.full((480, 640, 3), 180, np.uint8)))
    finding, _, _ = report_on(looking, case)
    assert (finding["answer"], finding["missing"]) == ("cannot_tell", "observation.regions")


def test_a_picture_of_many_cases_is_no_ones_copy_but_never_passes_silently(looking: Service) -> None:
    for number in range(8):
        filed(looking, f"C-{number}", sent(picture(MINE), 95 - number))
    case, _ = filed(looking, "C-9", sent(picture(MINE), 70))
    finding, view, _ = report_on(looking, case)
    assert finding["answer"] == "cannot_tell"
    assert view["uses"][0]["common"]


def test_what_was_erased_is_found_no_more(looking: Service) -> None:
    first, one = filed(looking, "C-1", sent(picture(MINE)))
    filed(looking, "C-2", sent(picture(OTHER)))
    with looking.records.begin("main") as tx:
        tx.cases.change(first.id, state=CaseState.CLOSED)
        erase_exhibit(tx, one.id, wish=Wish(reason=EraseReason.MISTAKE, by="test"))
    runner_of(looking, children=Looking()).work()
    with looking.records.begin("main", reading=True) as tx:
        assert one.exhibit.sha256 not in tx.observations.measured()
    case = new_case(looking, CaseFile(case_id="C-3"))
    file_exhibit(looking, case, sent(copied(picture(MINE), "mirrored", seed=1)))
    runner = runner_of(looking, children=Looking())
    for _ in range(20):
        runner.work()
    assert report_on(looking, case)[0]["answer"] == "met"


def test_a_later_case_that_was_judged_before_the_earlier_was_measured_is_judged_anew(looking: Service) -> None:
    first = new_case(looking, CaseFile(case_id="C-1"))
    slow = sent(picture(MINE))
    one, job = file_exhibit(looking, first, slow)
    with looking.records.begin("main") as tx:
        held = tx.jobs.claim(job.id, worker="another", lease=timedelta(minutes=5))
        assert held is not None
    second = new_case(looking, CaseFile(case_id="C-2"))
    file_exhibit(looking, second, sent(copied(picture(MINE), "mirrored", seed=1)))
    runner = runner_of(looking, children=Looking())
    for _ in range(10):
        runner.work()
    assert report_on(looking, second)[0]["answer"] == "met", "nothing of the first is known yet"
    with looking.records.begin("main") as tx:
        assert tx.jobs.again(held, after=timedelta())
    run_all(runner)
    finding, view, _ = report_on(looking, second)
    assert (finding["answer"], view["uses"][0]["other_exhibit"]) == ("not_met", one.exhibit.sha256)
