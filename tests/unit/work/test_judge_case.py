"""JUDGE: one verdict for each revision, code and policy; earlier openings and reference pictures count."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sixfaces.adapters.records.stored import stored
from sixfaces.domain.case import MOST_CODES, MOST_ITEMS, CaseFile, Order, OrderItem, ReturnParcel
from sixfaces.domain.exhibit import MediaInfo, Role
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, StoredVerdict
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.pipeline.filing import Expected, file_case
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.children import Allowance, Task, Watch, inside
from sixfaces.pipeline.work.results import result
from sixfaces.pipeline.work.running import Runner
from sixfaces.pipeline.work.waybills import waybills_in
from sixfaces.report.serial import json_bytes
from tests.rig.workshop import MEASURING, Counted, Sent, file_exhibit, new_case, new_job, run_all, runner_of

PHOTO = Path(__file__).parents[3] / "fixtures" / "media" / "ukbench00120.jpg"


class Reading(Counted):
    """Children that read the codes which a file names."""

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        self.runs[task.exhibit.name] += 1
        codes = Path(task.path).read_bytes().decode("latin-1").split(",")[1:]
        told = [("fake", "1", Measured(fact=CodeFact(format="Code128", text=text, reads=30))) for text in codes]
        media = MediaInfo(duration_s=1.0, width=64, height=64, fps=30.0, codec="h264")
        record = Record(exhibit=task.exhibit, media=media, observations=numbered(told), observers={"fake": "1"})
        inside(Path(task.folder))[0].write_bytes(json_bytes(record))


def judged(service: Service, case: FiledCase) -> tuple[StoredVerdict, dict[str, Any]]:
    with service.records.begin(case.tenant, reading=True) as tx:
        verdict = tx.verdicts.current(case.id)
    assert verdict is not None
    return verdict, json.loads(result(service.blobs, verdict, "report.json") or b"")


def first_opening(report: dict[str, Any], sha256: str) -> dict[str, Any]:
    (found,) = (
        finding
        for finding in report["criteria"]["timeliness"]["findings"]
        if finding["code"] == "timeliness.first_opening" and finding["exhibit"] == sha256
    )
    return dict(found)


def case_of(number: str, waybill: str | None) -> CaseFile:
    return CaseFile(case_id=number, return_parcel=ReturnParcel(waybill=waybill))


def test_a_second_unboxing_of_the_same_waybill_fails_and_points_at_the_first(service: Service) -> None:
    runner = runner_of(service, children=Reading())
    first, second = new_case(service, case_of("C-1", "SF1234567890123")), new_case(service, case_of("C-2", None))
    one, _ = file_exhibit(service, first, Sent(b"one"))
    run_all(runner)
    two, _ = file_exhibit(service, second, Sent(b"two,SF1234567890123"))
    run_all(runner)
    found = first_opening(judged(service, second)[1], two.exhibit.sha256)
    assert found["answer"] == "not_met"
    assert "C-1" in found["text"]["en"]
    assert one.exhibit.sha256[:12] in found["text"]["en"]
    assert "C-1" in found["text"]["zh"]
    earlier = first_opening(judged(service, first)[1], one.exhibit.sha256)
    assert earlier["answer"] != "not_met", "the first is not held against by what came after it"


def test_an_opening_between_two_takes_of_a_case_speaks_only_against_the_later_one(service: Service) -> None:
    runner = runner_of(service, children=Reading())
    mine, other = (
        new_case(service, case_of("C-1", "SF1234567890123")),
        new_case(service, case_of("C-2", "SF1234567890123")),
    )
    before, _ = file_exhibit(service, mine, Sent(b"one", name="one.mp4"))
    file_exhibit(service, other, Sent(b"two"))
    after, _ = file_exhibit(service, mine, Sent(b"three", name="three.mp4"))
    run_all(runner)
    report = judged(service, mine)[1]
    assert first_opening(report, before.exhibit.sha256)["answer"] != "not_met"
    assert first_opening(report, after.exhibit.sha256)["answer"] == "not_met"


def test_the_same_file_in_a_later_case_is_told_as_used_before(service: Service) -> None:
    cases = [new_case(service, case_of(number, None)) for number in ("C-1", "C-2")]
    for case in cases:
        file_exhibit(service, case, Sent(b"one"))
    run_all(runner_of(service))
    answers = []
    for case in cases:
        report = judged(service, case)[1]
        found = [f for f in report["criteria"]["validity"]["findings"] if f["code"] == "validity.not_reused"]
        answers.append((found[0]["answer"], "C-1" in found[0]["text"]["en"]))
    assert answers == [("cannot_tell", False), ("not_met", True)]


def test_an_article_on_the_goods_makes_no_earlier_opening(service: Service) -> None:
    runner = runner_of(service, children=Reading())
    exhibits = []
    for number in ("C-1", "C-2"):
        file = CaseFile(case_id=number, order=Order(items=(OrderItem(sku="SKU12345678"),)))
        case = new_case(service, file)
        exhibits.append((case, file_exhibit(service, case, Sent(f"{number},SKU12345678".encode()))[0]))
    run_all(runner)
    case, exhibit = exhibits[1]
    assert first_opening(judged(service, case)[1], exhibit.exhibit.sha256)["answer"] != "not_met"


def test_a_case_is_judged_again_for_a_new_exhibit_and_never_twice_for_the_same(service: Service) -> None:
    runner, case = runner_of(service), new_case(service)
    file_exhibit(service, case, Sent(b"one"))
    run_all(runner)
    with service.records.begin("main") as tx:
        tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case.id))
    run_all(runner)
    file_exhibit(service, case, Sent(b"two", name="two.mp4"))
    run_all(runner)
    with service.records.begin("main", reading=True) as tx:
        assert [one.revision for one in tx.verdicts.of_case(case.id)] == [3, 2]


def test_new_code_gives_a_new_verdict_and_keeps_the_old_one(service: Service) -> None:
    case = new_case(service)
    file_exhibit(service, case, Sent(b"one"))
    run_all(runner_of(service))
    younger, children = replace(service, code_version="test 2"), Counted()
    with service.records.begin("main") as tx:
        tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case.id))
    run_all(runner_of(younger, children=children))
    with service.records.begin("main", reading=True) as tx:
        assert [one.code_version for one in tx.verdicts.of_case(case.id)] == ["test 2", "test 1"]
    assert children.runs == {}, "records are judged without their media"


def test_new_observers_measure_again_before_a_case_is_judged(service: Service) -> None:
    case = new_case(service)
    file_exhibit(service, case, Sent(b"one"))
    run_all(runner_of(service))
    younger = replace(service, code_version="test 2", measuring=replace(MEASURING, observers="fake 2"))
    with service.records.begin("main") as tx:
        tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case.id))
    children = Counted()
    run_all(runner_of(younger, children=children))
    assert children.runs == {"take.mp4": 1}
    with service.records.begin("main", reading=True) as tx:
        assert [one.code_version for one in tx.verdicts.of_case(case.id)] == ["test 2", "test 1"]


def test_a_closed_case_is_judged_and_stays_closed(service: Service) -> None:
    case = new_case(service)
    file_exhibit(service, case, Sent(b"one"))
    with service.records.begin("main") as tx:
        tx.cases.change(case.id, state=CaseState.CLOSED)
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        now = tx.cases.get(case.id)
    assert now is not None
    assert now.state is CaseState.CLOSED
    judged(service, case)


def test_a_reference_picture_is_compared_with_and_is_no_evidence_itself(service: Service) -> None:
    item = OrderItem(reference_images=("shop/front.jpg", "gone.jpg"))
    case = new_case(service, CaseFile(case_id="C-1", order=Order(items=(item,))))
    take, _ = file_exhibit(service, case, Sent(b"one"))
    file_exhibit(service, case, Sent(PHOTO.read_bytes(), name="front.jpg", role=Role.QC_PHOTO))
    run_all(runner_of(service))
    verdict, report = judged(service, case)
    assert [one["name"] for one in report["exhibits"]] == ["take.mp4"]
    comparisons = json.loads(result(service.blobs, verdict, f"comparisons/{take.exhibit.sha256}.json") or b"")
    first = comparisons["holes"][0]
    assert (first["code"], first["detail"]) == ("intake.reference_missing", "gone.jpg")


WAYBILL = "SF1234567890123"


@pytest.mark.parametrize("claimed", [WAYBILL, None])
def test_a_case_is_judged_again_when_an_earlier_take_of_its_waybill_is_read_later(
    service: Service, claimed: str | None
) -> None:
    runner = runner_of(service, children=Reading())
    first, second = new_case(service, case_of("C-1", None)), new_case(service, case_of("C-2", claimed))
    one, slow = file_exhibit(service, first, Sent(f"one,{WAYBILL}".encode(), priority=9))
    two, _ = file_exhibit(service, second, Sent(f"two,{WAYBILL}".encode(), priority=0))
    while (job := next_but(runner, slow)) is not None:
        runner.run(job)
    verdict, report = judged(service, second)
    assert first_opening(report, two.exhibit.sha256)["answer"] != "not_met"
    run_all(runner)
    later, report = judged(service, second)
    assert (later.revision, later.id) > (verdict.revision, verdict.id)
    found = first_opening(report, two.exhibit.sha256)
    assert (found["answer"], one.exhibit.sha256[:12] in found["text"]["en"]) == ("not_met", True)
    with service.records.begin("main", reading=True) as tx:
        now, first_now = tx.cases.get(second.id), tx.cases.get(first.id)
        told = [event.kind for event in tx.events.since(0, case_id=second.id)]
    assert now is not None
    assert first_now is not None
    assert now.state is first_now.state is CaseState.VERIFIED
    assert told.count("case.earlier_take") == 1
    assert first_now.revision == 2, "nothing that came later speaks against the first"


def test_a_take_that_is_itself_read_late_is_judged_by_what_was_sealed_before_it(service: Service) -> None:
    runner = runner_of(service, children=Reading())
    first, second = new_case(service, case_of("C-1", WAYBILL)), new_case(service, case_of("C-2", None))
    file_exhibit(service, first, Sent(b"one"))
    two, _ = file_exhibit(service, second, Sent(f"two,{WAYBILL}".encode(), priority=9))
    run_all(runner)
    verdict, report = judged(service, second)
    assert first_opening(report, two.exhibit.sha256)["answer"] == "not_met"
    with service.records.begin("main", reading=True) as tx:
        assert [len(tx.verdicts.of_case(case.id)) for case in (first, second)] == [1, 1]
    assert verdict.revision == 2


def test_a_take_that_the_claim_told_of_before_has_nothing_judged_again(service: Service) -> None:
    runner = runner_of(service, children=Reading())
    first, second = new_case(service, case_of("C-1", WAYBILL)), new_case(service, case_of("C-2", WAYBILL))
    _, slow = file_exhibit(service, first, Sent(f"one,{WAYBILL}".encode(), priority=9))
    file_exhibit(service, second, Sent(b"two", priority=0))
    while (job := next_but(runner, slow)) is not None:
        runner.run(job)
    run_all(runner)
    with service.records.begin("main", reading=True) as tx:
        assert len(tx.verdicts.of_case(second.id)) == 1


def claims(service: Service, case: FiledCase, waybill: str | None) -> None:
    """A reviewer corrects what is claimed."""
    who = Principal(tenant=case.tenant, key_id=new_id(), role=ApiRole.REVIEWER)
    with service.records.begin(case.tenant) as tx:
        filed = file_case(tx, who, case_of(case.file.case_id, waybill), expected=Expected(there=True))
    for job in filed.jobs:
        service.hints.hint(job.id, priority=job.priority)


def test_a_waybill_that_is_claimed_later_or_no_more_has_those_judged_again_that_it_was_opened_before(
    service: Service,
) -> None:
    runner = runner_of(service, children=Reading())
    before, first = new_case(service, case_of("C-0", WAYBILL)), new_case(service, case_of("C-1", None))
    later, shows = new_case(service, case_of("C-2", WAYBILL)), new_case(service, case_of("C-3", None))
    file_exhibit(service, before, Sent(b"another parcel, its own take lies before all of these"))
    one, _ = file_exhibit(service, first, Sent(b"one"))
    claimed, _ = file_exhibit(service, later, Sent(b"two"))
    shown, _ = file_exhibit(service, shows, Sent(f"three,{WAYBILL}".encode()))
    run_all(runner)
    claims(service, before, "YT0000000000001")
    run_all(runner)
    takes = ((later, claimed), (shows, shown))

    def told(take: FiledExhibit, case: FiledCase) -> bool:
        """Whether the report points at the first take."""
        found = first_opening(judged(service, case)[1], take.exhibit.sha256)
        return found["answer"] == "not_met" and one.exhibit.sha256[:12] in found["text"]["en"]

    assert [told(take, case) for case, take in takes] == [False, False]
    claims(service, first, "sf 1234-567890123")
    run_all(runner)
    assert [told(take, case) for case, take in takes] == [True, True]
    revisions = [judged(service, case)[0].revision for case in (before, later, shows)]
    claims(service, first, WAYBILL)
    run_all(runner)
    assert [judged(service, case)[0].revision for case in (before, later, shows)] == revisions, "it says the same"
    claims(service, first, "YT0000000000002")
    run_all(runner)
    assert [told(take, case) for case, take in takes] == [False, False]
    assert judged(service, before)[0].revision == revisions[0], "nothing that came later speaks against it"


def test_a_correction_of_a_case_without_a_take_has_nothing_judged_again(service: Service) -> None:
    runner = runner_of(service, children=Reading())
    first, later = new_case(service, case_of("C-1", None)), new_case(service, case_of("C-2", WAYBILL))
    file_exhibit(service, first, Sent(PHOTO.read_bytes(), name="damage.jpg", role=Role.BUYER_PHOTO))
    file_exhibit(service, later, Sent(b"two"))
    run_all(runner)
    claims(service, first, WAYBILL)
    run_all(runner)
    with service.records.begin("main", reading=True) as tx:
        assert len(tx.verdicts.of_case(later.id)) == 1


def next_but(runner: Runner, other: Job) -> Job | None:
    """The next job that is due, claimed, while one is left alone."""
    with runner.service.records.begin(None) as tx:
        due = (job for job in tx.jobs.due(limit=20) if job.id != other.id)
        return next((tx.jobs.claim(job.id, worker="test", lease=timedelta(seconds=30)) for job in due), None)


def test_numbers_that_cannot_be_waybills_are_not_kept() -> None:
    def record(*codes: CodeFact) -> Record:
        exhibit = {
            "sha256": "0" * 64,
            "name": "x",
            "role": "unboxing_video",
            "bytes": 1,
            "medium": "video",
            "format": "",
        }
        return Record.model_validate(
            {"exhibit": exhibit, "observations": numbered(("fake", "1", Measured(fact=code)) for code in codes)}
        )

    def code(text: str, format: str = "Code128") -> CodeFact:
        return CodeFact(format=format, text=text, reads=3)

    kept = waybills_in(
        record(code("sf 1234-567890123"), code("6901234567892", "EAN13"), code("A1"), code("https://x.cn/12345678"))
    )
    assert kept == {"sf 1234-567890123"}


def test_a_case_beyond_the_limits_of_today_is_judged(service: Service) -> None:
    order = {"items": [{"sku": "1", "serials": ["x"] * (MOST_CODES + 1)}] * (MOST_ITEMS + 1)}
    file: CaseFile = stored(CaseFile).validate_python({"case_id": "C-1", "order": order})
    case = new_case(service, file)
    file_exhibit(service, case, Sent(b"one"))
    run_all(runner_of(service))
    assert judged(service, case)[1]["case_id"] == "C-1"
