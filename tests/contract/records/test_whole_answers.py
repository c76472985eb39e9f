"""Questions on many rows at once, on both databases: one statement each, however many rows there are."""

from datetime import timedelta

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.exhibit import Role
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.upload import UploadState
from tests.contract.records.making import MINUTE, filed, job, sealed, segment, uploading, verdict


def test_the_verdicts_of_several_cases_are_those_that_each_has(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one, two, bare = (filed(tx, f"C-{n}") for n in range(3))
        old = verdict(one, tx.now)
        new = verdict(one, tx.now, code_version="2").model_copy(update={"entry": 5})
        stale = verdict(two, tx.now)
        for each in (new, old, stale):
            assert tx.verdicts.add(each)
        tx.cases.change(two.id, revised=True)
        asked = [one.id, two.id, bare.id]
        assert tx.verdicts.current_of(asked) == {one.id: new}
        assert {id: tx.verdicts.current(id) for id in asked if tx.verdicts.current(id)} == {one.id: new}
        assert tx.verdicts.current_of([]) == {}


def test_cases_after_are_those_that_claim_or_show_the_waybill_in_a_later_take(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        sealed(tx, filed(tx, "C-0", waybill="SF12345678"), "before")
        own_case = filed(tx, "C-1", waybill="SF999")
        own = sealed(tx, own_case, "own")
        sealed(tx, own_case, "own, later")
        claims, shows = filed(tx, "C-2", waybill="sf 1234-5678"), filed(tx, "C-3")
        sealed(tx, claims, "claims")
        tx.exhibits.waybills_read(sealed(tx, shows, "shows").id, ["SF12345678"])
        sealed(tx, filed(tx, "C-4", waybill="SF12345678"), "no take", role=Role.PACKING_VIDEO)
        sealed(tx, filed(tx, "C-5", waybill="SF999"), "of the claim")
        assert tx.exhibits.cases_after(own, ["SF1234 5678", "SF999", ""]) == sorted([claims.id, shows.id])
        assert tx.exhibits.cases_after(own, []) == []


def test_waybills_are_new_once(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = sealed(tx, filed(tx))
        assert tx.exhibits.waybills_read(one.id, ["SF1"]) == ["SF1"]
        assert tx.exhibits.waybills_read(one.id, ["sf 1", "SF2"]) == ["SF2"]


def test_jobs_are_counted_by_kind_and_state(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        tx.jobs.add(job(tx, not_before=tx.now - MINUTE))
        tx.jobs.add(job(tx, not_before=tx.now + MINUTE))
        ended = [tx.jobs.claim(tx.jobs.add(job(tx)).id, worker="w", lease=MINUTE) for _ in range(2)]
        for one, state in zip(ended, (JobState.DEAD, JobState.DONE), strict=True):
            assert one is not None
            assert tx.jobs.end(one, state)
    with records.begin("other") as tx:
        tx.jobs.add(job(tx, tenant="other", kind=JobKind.JUDGE))
    with records.begin(None, reading=True) as tx:
        counted = {(one.kind, one.state): one for one in tx.jobs.count()}
    ready = counted.pop((JobKind.OBSERVE, JobState.READY))
    assert (ready.jobs, ready.due) == (2, 1)
    assert ready.waited is not None
    assert MINUTE <= ready.waited < MINUTE + timedelta(seconds=30)
    assert {place: (one.jobs, one.due) for place, one in counted.items()} == {
        (JobKind.OBSERVE, JobState.DEAD): (1, 1),
        (JobKind.JUDGE, JobState.READY): (1, 1),
    }


def test_a_subject_is_given_up_while_its_job_is_dead_and_nobody_tries_again(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        dead = tx.jobs.claim(tx.jobs.add(job(tx)).id, worker="w", lease=MINUTE)
        assert dead is not None
        assert tx.jobs.end(dead, JobState.DEAD)
        waiting = tx.jobs.add(job(tx))
        subjects = [dead.subject, waiting.subject]
        assert tx.jobs.given_up(JobKind.OBSERVE, subjects) == [dead.subject]
        assert tx.jobs.given_up(JobKind.JUDGE, subjects) == tx.jobs.given_up(JobKind.OBSERVE, []) == []
        tx.jobs.add(job(tx, subject=dead.subject))
        assert tx.jobs.given_up(JobKind.OBSERVE, subjects) == []


def test_the_spool_holds_the_bytes_of_refused_uploads_as_well(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        for state in (UploadState.RECEIVING, UploadState.REFUSED):
            upload = uploading(tx, case)
            now = tx.uploads.received(segment(upload, 0, 30), token=0)
            assert now is not None
            tx.uploads.change(now.model_copy(update={"state": state}))
    with records.begin(None, reading=True) as tx:
        assert (tx.uploads.spool_bytes(), tx.uploads.open_bytes()) == (60, 200)
    with records.begin("main") as tx:
        tx.uploads.forget_segments(upload.id)
        assert tx.uploads.spool_bytes() == 30
