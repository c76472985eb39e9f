"""Tenants: whatever one asks for, it finds, changes and counts only its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.tables import cases
from sixfaces.adapters.records.walls import OF_TENANTS
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit
from sixfaces.domain.job import Job, JobState
from sixfaces.domain.people import ApiKey
from sixfaces.domain.records import CaseQuery, KeptAnswer, Page, Transaction
from sixfaces.domain.upload import Upload, UploadState
from tests.contract.records.making import (
    MINUTE,
    WHY,
    deed,
    digest,
    filed,
    job,
    key,
    record,
    sealed,
    segment,
    station,
    uploading,
    verdict,
)

ANSWER = KeptAnswer(request_sha256=digest("q"), status=200, headers={}, body=b"")


class Own(NamedTuple):
    """Something of everything, of one tenant."""

    case: FiledCase
    exhibit: FiledExhibit
    upload: Upload
    job: Job
    dead: Job
    key: ApiKey


@pytest.fixture
def theirs(records: SqlRecords) -> Own:
    """What the tenant `theirs` has."""
    with records.begin("theirs") as tx:
        case = filed(tx, tenant="theirs", waybill="SF1", order_id="T1")
        tx.verdicts.add(verdict(case, tx.now))
        exhibit = sealed(tx, case)
        tx.exhibits.waybills_read(exhibit.id, ["SF1"])
        tx.observations.keep(record(), by="v1", results="r")
        upload = uploading(tx, case)
        tx.uploads.received(segment(upload, 0, 5), token=0)
        waiting = tx.jobs.add(job(tx, tenant="theirs"))
        dead = tx.jobs.claim(tx.jobs.add(job(tx, tenant="theirs")).id, worker="w", lease=MINUTE)
        assert dead is not None
        assert tx.jobs.end(dead, JobState.DEAD)
        tx.events.tell(case.id, "told", {})
        tx.people.add_station(station(tx, tenant="theirs"))
        tx.answers.begin("key", ANSWER.request_sha256)
        tx.answers.keep("key", ANSWER, lasting=MINUTE)
        return Own(case, exhibit, upload, waiting, dead, key(tx, tenant="theirs"))


READS: dict[str, Callable[[Transaction, Own], object]] = {
    "cases.get": lambda tx, own: tx.cases.get(own.case.id),
    "cases.get locked": lambda tx, own: tx.cases.get(own.case.id, lock=True),
    "cases.by_case_id": lambda tx, own: tx.cases.by_case_id("C-1"),
    "cases.find": lambda tx, own: tx.cases.find(CaseQuery(), Page()),
    "cases.find by order": lambda tx, own: tx.cases.find(CaseQuery(order_id="T1"), Page()),
    "exhibits.get": lambda tx, own: tx.exhibits.get(own.exhibit.id),
    "exhibits.of_case": lambda tx, own: tx.exhibits.of_case(own.case.id),
    "exhibits.with_bytes": lambda tx, own: tx.exhibits.with_bytes(own.exhibit.exhibit.sha256),
    "observations.get": lambda tx, own: tx.observations.get(digest("film"), by="v1"),
    "verdicts.current": lambda tx, own: tx.verdicts.current(own.case.id),
    "verdicts.current_of": lambda tx, own: tx.verdicts.current_of([own.case.id]),
    "verdicts.of_case": lambda tx, own: tx.verdicts.of_case(own.case.id),
    "uploads.get": lambda tx, own: tx.uploads.get(own.upload.id),
    "uploads.segments": lambda tx, own: tx.uploads.segments(own.upload.id),
    "uploads.to_sweep": lambda tx, own: tx.uploads.to_sweep(tx.now + timedelta(days=9), limit=9),
    "uploads.open_bytes": lambda tx, own: tx.uploads.open_bytes(),
    "uploads.awaited_bytes": lambda tx, own: tx.uploads.awaited_bytes(since=tx.now - timedelta(days=9)),
    "jobs.get": lambda tx, own: tx.jobs.get(own.job.id),
    "jobs.holds": lambda tx, own: tx.jobs.holds(own.job),
    "jobs.due": lambda tx, own: tx.jobs.due(limit=9),
    "jobs.given_up": lambda tx, own: tx.jobs.given_up(own.dead.kind, [own.dead.subject]),
    "jobs.count": lambda tx, own: tx.jobs.count(),
    "jobs.find": lambda tx, own: tx.jobs.find(kind=None, state=None, page=Page()),
    "custody.entries": lambda tx, own: tx.custody.entries(first=0, limit=9),
    "custody.about": lambda tx, own: tx.custody.about(digest("film")),
    "people.key": lambda tx, own: tx.people.key(own.key.id),
    "people.keys": lambda tx, own: tx.people.keys(Page()),
    "people.station": lambda tx, own: tx.people.station("S1"),
    "people.stations": lambda tx, own: tx.people.stations(Page()),
    "events.since": lambda tx, own: tx.events.since(0, case_id=own.case.id),
    "answers.begin": lambda tx, own: tx.answers.begin("key", digest("my own request")),
}

WRITES: dict[str, Callable[[Transaction, Own], object]] = {
    "cases.change": lambda tx, own: tx.cases.change(own.case.id, state=CaseState.CLOSED),
    "exhibits.observed": lambda tx, own: tx.exhibits.observed(own.exhibit.id, by="v9"),
    "exhibits.quarantine": lambda tx, own: tx.exhibits.quarantine(own.exhibit.id, WHY),
    "exhibits.waybills_read": lambda tx, own: tx.exhibits.waybills_read(own.exhibit.id, ["SF9"]),
    "uploads.take_over": lambda tx, own: tx.uploads.take_over(own.upload.id),
    "uploads.received": lambda tx, own: tx.uploads.received(segment(own.upload, 5, 5), token=0),
    "uploads.change": lambda tx, own: tx.uploads.change(own.upload.model_copy(update={"state": UploadState.EXPIRED})),
    "uploads.forget_segments": lambda tx, own: tx.uploads.forget_segments(own.upload.id),
    "jobs.claim": lambda tx, own: tx.jobs.claim(own.job.id, worker="w", lease=MINUTE),
    "jobs.extend": lambda tx, own: tx.jobs.extend(own.job, lease=MINUTE),
    "jobs.end": lambda tx, own: tx.jobs.end(own.job, JobState.DONE),
    "jobs.again": lambda tx, own: tx.jobs.again(own.job, after=MINUTE),
    "jobs.replay": lambda tx, own: tx.jobs.replay(own.dead.id),
    "people.revoke": lambda tx, own: tx.people.revoke(own.key.id),
    "people.retire_station": lambda tx, own: tx.people.retire_station("S1"),
    "events.tell": lambda tx, own: tx.events.tell(own.case.id, "told", {}),
    "a foreign row": lambda tx, own: tx.people.add_key(own.key),
    "a foreign deed": lambda tx, own: tx.custody.append(deed("theirs")),
}


def test_another_tenant_finds_nothing(records: SqlRecords, theirs: Own) -> None:
    found = {}
    for name, read in READS.items():
        with records.begin("mine") as tx:
            found[name] = read(tx, theirs)
    assert {name: one for name, one in found.items() if one} == {}
    with records.begin("theirs") as tx:
        others = {name: read(tx, theirs) for name, read in READS.items() if name != "answers.begin"}
    assert [name for name, one in others.items() if not one] == []


def test_another_tenant_changes_nothing(records: SqlRecords, theirs: Own, url: str) -> None:
    before = _everything(url)
    for write in WRITES.values():
        _tried(records, write, theirs)
    assert _everything(url) == before


def test_another_tenants_row_does_not_hang_on_ours(records: SqlRecords, theirs: Own) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), records.begin("mine") as tx:
        tx.exhibits.add(theirs.exhibit.model_copy(update={"id": theirs.job.id, "tenant": "mine"}))


def test_a_transaction_of_none_sees_all(records: SqlRecords, theirs: Own) -> None:
    with records.begin("mine") as tx:
        mine = filed(tx, tenant="mine")
    with records.begin(None, reading=True) as tx:
        assert {one.id for one in tx.cases.find(CaseQuery(), Page())} == {mine.id, theirs.case.id}


@pytest.mark.parametrize("kind", ["postgresql"])
def test_the_database_is_a_second_wall_behind_ours(records: SqlRecords, theirs: Own, url: str) -> None:
    engine = engine_of(url)
    for tenant, rows in (("mine", 0), (None, 0), ("theirs", 1), ("*", 1)):
        for table in OF_TENANTS:
            with engine.connect() as connection:
                if tenant is not None:
                    connection.execute(select(func.set_config("sixfaces.tenant", tenant, True)))
                seen = connection.execute(select(func.count()).select_from(table)).scalar_one()
                assert bool(seen) == bool(rows), (tenant, table.name)
    with engine.connect() as connection:
        connection.execute(select(func.set_config("sixfaces.tenant", "mine", True)))
        assert connection.execute(update(cases).values(state="closed")).rowcount == 0
        assert connection.execute(delete(OF_TENANTS[0])).rowcount == 0
        stolen = text("INSERT INTO stations (id, tenant, name, created_at) VALUES ('S9', 'theirs', 'x', now())")
        with pytest.raises(DBAPIError, match="row-level security"):
            connection.execute(stolen)
    engine.dispose()


def _tried(records: SqlRecords, write: Callable[[Transaction, Own], object], own: Own) -> None:
    try:
        with records.begin("mine") as tx:
            assert not write(tx, own)
    except (LookupError, ValueError):
        return


def _everything(url: str) -> dict[str, list[str]]:
    engine = engine_of(url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.set_config("sixfaces.tenant", "*", True)))
        found = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in OF_TENANTS}
    engine.dispose()
    return found
