"""P8 to P14: every case gets its one verdict, whatever dies; nothing is done twice, nothing is forgotten."""

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
import redis

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.config import Settings
from sixfaces.domain.custody import Act
from sixfaces.domain.decision import Decision
from sixfaces.domain.filing import FiledCase, StoredVerdict
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.pages import Page
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import RunSpan, RunState, Selection
from sixfaces.pipeline.archive.archiving import Archivist
from sixfaces.pipeline.archive.results import flips_of
from sixfaces.pipeline.archive.runs import Wish, run_of, start_run
from sixfaces.pipeline.archive.runs import apply as apply_run
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.hold import Hold, RefusedError
from sixfaces.pipeline.work.running import LEASE, Runner
from sixfaces.rulebook.loader import load_policy
from tests.contract.records.making_claims import decision
from tests.promises.clock_of_another import wrong_by
from tests.promises.forms import Broken, chance_of, scaled
from tests.promises.guards import without_any, without_token
from tests.rig.product import Asker, Parts, Process, Product, Server, until_true
from tests.rig.workshop import (
    Counted,
    Sent,
    all_jobs,
    file_exhibit,
    new_case,
    new_job,
    open_workshop,
    runner_of,
)
from tests.rig.workshop import run_all as run_to_the_end
from tests.servers.postgres import Postgres
from tests.servers.redis import RedisServer

POISON = ("abort", "segfault", "memory", "loop", "fill", "orphans")


@pytest.fixture
def shared_folder(database_server: Postgres, broker: RedisServer) -> Parts:
    """PostgreSQL and Redis, with the bytes in the folder: for workers whose clocks a bucket would refuse."""
    url = database_server.database()
    return Parts({"SIXFACES_DATABASE_URL": url, "SIXFACES_QUEUE": broker.address}, url)


def jobs_of(product: Product) -> list[Job]:
    """All jobs there are."""
    with closing(SqlRecords(product.place.database)) as records, records.begin(None, reading=True) as tx:
        return all_jobs(tx.jobs.find)


def is_idle(product: Product) -> bool:
    """Whether no job is ready or running."""
    return not any(job.state in {JobState.READY, JobState.RUNNING} for job in jobs_of(product))


