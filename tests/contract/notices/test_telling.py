"""Who is told what when: a claim is told of once, what it lacks at once, and clocks to those who hold them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sixfaces.domain.case import CaseFile, ClaimReason
from sixfaces.domain.chronicle import (
    CameBack,
    ClaimOpened,
    EvidenceAsked,
    Inspected,
    Leg,
    Money,
    Party,
    RefundConfirmed,
    Signed,
)
from sixfaces.domain.decision import Overrule, Remedy
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.job import JobKind
from sixfaces.domain.notice import NoticeKind
from sixfaces.domain.pages import Page
from sixfaces.domain.webhook import WebhookKind
from sixfaces.domain.webhook_ports import DeliveryQuery
from sixfaces.pipeline.claims.chronicling import course_job
from sixfaces.pipeline.claims.deciding import Ruling, decide
from sixfaces.pipeline.claims.matters import judged_report, look
from sixfaces.pipeline.work.follow_course import follow_course
from sixfaces.pipeline.work.running import Runner
from tests.contract.notices.conftest import CONTACTS, Office
from tests.rig.webhook_receiver import subscribed
from tests.servers.smtp import Smtp


def follow(office: Office, case: FiledCase) -> None:
    """Look at its course until nothing new comes of it."""
    runner = Runner(office.service, {JobKind.COURSE: follow_course}, "test")
    with office.service.records.begin("main") as tx:
        tx.jobs.add(course_job(tx, case))
    for _ in range(5):
        with office.service.records.begin("main") as tx:
            due = [one.id for one in tx.jobs.due(limit=100) if one.subject == case.id]
            jobs = [tx.jobs.claim(id, worker="test", lease=timedelta(minutes=1)) for id in due]
        for job in jobs:
            assert job is not None
            runner.run(job)


def told(office: Office, case: FiledCase) -> list[tuple[str, str]]:
    return sorted((one.kind.value, one.party.value) for one in office.notices(case))


def test_a_claim_that_lacks_nothing_is_told_of_once(office: Office) -> None:
    case = office.case()
    for _ in range(3):
        follow(office, case)
    assert told(office, case) == [("claim_opened", "buyer"), ("claim_opened", "seller")]
    office.enter(case, ClaimOpened())
    follow(office, case)
    assert ("claim_opened", "buyer") in told(office, case)
    assert [kind for kind, _ in told(office, case)].count("claim_opened") == 2


def test_who_has_to_bring_something_is_told_what_and_both_when_it_has_come(office: Office, smtp: Smtp) -> None:
    claim = {"kind": "refund_only", "reason": "not_received"}
    case = office.case(claim=claim)
    follow(office, case)
    assert told(office, case) == [("claim_incomplete", "seller"), ("claim_opened", "buyer")]
    office.post.send_due(office.service)
    (seller,) = [one for one in smtp.taken if one.to == CONTACTS["seller"]]
    assert "Name the waybill of the parcel that went out." in seller.part("plain")
    full = case.file.model_dump(mode="json") | {"outbound_parcel": {"waybill": "YT1"}}
    with office.service.records.begin("main") as tx:
        case = tx.cases.change(case.id, file=CaseFile.model_validate(full), revised=True)
    follow(office, case)
    assert {("claim_complete", "seller"), ("claim_complete", "buyer")} < set(told(office, case))


def test_an_old_claim_that_is_imported_is_told_to_nobody(office: Office) -> None:
    with office.service.records.begin("main", reading=True) as tx:
        long_ago = (tx.now - timedelta(days=30)).isoformat()
    case = office.case(claim={"kind": "return_refund", "reason": "no_reason", "opened_at": long_ago})
    follow(office, case)
    assert told(office, case) == []


def test_a_deadline_is_told_to_its_holder_before_it_ends_and_after(office: Office, smtp: Smtp) -> None:
    case = office.case()
    with office.service.records.begin("main", reading=True) as tx:
        now = tx.now
    office.enter(case, EvidenceAsked(of=Party.SELLER, until=now + timedelta(hours=1), what="The film."))
    follow(office, case)
    assert ("deadline_near", "seller") in told(office, case)
    office.enter(case, EvidenceAsked(of=Party.BUYER, until=now - timedelta(seconds=1), what="A photo."))
    follow(office, case)
    assert ("clock_breached", "buyer") in told(office, case)
    assert ("clock_breached", "seller") not in told(office, case)
    follow(office, case)
    assert len(told(office, case)) == len(set(told(office, case)))
    office.post.send_due(office.service)
    late = [one for one in smtp.taken if "已超过" in str(one.message["Subject"])]
    assert [one.to for one in late] == [CONTACTS["buyer"]]
    assert "A photo." in late[0].part("plain")
    assert "The film." not in late[0].part("plain")


def test_a_decision_with_its_refund_is_one_notice_for_each_side(office: Office, smtp: Smtp) -> None:
    case = office.case(
        outbound_parcel={"signed_at": "2026-01-02T00:00:00Z"}, return_parcel={"signed_at": "2026-01-03T00:00:00Z"}
    )
    judged = judged_report(office.service, "main", case.id)
    with office.service.records.begin("main") as tx:
        looked = look(tx, case, judged)
        money = Money(amount=Decimal("100.00"), currency="CNY")
        ruling = Ruling(remedy=Remedy.PARTIAL_REFUND, refund=money, overrules=Overrule.GOODWILL, note="小李说可以")
        decide(tx, looked, "key:test", ruling=ruling)
    assert told(office, case) == [("decided", "buyer"), ("decided", "seller")]
    office.post.send_due(office.service)
    by = {one.to: one.part("plain") for one in smtp.taken}
    assert "100.00 元" in by[CONTACTS["buyer"]]
    assert "CNY 100.00" in by[CONTACTS["seller"]]
    assert not any("小李" in text for text in by.values())
    assert "If you appeal" in by[CONTACTS["seller"]]
    assert "申诉" not in by[CONTACTS["buyer"]]


@pytest.mark.parametrize(
    ("what", "kind", "sides"),
    [
        (Signed(leg=Leg.RETURN), NoticeKind.PARCEL_SIGNED, {"buyer", "seller"}),
        (CameBack(), NoticeKind.PARCEL_CAME_BACK, {"buyer", "seller"}),
        (Inspected(verdict="01999999-9999-7999-8999-999999999999", outcome="used"), NoticeKind.INSPECTED,
         {"buyer", "seller"}),
        (RefundConfirmed(money=Money(amount=Decimal(1), currency="CNY")), NoticeKind.REFUND_CONFIRMED, {"buyer"}),
    ],
    ids=lambda one: getattr(one, "value", ""),
)  # fmt: skip
def test_what_happens_is_told_to_whom_it_concerns(
    office: Office, what: Signed | CameBack | Inspected | RefundConfirmed, kind: NoticeKind, sides: set[str]
) -> None:
    case = office.case()
    office.enter(case, what)
    assert told(office, case) == sorted((kind.value, side) for side in sides)


def test_programs_are_told_of_each_entry_by_its_id(office: Office) -> None:
    case = office.case(contacts={}, claim={"kind": "exchange", "reason": ClaimReason.DAMAGED})
    with office.service.records.begin("main") as tx:
        endpoint, _ = subscribed(tx, "https://shop.example/hook", WebhookKind.CASE_CHANGED, tenant="main")
    entry = office.enter(case, CameBack(waybill="YT1")).entry
    with office.service.records.begin("main", reading=True) as tx:
        (delivery,) = tx.webhooks.deliveries(endpoint.id, DeliveryQuery(), Page(limit=10))
    assert delivery.payload["data"] == {"case": case.id, "entry": entry.id, "kind": "parcel.came_back"}
