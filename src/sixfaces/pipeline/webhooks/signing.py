"""Signed as the Standard Webhooks specification says (v1: HMAC-SHA256), by each secret that is good at that instant."""

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta

from sixfaces.domain.webhook import WebhookDelivery, WebhookEndpoint
from sixfaces.vault.secret_box import SecretBox

PREFIX = "whsec_"
SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)
"""For so long the secret before a rotation signs as well."""


def new_secret() -> str:
    """As its holder keeps it; receivers' libraries take it whole."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def place_of(endpoint_id: str) -> str:
    """What the sealed secrets of an endpoint are bound to."""
    return f"webhook {endpoint_id}"


def secrets_of(endpoint: WebhookEndpoint, box: SecretBox, *, at: datetime) -> list[str]:
    """The secrets that sign at this instant, the present one first. Raises WebhookError `webhook.key`."""
    sealed = [endpoint.secret]
    if endpoint.previous is not None and endpoint.previous_until is not None and at < endpoint.previous_until:
        sealed.append(endpoint.previous)
    return [box.open(one, place=place_of(endpoint.id)) for one in sealed]


def body_of(delivery: WebhookDelivery) -> str:
    """The body of every attempt, the same to the byte."""
    return json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":"))


def headers_of(delivery: WebhookDelivery, body: str, *, keys: list[str], at: datetime) -> dict[str, str]:
    """What goes beside the body. `at`: the instant of this attempt, which bounds how long it can be replayed."""
    from standardwebhooks import Webhook

    stamp = at.astimezone(UTC).replace(microsecond=0)
    signatures = (Webhook(key).sign(delivery.id, stamp, body) for key in keys)
    return {
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(stamp.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": "application/json",
    }