def until_taken(asker: Asker, case: str, data: bytes) -> None:
    """Hand in as a client does that has a bad day: again and again, until there is a receipt."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            if asker.hand_in(case, data).status_code in {201, 202}:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("it was never taken")


def opened(asker: Asker, count: int) -> list[str]:
    """New cases."""
    return [asker.case()["id"] for _ in range(count)]


def one_verdict_each(asker: Asker, cases: Sequence[str]) -> None:
    """Every case is verified, its present revision has a verdict, and no revision has two."""
    for case in cases:
        told = asker.get(f"/v1/cases/{case}").json()
        assert (told["state"], told["verdict"]["revision"]) == ("verified", told["revision"])
        answer = asker.get(f"/v1/cases/{case}/verdicts")
        assert answer.status_code == 200, answer.text
        revisions = Counter(one["revision"] for one in answer.json()["items"])
        assert set(revisions.values()) == {1}


def test_p08_every_case_gets_exactly_one_verdict_for_each_revision_whatever_dies(
    product: Product, broken: Broken
) -> None:
    draw, server = chance_of("P8"), product.serve()
    asker = product.asker(server)
    workers = product.workers([{}, {}], lease_s=2.0)
    cases = opened(asker, scaled(1650))  # of two jobs and more; as many again on the other form
    poisoned = set(range(len(cases) // 2, len(cases), 100))
    with ThreadPoolExecutor(4) as pool:
        sent = [
            pool.submit(until_taken, asker, case, b"abort" if n in poisoned else b"slow 0.02 %d" % (n % 15))
            for n, case in enumerate(cases)
        ]
        for _ in range(scaled(250, least=5)):
            time.sleep(draw.uniform(0.1, 0.8))
            _fault(draw, server, workers, broken)
        for one in sent:
            one.result(120)
    until_true(lambda: is_idle(product), within_s=90 + len(cases), every_s=0.3)
    one_verdict_each(asker, cases)
    ended = Counter(job.state for job in jobs_of(product) if job.kind is JobKind.OBSERVE)
    assert set(ended) <= {JobState.DONE, JobState.QUARANTINED}
    assert ended[JobState.QUARANTINED] == len(poisoned)
    assert product.sound().counted["exhibits"] == len(cases)


def _fault(draw: random.Random, server: Server, workers: list[Process], broken: Broken) -> None:
    """One of all that may happen. On SQLite nobody is paused: who holds its only lock then holds up all others."""
    faults: list[Callable[[], object]] = [lambda: _killed(server), lambda: _killed(draw.choice(workers))]
    if broken.database is not None and broken.broker is not None:
        database, broker = broken.database, broken.broker
        faults += [lambda: _paused(draw.choice(workers)), broker.wipe, partial(_restarted, broker)]
        faults += [partial(_recovered, database)]
    draw.choice(faults)()


def _killed(process: Process) -> None:
    process.kill()
    process.start()
    if not isinstance(process, Server):
        assert process.line() == "ready\n"


def _paused(process: Process) -> None:
    """For longer than a lease. The others go on meanwhile."""
    process.signal(signal.SIGSTOP)
    time.sleep(2.5)
    process.signal(signal.SIGCONT)


def _lost(draw: random.Random, broker: RedisServer) -> None:
    ways: list[Callable[[], None]] = [broker.wipe, partial(_restarted, broker)]
    draw.choice(ways)()


def _restarted(broker: RedisServer) -> None:
    broker.kill()
    broker.start()


def _recovered(database: Postgres) -> None:
    database.crash()
    database.start()


def test_p09_loss_of_the_whole_broker_loses_nothing(
    distributed: Callable[[], Parts], data: Path, broker: RedisServer
) -> None:
    draw = chance_of("P9")
    with Product(data, distributed()) as product:
        asker = product.asker(product.serve())
        product.worker()
        cases = opened(asker, scaled(500))
        with redis.Redis(port=broker.port) as client:
            client.config_set("maxmemory", "1100000")
            client.config_set("maxmemory-policy", "allkeys-lru")
            for number, case in enumerate(cases):
                until_taken(asker, case, b"slow 0.02 %d" % number)
                if draw.random() < 0.4:
                    _lost(draw, broker)
        _restarted(broker)  # with everything lost once more, and with its own settings for whoever comes next
        took = until_true(lambda: is_idle(product), within_s=90 + len(cases))
        assert took <= 10 + len(cases), "ten seconds, and the work itself"
        one_verdict_each(asker, cases)
        product.sound()


def test_p10_work_of_a_dead_worker_is_running_again_within_ten_seconds(product: Product) -> None:
    """With the product's own leases; all kills at one moment, and as many idle workers as there are dead ones."""
    assert timedelta(seconds=8) > LEASE
    asker, count = product.asker(product.serve()), min(6, scaled(100))
    for number in range(scaled(100) // count):
        until_true(lambda: not number or is_idle(product))  # noqa: B023 awaited at once
        doomed = product.workers([{}] * count)
        before = {job.id for job in jobs_of(product)}
        for case in opened(asker, count):
            until_taken(asker, case, b"slow 30 " + case.encode())
        until_true(lambda: len(_seen(product, before, lost=0)) == count)  # noqa: B023 awaited at once
        product.workers([{}] * count)
        for one in doomed:
            one.kill()
        again, killed = set[str](), time.monotonic()
        while len(again) < count:
            again |= _seen(product, before, lost=1)
            assert time.monotonic() - killed <= 10.0
            time.sleep(0.05)
    product.sound()


def _seen(product: Product, before: set[str], *, lost: int) -> set[str]:
    """Children's jobs that run now, after so many lost leases."""
    wanted = (JobKind.OBSERVE, JobState.RUNNING, lost)
    return {job.id for job in jobs_of(product) if job.id not in before and (job.kind, job.state, job.lost) == wanted}


def test_p11_a_file_that_kills_its_decoder_is_tried_twice_harms_nobody_and_is_named(alone: Product) -> None:
    """Each way to die by itself: tests/unit/work/test_children.py. Latency of others is measured by no test."""
    asker = alone.asker(alone.serve())
    worker = alone.worker()
    healthy, poisoned = opened(asker, scaled(600)), opened(asker, len(POISON))
    for kind, case in zip(POISON, poisoned, strict=True):
        until_taken(asker, case, kind.encode())
    for number, case in enumerate(healthy):
        until_taken(asker, case, b"slow 0.05 %d" % number)
    until_true(lambda: is_idle(alone), within_s=90 + len(healthy))
    one_verdict_each(asker, [*healthy, *poisoned])
    for case in (*healthy, *poisoned):
        (exhibit,) = asker.get(f"/v1/cases/{case}/exhibits").json()["items"]
        assert bool(exhibit["quarantine"]) is (case in poisoned)
    ended = [job for job in jobs_of(alone) if job.state is JobState.QUARANTINED]
    assert [(job.guilt, job.lost, job.failed) for job in ended] == [(1, 0, 0)] * len(POISON), "two runs, and no more"
    assert worker.is_running
    alone.sound()


def test_p12_a_worker_that_wakes_after_losing_its_lease_writes_nothing(
    shared_folder: Parts, data: Path, tmp_path: Path
) -> None:
    """Half of those who are paused have clocks that are an hour wrong."""
    draw, count = chance_of("P12"), min(6, scaled(200))
    with Product(data, shared_folder) as product:
        asker = product.asker(product.serve())
        for _ in range(scaled(200) // count):
            clocks = [wrong_by(draw.choice([-3600, 3600]), tmp_path) if n % 2 else {} for n in range(count)]
            paused = product.workers(clocks, lease_s=2.0)
            before = {job.id for job in jobs_of(product)}
            for case in opened(asker, count):
                until_taken(asker, case, b"slow 3 " + case.encode())
            until_true(lambda: len(_seen(product, before, lost=0)) == count)  # noqa: B023 awaited at once
            time.sleep(draw.uniform(0, 0.5))
            for one in paused:
                one.signal(signal.SIGSTOP)
            other = product.worker(lease_s=2.0)
            until_true(lambda: is_idle(product))
            for one in paused:
                one.signal(signal.SIGCONT)
            told = [one.ended() for one in paused]
            assert all("refused" in said or "lost" in said for said in told), told
            assert "refused" not in other.ended()
        product.sound()


Late = Callable[[], None]


class PausedHold(Hold):
    """The hold of a worker that stands still before it writes, until others have done its work."""

    late: Late = staticmethod(lambda: None)

    def write(self, body: Callable[..., object]) -> object:  # type: ignore[override]  # of whichever type
        self.late()
        return super().write(body)


def _raced(service: Service, runner: Runner, job: Job) -> bool:
    """One worker claims the job and stands still; another does it to the end; the first goes on. Whether it wrote."""
    with service.records.begin(None) as tx:
        mine = tx.jobs.claim(job.id, worker="late", lease=timedelta())
    assert mine is not None
    hold = PausedHold(service, mine, lease=timedelta(seconds=60), interrupted=threading.Event())

    def others() -> None:
        hold.late = lambda: None
        with service.records.begin(None) as tx:
            assert [one.id for one in tx.jobs.lost(limit=9)] == [job.id]
        run_to_the_end(runner)

    hold.late = others
    try:
        runner.steps[mine.kind](service, hold)
    except RefusedError:
        return False
    return True


@contextmanager
def workshop_on(url: str, folder: Path) -> Iterator[Service]:
    """An installation on this database, closed at the end."""
    service = open_workshop(folder, url=url)
    yield service
    service.records.close()  # type: ignore[attr-defined]  # connections go before their server


@pytest.mark.parametrize("guards", ["all", "no token", "none"])
def test_p12_without_the_guards_the_same_race_leaves_duplicates_so_that_the_test_is_worth_something(
    database_server: Postgres, tmp_path: Path, guards: str
) -> None:
    url, count = database_server.database(), scaled(200)
    with workshop_on(url, tmp_path) as service:
        controls: dict[str, Callable[[], AbstractContextManager[None]]] = {
            "all": nullcontext,
            "no token": without_token,
            "none": partial(without_any, database_server.superuser(url)),
        }
        runner, wrote = runner_of(service, children=Counted()), Counter[bool]()
        with controls[guards]():
            for number in range(count):
                case = new_case(service)
                _, job = file_exhibit(service, case, Sent(b"a take %d" % number))
                wrote[_raced(service, runner, job)] += 1
                (again,) = _rejudge(service, case.id)
                wrote[_raced(service, runner, again)] += 1
        with service.records.begin(None, reading=True) as tx:
            acts = Counter(entry.act for entry in tx.custody.entries(first=0, limit=9999))
    seen = (wrote[True], acts[Act.OBSERVE] - count, acts[Act.JUDGE] - 2 * count)
    expected = {
        "all": (0, 0, 0),
        "no token": (2 * count, 0, 0),
        "none": (2 * count, 0, count),
    }
    assert seen == expected[guards]


def _rejudge(service: Service, case: str) -> list[Job]:
    """The case has a new revision, which is to be judged."""
    with service.records.begin("main") as tx:
        tx.cases.change(case, revised=True)
        return [tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case))]


