"""An event and what tells of it are both there or neither; what is told is thin."""

from contextlib import suppress

from sixfaces.domain.answer import Verdict
from sixfaces.domain.filing import CaseState
from sixfaces.domain.records import Page
from sixfaces.domain.webhook import DeliveryState, WebhookEndpoint, WebhookKind
from sixfaces.domain.webhook_ports import DeliveryQuery
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks.announcing import announce, announce_judged
from sixfaces.pipeline.work.follow_up import turn
from tests.contract.records.making import filed, sealed, verdict
from tests.contract.webhooks.conftest import Outbox
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of

URL = "https://shop.example/hook"


def told(outbox: Outbox, endpoint: WebhookEndpoint) -> list[tuple[WebhookKind, dict[str, object]]]:
    """Kinds and data, in order."""
    return [(one.kind, one.payload["data"]) for one in outbox.deliveries(endpoint)]


def test_an_event_that_is_undone_is_told_to_nobody(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint(URL)
    with suppress(ZeroDivisionError), outbox.service.records.begin("main") as tx:
        announce(tx, WebhookKind.DECISION_MADE, tenant="main", subject=new_id(), data={})
        raise ZeroDivisionError
    assert outbox.deliveries(endpoint) == []


def test_each_endpoint_has_a_row_of_its_own_and_an_id_of_its_own(outbox: Outbox) -> None:
    ends = [outbox.endpoint(URL)[0] for _ in range(3)]
    outbox.announce()
    rows = [one for end in ends for one in outbox.deliveries(end)]
    assert len({one.id for one in rows}) == 3
    assert len({str(one.payload) for one in rows}) == 1


def test_a_verdict_is_told_with_where_its_report_is_and_review_is_asked_for(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint(URL)
    case = new_case(outbox.service)
    file_exhibit(outbox.service, case, Sent(b"\x00\x00\x00\x20ftypisom" + bytes(64)))
    run_all(runner_of(outbox.service))
    with outbox.service.records.begin("main", reading=True) as tx:
        (judged,) = tx.verdicts.of_case(case.id)
    found = dict(told(outbox, endpoint))
    assert found[WebhookKind.EVIDENCE_JUDGED] == {
        "case": case.id,
        "revision": judged.revision,
        "verdict": judged.verdict.value,
        "verdict_id": judged.id,
        "policy": f"{judged.policy}@{judged.policy_version}",
        "report": f"/v1/cases/{case.id}/verdicts/{judged.id}/report",
    }
    assert (WebhookKind.CASE_NEEDS_REVIEW in found) is (judged.verdict is Verdict.NEEDS_REVIEW)


def test_only_a_verdict_that_asks_for_a_person_asks_for_review(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint(URL)
    with outbox.service.records.begin("main") as tx:
        given = verdict(filed(tx), tx.now)
        announce_judged(tx, given)
        announce_judged(tx, given.model_copy(update={"verdict": Verdict.NEEDS_REVIEW}))
    assert [kind for kind, _ in told(outbox, endpoint)] == [
        WebhookKind.EVIDENCE_JUDGED,
        WebhookKind.EVIDENCE_JUDGED,
        WebhookKind.CASE_NEEDS_REVIEW,
    ]
    assert told(outbox, endpoint)[-1][1]["reason"] == "verdict"


def test_a_case_that_gets_no_verdict_by_itself_asks_for_a_person(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint(URL)
    with outbox.service.records.begin("main") as tx:
        case = filed(tx)
        tx.cases.change(case.id, state=CaseState.VERIFYING)
    with outbox.service.records.begin(None) as tx:  # as the sweep does
        turn(tx, case.id, old=CaseState.VERIFYING, new=CaseState.STALLED)
        turn(tx, case.id, old=CaseState.STALLED, new=CaseState.VERIFYING)
    data = {"reason": "stalled", "case": case.id, "revision": 1}
    assert told(outbox, endpoint) == [(WebhookKind.CASE_NEEDS_REVIEW, data)]


def test_an_endpoint_is_not_removed_under_an_event_and_takes_its_deliveries_along(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint(URL)
    outbox.announce(3)
    with outbox.service.records.begin("main") as tx:
        assert tx.webhooks.remove(endpoint.id)
        assert not tx.webhooks.remove(endpoint.id)
        announce(tx, WebhookKind.EXHIBIT_SEALED, tenant="main", subject=new_id(), data={})
    assert outbox.deliveries(endpoint) == []
    outbox.turn()


def test_deliveries_that_have_ended_are_forgotten_when_they_are_old_and_others_are_not(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint(URL)
    outbox.announce(4)
    with outbox.service.records.begin(None) as tx:
        *_, second, first = tx.webhooks.deliveries(endpoint.id, DeliveryQuery(), Page())
        for one in (first, second):
            ended = {"state": DeliveryState.DELIVERED, "ended_at": tx.now, "next_attempt_at": None}
            assert tx.webhooks.attempted(one.model_copy(update=ended))
        now = tx.now
    with outbox.service.records.begin(None) as tx:
        assert tx.webhooks.prune(before=now, limit=9) == 0
        assert tx.webhooks.prune(before=tx.now, limit=1) == 1
        assert tx.webhooks.prune(before=tx.now, limit=9) == 1
    assert {one.state for one in outbox.deliveries(endpoint)} == {DeliveryState.PENDING}
    assert len(outbox.deliveries(endpoint)) == 2


def test_a_sealed_exhibit_and_its_delivery_are_of_one_moment(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint(URL)
    with outbox.service.records.begin("main") as tx:
        exhibit = sealed(tx, filed(tx))
        announce(tx, WebhookKind.EXHIBIT_SEALED, tenant="main", subject=exhibit.id, data={"exhibit": exhibit.id})
    (row,) = outbox.deliveries(endpoint)
    assert row.created_at == exhibit.sealed_at
    assert row.payload["timestamp"].endswith("Z")
