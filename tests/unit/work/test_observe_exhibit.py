"""OBSERVE: measured once, in a child; a file that kills it is tried twice, named, and harms nobody else."""

import json
from pathlib import Path

from sixfaces.domain.custody import Act
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.job import JobKind, JobState
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import result
from tests.rig.dead_letters import dead_letters, replay
from tests.rig.workshop import ACTING, Counted, Sent, all_jobs, file_exhibit, new_case, run_all, runner_of, tight


def kinds(service: Service, case: FiledCase) -> list[str]:
    with service.records.begin(case.tenant, reading=True) as tx:
        return [event.kind for event in tx.events.since(0, case_id=case.id)]


def test_an_exhibit_is_measured_its_case_judged_and_all_of_it_entered_in_the_log(service: Service) -> None:
    case = new_case(service)
    exhibit, job = file_exhibit(service, case, Sent(b"fine"))
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        observed, now = tx.exhibits.get(exhibit.id), tx.cases.get(case.id)
        verdict, ended = tx.verdicts.current(case.id), tx.jobs.get(job.id)
        acts = [entry.act for entry in tx.custody.entries(first=0, limit=9)]
    assert observed is not None
    assert observed.observed_by == "fake 1"
    assert verdict is not None
    assert now is not None
    assert (now.state, verdict.revision) == (CaseState.VERIFIED, now.revision)
    assert ended is not None
    assert ended.state is JobState.DONE
    assert acts == [Act.SEAL, Act.OBSERVE, Act.JUDGE]
    assert verdict.entry == 2
    report = result(service.blobs, verdict, "report.json")
    assert report is not None
    assert json.loads(report)["verdict"] == verdict.verdict
    assert result(service.blobs, verdict, "report.html") is not None
    assert result(service.blobs, verdict, f"records/{exhibit.exhibit.sha256}.json") is not None
    assert result(service.blobs, verdict, "../records") is None
    assert {"exhibit.observed", "evidence.judged"} <= set(kinds(service, case))


def test_the_same_bytes_in_two_cases_are_measured_once_and_both_cases_judged(service: Service) -> None:
    cases = [new_case(service), new_case(service)]
    for case in cases:
        file_exhibit(service, case, Sent(b"fine"))
    children = Counted()
    run_all(runner_of(service, children=children))
    assert children.runs == {"take.mp4": 1}
    with service.records.begin("main", reading=True) as tx:
        assert all(tx.verdicts.current(case.id) for case in cases)
        assert sum(entry.act is Act.OBSERVE for entry in tx.custody.entries(first=0, limit=99)) == 1


def test_another_tenant_with_the_same_bytes_measures_its_own(service: Service) -> None:
    children = Counted()
    for tenant in ("a", "b"):
        file_exhibit(service, new_case(service, tenant=tenant), Sent(b"fine"))
    run_all(runner_of(service, children=children))
    assert children.runs == {"take.mp4": 2}


def test_a_file_that_kills_its_child_runs_twice_is_named_and_its_neighbours_finish(service: Service) -> None:
    case, elsewhere = new_case(service), new_case(service)
    poison, job = file_exhibit(service, case, Sent(b"abort", name="poison.mp4"))
    file_exhibit(service, case, Sent(b"fine", name="good.mp4"))
    file_exhibit(service, elsewhere, Sent(b"fine too", name="other.mp4"))
    children = Counted(ACTING, tight)
    run_all(runner_of(service, children=children))
    assert children.runs == {"poison.mp4": 2, "good.mp4": 1, "other.mp4": 1}
    with service.records.begin("main", reading=True) as tx:
        ended, named = tx.jobs.get(job.id), tx.exhibits.get(poison.id)
        verdict, other = tx.verdicts.current(case.id), tx.verdicts.current(elsewhere.id)
    assert ended is not None
    assert (ended.state, ended.guilt, ended.lost, ended.failed) == (JobState.QUARANTINED, 1, 0, 0)
    assert named is not None
    assert named.quarantine is not None
    assert named.quarantine.code == "media.crashed"
    assert other is not None
    assert verdict is not None
    report = json.loads(result(service.blobs, verdict, "report.json") or b"")
    told = {one["name"]: one["failure"] and one["failure"]["code"] for one in report["exhibits"]}
    assert told == {"poison.mp4": "media.crashed", "good.mp4": None}