def test_p13_an_idempotency_key_never_creates_two_things(product: Product) -> None:
    """Each rule by itself: tests/contract/api/test_once.py."""
    draw, server = chance_of("P13"), product.serve()
    asker = product.asker(server)
    names = [new_id() for _ in range(scaled(1000))]
    with ThreadPoolExecutor(8) as pool:
        asked = [(name, pool.submit(_until_answered, asker, name)) for name in names for _ in range(4)]
        for _ in range(scaled(100)):
            time.sleep(draw.uniform(0.1, 0.4))
            _killed(server)
        told = [(name, one.result(90)) for name, one in asked]
    assert {answer.status_code for _, answer in told} == {201}
    assert len({(name, answer.content) for name, answer in told}) == len(names), "the same answer, byte for byte"
    there = Counter(_key_names(asker))
    assert [there[name] for name in names] == [1] * len(names)
    body = {"role": "batch", "name": "another"}
    changed = asker.post("/v1/keys", json=body, headers={"Idempotency-Key": names[0]})
    assert (changed.status_code, changed.json()["code"]) == (422, "request.key_reused")
    assert Settings.model_fields["answers_s"].default >= 60 * 24 * 3600
    product.sound()


def _until_answered(asker: Asker, name: str) -> httpx.Response:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            answer = asker.post("/v1/keys", json={"role": "batch", "name": name}, headers={"Idempotency-Key": name})
            if answer.status_code < 500:
                return answer
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("it was never answered")


