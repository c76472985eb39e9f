"""Tenants: whatever one asks for, it finds, changes and counts only its own."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.tables import cases
from sixfaces.adapters.records.walls import OF_TENANTS
from sixfaces.domain.archive import Span
from sixfaces.domain.chronicle import ClaimOpened
from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, KnownTexts, StoredVerdict
from sixfaces.domain.inspection import StepAnswer
from sixfaces.domain.job import Job, JobState
from sixfaces.domain.notice_ports import NoticeQuery
from sixfaces.domain.people import ApiKey
from sixfaces.domain.records import CaseQuery, KeptAnswer, Page, Transaction
from sixfaces.domain.reverifying import RunState
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookKind
from sixfaces.domain.webhook_ports import DeliveryQuery
from sixfaces.pipeline.webhooks.announcing import announce
from tests.contract.records.making import (
    MINUTE,
    WHY,
    deed,
    digest,
    filed,
    job,
    key,
    person,
    record,
    sealed,
    segment,
    station,
    uploading,
    verdict,
)
from tests.contract.records.making_archive import Archived, archived_of
from tests.contract.records.making_claims import decision, inspection, occurrence, paying, qc_verdict
from tests.contract.records.making_erasures import Kept, held_and_erased
from tests.contract.records.making_notices import ToldOf, told_of
from tests.contract.records.making_watching import DAY, Watched, watched_of
from tests.rig.webhook_receiver import subscribed

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
KNOWN = KnownTexts(actor="key:1", places=("claim.statement",))
ANSWER = KeptAnswer(request_sha256=digest("q"), status=200, headers={}, body=b"")


def course(tx: Transaction, case: FiledCase) -> str:
    """A row of everything that a claim's course has; the id of its inspection."""
    tx.chronicle.add(occurrence(tx, case, ClaimOpened()))
    one = inspection(tx, case)
    tx.inspections.add(one)
    tx.inspections.answer(one.id, StepAnswer(step="look", values=("worn",), by="key:1", at=tx.now))
    tx.qc_verdicts.add(qc_verdict(tx, one))
    decided = decision(tx, case)
    tx.decisions.add(decided)
    tx.payments.pay(paying(case.id, decided.id, 0))
    tx.turns.put(case.id, tx.now - MINUTE)
    return one.id


class Own(NamedTuple):
    """Something of everything, of one tenant."""

    case: FiledCase
    exhibit: FiledExhibit
    upload: Upload
    job: Job
    dead: Job
    key: ApiKey
    endpoint: WebhookEndpoint
    delivery: WebhookDelivery
    inspection: str
    kept: Kept
    told: ToldOf
    watched: Watched
    archived: Archived


@pytest.fixture
def theirs(records: SqlRecords) -> Own:
    """What the tenant `theirs` has."""
    with records.begin("theirs") as tx:
        case = filed(tx, tenant="theirs", waybill="SF1", order_id="T1")
        tx.cases.know_texts(case.id, KNOWN)
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
        tx.strays.found(digest("stray"))
        tx.people.add_station(station(tx, tenant="theirs"))
        tx.people.seen(person(tx, "theirs"))
        kept = held_and_erased(tx, case)
        tx.answers.begin("key", ANSWER.request_sha256)
        tx.answers.keep("key", ANSWER, lasting=MINUTE)
        endpoint, _ = subscribed(tx, "https://theirs.example/hook", tenant="theirs")
        announce(tx, WebhookKind.EXHIBIT_SEALED, tenant="theirs", subject=exhibit.id, data={})
        (delivery,) = tx.webhooks.deliveries(endpoint.id, DeliveryQuery(), Page())
        return Own(
            case, exhibit, upload, waiting, dead, key(tx, tenant="theirs"), endpoint, delivery, course(tx, case), kept,
            told_of(tx, case), watched_of(tx, "theirs", case), archived_of(tx, "theirs", case),
        )  # fmt: skip


EVERYTHING = Span("", "~")


def _verdicts_of(tx: Transaction, own: Own) -> Sequence[StoredVerdict]:
    return tx.verdicts.of_case(own.case.id)


