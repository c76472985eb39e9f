"""When a delivery is tried again, and when an endpoint counts as gone."""

from datetime import UTC, datetime, timedelta

from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookKind, WhyDisabled
from sixfaces.domain.webhook_ports import WebhookAnswer
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks import reasons
from sixfaces.pipeline.webhooks.outcome import JITTER, LATEST, PATIENCE, WAITS, after, error_of, standing
from sixfaces.vault.secret_box import unusable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FAILED = WebhookAnswer(500)


def delivery(attempts: int = 0) -> WebhookDelivery:
    """One after so many attempts."""
    return WebhookDelivery(
        id=new_id(), tenant="main", endpoint_id=new_id(), kind=WebhookKind.TEST, subject=new_id(), payload={},
        attempts=attempts, next_attempt_at=NOW, created_at=NOW,
    )  # fmt: skip


def endpoint(failing_since: datetime | None = None) -> WebhookEndpoint:
    """One that has been failing since then."""
    return WebhookEndpoint(
        id=new_id(), tenant="main", url="https://a.example", kinds=(WebhookKind.TEST,), secret="v1", created_at=NOW,
        updated_at=NOW, failing_since=failing_since,
    )  # fmt: skip


def test_the_schedule_is_kept_within_a_tenth_and_spans_three_days() -> None:
    one, at = delivery(), NOW
    for wait in WAITS:
        one = after(one, FAILED, now=at)
        assert one.state is DeliveryState.PENDING
        assert one.next_attempt_at is not None
        assert wait * (1 - JITTER) <= one.next_attempt_at - at <= wait * (1 + JITTER)
        at = one.next_attempt_at
    assert timedelta(days=2) < at - NOW < timedelta(days=4)
    last = after(one, FAILED, now=at)
    assert (last.state, last.attempts, last.next_attempt_at) == (DeliveryState.FAILED, len(WAITS) + 1, None)


def test_attempts_that_failed_at_once_do_not_come_back_at_once() -> None:
    assert len({after(delivery(3), FAILED, now=NOW).next_attempt_at for _ in range(50)}) > 40


def test_nobody_puts_off_an_attempt_for_longer_than_a_day() -> None:
    put_off = after(delivery(), WebhookAnswer(503, later=timedelta(days=9)), now=NOW)
    assert put_off.next_attempt_at == NOW + LATEST


def test_a_success_ends_a_delivery_and_what_was_said_of_its_failures() -> None:
    done = after(delivery(4).model_copy(update={"last_error": reasons.TLS}), WebhookAnswer(299), now=NOW)
    assert (done.state, done.attempts, done.last_error, done.ended_at) == (DeliveryState.DELIVERED, 5, None, NOW)


def test_an_endpoint_is_disabled_when_its_patience_is_over_and_not_before() -> None:
    first = standing(endpoint(), reasons.STATUS, now=NOW)
    assert (first.failing_since, first.disabled_at) == (NOW, None)
    assert standing(first, reasons.STATUS, now=NOW + PATIENCE - timedelta(seconds=1)) == first
    over = standing(first, reasons.STATUS, now=NOW + PATIENCE)
    assert (over.disabled_why, over.disabled_at) == (WhyDisabled.FAILING, NOW + PATIENCE)
    assert standing(first, None, now=NOW + PATIENCE).failing_since is None
    assert standing(endpoint(), reasons.GONE, now=NOW).disabled_why is WhyDisabled.GONE


def test_gone_is_the_end_unless_the_endpoint_has_moved() -> None:
    gone = WebhookAnswer(410)
    assert after(delivery(), gone, now=NOW).state is DeliveryState.FAILED
    assert after(delivery(), gone, now=NOW, has_moved=True).state is DeliveryState.PENDING


def test_every_reason_has_words_in_both_languages() -> None:
    answers = [error_of(WebhookAnswer(status)) for status in (None, 304, 404, 410)]
    named = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}
    codes = {code for code in answers if code} | {unusable("x").code} | named
    assert len(codes) >= 12
    for code in codes:
        told = reasons.reason(code)
        assert told.text.zh.endswith("。")
        assert told.text.en.endswith(".")
        assert told.fix.zh
        assert told.fix.en