def _key_names(asker: Asker) -> Iterator[str]:
    cursor: dict[str, str] = {}
    while True:
        page = asker.get("/v1/keys", params={"limit": "200", **cursor}).json()
        yield from (item["name"] for item in page["items"])
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def test_p14_judging_a_whole_archive_again_may_be_interrupted_anywhere_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over parts and what no part holds yet, by workers that are killed while a person decides cases."""
    draw, service = chance_of("P14"), open_workshop(tmp_path)
    cases = [new_case(service) for _ in range(scaled(5000))]
    for number, case in enumerate(cases):
        file_exhibit(service, case, Sent(b"slow 0 %d" % (number % 9)))
    run_to_the_end(runner_of(service), within_s=300.0)
    with service.records.begin(None, reading=True) as tx:
        tomorrow = tx.now + timedelta(days=1)
    Archivist(service, most=16).write_some(tomorrow)  # some are archived, the others not yet
    before = [_verdicts(service, case.id) for case in cases]
    monkeypatch.setattr("sixfaces.pipeline.archive.spans.MOST", 8)
    monkeypatch.setattr("sixfaces.pipeline.archive.runs.load_policy", _lenient)
    person = _Person(service, cases)
    run, _ = start_run(service, "main", Wish("default", Selection()), by="test")
    _under_kills(tmp_path, draw, person, until=lambda: _is(service, run.id, RunState.DONE))
    spans = _spans(service, run.id)
    told = Counter(flip.case_id for span in spans for flip in flips_of(service.blobs, span))
    assert sum(span.tally.cases for span in spans if span.tally) == len(cases), "0 skipped, 0 done twice"
    assert told == Counter(case.id for case in cases)
    assert [_verdicts(service, case.id) for case in cases] == before, "a run writes no verdict"
    with service.records.begin("main") as tx:
        apply_run(tx, Principal(tenant="main", key_id=new_id(), role=ApiRole.BATCH), run.id)
    _under_kills(tmp_path, draw, person, until=lambda: _is(service, run.id, RunState.APPLIED))
    run_to_the_end(runner_of(service), within_s=300.0)
    for case, old in zip(cases, before, strict=True):
        assert _verdicts(service, case.id)[1:] == old, "what was judged stays as it is"
        assert [one.policy_version for one in _verdicts(service, case.id)] == ["2099.1", old[0].policy_version]
    assert person.said, "somebody decided meanwhile"
    assert person.found() == person.said, "0 verdicts of people changed"


class _Person:
    """Decides a case now and then, and knows what was said."""

    def __init__(self, service: Service, cases: Sequence[FiledCase]) -> None:
        self._service, self._left = service, list(cases)
        self.said: dict[str, Decision] = {}

    def decide(self) -> None:
        """One more case, if any is left."""
        if not self._left:
            return
        case = self._left.pop()
        with self._service.records.begin("main") as tx:
            self.said[case.id] = decision(tx, case)
            assert tx.decisions.add(self.said[case.id])

    def troubles(self) -> Sequence[str]:
        """Jobs that nobody will try again."""
        with self._service.records.begin("main", reading=True) as tx:
            dead = tx.jobs.find(kind=None, state=JobState.DEAD, page=Page(limit=10))
        return [f"{one.kind}: {one.reason}" for one in dead]

    def found(self) -> dict[str, Decision | None]:
        """What stands now."""
        with self._service.records.begin("main", reading=True) as tx:
            return {id: tx.decisions.current(id) for id in self.said}


def _under_kills(folder: Path, draw: random.Random, person: _Person, *, until: Callable[[], bool]) -> None:
    """A worker process that is killed again and again, at first very soon, while a person decides."""
    command = [sys.executable, "-m", "tests.rig.worker_process", str(folder), "memory://", "1.0", "0"]
    kills = 0
    while not until():
        (folder / "ready").unlink(missing_ok=True)
        worker = Process(command, os.environ)
        until_true((folder / "ready").exists, within_s=60.0, every_s=0.02)
        time.sleep(draw.uniform(0.0, 0.5 + 0.5 * kills))
        person.decide()
        worker.kill()
        kills += 1
        assert kills < scaled(5000), "it never ends"
        assert not person.troubles(), "nobody has to look at a job that was only interrupted"


def _lenient(name: str) -> Policy:
    """A policy that requires nothing: every verdict of these cases is another one by it."""
    tree = load_policy(name).model_dump(mode="json")
    rules = {code: {**use, "use": "advisory"} for code, use in tree["rules"].items()}
    return Policy.model_validate({**tree, "rules": rules, "version": "2099.1", "digest": "1" * 64})


def _is(service: Service, id: str, state: RunState) -> bool:
    with service.records.begin("main", reading=True) as tx:
        run = run_of(tx, id)
    assert run.failure is None, run.failure
    return run.state is state


def _spans(service: Service, run: str) -> Sequence[RunSpan]:
    with service.records.begin("main", reading=True) as tx:
        return tx.reverifications.spans(run, after=0, limit=10_000)


def _verdicts(service: Service, case: str) -> list[StoredVerdict]:
    with service.records.begin("main", reading=True) as tx:
        return list(tx.verdicts.of_case(case))


def test_p14_a_batch_is_started_by_one_command(alone: Product) -> None:
    alone.serve()
    assert alone.command("reverify").returncode == 0
