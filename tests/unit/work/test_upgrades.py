"""While processes of two versions run side by side, every case comes to its verdict."""

from dataclasses import replace

from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.receiving import Going, take_over
from sixfaces.pipeline.sealing import seal_received
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uploading import Wanted, create_upload
from tests.rig.workshop import MEASURING, Sent, file_exhibit, new_case, new_job, run_all, runner_of

WHO = Principal(tenant="main", role=ApiRole.ADMIN, key_id=new_id(), station=None)


def handed_in(service: Service, data: bytes) -> FiledCase:
    """A case with these bytes, uploaded and sealed."""
    case = new_case(service)
    wanted = Wanted(case=case.id, role=Role.UNBOXING_VIDEO, name="take.mp4", length=len(data))
    reception = take_over(service, WHO, create_upload(service, WHO, wanted).id, going=Going(0))
    reception.take(data)
    reception.finish()
    reception.close()
    seal_received(service, reception)
    return case


def state(service: Service, case: FiledCase) -> CaseState:
    with service.records.begin("main", reading=True) as tx:
        found = tx.cases.get(case.id)
    assert found is not None
    return found.state


def test_known_bytes_that_an_older_process_sealed_are_judged_by_younger_observers(service: Service) -> None:
    handed_in(service, b"one")
    run_all(runner_of(service))
    again = handed_in(service, b"one")
    younger = replace(service, code_version="test 2", measuring=replace(MEASURING, observers="fake 2"))
    run_all(runner_of(younger))
    assert state(service, again) is CaseState.VERIFIED


def test_an_exhibit_that_nobody_is_to_measure_is_measured_when_its_case_is_judged(service: Service) -> None:
    case = new_case(service)
    _, job = file_exhibit(service, case, Sent(b"one"))
    with service.records.begin("main") as tx:
        assert tx.jobs.end(job, JobState.DONE)
        tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case.id))
    run_all(runner_of(service))
    assert state(service, case) is CaseState.VERIFIED


def test_an_exhibit_that_is_being_measured_gets_no_second_job(service: Service) -> None:
    case = new_case(service)
    exhibit, job = file_exhibit(service, case, Sent(b"one"))
    runner = runner_of(service)
    with service.records.begin("main") as tx:
        assert tx.jobs.claim(job.id, worker="another", lease=runner.lease) is not None
        tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case.id))
    runner.work()
    with service.records.begin("main", reading=True) as tx:
        assert tx.jobs.due(limit=9) == []
        assert tx.jobs.unserved(JobKind.OBSERVE, [exhibit.id, case.id]) == [case.id]
