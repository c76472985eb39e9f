"""What is announced arrives, signed so that a receiver's own library believes it, whatever the receiver is like."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from sixfaces.domain.webhook import DeliveryState, WebhookKind, WhyDisabled
from sixfaces.pipeline.webhooks import reasons
from sixfaces.pipeline.webhooks.endpoints import rotate_secret
from sixfaces.pipeline.webhooks.outcome import PATIENCE, WAITS
from sixfaces.pipeline.webhooks.signing import new_secret
from tests.contract.webhooks.conftest import Outbox, lanes_of
from tests.rig.webhook_receiver import BOX, Receiver, drip, endless, hang, says, status


def test_an_event_arrives_and_the_receivers_library_believes_it(outbox: Outbox, there: Receiver) -> None:
    endpoint, secret = outbox.endpoint(there.url)
    outbox.announce(name="面单")
    outbox.turn()
    (heard,) = there.heard
    told = heard.verified(secret)
    assert told["type"] == "exhibit.sealed"
    assert told["data"] == {"number": 0, "name": "面单"}
    assert set(told) == {"type", "timestamp", "data"}
    assert heard.path == "/hook?x=1"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["user-agent"].startswith("sixfaces/")
    (delivery,) = outbox.deliveries(endpoint)
    assert heard.id == delivery.id
    assert (delivery.state, delivery.attempts, delivery.last_status) == (DeliveryState.DELIVERED, 1, 200)
    assert delivery.ended_at is not None
    assert delivery.next_attempt_at is None


def test_a_changed_byte_another_secret_and_an_old_stamp_are_found_out(outbox: Outbox, there: Receiver) -> None:
    _, secret = outbox.endpoint(there.url)
    outbox.announce()
    outbox.turn()
    (heard,) = there.heard
    late = str(int(heard.headers["webhook-timestamp"]) - 301)
    for spoilt, key in (
        (heard._replace(body=heard.body.replace(b"0", b"1")), secret),
        (heard, new_secret()),
        (heard._replace(headers=heard.headers | {"webhook-timestamp": late}), secret),
        (heard._replace(headers=heard.headers | {"webhook-id": "another"}), secret),
    ):
        with pytest.raises(WebhookVerificationError):
            spoilt.verified(key)


def test_a_failed_attempt_is_repeated_with_the_same_id_and_body_and_its_own_stamp(
    outbox: Outbox, there: Receiver
) -> None:
    endpoint, secret = outbox.endpoint(there.url)
    there.answer = status(500)
    outbox.announce()
    outbox.turn()
    assert outbox.now(endpoint).failing_since is not None
    there.answer = status(204)
    outbox.until(lambda: outbox.deliveries(endpoint)[0].state is DeliveryState.DELIVERED)
    first, *_, last = there.heard
    assert (first.id, first.body) == (last.id, last.body)
    assert last.verified(secret) == first.verified(secret)
    assert outbox.deliveries(endpoint)[0].attempts == len(there.heard) >= 2
    assert outbox.now(endpoint).failing_since is None


def test_after_the_last_attempt_a_delivery_is_given_up_and_says_why(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = status(503)
    outbox.announce()
    outbox.until(lambda: outbox.deliveries(endpoint)[0].state is DeliveryState.FAILED)
    (delivery,) = outbox.deliveries(endpoint)
    assert delivery.attempts == len(there.heard) == len(WAITS) + 1
    assert (delivery.last_status, delivery.last_error) == (503, reasons.STATUS)
    assert outbox.now(endpoint).disabled_at is None


def test_both_secrets_sign_during_a_rotation_and_one_after_it(outbox: Outbox, there: Receiver) -> None:
    endpoint, old = outbox.endpoint(there.url)
    with outbox.service.records.begin("main") as tx:
        rotated, new = rotate_secret(tx, endpoint.id, box=BOX, overlap=timedelta(hours=24))
    outbox.announce()
    outbox.turn()
    (both,) = there.heard
    assert len(both.headers["webhook-signature"].split()) == 2
    assert both.verified(old) == both.verified(new)
    with outbox.service.records.begin("main") as tx:
        tx.webhooks.change(rotated.model_copy(update={"previous_until": tx.now}))
    outbox.announce()
    outbox.turn()
    one = there.heard[-1]
    assert one.verified(new)
    with pytest.raises(WebhookVerificationError):
        one.verified(old)


def test_a_leaked_secret_is_worth_nothing_at_once(outbox: Outbox, there: Receiver) -> None:
    endpoint, old = outbox.endpoint(there.url)
    with outbox.service.records.begin("main") as tx:
        rotate_secret(tx, endpoint.id, box=BOX, overlap=timedelta())
    outbox.announce()
    outbox.turn()
    with pytest.raises(WebhookVerificationError):
        there.heard[0].verified(old)


def test_410_disables_the_endpoint_and_what_waits_has_failed(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = status(410)
    outbox.announce(3)
    outbox.turn()
    outbox.turn()
    found = outbox.now(endpoint)
    assert (found.disabled_why, found.disabled_at is not None) == (WhyDisabled.GONE, True)
    states = [(one.state, one.last_error) for one in outbox.deliveries(endpoint)]
    assert set(states) == {(DeliveryState.FAILED, reasons.GONE), (DeliveryState.FAILED, reasons.DISABLED)}
    outbox.announce()
    assert outbox.deliveries(endpoint)[-1].last_error == reasons.DISABLED, "it is kept, to be replayed"
    before = len(there.heard)
    outbox.turn()
    assert len(there.heard) == before


def test_an_endpoint_that_fails_for_five_days_is_disabled(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = status(500)
    with outbox.service.records.begin("main") as tx:
        short = tx.now - PATIENCE + timedelta(minutes=5)
        tx.webhooks.change(endpoint.model_copy(update={"failing_since": short}))
    outbox.announce()
    outbox.turn()
    assert outbox.now(endpoint).disabled_at is None
    with outbox.service.records.begin("main") as tx:
        tx.webhooks.change(endpoint.model_copy(update={"failing_since": tx.now - PATIENCE}))
    outbox.until(lambda: outbox.now(endpoint).disabled_at is not None)
    assert outbox.now(endpoint).disabled_why is WhyDisabled.FAILING
    assert outbox.deliveries(endpoint)[0].state is DeliveryState.FAILED


def test_a_redirect_is_not_followed(outbox: Outbox, there: Receiver, another: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = status(307, f"location: {another.url}")
    outbox.announce()
    outbox.turn()
    assert another.connections == 0
    (delivery,) = outbox.deliveries(endpoint)
    assert (delivery.state, delivery.last_error) == (DeliveryState.PENDING, reasons.REDIRECT)


def test_of_an_endless_answer_little_is_read_and_it_counts(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = endless
    outbox.announce()
    outbox.turn()
    assert outbox.deliveries(endpoint)[0].state is DeliveryState.DELIVERED


@pytest.mark.parametrize("answer", [hang, drip], ids=["hangs", "drips"])
def test_who_does_not_answer_in_time_has_failed(outbox: Outbox, there: Receiver, answer: object) -> None:
    outbox.lanes = lanes_of(timeout_s=0.4)
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = answer  # type: ignore[assignment]  # one of two functions
    outbox.announce()
    outbox.turn()
    (delivery,) = outbox.deliveries(endpoint)
    assert (delivery.last_status, delivery.last_error) == (None, reasons.TIMEOUT)


def test_what_is_no_http_and_nobody_there_are_told_apart(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    gone, _ = outbox.endpoint("http://127.0.0.1:1/")
    outbox.announce()
    outbox.turn()
    assert outbox.deliveries(endpoint)[0].last_error == reasons.ANSWER
    assert outbox.deliveries(gone)[0].last_error == reasons.CONNECT


def test_a_dead_endpoint_holds_up_no_other(outbox: Outbox, there: Receiver, another: Receiver) -> None:
    dead, _ = outbox.endpoint(there.url)
    there.answer = hang
    well, secret = outbox.endpoint(another.url)
    outbox.announce(30)
    outbox.until(lambda: len(another.heard) >= 30)
    assert len({one.verified(secret)["data"]["number"] for one in another.heard}) == 30
    outbox.until(lambda: all(one.state is DeliveryState.DELIVERED for one in outbox.deliveries(well)))
    assert {one.state for one in outbox.deliveries(dead)} == {DeliveryState.PENDING}
    there.over.set()


def test_two_processes_send_each_delivery_once(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    other = lanes_of()
    outbox.announce(40)

    def done() -> bool:
        other.start_due(outbox.service)
        return all(one.state is DeliveryState.DELIVERED for one in outbox.deliveries(endpoint))

    outbox.until(done)
    assert other.drained(20.0)
    assert sorted(one.id for one in there.heard) == [one.id for one in outbox.deliveries(endpoint)]


def test_who_has_lost_the_claim_writes_nothing(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    outbox.announce()
    with outbox.service.records.begin(None) as tx:
        old = tx.webhooks.claim(endpoint.id, lease=timedelta())
        assert old is not None
        assert tx.webhooks.claim(endpoint.id, lease=timedelta(minutes=1)) is not None
        assert tx.webhooks.claim(endpoint.id, lease=timedelta()) is None
        assert not tx.webhooks.attempted(old.model_copy(update={"state": DeliveryState.DELIVERED}))
    assert outbox.deliveries(endpoint)[0].state is DeliveryState.PENDING


def test_an_endpoint_that_asks_to_be_left_alone_is(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    there.answer = status(429, "retry-after: 3600")
    outbox.announce()
    outbox.turn()
    (delivery,) = outbox.deliveries(endpoint)
    assert delivery.next_attempt_at is not None
    assert delivery.last_attempt_at is not None
    assert delivery.next_attempt_at - delivery.last_attempt_at == timedelta(hours=1)


def test_a_secret_that_no_key_opens_is_told_and_tried_again(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    with outbox.service.records.begin("main") as tx:
        anothers = BOX.seal(new_secret(), place="webhook of somebody else")
        tx.webhooks.change(endpoint.model_copy(update={"secret": anothers}))
    outbox.announce()
    outbox.turn()
    assert there.heard == []
    (delivery,) = outbox.deliveries(endpoint)
    assert (delivery.state, delivery.last_error) == (DeliveryState.PENDING, reasons.KEY)


def test_only_what_was_asked_for_is_told(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url, WebhookKind.DECISION_MADE)
    stranger, _ = outbox.endpoint(there.url, tenant="other")
    outbox.announce()
    assert outbox.deliveries(endpoint) == outbox.deliveries(stranger) == []


def test_the_signature_is_that_of_the_standard(outbox: Outbox, there: Receiver) -> None:
    _, secret = outbox.endpoint(there.url)
    outbox.announce()
    outbox.turn()
    (heard,) = there.heard
    assert secret.startswith("whsec_")
    assert Webhook(secret).verify(heard.body, heard.headers, json_parse=True)
    assert heard.headers["webhook-signature"].startswith("v1,")
