"""Runs over all workers: each case counts once, whatever dies; a run rests, goes on, is cancelled, is applied."""

import gzip
import random
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sixfaces.domain.archive import Span
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.model import Say
from sixfaces.domain.pages import Page
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import Reverification, RunProgress, RunState, Selection
from sixfaces.pipeline.archive import runs
from sixfaces.pipeline.archive.results import FLIPS, flips_in, flips_of
from sixfaces.pipeline.archive.spans import Asked, rejudged, spans_of
from sixfaces.pipeline.ids import first_id_at, new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work import judge_case
from sixfaces.pipeline.work.case_evidence import Gathered
from sixfaces.pipeline.work.hold import Hold
from sixfaces.pipeline.work.running import Runner
from tests.rig.workshop import Sent, file_exhibit, new_case, new_job, run_all, runner_of, unfinished
from tests.unit.archive.test_archiving import archived

BATCH = Principal(tenant="main", key_id=new_id(), role=ApiRole.BATCH)
EVERYTHING = runs.Wish(None, Selection())


@pytest.fixture(autouse=True)
def small_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two verdicts each, so that a few cases make a few spans."""
    monkeypatch.setattr("sixfaces.pipeline.archive.spans.MOST", 2)


def judged(service: Service, count: int) -> list[FiledCase]:
    cases = [new_case(service) for _ in range(count)]
    for number, case in enumerate(cases):
        file_exhibit(service, case, Sent(f"take {number}".encode()))
    run_all(runner_of(service))
    return cases


def started(service: Service, wish: runs.Wish = EVERYTHING) -> Reverification:
    return runs.start_run(service, "main", wish, by="test")[0]


def state(service: Service, run: Reverification) -> tuple[RunState, RunProgress]:
    with service.records.begin("main", reading=True) as tx:
        return runs.run_of(tx, run.id).state, tx.reverifications.progress(run.id)


def more_lenient(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy under which every verdict of these tests is another one: nothing is required."""
    from sixfaces.rulebook.loader import load_policy

    tree = load_policy("default").model_dump(mode="json")
    for use in tree["rules"].values():
        use["use"] = "advisory"
    lenient = type(load_policy("default")).model_validate({**tree, "version": "2099.1", "digest": "1" * 64})
    monkeypatch.setattr(runs, "load_policy", lambda name: lenient)


def verdicts(service: Service, case: FiledCase) -> list[tuple[str, str]]:
    with service.records.begin("main", reading=True) as tx:
        return [(one.policy_version, one.verdict.value) for one in tx.verdicts.of_case(case.id)]


def test_a_run_looks_at_every_case_once_and_writes_no_verdict(service: Service) -> None:
    cases = judged(service, 5)
    run = started(service)
    assert run.spans == 3
    run_all(runner_of(service))
    assert state(service, run)[0] is RunState.DONE
    assert state(service, run)[1].tally.cases == 5
    assert [len(verdicts(service, case)) for case in cases] == [1] * 5


def test_a_paused_run_does_nothing_until_it_is_resumed(service: Service) -> None:
    judged(service, 4)
    run = started(service)
    with service.records.begin("main") as tx:
        runs.pause(tx, run.id)
    run_all(runner_of(service))
    assert (state(service, run)[0], state(service, run)[1].done) == (RunState.PAUSED, 0)
    with service.records.begin("main") as tx:
        runs.resume(tx, run.id)
    run_all(runner_of(service))
    assert (state(service, run)[0], state(service, run)[1].tally.cases) == (RunState.DONE, 4)


def test_a_cancelled_run_ends_and_is_not_to_be_applied(service: Service) -> None:
    judged(service, 3)
    run = started(service)
    with service.records.begin("main") as tx:
        runs.cancel(tx, run.id)
    run_all(runner_of(service))
    assert state(service, run)[1].done == 0
    with pytest.raises(ArchiveError) as caught, service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    assert caught.value.code == "archive.state"


