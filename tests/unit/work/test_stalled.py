"""A case whose work was given up says so, is found by it, and goes on once that work is replayed."""

from datetime import timedelta

import pytest

from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.job import MOST_LOST, Job, JobKind, JobState
from sixfaces.domain.records import CaseQuery, Page
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.children import Allowance, ChildFailedError, Task, Watch
from sixfaces.pipeline.work.sweep import Sweep
from tests.rig.dead_letters import dead_letters, replay
from tests.rig.workshop import Counted, Sent, file_exhibit, new_case, new_job, run_all, runner_of


class Failing(Counted):
    """Children that fail at files of one name, as long as they are told to."""

    fails = "bad.mp4"

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        if task.exhibit.name == self.fails:
            raise ChildFailedError("told to")
        super().run(task, allowance=allowance, watch=watch)


def state(service: Service, case: FiledCase) -> CaseState:
    with service.records.begin("main", reading=True) as tx:
        now = tx.cases.get(case.id)
    assert now is not None
    return now.state


def stalled(service: Service) -> list[str]:
    with service.records.begin("main", reading=True) as tx:
        return [case.id for case in tx.cases.find(CaseQuery(state=CaseState.STALLED), Page())]


def test_a_case_whose_exhibit_cannot_be_measured_is_stalled_and_a_replay_heals_it(service: Service) -> None:
    children = Failing()
    case = new_case(service)
    _, job = file_exhibit(service, case, Sent(b"one", name="bad.mp4"))
    run_all(runner_of(service, children=children))
    assert stalled(service) == [case.id]
    with service.records.begin("main", reading=True) as tx:
        told = [event.kind for event in tx.events.since(0, case_id=case.id)]
    assert told[-2:] == ["case.stalled", "job.dead"]
    assert replay(service, "main", job.id) is not None
    assert state(service, case) is CaseState.VERIFYING
    children.fails = ""
    run_all(runner_of(service, children=children))
    assert state(service, case) is CaseState.VERIFIED


def test_new_evidence_does_not_hide_what_is_stalled(service: Service) -> None:
    children = Failing()
    case = new_case(service)
    _, job = file_exhibit(service, case, Sent(b"one", name="bad.mp4"))
    run_all(runner_of(service, children=children))
    file_exhibit(service, case, Sent(b"two"))
    assert state(service, case) is CaseState.VERIFYING
    run_all(runner_of(service, children=children))
    assert stalled(service) == [case.id]
    children.fails = ""
    replay(service, "main", job.id)
    run_all(runner_of(service, children=children))
    assert state(service, case) is CaseState.VERIFIED


def test_a_case_of_two_bad_exhibits_is_healed_by_both_replays_only(service: Service) -> None:
    children = Failing()
    case = new_case(service)
    jobs = [file_exhibit(service, case, Sent(data, name="bad.mp4"))[1] for data in (b"one", b"two")]
    run_all(runner_of(service, children=children))
    children.fails = ""
    replay(service, "main", jobs[0].id)
    run_all(runner_of(service, children=children))
    assert stalled(service) == [case.id]
    replay(service, "main", jobs[1].id)
    run_all(runner_of(service, children=children))
    assert state(service, case) is CaseState.VERIFIED


@pytest.mark.parametrize("kind", [JobKind.OBSERVE, JobKind.JUDGE])
def test_a_job_whose_workers_all_went_away_stalls_its_case_as_well(service: Service, kind: JobKind) -> None:
    case = new_case(service)
    _, job = file_exhibit(service, case, Sent(b"one"))
    if kind is JobKind.JUDGE:
        with service.records.begin("main") as tx:
            job = tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case.id))
    lose(service, job)
    assert stalled(service) == [case.id]
    (dead,) = dead_letters(service, "main")
    assert (dead.id, dead.lost) == (job.id, MOST_LOST)
    replay(service, "main", job.id)
    run_all(runner_of(service))
    assert state(service, case) is CaseState.VERIFIED


def test_a_closed_case_stays_closed_whatever_becomes_of_its_jobs(service: Service) -> None:
    case = new_case(service)
    _, job = file_exhibit(service, case, Sent(b"one", name="bad.mp4"))
    with service.records.begin("main") as tx:
        tx.cases.change(case.id, state=CaseState.CLOSED)
    run_all(runner_of(service, children=Failing()))
    assert state(service, case) is CaseState.CLOSED
    replay(service, "main", job.id)
    assert state(service, case) is CaseState.CLOSED


def lose(service: Service, job: Job) -> None:
    """Claim the job, and let the lease run out, until nobody tries any more."""
    sweep = Sweep(service, hints=service.hints)
    for _ in range(MOST_LOST):
        with service.records.begin("main") as tx:
            assert tx.jobs.claim(job.id, worker="test", lease=timedelta(milliseconds=-1)) is not None
        sweep.once()
    with service.records.begin("main", reading=True) as tx:
        now = tx.jobs.get(job.id)
    assert now is not None
    assert now.state is JobState.DEAD
