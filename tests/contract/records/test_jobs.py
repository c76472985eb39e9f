"""Jobs: who holds one, what an older holder may still do (nothing), and what becomes of lost ones."""

from datetime import timedelta
from typing import Any

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.job import MOST_LOST, Job, JobKind, JobState
from sixfaces.domain.records import Page
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import MINUTE, WHY, job
from tests.contract.records.racing import race

NOTHING = timedelta(0)


def added(records: SqlRecords, **said: Any) -> Job:  # noqa: ANN401 fields of a job
    """A job that waits."""
    with records.begin(None) as tx:
        return tx.jobs.add(job(tx, **said))


def claimed(records: SqlRecords, id: str, *, lease: timedelta = MINUTE) -> Job:
    """The job, held by a worker."""
    with records.begin(None) as tx:
        held = tx.jobs.claim(id, worker="w1", lease=lease)
    assert held is not None
    return held


def test_the_same_work_waits_once_with_the_more_urgent_priority(records: SqlRecords) -> None:
    first = added(records, priority=8)
    second = added(records, subject=first.subject, priority=1)
    third = added(records, subject=first.subject, priority=5)
    assert second == third == first.model_copy(update={"priority": 1})
    assert added(records, subject=first.subject, kind=JobKind.JUDGE).id != first.id
    claimed(records, first.id)
    assert added(records, subject=first.subject).id != first.id


def test_the_same_work_added_at_once_by_many_waits_once(records: SqlRecords) -> None:
    subject = new_id()
    assert len({one.id for one in race(8, lambda n: added(records, subject=subject, priority=n))}) == 1
    with records.begin(None, reading=True) as tx:
        (only,) = tx.jobs.find(kind=None, state=None, page=Page())
    assert only.priority == 0


def test_of_eight_workers_one_gets_the_job(records: SqlRecords) -> None:
    one = added(records)

    def claim(number: int) -> Job | None:
        with records.begin(None) as tx:
            return tx.jobs.claim(one.id, worker=f"w{number}", lease=MINUTE)

    (held,) = [got for got in race(8, claim) if got]
    assert (held.state, held.token) == (JobState.RUNNING, 1)
    assert held.lease_until is not None
    with records.begin(None, reading=True) as tx:
        assert tx.jobs.get(one.id) == held
        assert tx.jobs.get(new_id()) is None


