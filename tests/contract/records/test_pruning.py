"""Pruning: what is over goes, a few at a time; what somebody still needs stays."""

from datetime import timedelta

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.erasing import HoldReason, LegalHold
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.records import KeptAnswer
from sixfaces.domain.upload import UploadState
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import MINUTE, digest, filed, job, segment, uploading

NOW = timedelta()
LATER = 2 * 60 * MINUTE
"""Older than not yet: uploads of these tests expire in an hour."""


def test_events_go_from_the_oldest_on_and_it_is_known_up_to_where(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        for number in range(5):
            tx.events.tell(case.id, "told", {"number": number})
        ids = [one.id for one in tx.events.since(0, case_id=case.id)]
        assert tx.pruning.pruned_through() == 0
    with records.begin(None) as tx:
        assert tx.pruning.events(older=60 * MINUTE, limit=9) == 0
        assert tx.pruning.events(older=NOW, limit=3) == 3
        assert tx.pruning.pruned_through() == ids[2]
        assert [one.id for one in tx.events.since(0, case_id=case.id)] == ids[3:]
        assert tx.pruning.events(older=NOW, limit=3) == 2
        assert tx.pruning.pruned_through() == ids[4]


def test_done_jobs_go_and_dead_letters_stay(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        for state in (JobState.DONE, JobState.DEAD, JobState.QUARANTINED, None):
            one = tx.jobs.add(job(tx))
            if state is not None:
                claimed = tx.jobs.claim(one.id, worker="w", lease=MINUTE)
                assert claimed is not None
                assert tx.jobs.end(claimed, state)
    with records.begin(None) as tx:
        assert tx.pruning.jobs(older=MINUTE, limit=9) == 0
        assert tx.pruning.jobs(older=NOW, limit=9) == 1
        assert sorted((one.state, one.jobs) for one in tx.jobs.count()) == [
            (JobState.DEAD, 1),
            (JobState.QUARANTINED, 1),
            (JobState.READY, 1),
        ]


def test_ended_uploads_go_once_their_bytes_have(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        ended, spooled, receiving = (uploading(tx, case) for _ in range(3))
        tx.uploads.received(segment(spooled, 0, 5), token=0)
        for one in (ended, spooled):
            tx.uploads.change(one.model_copy(update={"state": UploadState.TERMINATED}))
    with records.begin(None) as tx:
        assert tx.pruning.uploads(older=NOW, limit=9) == 0, "none has expired"
        assert tx.pruning.uploads(older=-LATER, limit=9) == 1
        assert [tx.uploads.get(one.id) is not None for one in (ended, spooled, receiving)] == [False, True, True]


def test_an_upload_stays_that_a_job_is_of(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = uploading(tx, filed(tx))
        tx.uploads.change(one.model_copy(update={"state": UploadState.SEALED}))
        waiting = tx.jobs.add(job(tx, kind=JobKind.SEAL, subject=one.id))
    with records.begin(None) as tx:
        assert tx.pruning.uploads(older=-LATER, limit=9) == 0
        claimed = tx.jobs.claim(waiting.id, worker="w", lease=MINUTE)
        assert claimed is not None
        assert tx.jobs.end(claimed, JobState.DONE)
    with records.begin(None) as tx:
        assert tx.pruning.jobs(older=NOW, limit=9) == 1
        assert tx.pruning.uploads(older=-LATER, limit=9) == 1


def test_of_a_held_case_neither_events_nor_uploads_go_until_it_is_held_no_more(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case, other = filed(tx), filed(tx, "C-2")
        for one in (case, other):
            tx.events.tell(one.id, "told", {})
            tx.uploads.change(uploading(tx, one).model_copy(update={"state": UploadState.TERMINATED}))
        hold = LegalHold(
            id=new_id(),
            tenant="main",
            case_id=case.id,
            reason=HoldReason.LITIGATION,
            placed_by="key:a",
            placed_at=tx.now,
        )
        tx.holds.place(hold)
    with records.begin(None) as tx:
        assert tx.pruning.events(older=NOW, limit=9) == 1
        assert tx.pruning.uploads(older=-LATER, limit=9) == 1
        assert len(tx.events.since(0, case_id=case.id)) == 1
        tx.holds.lift(hold.id, by="key:a")
    with records.begin(None) as tx:
        assert tx.pruning.events(older=NOW, limit=9) == 1
        assert tx.pruning.uploads(older=-LATER, limit=9) == 1


def test_kept_answers_go_when_their_time_is_over(records: SqlRecords) -> None:
    answer = KeptAnswer(request_sha256=digest("q"), status=200, headers={}, body=b"")
    with records.begin("main") as tx:
        for key, lasting in (("old", -MINUTE), ("new", MINUTE)):
            assert tx.answers.begin(key, answer.request_sha256) is None
            tx.answers.keep(key, answer, lasting=lasting)
    with records.begin(None) as tx:
        assert tx.pruning.answers(limit=9) <= 1, "keeping one sweeps a few, too"
    with records.begin("main") as tx:
        assert tx.answers.begin("new", answer.request_sha256) == answer