READS: dict[str, Callable[[Transaction, Own], object]] = {
    "cases.get": lambda tx, own: tx.cases.get(own.case.id),
    "cases.get locked": lambda tx, own: tx.cases.get(own.case.id, lock=True),
    "cases.by_case_id": lambda tx, own: tx.cases.by_case_id("C-1"),
    "cases.salt": lambda tx, own: tx.cases.salt(own.case.id),
    "cases.known_texts": lambda tx, own: tx.cases.known_texts(own.case.id),
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
    "people.person": lambda tx, own: tx.people.person(person(tx, "theirs").id),
    "people.persons": lambda tx, own: tx.people.persons(Page()),
    "people.station": lambda tx, own: tx.people.station("S1"),
    "people.stations": lambda tx, own: tx.people.stations(Page()),
    "webhooks.get": lambda tx, own: tx.webhooks.get(own.endpoint.id, lock=True),
    "webhooks.find": lambda tx, own: tx.webhooks.find(Page()),
    "webhooks.deliveries": lambda tx, own: tx.webhooks.deliveries(own.endpoint.id, DeliveryQuery(), Page()),
    "webhooks.delivery": lambda tx, own: tx.webhooks.delivery(own.delivery.id),
    "webhooks.waiting": lambda tx, own: tx.webhooks.waiting(limit=9),
    "webhooks.count": lambda tx, own: tx.webhooks.count(),
    "cases.carrying": lambda tx, own: tx.cases.carrying("SF1", limit=9),
    "notices.get": lambda tx, own: tx.notices.get(own.told.notice.id),
    "notices.find": lambda tx, own: tx.notices.find(NoticeQuery(), Page()),
    "notices.is_due": lambda tx, own: tx.notices.is_due(),
    "links.get": lambda tx, own: tx.links.get(own.told.link.id),
    "links.of_case": lambda tx, own: tx.links.of_case(own.case.id),
    "chronicle.of_case": lambda tx, own: tx.chronicle.of_case(own.case.id),
    "inspections.get": lambda tx, own: tx.inspections.get(own.inspection),
    "inspections.get locked": lambda tx, own: tx.inspections.get(own.inspection, lock=True),
    "inspections.find": lambda tx, own: tx.inspections.find(InspectionQuery(), Page()),
    "inspections.answers": lambda tx, own: tx.inspections.answers(own.inspection),
    "qc_verdicts.of_case": lambda tx, own: tx.qc_verdicts.of_case(own.case.id),
    "decisions.current": lambda tx, own: tx.decisions.current(own.case.id),
    "decisions.of_case": lambda tx, own: tx.decisions.of_case(own.case.id),
    "payments.of_order": lambda tx, own: tx.payments.of_order("T1"),
    "archive.loose": lambda tx, own: tx.archive.loose(before="~", limit=9),
    "archive.several": lambda tx, own: tx.archive.several([one.id for one in _verdicts_of(tx, own)]),
    "archive.part": lambda tx, own: tx.archive.part(own.archived.part.id),
    "archive.parts": lambda tx, own: tx.archive.parts(),
    "archive.unfinished": lambda tx, own: tx.archive.unfinished(before=tx.now + MINUTE, limit=9),
    "archive.standing": lambda tx, own: tx.archive.standing(EVERYTHING, newest="~"),
    "archive.steps": lambda tx, own: tx.archive.steps(EVERYTHING, limit=9),
    "archive.newest": lambda tx, own: tx.archive.newest(),
    "reverifications.get": lambda tx, own: tx.reverifications.get(own.archived.run.id, lock=True),
    "reverifications.find": lambda tx, own: tx.reverifications.find(Page()),
    "reverifications.span": lambda tx, own: tx.reverifications.span(own.archived.done.id),
    "reverifications.waiting": lambda tx, own: tx.reverifications.waiting(own.archived.run.id),
    "reverifications.spans": lambda tx, own: tx.reverifications.spans(own.archived.run.id, after=0, limit=9),
    "reverifications.progress": lambda tx, own: tx.reverifications.progress(own.archived.run.id).done,
    "reverifications.policy_for": lambda tx, own: tx.reverifications.policy_for(own.case.id, revision=1),
    "schedules.get": lambda tx, own: tx.schedules.get(own.archived.schedule.id, lock=True),
    "schedules.find": lambda tx, own: tx.schedules.find(Page()),
    "schedules.due": lambda tx, own: tx.schedules.due(limit=9),
    "strays.due": lambda tx, own: tx.strays.due(older=timedelta(0), limit=9),
    "turns.due": lambda tx, own: tx.turns.due(limit=9),
    "watching.cases": lambda tx, own: tx.watching.cases([own.case.id]),
    "watching.chronicles": lambda tx, own: tx.watching.chronicles([own.case.id]),
    "watching.entries": lambda tx, own: tx.watching.entries([own.case.id], ["claim.opened"]),
    "watching.decisions": lambda tx, own: tx.watching.decisions([own.case.id]),
    "watching.looks": lambda tx, own: tx.watching.looks([own.case.id]),
    "watching.tenants": lambda tx, own: tx.watching.tenants(),
    "watching.touched": lambda tx, own: tx.watching.touched(tx.now - MINUTE),
    "day_counts.counted": lambda tx, own: tx.day_counts.counted(DAY),
    "day_counts.since": lambda tx, own: tx.day_counts.since(DAY),
    "day_counts.sums": lambda tx, own: tx.day_counts.sums(DAY, DAY + timedelta(1)),
    "day_counts.shipped": lambda tx, own: tx.day_counts.shipped(DAY, DAY + timedelta(1)),
    "alarms.get": lambda tx, own: tx.alarms.get(own.watched.alarm.id),
    "alarms.find": lambda tx, own: tx.alarms.find(Page(), open=None),
    "alarms.latest": lambda tx, own: tx.alarms.latest(),
    "samples.streams": lambda tx, own: tx.samples.streams(),
    "samples.lot": lambda tx, own: tx.samples.lot(own.watched.lot.id),
    "samples.lots": lambda tx, own: tx.samples.lots(Page()),
    "samples.item": lambda tx, own: tx.samples.item(own.watched.item.id),
    "samples.items": lambda tx, own: tx.samples.items(own.watched.lot.id),
    "samples.waiting": lambda tx, own: tx.samples.waiting("key:1", limit=9),
    "planting.get": lambda tx, own: tx.planting.get(own.watched.planted.id),
    "planting.of_case": lambda tx, own: tx.planting.of_case(own.watched.planted.case_id),
    "planting.find": lambda tx, own: tx.planting.find(Page()),
    "events.since": lambda tx, own: tx.events.since(0, case_id=own.case.id),
    "holds.of_case": lambda tx, own: tx.holds.of_case(own.case.id),
    "holds.retentions": lambda tx, own: tx.holds.retentions(),
    "erasures.get": lambda tx, own: tx.erasures.get(own.kept.erasure.id),
    "erasures.find": lambda tx, own: tx.erasures.find(case_id=None, before=None, limit=9),
    "erasures.under_way": lambda tx, own: tx.erasures.under_way(own.case.id),
    "erasures.removals": lambda tx, own: tx.erasures.removals(own.kept.erasure.id),
    "erasures.uploads_of": lambda tx, own: tx.erasures.uploads_of(own.case.id, exhibit_id=None),
    "answers.begin": lambda tx, own: tx.answers.begin("key", digest("my own request")),
}