def test_bytes_that_are_quarantined_are_not_tried_for_another_case(service: Service) -> None:
    children = Counted(ACTING, tight)
    runner = runner_of(service, children=children)
    file_exhibit(service, new_case(service), Sent(b"abort"))
    run_all(runner)
    again, _ = file_exhibit(service, new_case(service), Sent(b"abort"))
    run_all(runner)
    assert children.runs == {"take.mp4": 2}
    with service.records.begin("main", reading=True) as tx:
        named = tx.exhibits.get(again.id)
        assert named is not None
        assert named.quarantine is not None
        assert tx.verdicts.current(again.case_id) is not None


def test_a_quarantined_exhibit_is_a_dead_letter_that_can_be_replayed(service: Service) -> None:
    case = new_case(service)
    exhibit, job = file_exhibit(service, case, Sent(b"abort"))
    run_all(runner_of(service, children=Counted(ACTING, tight)))
    assert [letter.id for letter in dead_letters(service, "main")] == [job.id]
    assert dead_letters(service, "main", kind=JobKind.JUDGE) == []
    assert dead_letters(service, "other") == []
    assert replay(service, "other", job.id) is None
    assert replay(service, "main", job.id) is not None
    assert replay(service, "main", job.id) is None, "it is no dead letter any more"
    run_all(runner_of(service))  # its cause is gone: these children open it without harm
    with service.records.begin("main", reading=True) as tx:
        free, verdicts = tx.exhibits.get(exhibit.id), tx.verdicts.of_case(case.id)
    assert free is not None
    assert free.quarantine is None
    assert len(verdicts) == 2
    report = json.loads(result(service.blobs, verdicts[0], "report.json") or b"")
    assert report["exhibits"][0]["failure"] is None
    assert dead_letters(service, "main") == []


def test_a_child_that_fails_in_order_is_a_failure_of_ours_and_its_exhibit_is_not_quarantined(service: Service) -> None:
    exhibit, job = file_exhibit(service, new_case(service), Sent(b"nothing"))
    run_all(runner_of(service, children=Counted(ACTING, tight)))
    with service.records.begin("main", reading=True) as tx:
        ended, filed = tx.jobs.get(job.id), tx.exhibits.get(exhibit.id)
    assert ended is not None
    assert ended.state is JobState.DEAD
    assert filed is not None
    assert filed.quarantine is None
    assert kinds(service, new_case_of(service, exhibit.case_id))[-1] == "job.dead"


def new_case_of(service: Service, id: str) -> FiledCase:
    with service.records.begin(None, reading=True) as tx:
        case = tx.cases.get(id)
    assert case is not None
    return case


def test_bytes_that_are_not_what_was_sealed_are_never_measured(service: Service, tmp_path: Path) -> None:
    exhibit, job = file_exhibit(service, new_case(service), Sent(b"fine"))
    (original,) = (tmp_path / "blobs" / "originals").rglob(exhibit.exhibit.sha256)
    original.chmod(0o644)
    original.write_bytes(b"Fine")
    children = Counted()
    run_all(runner_of(service, children=children))
    assert children.runs == {}
    with service.records.begin("main", reading=True) as tx:
        ended = tx.jobs.get(job.id)
        assert [one.kind for one in all_jobs(tx.jobs.find)] == [JobKind.OBSERVE]
    assert ended is not None
    assert ended.reason is not None
    assert (ended.state, ended.reason.code) == (JobState.DEAD, "store.corrupt")
