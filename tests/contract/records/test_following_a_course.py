"""The course of a claim is looked at again, on each database: what is told to whom, what closes, what starts late."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sixfaces.adapters.records.claim_tables import clock_turns
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import (
    ClaimOpened,
    ClaimWithdrawn,
    ClockTold,
    EvidenceAsked,
    Happening,
    Leg,
    Occurrence,
    Party,
    ReferralAnswered,
    Signed,
)
from sixfaces.domain.decision import Remedy, Whereabouts
from sixfaces.domain.errors import ClaimError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.job import JobKind
from sixfaces.domain.notice_ports import NoticeQuery
from sixfaces.domain.pages import Page
from sixfaces.domain.service_times import ClockState
from sixfaces.domain.sop import QcOutcome
from sixfaces.pipeline.claims.carriers import CarrierEvent, CarrierStatus, carried
from sixfaces.pipeline.claims.chronicling import Told, chronicle, course_job, enter
from sixfaces.pipeline.claims.deciding import Ruling, decide
from sixfaces.pipeline.claims.matters import Looked, look
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.watching.counting import count_day
from sixfaces.pipeline.work.follow_course import follow_course, sweep_turns
from sixfaces.pipeline.work.running import Runner
from tests.contract.records.making import sealed
from tests.contract.records.making_claims import inspection, qc_verdict
from tests.rig.workshop import new_case, open_workshop

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONTACTS = {"buyer": "ming@mail.example", "seller": "shop@mail.example"}


@pytest.fixture
def service(url: str, tmp_path: Path) -> Iterator[Service]:
    """An installation over this database."""
    opened = open_workshop(tmp_path, url=url)
    yield opened
    assert isinstance(opened.records, SqlRecords)
    opened.records.close()


def now_of(service: Service) -> datetime:
    with service.records.begin("main", reading=True) as tx:
        return tx.now


def claimed(service: Service, **said: Any) -> FiledCase:  # noqa: ANN401 parts of a case file
    """A small no-reason return, which policy may close."""
    now = now_of(service)
    item = {"title": "shirt", "category": "apparel", "quantity": 1, "price": "19.90", "currency": "CNY"}
    base: dict[str, Any] = {
        "case_id": f"C-{new_id()}",
        "order": {"order_id": f"T-{new_id()}", "items": [item | {"supplier": "Dye & Co"}]},
        "claim": {"kind": "return_refund", "reason": "no_reason", "opened_at": now - DAY},
        "outbound_parcel": {"signed_at": now - 3 * DAY},
        "contacts": CONTACTS,
    }
    return new_case(service, CaseFile.model_validate(base | said))


def told(service: Service, case: FiledCase, what: Happening, at: datetime | None = None) -> Occurrence:
    with service.records.begin("main") as tx:
        return enter(tx, case, "key:1", told=Told(what, Party.PLATFORM, at)).entry


def follow(service: Service, case: FiledCase) -> None:
    """Do the jobs that look at its course, until none is left."""
    runner = Runner(service, {JobKind.COURSE: follow_course}, "test")
    with service.records.begin("main") as tx:
        tx.jobs.add(course_job(tx, case))
    for _ in range(6):
        with service.records.begin("main") as tx:
            due = [one.id for one in tx.jobs.due(limit=99) if one.kind is JobKind.COURSE and one.subject == case.id]
            jobs = [tx.jobs.claim(id, worker="test", lease=timedelta(minutes=1)) for id in due]
        for job in jobs:
            assert job is not None
            runner.run(job)
        if not jobs:
            return


def looked_at(service: Service, case: FiledCase) -> Looked:
    with service.records.begin("main", reading=True) as tx:
        return look(tx, case, (None, None))


def breaches(service: Service, case: FiledCase) -> list[str]:
    with service.records.begin("main", reading=True) as tx:
        every = [one.what for one in tx.chronicle.of_case(case.id)]
    return [one.code for one in every if isinstance(one, ClockTold) and one.state == ClockState.BREACHED.value]


def test_two_sides_asked_at_one_instant_are_each_told_of_their_own_breach(service: Service) -> None:
    case = claimed(service)
    now = now_of(service)
    for party in (Party.BUYER, Party.SELLER):
        told(service, case, EvidenceAsked(of=party, until=now - HOUR, what="Photos."), now - 2 * HOUR)
    follow(service, case)
    assert breaches(service, case).count("evidence") == 2
    with service.records.begin("main", reading=True) as tx:
        found = tx.notices.find(NoticeQuery(case_id=case.id), Page(limit=100))
        late = {one.id for one in tx.chronicle.of_case(case.id) if getattr(one.what, "code", None) == "evidence"}
    by = {one.about: one.party for one in found if one.kind.value == "clock_breached" and one.about in late}
    assert sorted(by.values()) == [Party.BUYER, Party.SELLER]
    follow(service, case)
    assert breaches(service, case).count("evidence") == 2


def test_sealing_an_exhibit_answers_who_asked_for_it(service: Service) -> None:
    case = claimed(service)
    now = now_of(service)
    told(service, case, EvidenceAsked(of=Party.SELLER, until=now + HOUR, what="The film."), now - HOUR)
    (open_,) = [one for one in looked_at(service, case).clocks if one.code == "evidence"]
    assert open_.ended_at is None
    with service.records.begin("main") as tx:
        sealed(tx, case, new_id(), role=Role.BUYER_PHOTO)
        film = sealed(tx, case, new_id(), role=Role.UNBOXING_VIDEO)
    (kept,) = [one for one in looked_at(service, case).clocks if one.code == "evidence"]
    assert (kept.state, kept.ended_at) == (ClockState.KEPT, film.sealed_at)


def test_a_clock_that_begins_a_little_ahead_of_our_time_is_looked_at_then(service: Service) -> None:
    now = now_of(service)
    ahead = now + timedelta(minutes=2)
    claim = {"kind": "return_refund", "reason": "no_reason", "opened_at": ahead}
    case = claimed(service, claim=claim, order={"items": []})
    follow(service, case)
    assert turns(service)[case.id] == ahead


def turns(service: Service) -> dict[str, datetime]:
    """When which case is to be looked at next."""
    with service.records.begin(None, reading=True) as tx:
        rows = tx.turns._scope.rows(clock_turns.select())  # type: ignore[attr-defined]  # the adapter's own
        return {row.case_id: row.at for row in rows}


def test_a_claim_that_was_withdrawn_is_not_paid_until_it_is_opened_again(service: Service) -> None:
    now = now_of(service)
    case = claimed(service)
    told(service, case, ClaimWithdrawn(), now - 2 * HOUR)
    told(service, case, Signed(leg=Leg.RETURN), now - HOUR)
    follow(service, case)
    looked = looked_at(service, case)
    assert looked.current is None
    found = looked.recommended()
    assert found is not None
    assert found.remedy is Remedy.NONE
    money = {"amount": "19.90", "currency": "CNY"}
    paying = {"remedy": "refund_only", "refund": money, "overrules": "goodwill", "note": "A regular customer."}
    with pytest.raises(ClaimError, match=r"claim\.withdrawn"), service.records.begin("main") as tx:
        decide(tx, look(tx, case, (None, None)), "key:1", ruling=Ruling.model_validate(paying))
    told(service, case, ClaimOpened(), now - HOUR / 2)
    follow(service, case)
    made = looked_at(service, case).current
    assert made is not None
    assert made.by.startswith("policy:")


def test_a_claim_opened_again_is_complete_again_and_is_reviewed_in_time_again(service: Service) -> None:
    now = now_of(service)
    case = claimed(service)
    follow(service, case)
    told(service, case, ClaimWithdrawn())
    follow(service, case)
    again = told(service, case, ClaimOpened())
    follow(service, case)
    follow(service, case)
    runs = [one for one in looked_at(service, case).clocks if one.code == "first_review"]
    assert [one.state for one in sorted(runs, key=lambda one: one.started_at)] == [ClockState.KEPT, ClockState.RUNNING]
    assert max(one.started_at for one in runs) >= again.at > now


def test_what_the_carrier_says_of_the_return_is_of_the_return(service: Service) -> None:
    now = now_of(service)
    out, back = f"YT{new_id()[-12:]}", f"SF{new_id()[-12:]}"
    case = claimed(
        service, outbound_parcel={"signed_at": now - 3 * DAY, "waybill": out}, return_parcel={"waybill": back}
    )

    def says(waybill: str, status: CarrierStatus, minutes: int) -> Whereabouts:
        at = now - timedelta(minutes=minutes)
        event = CarrierEvent(waybill=waybill, status=status, at=at, reference=new_id())
        with service.records.begin("main") as tx:
            assert len(carried(tx, "key:1", event)) == 1
        found = looked_at(service, case).recommended()
        assert found is not None
        return found.situation.where

    assert says(back, CarrierStatus.SHIPPED, 50) is Whereabouts.COMING_BACK
    assert says(back, CarrierStatus.INTERCEPTED, 40) is Whereabouts.ON_THE_WAY
    assert says(back, CarrierStatus.CAME_BACK, 30) is Whereabouts.WITH_BUYER
    follow(service, case)
    assert looked_at(service, case).current is None
    assert says(back, CarrierStatus.DELIVERED_TO_ADDRESSEE, 20) is Whereabouts.WITH_SELLER


def test_a_deadline_that_is_over_when_it_is_set_is_refused(service: Service) -> None:
    case, now = claimed(service), now_of(service)
    asked = EvidenceAsked(of=Party.SELLER, until=now - DAY, what="The film.")
    with pytest.raises(ClaimError, match=r"claim\.until_past"), service.records.begin("main") as tx:
        chronicle(tx, case, "key:1", told=Told(asked, Party.PLATFORM))
    with service.records.begin("main") as tx:
        assert chronicle(tx, case, "key:1", told=Told(asked, Party.PLATFORM, now - 2 * DAY)).is_new


def test_a_defect_counts_for_the_day_of_its_claim_once_the_supplier_confirms_it(service: Service) -> None:
    case, now = claimed(service), now_of(service)
    with service.records.begin("main") as tx:
        one = inspection(tx, case)
        tx.inspections.add(one)
        sent = {"outcome": QcOutcome.REFERRED, "suggested": QcOutcome.REFERRED, "at": now - DAY}
        tx.qc_verdicts.add(qc_verdict(tx, one).model_copy(update=sent))

    def counted(day: int) -> dict[str, int]:
        with service.records.begin("main") as tx:
            on = now.date() + timedelta(days=day)
            count_day(tx, on)
            found = [one for one in tx.day_counts.since(on) if one.day == on and one.group.name == "Dye & Co"]
        return {one.what: one.n for one in found if one.what in {"inspected", "defect:worn"}}

    assert counted(-1) == {}
    told(service, case, ReferralAnswered(by=Party.SUPPLIER, defect=True, text="The last batch."))
    assert counted(-1) == {"inspected": 1, "defect:worn": 1}
    assert counted(0) == {}


def test_turns_ahead_are_swept_when_they_come(service: Service) -> None:
    case = claimed(service)
    with service.records.begin("main") as tx:
        tx.turns.put(case.id, tx.now - HOUR)
    sweep_turns(service)
    follow(service, case)
    with service.records.begin(None, reading=True) as tx:
        assert case.id not in tx.turns.due(limit=100)