WRITES: dict[str, Callable[[Transaction, Own], object]] = {
    "cases.change": lambda tx, own: tx.cases.change(own.case.id, state=CaseState.CLOSED),
    "cases.know_texts": lambda tx, own: tx.cases.know_texts(own.case.id, None),
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
    "turns.put": lambda tx, own: tx.turns.put(own.case.id, None),
    "alarms.acknowledge": lambda tx, own: tx.alarms.acknowledge(own.watched.alarm),
    "samples.take": lambda tx, own: tx.samples.take(own.watched.item.id, "key:1"),
    "samples.end": lambda tx, own: tx.samples.end(own.watched.lot),
    "samples.answer": lambda tx, own: tx.samples.answer(own.watched.item),
    "planting.retire": lambda tx, own: tx.planting.retire(own.watched.planted.id),
    "payments.release": lambda tx, own: tx.payments.release(own.case.id),
    "webhooks.change": lambda tx, own: tx.webhooks.change(own.endpoint.model_copy(update={"url": "https://x.example"})),
    "webhooks.remove": lambda tx, own: tx.webhooks.remove(own.endpoint.id),
    "webhooks.claim": lambda tx, own: tx.webhooks.claim(own.endpoint.id, lease=MINUTE),
    "webhooks.give_up": lambda tx, own: tx.webhooks.give_up(own.endpoint.id, error="x"),
    "webhooks.again": lambda tx, own: (
        tx.webhooks.again(
            own.endpoint.id, since=own.delivery.created_at, states=list(DeliveryState), limit=9
        ).deliveries
    ),
    "webhooks.lock_all": lambda tx, own: tx.webhooks.lock_all(own.endpoint.tenant),
    "webhooks.again_one": lambda tx, own: tx.webhooks.again_one(own.delivery.id),
    "webhooks.attempted": lambda tx, own: tx.webhooks.attempted(own.delivery),
    "webhooks.prune": lambda tx, own: tx.webhooks.prune(before=tx.now + MINUTE, limit=9),
    "webhooks.subscribed": lambda tx, own: tx.webhooks.subscribed(WebhookKind.EXHIBIT_SEALED, tenant="theirs"),
    "a foreign endpoint": lambda tx, own: tx.webhooks.add(own.endpoint),
    "notices.claim": lambda tx, own: tx.notices.claim(lease=MINUTE),
    "notices.attempted": lambda tx, own: tx.notices.attempted(own.told.notice),
    "notices.again": lambda tx, own: tx.notices.again(own.told.notice.id),
    "notices.drop": lambda tx, own: tx.notices.drop(own.case.id, error="x"),
    "notices.rule": lambda tx, own: tx.notices.rule("theirs").off,
    "a foreign notice": lambda tx, own: tx.notices.add(own.told.notice),
    "links.revoke": lambda tx, own: tx.links.revoke(own.case.id),
    "a foreign link": lambda tx, own: tx.links.add(own.told.link),
    "holds.lift": lambda tx, own: tx.holds.lift(own.kept.hold.id, by="key:me"),
    "erasures.change": lambda tx, own: tx.erasures.change(own.kept.erasure.model_copy(update={"revision": 9})),
    "erasures.removed": lambda tx, own: tx.erasures.removed(own.kept.erasure.id),
    "erasures.empty_case": lambda tx, own: tx.erasures.empty_case(own.case.id, own.case.file),
    "erasures.spoil_verdicts": lambda tx, own: tx.erasures.spoil_verdicts(own.case.id, below=None),
    "erasures.forget_readings": lambda tx, own: tx.erasures.forget_readings(own.case.id),
    "erasures.forget_words_on": lambda tx, own: tx.erasures.forget_words_on(own.exhibit.id),
    "erasures.forget_events": lambda tx, own: tx.erasures.forget_events(own.case.id, exhibit_id=None),
    "erasures.scrub_upload": lambda tx, own: tx.erasures.scrub_upload(own.upload.id),
    "archive.unread": lambda tx, own: tx.archive.unread(["~"]),
    "archive.forget": lambda tx, own: tx.archive.forget(own.archived.writing.id),
    "archive.holds": lambda tx, own: tx.archive.holds(own.archived.writing, []),
    "reverifications.change": lambda tx, own: tx.reverifications.change(
        own.archived.run.model_copy(update={"state": RunState.CANCELLED})
    ),
    "reverifications.tell": lambda tx, own: tx.reverifications.tell(
        own.archived.waiting.model_copy(update={"applied": True})
    ),
    "reverifications.forget": lambda tx, own: tx.reverifications.forget(own.archived.run.id),
    "schedules.change": lambda tx, own: tx.schedules.change(own.archived.schedule.model_copy(update={"next_at": None})),
    "schedules.remove": lambda tx, own: tx.schedules.remove(own.archived.schedule.id),
    "a foreign schedule": lambda tx, own: tx.schedules.add(own.archived.schedule),
    "pruning.events": lambda tx, own: tx.pruning.events(older=timedelta(), limit=9),
    "pruning.jobs": lambda tx, own: tx.pruning.jobs(older=timedelta(), limit=9),
    "notices.prune": lambda tx, own: tx.notices.prune(before=tx.now + MINUTE, limit=9),
    "day_counts.prune": lambda tx, own: tx.day_counts.prune(before=date.max, limit=9),
    "pruning.uploads": lambda tx, own: tx.pruning.uploads(older=-2 * 60 * MINUTE, limit=9),
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
