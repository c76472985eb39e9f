"""Runner: every job once, whoever hints and however often; what goes wrong is counted by whose fault it is."""

import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from sixfaces.adapters.records.jobs import SqlJobs
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.errors import RecordsError, StoreError
from sixfaces.domain.job import MOST_FAILED, Job, JobKind, JobState
from sixfaces.domain.model import Say
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.hold import Hold
from sixfaces.pipeline.work.running import Runner, Step, patient
from sixfaces.pipeline.work.sweep import Duty, Sweep
from sixfaces.workers.crew import working
from tests.rig.workshop import add_jobs, run_all, runner_of, unfinished

SAY = Say(zh="测试", en="test")


class Marking:
    """A step that writes an entry for each time it gets through, and does what it is told before."""

    def __init__(self, before: Step = lambda service, hold: None) -> None:
        self.before = before
        self.order: list[str] = []
        self.runs: Counter[str] = Counter()

    def __call__(self, service: Service, hold: Hold) -> None:
        self.runs[hold.job.id] += 1
        self.order.append(hold.job.id)
        self.before(service, hold)
        hold.write(lambda tx: written(tx, hold))


def written(tx: Transaction, hold: Hold) -> None:
    """The result of a step: an entry in the log, which nobody can make twice unseen."""
    hold.ended(tx)
    deed = Deed(tenant=hold.job.tenant, act=Act.JUDGE, subject=hold.job.subject, actor="test")
    tx.custody.append(deed)


def results(service: Service, job: Job) -> int:
    with service.records.begin(job.tenant, reading=True) as tx:
        return len(tx.custody.about(job.subject))


def state(service: Service, job: Job) -> Job:
    with service.records.begin(None, reading=True) as tx:
        found = tx.jobs.get(job.id)
    assert found is not None
    return found


def of(service: Service, step: Step, *, name: str = "test") -> Runner:
    return runner_of(service, steps={JobKind.JUDGE: step}, name=name)


def raising(error: Exception) -> Step:
    def step(service: Service, hold: Hold) -> None:
        raise error

    return step


