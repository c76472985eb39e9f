"""Asking once more: for what was given up, for the waybill that stayed, and what the second asking leaves alone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from sixfaces.adapters.records.tables import jobs
from sixfaces.domain.erasing import ErasureState
from sixfaces.domain.errors import RequestError
from sixfaces.domain.job import JobState
from sixfaces.domain.records import KeptAnswer
from sixfaces.pipeline.erasing import erase_case
from sixfaces.pipeline.filing import Expected, file_case
from tests.rig.keeping import WISH, Keeping


def test_an_erasure_whose_job_was_given_up_gets_another(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    with either.service.records.begin("main") as tx:
        asked = erase_case(tx, case, wish=WISH)
        assert asked.job is not None
        claimed = tx.jobs.claim(asked.job.id, worker="w", lease=timedelta(minutes=1))
        assert claimed is not None
        assert tx.jobs.end(claimed, JobState.DEAD)
    with either.service.records.begin("main") as tx:
        again = erase_case(tx, case, wish=WISH)
        assert again.erasure.id == asked.erasure.id
        assert again.job is not None
        assert erase_case(tx, case, wish=WISH).job is None, "one is enough"
    either.work()
    assert either.erasure(asked.erasure.id).state is ErasureState.DONE
    either.sound(case, notes=frozenset({"fsck.job_dead"}))
    _forgotten(either, claimed.id)
    either.sound(case)


def _forgotten(either: Keeping, job: str) -> None:
    """The dead letter goes: other tests look for none."""
    with either.service.records.begin("main") as tx:
        scope = tx.holds._scope  # type: ignore[attr-defined]  # dead letters stay for ever
        scope.done(delete(jobs).where(jobs.c.id == job))


def test_an_erasure_that_has_not_begun_takes_the_waybill_along(either: Keeping, film: bytes, waybill: str) -> None:
    case = either.case(film, waybill=waybill)
    first = either.ask(case)
    second = either.ask(case, forget_waybill=True)
    assert (second.id, second.forget_waybill) == (first.id, True)
    assert either.ask(case).forget_waybill, "what was wished for is not taken back"
    either.work()
    assert either.filed(case).file.return_parcel.waybill is None
    either.sound(case)


def test_a_case_that_was_erased_loses_its_waybill_later(either: Keeping, film: bytes, waybill: str) -> None:
    case = either.case(film, waybill=waybill)
    either.erase(case)
    before = either.filed(case)
    assert before.file.return_parcel.waybill == waybill
    forgotten = either.erase(case, forget_waybill=True)
    assert forgotten.state is ErasureState.DONE
    after = either.filed(case)
    assert after.file.return_parcel.waybill is None
    assert after.erased_at == before.erased_at
    with pytest.raises(RequestError, match=r"request\.erased"):
        either.ask(case, forget_waybill=True)
    with pytest.raises(RequestError, match=r"request\.erased"):
        either.ask(case)
    either.sound(case)


def test_an_erased_exhibit_leaves_its_file_name_nowhere(either: Keeping, film: bytes) -> None:
    case = either.case(film, closed=False)
    (exhibit,) = either.exhibits(case)
    at, file = datetime(2026, 1, 1, tzinfo=UTC), either.filed(case).file
    named = file.model_copy(update={"received_at": {exhibit.exhibit.name: at, "else.mp4": at}})
    with either.service.records.begin("main") as tx:
        file_case(tx, either.who.principal, named, expected=Expected(there=True))
        (upload,) = tx.erasures.uploads_of(case, exhibit_id=exhibit.id)
        assert tx.answers.begin(upload, exhibit.exhibit.sha256) is None
        kept = KeptAnswer(request_sha256=exhibit.exhibit.sha256, status=201, headers={}, body=upload.encode())
        tx.answers.keep(upload, kept, lasting=timedelta(days=1))
    either.work()
    either.close(case)
    either.erase(case, exhibit=exhibit.id)
    assert set(either.filed(case).file.received_at) == {"else.mp4"}
    with either.service.records.begin("main") as tx:
        assert tx.answers.begin(upload, exhibit.exhibit.sha256) is None
    either.sound(case)


def test_a_file_name_that_another_exhibit_has_stays(either: Keeping, film: bytes, other: bytes) -> None:
    case = either.case(film, other, closed=False)
    first, second = either.exhibits(case)
    assert first.exhibit.name == second.exhibit.name
    at, file = datetime(2026, 1, 1, tzinfo=UTC), either.filed(case).file
    named = file.model_copy(update={"received_at": {second.exhibit.name: at}})
    with either.service.records.begin("main") as tx:
        file_case(tx, either.who.principal, named, expected=Expected(there=True))
    either.work()
    either.close(case)
    either.erase(case, exhibit=first.id)
    assert set(either.filed(case).file.received_at) == {second.exhibit.name}
    either.sound(case)