def test_applying_appends_verdicts_by_that_policy_and_keeps_those_of_before(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = judged(service, 3)
    before = [verdicts(service, case) for case in cases]
    more_lenient(service, monkeypatch)
    run = started(service, runs.Wish("default", Selection()))
    run_all(runner_of(service))
    assert state(service, run)[1].tally.flipped == 3
    for _ in range(2):
        with service.records.begin("main") as tx:
            runs.apply(tx, BATCH, run.id)
        run_all(runner_of(service))
    assert state(service, run)[0] is RunState.APPLIED
    assert [verdicts(service, case) for case in cases] == [[("2099.1", "needs_review"), *old] for old in before]


def applied(service: Service, wish: runs.Wish) -> dict[str, int]:
    """A run that is applied to its end; what it said would flip."""
    run = started(service, wish)
    run_all(runner_of(service))
    with service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    run_all(runner_of(service))
    assert state(service, run)[0] is RunState.APPLIED
    return dict(state(service, run)[1].tally.flips)


def test_a_policy_is_taken_back_by_a_run_with_the_one_of_before(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = judged(service, 1)
    before = verdicts(service, case)[0]
    monkeypatch.setattr("sixfaces.domain.reverifying.Tally.never_measured", lambda self: ())
    with monkeypatch.context() as patch:
        more_lenient(service, patch)
        assert applied(service, runs.Wish("default", Selection())) == {"rejected>needs_review": 1}
    back = runs.Wish("default", Selection())
    assert applied(service, back) == {"needs_review>rejected": 1}
    assert verdicts(service, case) == [before, ("2099.1", "needs_review"), before]
    assert applied(service, back) == {}


def test_a_run_without_a_policy_ends_what_a_run_brought_to_bear(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = judged(service, 1)
    before = verdicts(service, case)[0]
    monkeypatch.setattr("sixfaces.domain.reverifying.Tally.never_measured", lambda self: ())
    with monkeypatch.context() as patch:
        more_lenient(service, patch)
        applied(service, runs.Wish("default", Selection()))
    assert applied(service, EVERYTHING) == {"needs_review>rejected": 1}
    assert verdicts(service, case)[0] == before
    assert applied(service, EVERYTHING) == {}, "the same flip does not come again"
    with service.records.begin("main", reading=True) as tx:
        assert tx.reverifications.policy_for(case.id, revision=case.revision + 1) is None


def test_what_is_judged_while_a_run_is_applied_is_judged_once_more_and_kept_by_its_policy(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = judged(service, 1)
    more_lenient(service, monkeypatch)
    run = started(service, runs.Wish("default", Selection()))
    run_all(runner_of(service))
    later, real = replace(service, code_version="test 2"), judge_case._judged
    add_judge_job(later, case)

    def meanwhile(its: Service, hold: Hold, found: Gathered, *, by_policy: tuple[Policy, Say]) -> judge_case.Judged:
        monkeypatch.setattr(judge_case, "_judged", real)
        with service.records.begin("main") as tx:
            runs.apply(tx, BATCH, run.id)
        run_all(runner_of(service), but=JobKind.JUDGE)
        return real(its, hold, found, by_policy=by_policy)

    monkeypatch.setattr(judge_case, "_judged", meanwhile)
    run_all(runner_of(later))
    *since, first = [version for version, _ in verdicts(service, case)]
    assert (set(since), first) == ({"2099.1"}, "2026.1"), "nothing by the policy of before came on top"


@pytest.mark.parametrize("how", ["emptied", "others", "gone"])
def test_flips_that_are_not_those_of_the_run_are_not_applied(
    service: Service, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    cases = judged(service, 2)
    more_lenient(service, monkeypatch)
    run = started(service, runs.Wish("default", Selection()))
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        (span,) = tx.reverifications.spans(run.id, after=0, limit=9)
    flips, key = flips_of(service.blobs, span), flips_in(str(span.place))
    if how == "gone":
        service.blobs.remove(key)
    else:
        others = [one.model_copy(update={"number": "C-FORGED"}) for one in flips] if how == "others" else []
        service.blobs.put(key, gzip.compress(FLIPS.dump_json(tuple(others))))
    with service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        failed = runs.run_of(tx, run.id)
    assert failed.failure is not None
    assert (failed.state, failed.failure.code) == (RunState.FAILED, "archive.corrupt")
    assert [len(verdicts(service, case)) for case in cases] == [1, 1]


def test_flips_of_before_are_held_to_their_number(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(service, 1)
    more_lenient(service, monkeypatch)
    run = started(service, runs.Wish("default", Selection()))
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        (span,) = tx.reverifications.spans(run.id, after=0, limit=9)
    old = span.model_copy(update={"place": "derived/main/reverifications/r/j.1"})
    service.blobs.put(flips_in(str(old.place)), service.blobs.get(flips_in(str(span.place))) or b"")
    assert flips_of(service.blobs, old) == flips_of(service.blobs, span)
    service.blobs.put(flips_in(str(old.place)), gzip.compress(b"[]"))
    with pytest.raises(ArchiveError, match="0 of 1 flips"):
        flips_of(service.blobs, old)


def test_a_selection_by_time_finds_what_a_worker_with_another_clock_judged(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service.records.begin("main", reading=True) as tx:
        now = tx.now
    for minutes in (-50, 50):
        late = first_id_at(now + timedelta(minutes=minutes))[:13]
        with monkeypatch.context() as patch:
            patch.setattr(judge_case, "new_id", lambda late=late: late + new_id()[13:])
            judged(service, 1)
    wanted = Selection(since=now - timedelta(minutes=1), until=now + timedelta(minutes=10))
    asked = Asked(None, wanted)
    found = [rejudged(service, "main", span=span, asked=asked) for span, _ in spans_of(service, "main", asked)]
    assert sum(one.tally.cases for one in found) == 2


def test_a_case_that_is_measured_again_by_other_observers_gets_a_verdict(service: Service) -> None:
    (case,) = judged(service, 1)
    later = replace(service, measuring=replace(service.measuring, observers="fake 2"))
    for _ in range(2):
        add_judge_job(later, case)
        run_all(runner_of(later))
    assert len(verdicts(service, case)) == 2


def add_judge_job(service: Service, case: FiledCase) -> None:
    with service.records.begin("main") as tx:
        tx.jobs.add(new_job(tx.now, JobKind.JUDGE, case.id))


def test_a_case_that_went_on_meanwhile_is_left_alone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = judged(service, 2)
    more_lenient(service, monkeypatch)
    run = started(service, runs.Wish("default", Selection()))
    run_all(runner_of(service))
    file_exhibit(service, cases[0], Sent(b"more", name="more.mp4"))
    run_all(runner_of(service))
    with service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    run_all(runner_of(service))
    assert [verdicts(service, case)[0][0] == "2099.1" for case in cases] == [False, True]


def test_two_runs_at_once_do_not_disturb_one_another(service: Service) -> None:
    judged(service, 5)
    both = [started(service), started(service, runs.Wish("tmall", Selection()))]
    run_all(runner_of(service))
    assert [(state(service, run)[0], state(service, run)[1].tally.cases) for run in both] == [(RunState.DONE, 5)] * 2


def test_live_work_goes_before_a_run(service: Service) -> None:
    judged(service, 3)
    started(service)
    case = new_case(service)
    file_exhibit(service, case, Sent(b"live"))
    job = runner_of(service).claim(None)
    assert job is not None
    assert job.kind.value == "observe"


def test_a_rate_is_of_exhibits_and_each_span_makes_the_next_one_due(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = judged(service, 3)
    for number, case in enumerate(cases[:2]):
        file_exhibit(service, case, Sent(f"more {number}".encode(), name="more.mp4"))
    run_all(runner_of(service))
    more_lenient(service, monkeypatch)
    run, jobs = runs.start_run(service, "main", runs.Wish("default", Selection(), rate=0.01), by="test")
    assert (run.spans, len(jobs)) == (3, 1)
    while runner_of(service).work():
        pass
    exhibits = state(service, run)[1].tally.exhibits
    assert (state(service, run)[1].done, exhibits) == (2, 3), "the first span's verdicts are no longer the newest"
    with service.records.begin("main", reading=True) as tx:
        (due,) = tx.jobs.find(kind=JobKind.REVERIFY, state=JobState.READY, page=Page(limit=9))
        wait = (due.not_before - tx.now).total_seconds()
    assert exhibits * 100 - 60 < wait <= exhibits * 100


def test_what_is_applied_is_judged_no_faster_than_the_rate(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(service, 2)
    more_lenient(service, monkeypatch)
    run, _ = runs.start_run(service, "main", runs.Wish("default", Selection(), rate=0.01), by="test")
    run_all(runner_of(service))
    with service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    while state(service, run)[0] is not RunState.APPLIED:
        runner_of(service).work()
    with service.records.begin("main", reading=True) as tx:
        jobs = tx.jobs.find(kind=JobKind.JUDGE, state=JobState.READY, page=Page(limit=9))
        waits = sorted((job.not_before - tx.now).total_seconds() for job in jobs)
    assert [40 < one <= 100 for one in waits] == [True]


def test_a_run_over_what_cannot_be_read_fails_and_says_why(service: Service) -> None:
    (case,) = judged(service, 1)
    with service.records.begin("main", reading=True) as tx:
        (verdict,) = tx.verdicts.of_case(case.id)
    service.blobs.put(f"{verdict.results}/judged.json.gz", b"not this")
    run = started(service)
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        failed = runs.run_of(tx, run.id)
    assert failed.state is RunState.FAILED
    assert failed.failure is not None
    assert (failed.failure.code, verdict.id in failed.failure.text.en) == ("archive.unjudged", True)


def spoiled(service: Service, monkeypatch: pytest.MonkeyPatch, folder: Path, *, how: str) -> str:
    """A part that no run can read; its id."""
    with monkeypatch.context() as patch:
        if how == "newer":
            patch.setattr("sixfaces.adapters.archive.parquet.FORM", "sixfaces.archive/2")
        (part,) = archived(service)
    path = folder / "blobs" / part.place
    if how == "gone":
        path.unlink()
    elif how == "changed":
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.chmod(0o600)
        path.write_bytes(data)
    return part.id


@pytest.mark.parametrize(
    ("how", "code"), [("gone", "archive.corrupt"), ("changed", "archive.corrupt"), ("newer", "archive.newer")]
)
def test_a_part_that_cannot_be_read_fails_the_whole_run_and_is_named_and_nothing_is_applied(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, code: str
) -> None:
    cases = judged(service, 3)
    id = spoiled(service, monkeypatch, tmp_path, how=how)
    judged(service, 2)  # what no part holds can be read, and is no result without the rest
    more_lenient(service, monkeypatch)
    run = started(service, runs.Wish("default", Selection()))
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        failed = runs.run_of(tx, run.id)
    assert (failed.state, failed.failure is not None) == (RunState.FAILED, True)
    assert failed.failure is not None
    assert (failed.failure.code, id in failed.failure.text.en) == (code, True)
    with pytest.raises(ArchiveError) as caught, service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    assert caught.value.code == "archive.state"
    assert [len(verdicts(service, case)) for case in cases] == [1] * 3


def test_two_runs_that_are_applied_at_once_give_each_case_one_verdict_more(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = judged(service, 4)
    more_lenient(service, monkeypatch)
    both = [started(service, runs.Wish("default", Selection())) for _ in range(2)]
    run_all(runner_of(service))
    for run in both:
        with service.records.begin("main") as tx:
            runs.apply(tx, BATCH, run.id)
    run_all(runner_of(service))
    assert [state(service, run)[0] for run in both] == [RunState.APPLIED] * 2
    assert [len(verdicts(service, case)) for case in cases] == [2] * 4


@pytest.mark.parametrize("name", ["nobody", "default@1999.1", "./mine.toml", "/etc/passwd", "../default"])
def test_a_policy_that_there_is_not_is_told_before_anything_is_read(service: Service, name: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        started(service, runs.Wish(name, Selection()))
    assert caught.value.code == "archive.policy"


def test_a_policy_that_requires_what_nobody_measured_is_told_and_not_applied(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(service, 2)
    from sixfaces.rulebook.loader import load_policy

    tree = load_policy("default").model_dump(mode="json")
    tree["rules"]["validity.not_recaptured"]["use"] = "required"
    strict = type(load_policy("default")).model_validate({**tree, "version": "2099.1", "digest": "2" * 64})
    monkeypatch.setattr(runs, "load_policy", lambda name: strict)
    run = started(service, runs.Wish("default", Selection()))
    run_all(runner_of(service))
    assert state(service, run)[1].tally.never_measured() == ("validity.not_recaptured",)
    with pytest.raises(ArchiveError) as caught, service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    assert caught.value.code == "archive.never_measured"


def test_workers_that_are_stopped_and_lose_their_leases_count_nothing_twice(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, chance = judged(service, 8), random.Random(14)
    more_lenient(service, monkeypatch)
    run = started(service, runs.Wish("default", Selection()))
    while unfinished(service):
        runner: Runner = runner_of(service)
        threading.Timer(chance.uniform(0.01, 0.1), runner.interrupted.set).start()
        runner.work()
        runner.hand_back()
    assert state(service, run)[1].tally.cases == 8
    with service.records.begin("main", reading=True) as tx:
        spans = tx.reverifications.spans(run.id, after=0, limit=100)
    told = Counter(flip.case_id for span in spans for flip in flips_of(service.blobs, span))
    assert told == Counter(case.id for case in cases)


def test_spans_hold_each_verdict_once(service: Service) -> None:
    judged(service, 5)
    spans = [span for span, _ in spans_of(service, "main", Asked(None, Selection()))]
    assert [one.after for one in spans[1:]] == [one.until for one in spans[:-1]]
    assert spans[0].after == ""
    assert all(isinstance(one, Span) for one in spans)


@pytest.mark.parametrize("to_apply", [False, True])
@pytest.mark.parametrize("what", ["code", "observers"])
def test_a_run_is_judged_and_applied_by_the_code_that_began_it_or_not_at_all(
    service: Service, monkeypatch: pytest.MonkeyPatch, what: str, to_apply: bool
) -> None:
    cases = judged(service, 1)
    more_lenient(service, monkeypatch)
    measuring = replace(service.measuring, observers="fake 2")
    later = replace(service, code_version="test 2") if what == "code" else replace(service, measuring=measuring)
    run = started(service, runs.Wish("default", Selection()))
    assert (run.code_version, run.observers) == ("test 1", "fake 1")
    if to_apply:
        run_all(runner_of(service))
        with service.records.begin("main") as tx:
            runs.apply(tx, BATCH, run.id)
    run_all(runner_of(later))
    with service.records.begin("main", reading=True) as tx:
        failed = runs.run_of(tx, run.id)
    assert failed.failure is not None
    assert (failed.state, failed.failure.code) == (RunState.FAILED, "archive.code")
    assert len(verdicts(service, cases[0])) == 1


def test_other_code_judges_everything_again(service: Service) -> None:
    judged(service, 2)
    later = replace(service, code_version="test 2")
    run = started(later)
    run_all(runner_of(later))
    assert state(later, run)[1].tally.asked == 2