def test_a_job_runs_once_though_hinted_fifty_times_by_eight_threads(service: Service) -> None:
    step, job = Marking(), add_jobs(service, 1)[0]
    runner = of(service, step)
    start = threading.Barrier(8)

    def hint_and_work() -> None:
        start.wait()
        for _ in range(50):
            runner.work(job.id)

    threads = [threading.Thread(target=hint_and_work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert step.runs == {job.id: 1}
    assert results(service, job) == 1


def test_urgent_jobs_run_first_and_tenants_take_turns(service: Service) -> None:
    many = [job.id for job in add_jobs(service, 4, tenant="a")]
    few = [job.id for job in add_jobs(service, 2, tenant="b")]
    urgent = add_jobs(service, 1, tenant="c", priority=1)[0].id
    batch = add_jobs(service, 1, tenant="b", priority=8)[0].id
    step = Marking()
    run_all(of(service, step))
    assert step.order == [urgent, many[0], few[0], many[1], few[1], many[2], many[3], batch]


def test_a_hint_for_one_job_runs_the_more_urgent_one(service: Service) -> None:
    batch, urgent = add_jobs(service, 1, priority=8)[0], add_jobs(service, 1, priority=1)[0]
    step = Marking()
    of(service, step).work(batch.id, most=1)
    assert step.order == [urgent.id]


def test_a_step_that_raises_is_tried_again_with_patience_and_then_a_dead_letter_with_its_reason(
    service: Service,
) -> None:
    job = add_jobs(service, 1)[0]
    runner = of(service, raising(RuntimeError("secret words of a person")))
    run_all(runner)
    dead = state(service, job)
    assert (dead.state, dead.failed, dead.token) == (JobState.DEAD, MOST_FAILED - 1, dead.token)
    assert runner.tally.counts() == {"failed": MOST_FAILED, "dead": 1}
    assert dead.reason is not None
    assert dead.reason.code == "work.failed"
    assert "RuntimeError" in dead.reason.text.en
    assert "secret" not in dead.reason.model_dump_json()


def test_an_error_of_ours_is_the_reason_itself(service: Service) -> None:
    job = add_jobs(service, 1)[0]
    run_all(of(service, raising(StoreError("store.corrupt", SAY, SAY))))
    reason = state(service, job).reason
    assert reason is not None
    assert reason.code == "store.corrupt"


def test_a_store_that_is_away_is_not_held_against_a_job(service: Service) -> None:
    job = add_jobs(service, 1)[0]
    of(service, raising(StoreError("store.unavailable", SAY, SAY))).work()
    back = state(service, job)
    assert (back.state, back.failed, back.guilt, back.lost) == (JobState.READY, 0, 0, 0)
    assert back.not_before > job.not_before + timedelta(seconds=5)


def test_patience_grows_and_is_never_the_same_for_two() -> None:
    waits = [patient(failed).total_seconds() for failed in (0, 1, 2)]
    assert 2.5 <= waits[0] <= 7.5 <= 10 <= waits[1] <= 30 <= 40 <= waits[2] <= 120
    assert len({patient(0) for _ in range(20)}) > 15


def test_a_write_that_another_transaction_beat_is_tried_again(service: Service) -> None:
    job, beaten = add_jobs(service, 1)[0], [1, 2]

    def step(service: Service, hold: Hold) -> None:
        def body(tx: Transaction) -> None:
            if beaten:
                beaten.pop()
                raise RecordsError("records.conflict", SAY, SAY)
            written(tx, hold)

        hold.write(body)

    run_all(of(service, step))
    assert state(service, job).state is JobState.DONE
    assert results(service, job) == 1


def test_a_heartbeat_keeps_a_job_for_longer_than_its_lease(service: Service) -> None:
    job = add_jobs(service, 1)[0]
    swept: list[Job] = []

    def long(service: Service, hold: Hold) -> None:
        until = time.monotonic() + 3.0
        while time.monotonic() < until:
            with service.records.begin(None) as tx:
                swept.extend(tx.jobs.lost(limit=10))
            time.sleep(0.1)

    run_all(replace(of(service, Marking(long)), lease=timedelta(seconds=2)))
    assert swept == []
    assert results(service, job) == 1


def take_away(service: Service, hold: Hold) -> None:
    """What the sweep does to a worker that stood still for longer than its lease; another then does the job."""
    time.sleep(0.01)
    hold._over.set()  # the worker stands still: so does its heartbeat
    with service.records.begin(None) as tx:
        assert tx.jobs.extend(hold.job, lease=timedelta(milliseconds=-1))
    with service.records.begin(None) as tx:
        assert [job.id for job in tx.jobs.lost(limit=10)] == [hold.job.id]
    of(service, Marking(), name="other").work()


def test_a_worker_that_wakes_after_its_lease_writes_nothing_and_is_counted(service: Service) -> None:
    job = add_jobs(service, 1)[0]
    runner = of(service, Marking(take_away))
    runner.work(most=1)
    assert results(service, job) == 1
    assert runner.tally.counts() == {"refused": 1}
    assert (state(service, job).state, state(service, job).lost) == (JobState.DONE, 1)


def test_without_the_token_the_same_worker_writes_twice(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: were there no duplicates here, the test above would show nothing."""
    job = add_jobs(service, 1)[0]
    monkeypatch.setattr(SqlJobs, "holds", lambda self, job: True)
    monkeypatch.setattr(SqlJobs, "end", lambda self, job, state, reason=None: True)
    of(service, Marking(take_away)).work(most=1)
    assert results(service, job) == 2


def test_a_worker_that_learns_of_its_lost_lease_gives_up(service: Service) -> None:
    add_jobs(service, 1)

    def robbed(service: Service, hold: Hold) -> None:
        with service.records.begin(None) as tx:
            tx.jobs.extend(hold.job, lease=timedelta(milliseconds=-1))
        with service.records.begin(None) as tx:
            assert len(tx.jobs.lost(limit=10)) == 1
        until = time.monotonic() + 5
        while time.monotonic() < until:
            hold.check()
            time.sleep(0.02)

    runner = of(service, robbed)
    runner.work(most=1)
    assert runner.tally.counts() == {"lost": 1}


def test_an_interrupted_job_goes_back_at_once_and_nothing_is_counted(service: Service) -> None:
    job = add_jobs(service, 1)[0]
    runner = of(service, Marking())
    runner.interrupted.set()
    claimed = runner.claim(None)
    assert claimed is not None
    runner.run(claimed)
    back = state(service, job)
    assert (back.state, back.failed, back.lost, back.guilt) == (JobState.READY, 0, 0, 0)
    assert runner.tally.counts() == {"back": 1}
    run_all(of(service, Marking()))
    assert results(service, job) == 1


def test_a_crew_that_is_stopped_hands_back_even_what_does_not_listen(service: Service) -> None:
    job, release, begun = add_jobs(service, 1)[0], threading.Event(), threading.Event()

    def deaf(service: Service, hold: Hold) -> None:
        begun.set()
        release.wait(20)

    runner = of(service, Marking(deaf))
    with working(service, threads=1, runner=runner, grace_s=0.1) as crew:
        crew.hurry()
        service.hints.hint(job.id, priority=5)
        crew.runner.interrupted.clear()
        assert begun.wait(5)
    assert state(service, job).state is JobState.READY
    assert state(service, job).lost == 0
    release.set()


def test_a_crew_does_what_nobody_hinted_at(service: Service) -> None:
    jobs = add_jobs(service, 40)
    step = Marking()
    with working(service, threads=3, runner=of(service, step)):
        until = time.monotonic() + 10
        while unfinished(service) and time.monotonic() < until:
            time.sleep(0.02)
    assert step.runs == {job.id: 1 for job in jobs}


def test_a_crew_outlives_a_fault_of_its_own(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    job, faults = add_jobs(service, 1)[0], [1, 2]
    claim = Runner.claim

    def faulty(self: Runner, hinted: str | None) -> Job | None:
        if faults:
            faults.pop()
            raise ZeroDivisionError
        return claim(self, hinted)

    monkeypatch.setattr(Runner, "claim", faulty)
    monkeypatch.setattr("sixfaces.pipeline.work.sweep.AGAIN_S", 0.1)
    with working(service, threads=1, runner=of(service, Marking())):
        until = time.monotonic() + 15
        while unfinished(service) and time.monotonic() < until:
            time.sleep(0.02)
    assert faults == []
    assert results(service, job) == 1


@pytest.fixture
def swept(service: Service) -> tuple[Sweep, list[str]]:
    hinted: list[str] = []

    class Hints:
        def hint(self, job_id: str, *, priority: int) -> None:
            hinted.append(job_id)

    return Sweep(service, hints=Hints()), hinted


def test_a_sweep_hints_at_a_bounded_number_in_the_order_in_which_they_ought_to_run(
    service: Service, swept: tuple[Sweep, list[str]]
) -> None:
    sweep, hinted = swept
    add_jobs(service, 100, tenant="a", priority=8)
    waits = add_jobs(service, 1, tenant="b", priority=1)[0]
    sweep.once()
    assert hinted[0] == waits.id
    assert len(hinted) == 32
    sweep.once()
    assert len(hinted) == 32, "nothing is hinted at again at once"


def test_a_sweep_goes_on_when_a_duty_fails(service: Service, swept: tuple[Sweep, list[str]]) -> None:
    sweep, hinted = swept
    done: list[Service] = []

    def failing(service: Service) -> None:
        raise StoreError("store.unavailable", SAY, SAY)

    sweep.duties = (Duty("bad", 100, failing), Duty("good", 100, done.append))
    add_jobs(service, 1)
    sweep.once()
    sweep.once()
    assert len(hinted) == 1
    assert done == [service]


def test_a_duty_that_waits_for_others_holds_up_neither_the_sweep_nor_the_end(service: Service) -> None:
    asked, release = threading.Event(), threading.Event()

    def slow(service: Service) -> None:
        asked.set()
        release.wait(30)

    started = time.monotonic()
    with working(service, threads=1, runner=of(service, Marking()), duties=(Duty("slow", 100, slow, apart=True),)):
        assert asked.wait(10)
        job = add_jobs(service, 1)[0]
        while state(service, job).state is not JobState.DONE:
            assert time.monotonic() - started < 15
            time.sleep(0.01)
    assert time.monotonic() - started < 18, "whoever ends the crew does not wait for it either"
    release.set()
