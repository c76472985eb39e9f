"""What follows from an attempt: delivered, once more later, or given up; and what that says of the endpoint."""

import random
from datetime import datetime, timedelta
from typing import Any

from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint, WhyDisabled
from sixfaces.domain.webhook_ports import WebhookAnswer
from sixfaces.pipeline.webhooks import reasons

_UNITS = {"s": 1, "m": 60, "h": 3600}
WAITS = tuple(
    timedelta(seconds=int(told[:-1]) * _UNITS[told[-1]])
    for told in ("5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h")
)
"""After the first failed attempt, the second, … the last of which is followed by no other."""

PATIENCE = timedelta(days=5)
"""An endpoint that fails for so long without one success is disabled."""

JITTER = 0.1
LATEST = timedelta(hours=24)
"""No endpoint can put off an attempt for longer."""

_GONE = 410


def after(
    delivery: WebhookDelivery,
    answer: WebhookAnswer,
    *,
    now: datetime,
    waits: tuple[timedelta, ...] = WAITS,
    has_moved: bool = False,
) -> WebhookDelivery:
    """The delivery after one more attempt. `has_moved`: the endpoint has another address by now, which is tried where
    this one is gone."""
    error = error_of(answer)
    done: dict[str, Any] = {
        "attempts": delivery.attempts + 1,
        "last_attempt_at": now,
        "last_status": answer.status,
        "last_error": error,
    }
    if error is None or (error == reasons.GONE and not has_moved) or delivery.attempts >= len(waits):
        state = DeliveryState.DELIVERED if error is None else DeliveryState.FAILED
        return delivery.model_copy(update=done | {"state": state, "next_attempt_at": None, "ended_at": now})
    wait = waits[delivery.attempts] * random.uniform(1 - JITTER, 1 + JITTER)
    later = max(wait, min(answer.later or timedelta(), LATEST))
    return delivery.model_copy(update=done | {"next_attempt_at": now + later})


def standing(endpoint: WebhookEndpoint, error: str | None, *, now: datetime) -> WebhookEndpoint:
    """The endpoint after an attempt that ended so: the same one where nothing changes."""
    if error is None:
        return endpoint if endpoint.failing_since is None else endpoint.model_copy(update={"failing_since": None})
    since = endpoint.failing_since or now
    why = WhyDisabled.GONE if error == reasons.GONE else WhyDisabled.FAILING if now - since >= PATIENCE else None
    if why is not None and endpoint.disabled_at is None:
        return endpoint.model_copy(update={"failing_since": since, "disabled_at": now, "disabled_why": why})
    return endpoint if endpoint.failing_since else endpoint.model_copy(update={"failing_since": since})


def error_of(answer: WebhookAnswer) -> str | None:
    """Why the attempt does not count as arrived; None where it does."""
    if answer.status is None:
        return answer.error or reasons.CONNECT
    if 200 <= answer.status < 300:
        return None
    if answer.status == _GONE:
        return reasons.GONE
    return reasons.REDIRECT if 300 <= answer.status < 400 else reasons.STATUS
