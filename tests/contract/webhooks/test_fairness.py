"""Nobody's endpoints hold up another's: lanes are shared out over tenants, and what moves does so for the better."""

import socket
import threading
from datetime import timedelta

from sixfaces.domain.errors import WebhookError
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.webhook import DeliveryState
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks.endpoints import MOST_ENDPOINTS, Terms, Wanted, add_endpoint, edit_endpoint
from tests.contract.webhooks.conftest import Outbox, lanes_of
from tests.rig.webhook_receiver import BOX, LOOPBACK, Answer, Receiver, hang, status


def test_a_tenant_whose_endpoints_all_hang_leaves_lanes_to_others(
    outbox: Outbox, there: Receiver, another: Receiver
) -> None:
    outbox.lanes = lanes_of(most=4)
    there.answer = hang
    for _ in range(6):
        outbox.endpoint(there.url)
    outbox.announce(3)
    outbox.lanes.start_due(outbox.service)
    there.wait(1)
    well, _ = outbox.endpoint(another.url, tenant="other")
    outbox.announce(5, tenant="other")
    outbox.until(lambda: all(one.state is DeliveryState.DELIVERED for one in outbox.deliveries(well)))
    assert len(there.heard) == 1, "a quarter of four lanes"
    there.over.set()


def test_who_has_been_served_least_comes_first_when_a_lane_has_had_its_turn(
    outbox: Outbox, there: Receiver, another: Receiver
) -> None:
    outbox.lanes = lanes_of(most=1, most_in_a_row=2)
    many, _ = outbox.endpoint(there.url)
    few, _ = outbox.endpoint(another.url, tenant="other")
    outbox.announce(20)
    outbox.turn()
    outbox.announce(1, tenant="other")
    for _ in range(2):
        outbox.turn()
    assert len(there.heard) <= 4
    assert [one.state for one in outbox.deliveries(few)] == [DeliveryState.DELIVERED]
    assert sum(one.state is DeliveryState.DELIVERED for one in outbox.deliveries(many)) == len(there.heard)


def _moves_meanwhile(outbox: Outbox, endpoint_id: str, url: str, last: Answer) -> Answer:
    """Answers after the endpoint has got another address."""

    def answer(receiver: Receiver, line: socket.socket) -> None:
        with outbox.service.records.begin("main") as tx:
            edit_endpoint(tx, endpoint_id, Wanted(url), expected=Expected(there=True), egress=LOOPBACK)
        last(receiver, line)

    return answer


def test_410_from_an_address_that_the_endpoint_has_no_more_does_not_disable_it(
    outbox: Outbox, there: Receiver, another: Receiver
) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = _moves_meanwhile(outbox, endpoint.id, another.url, status(410))
    outbox.announce()
    outbox.turn()
    found = outbox.now(endpoint)
    assert (found.url, found.disabled_at, found.failing_since) == (another.url, None, None)
    outbox.until(lambda: outbox.deliveries(endpoint)[0].state is DeliveryState.DELIVERED)
    assert len(another.heard) == 1


def test_a_new_address_begins_without_the_failures_of_the_old_one(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = status(500)
    outbox.announce()
    outbox.turn()
    assert outbox.now(endpoint).failing_since is not None
    with outbox.service.records.begin("main") as tx:
        wanted = Wanted(there.url.replace("x=1", "x=2"))
        edit_endpoint(tx, endpoint.id, wanted, expected=Expected(there=True), egress=LOOPBACK)
    assert outbox.now(endpoint).failing_since is None


def test_of_many_who_make_an_endpoint_at_once_no_more_succeed_than_may(outbox: Outbox) -> None:
    someone = Principal(tenant="main", key_id=new_id(), role=ApiRole.ADMIN)
    for _ in range(MOST_ENDPOINTS - 1):
        outbox.endpoint("http://127.0.0.1:1/")
    told: list[str] = []
    together = threading.Barrier(4)

    def make() -> None:
        together.wait(20)
        try:
            with outbox.service.records.begin("main") as tx:
                add_endpoint(tx, someone, Wanted("http://127.0.0.1:1/"), terms=Terms(LOOPBACK, BOX))
            told.append("made")
        except WebhookError as exc:
            told.append(exc.code)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["made", *["webhook.too_many"] * 3]


def test_what_is_sent_again_comes_in_batches_and_none_is_left_out(outbox: Outbox) -> None:
    endpoint, _ = outbox.endpoint("http://127.0.0.1:1/")
    for _ in range(5):
        outbox.announce()
    since, seen, failed = endpoint.created_at, 0, {DeliveryState.FAILED}
    with outbox.service.records.begin("main") as tx:
        assert tx.webhooks.give_up(endpoint.id, error="webhook.disabled") == 5
    for _ in range(3):
        with outbox.service.records.begin("main") as tx:
            again = tx.webhooks.again(endpoint.id, since=since, states=failed, limit=2)
        seen += again.deliveries
        since = again.next_since or since + timedelta(days=1)
    assert (seen, again.next_since) == (5, None)
    assert {one.state for one in outbox.deliveries(endpoint)} == {DeliveryState.PENDING}
