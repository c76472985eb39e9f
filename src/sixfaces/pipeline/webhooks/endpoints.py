"""Endpoints: made, edited, their secrets rotated, tried out; and what was sent to them, sent again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sixfaces.domain.people import Principal
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookKind, WhyDisabled
from sixfaces.domain.webhook_ports import Again, DeliveryCount
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.ids import is_id, new_id
from sixfaces.pipeline.refusals import match_needed, missing
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.webhooks import refusals
from sixfaces.pipeline.webhooks.announcing import new_delivery
from sixfaces.pipeline.webhooks.egress import Egress
from sixfaces.pipeline.webhooks.reasons import DISABLED
from sixfaces.pipeline.webhooks.signing import new_secret, place_of
from sixfaces.vault.secret_box import SecretBox

MOST_ENDPOINTS = 20
"""Of one tenant: each event is written once for each of them."""

MOST_AT_ONCE = 5000
"""Deliveries that one request sends again: rows are locked meanwhile."""

LONGEST_OVERLAP = timedelta(days=7)


class Terms(NamedTuple):
    """What an installation lets endpoints be: where they may lie, and what keeps their secrets."""

    egress: Egress
    box: SecretBox


class Wanted(NamedTuple):
    """What an endpoint is to be; None: as it is."""

    url: str | None = None
    description: str | None = None
    kinds: Sequence[WebhookKind] | None = None
    enabled: bool | None = None


def made_ready(service: Service, box: SecretBox) -> None:
    """Before the first endpoint of the installation a key for secrets is made. Later a key that is not there has been
    lost, and a new one in its place would only hide that. Raises WebhookError `webhook.key`, RecordsError."""
    with service.records.begin(None, reading=True) as transaction:
        is_first = not transaction.webhooks.find(Page(limit=1))
    if is_first:
        box.make()


def add_endpoint(transaction: Transaction, who: Principal, wanted: Wanted, *, terms: Terms
                 ) -> tuple[WebhookEndpoint, str]:  # fmt: skip
    """A new endpoint and its secret, which is told here only. Raises WebhookError `webhook.url`, `webhook.too_many`,
    `webhook.key`."""
    url = wanted.url or ""
    terms.egress.check(url)
    transaction.webhooks.lock_all(who.tenant)
    if len(transaction.webhooks.find(Page(limit=MOST_ENDPOINTS))) >= MOST_ENDPOINTS:
        raise refusals.too_many(MOST_ENDPOINTS)
    id, secret, now = new_id(), new_secret(), transaction.now
    endpoint = WebhookEndpoint(
        id=id,
        tenant=who.tenant,
        url=url,
        description=wanted.description or "",
        kinds=_kinds(wanted.kinds or ()),
        secret=terms.box.seal(secret, place=place_of(id)),
        created_at=now,
        updated_at=now,
    )
    transaction.webhooks.add(endpoint)
    return endpoint, secret


def endpoint_of(transaction: Transaction, id: str, *, lock: bool = False) -> WebhookEndpoint:
    """One endpoint. Raises `request.missing`."""
    endpoint = transaction.webhooks.get(id, lock=lock) if is_id(id) else None
    if endpoint is None:
        raise missing()
    return endpoint


def edit_endpoint(transaction: Transaction, id: str, wanted: Wanted, *, expected: Expected, egress: Egress
                  ) -> WebhookEndpoint:  # fmt: skip
    """Change what is given. The same again changes nothing. What waits for an endpoint that is disabled has failed.

    Raises `request.missing`, `request.stale`, `request.match_needed`, `webhook.url`.
    """
    known = endpoint_of(transaction, id, lock=True)
    expected.check(known.revision)
    given = {"url": wanted.url, "description": wanted.description, "kinds": wanted.kinds and _kinds(wanted.kinds)}
    new: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    new |= _turned(known, wanted.enabled, transaction.now)
    if all(getattr(known, name) == value for name, value in new.items()):
        return known
    if not expected.of_something:
        raise match_needed()
    if wanted.url is not None and wanted.url != known.url:
        egress.check(wanted.url)
        new["failing_since"] = None  # nothing is known of the new one
    edited = known.model_copy(update=new | {"revision": known.revision + 1, "updated_at": transaction.now})
    transaction.webhooks.change(edited)
    if edited.disabled_at is not None and known.disabled_at is None:
        transaction.webhooks.give_up(id, error=DISABLED)
    return edited


def remove_endpoint(transaction: Transaction, id: str) -> None:
    """The endpoint goes, and what was sent to it is forgotten. Raises `request.missing`."""
    endpoint_of(transaction, id)
    if not transaction.webhooks.remove(id):
        raise missing()


def rotate_secret(transaction: Transaction, id: str, *, box: SecretBox, overlap: timedelta
                  ) -> tuple[WebhookEndpoint, str]:  # fmt: skip
    """A new secret, which is told here only; for the overlap the one before signs as well. Raises `request.missing`,
    `webhook.key`."""
    known, secret = endpoint_of(transaction, id, lock=True), new_secret()
    goes_on = overlap > timedelta()
    new = {
        "secret": box.seal(secret, place=place_of(id)),
        "previous": known.secret if goes_on else None,
        "previous_until": transaction.now + min(overlap, LONGEST_OVERLAP) if goes_on else None,
        "revision": known.revision + 1,
        "updated_at": transaction.now,
    }
    rotated = known.model_copy(update=new)
    transaction.webhooks.change(rotated)
    return rotated, secret


def send_test(transaction: Transaction, id: str) -> WebhookDelivery:
    """A delivery of a test event, due at once. Raises `request.missing`, `webhook.disabled`."""
    endpoint = _enabled(transaction, id)
    told = {"endpoint": endpoint.id}
    delivery = new_delivery(transaction, endpoint, WebhookKind.TEST, subject=endpoint.id, data=told)
    transaction.webhooks.enqueue(delivery)
    return delivery


def delivery_of(transaction: Transaction, endpoint_id: str, id: str) -> WebhookDelivery:
    """One delivery to this endpoint. Raises `request.missing`."""
    delivery = transaction.webhooks.delivery(id) if is_id(id) else None
    if delivery is None or delivery.endpoint_id != endpoint_id:
        raise missing()
    return delivery


def replay(transaction: Transaction, endpoint_id: str, id: str) -> WebhookDelivery:
    """Send a delivery again, or now instead of later, with the id and the body that it had. Raises `request.missing`,
    `webhook.disabled`."""
    _enabled(transaction, endpoint_id)
    delivery_of(transaction, endpoint_id, id)
    again = transaction.webhooks.again_one(id)
    if again is None:
        raise missing()
    return again


def replay_since(transaction: Transaction, endpoint_id: str, since: datetime, *, also_delivered: bool) -> Again:
    """The same for what was written since then and has not arrived, or for all; the oldest `MOST_AT_ONCE` of them.
    Raises as `replay`."""
    _enabled(transaction, endpoint_id)
    states = set(DeliveryState) if also_delivered else {DeliveryState.FAILED, DeliveryState.PENDING}
    return transaction.webhooks.again(endpoint_id, since=since, states=states, limit=MOST_AT_ONCE)


def _enabled(transaction: Transaction, id: str) -> WebhookEndpoint:
    endpoint = endpoint_of(transaction, id, lock=True)
    if endpoint.disabled_at is not None:
        raise refusals.disabled()
    return endpoint


def _turned(known: WebhookEndpoint, enabled: bool | None, now: datetime) -> dict[str, Any]:
    if enabled is None or enabled is (known.disabled_at is None):
        return {}
    if enabled:
        return {"disabled_at": None, "disabled_why": None, "failing_since": None}
    return {"disabled_at": now, "disabled_why": WhyDisabled.ADMIN}


def _kinds(kinds: Sequence[WebhookKind]) -> tuple[WebhookKind, ...]:
    """Each once, in the order in which they are listed everywhere."""
    return tuple(kind for kind in WebhookKind if kind in set(kinds))


def deliveries_counted(service: Service) -> Sequence[DeliveryCount]:
    """Deliveries of all tenants, counted: for figures that name none."""
    with service.records.begin(None, reading=True) as transaction:
        return transaction.webhooks.count()