def test_a_job_is_not_claimed_before_its_time(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        later = tx.jobs.add(job(tx, not_before=tx.now + MINUTE))
        assert tx.jobs.claim(later.id, worker="w", lease=MINUTE) is None
        assert tx.jobs.due(limit=9) == []


def test_a_stale_holder_writes_nothing(records: SqlRecords) -> None:
    stale = claimed(records, added(records).id, lease=NOTHING)
    with records.begin(None) as tx:
        (back,) = tx.jobs.lost(limit=9)
        assert (back.state, back.lost, back.lease_until, back.worker) == (JobState.READY, 1, None, None)
    for _ in ("while it waits", "while another is at it"):
        with records.begin(None) as tx:
            assert not tx.jobs.holds(stale)
            assert not tx.jobs.extend(stale, lease=MINUTE)
            assert not tx.jobs.end(stale, JobState.DONE)
            assert not tx.jobs.again(stale, after=NOTHING, guilt=1)
        with records.begin(None) as tx:
            tx.jobs.claim(stale.id, worker="w2", lease=MINUTE)
    with records.begin(None) as tx:
        now = tx.jobs.get(stale.id)
        assert now is not None
        assert (now.state, now.worker, now.guilt) == (JobState.RUNNING, "w2", 0)
        assert tx.jobs.holds(now)


def test_what_a_holder_writes_ends_with_its_lease(records: SqlRecords) -> None:
    held = claimed(records, added(records).id)
    with records.begin(None) as tx:
        assert tx.jobs.extend(held, lease=2 * MINUTE)
        assert tx.jobs.lost(limit=9) == []
        assert tx.jobs.end(held, JobState.DONE)
        done = tx.jobs.get(held.id)
        assert done is not None
        assert (done.state, done.finished_at, done.lease_until) == (JobState.DONE, tx.now, None)
        assert not tx.jobs.end(held, JobState.DEAD)
        assert tx.jobs.claim(held.id, worker="w", lease=MINUTE) is None


def test_who_adds_a_job_may_do_it_at_once_unless_a_worker_was_faster(records: SqlRecords) -> None:
    mine, taken = added(records), added(records)
    claimed(records, taken.id)
    with records.begin(None) as tx:
        assert tx.jobs.holds(mine)
        assert tx.jobs.end(mine, JobState.DONE)
        assert not tx.jobs.end(taken, JobState.DONE)


def test_what_went_wrong_is_counted_and_told(records: SqlRecords) -> None:
    held = claimed(records, added(records).id)
    with records.begin(None) as tx:
        assert tx.jobs.again(held, after=MINUTE, failed=1, guilt=1, reason=WHY)
        waits = tx.jobs.get(held.id)
        assert waits is not None
        assert (waits.failed, waits.guilt, waits.reason, waits.state) == (1, 1, WHY, JobState.READY)
        assert waits.not_before == tx.now + MINUTE
        assert tx.jobs.claim(held.id, worker="w", lease=MINUTE) is None


@pytest.mark.parametrize("how", ["again", "lost", "replay"])
def test_a_job_that_comes_back_does_the_work_of_one_that_waits(records: SqlRecords, how: str) -> None:
    held = claimed(records, added(records).id, lease=NOTHING)
    if how == "replay":
        with records.begin(None) as tx:
            assert tx.jobs.end(held, JobState.QUARANTINED, reason=WHY)
    waiting = added(records, subject=held.subject, priority=1)
    with records.begin(None) as tx:
        if how == "again":
            assert tx.jobs.again(held, after=NOTHING, guilt=1)
        elif how == "lost":
            assert len(tx.jobs.lost(limit=9)) == 1
        else:
            assert tx.jobs.replay(held.id)
        (due,) = tx.jobs.due(limit=9)
        assert (due.id, due.priority) == (held.id, 1)
        spared = tx.jobs.get(waiting.id)
        assert spared is not None
        assert (spared.state, tx.jobs.holds(waiting)) == (JobState.DONE, False)


def test_only_a_very_long_row_of_lost_leases_ends_a_job(records: SqlRecords) -> None:
    one = added(records)
    for count in range(1, MOST_LOST + 1):
        claimed(records, one.id, lease=NOTHING)
        with records.begin(None) as tx:
            (lost,) = tx.jobs.lost(limit=9)
        assert (lost.lost, lost.state) == (count, JobState.DEAD if count == MOST_LOST else JobState.READY)
    assert lost.reason is not None
    assert lost.reason.code == "job.lost"


def test_two_sweeps_count_a_lost_lease_once(records: SqlRecords) -> None:
    ids = {claimed(records, added(records).id, lease=NOTHING).id for _ in range(5)}

    def sweep(_: int) -> list[str]:
        with records.begin(None) as tx:
            return [one.id for one in tx.jobs.lost(limit=99)]

    assert sorted(id for found in race(4, sweep) for id in found) == sorted(ids)


def test_dead_and_quarantined_jobs_are_replayed_as_new_and_others_are_not(records: SqlRecords) -> None:
    held = claimed(records, added(records).id)
    with records.begin(None) as tx:
        assert tx.jobs.replay(held.id) is None
        assert tx.jobs.again(held, after=NOTHING, failed=3, guilt=1, reason=WHY)
    held = claimed(records, held.id)
    with records.begin(None) as tx:
        assert tx.jobs.end(held, JobState.DEAD)
        (dead,) = tx.jobs.find(kind=JobKind.OBSERVE, state=JobState.DEAD, page=Page())
        assert dead.reason == WHY
        assert tx.jobs.find(kind=JobKind.SEAL, state=JobState.DEAD, page=Page()) == []
        back = tx.jobs.replay(held.id)
        assert back is not None
        assert (back.state, back.failed, back.guilt, back.reason, back.finished_at) == (
            JobState.READY,
            0,
            0,
            None,
            None,
        )
        assert [one.id for one in tx.jobs.due(limit=1)] == [held.id]
