"""What was sent to endpoints, what waits, what was given up; and sending it again."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, open_to
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Model
from sixfaces.domain.people import Id, TenantId
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookKind
from sixfaces.domain.webhook_ports import DeliveryQuery
from sixfaces.pipeline.inspections.knowing import refuse_blind_anywhere
from sixfaces.pipeline.webhooks.endpoints import delivery_of, endpoint_of, replay, replay_since
from sixfaces.pipeline.webhooks.reasons import reason

router = APIRouter(route_class=GuardedRoute, prefix="/webhooks/{webhook_id}", tags=["webhooks"])

Subject = Annotated[str | None, Query(min_length=1, max_length=36)]


class DeliveryView(Model):
    """One event for one endpoint. `id` is the header `webhook-id`, `payload` the body. `reason`: why the last attempt
    did not arrive."""

    id: Id
    tenant: TenantId
    endpoint_id: Id
    kind: WebhookKind
    subject: Id
    payload: dict[str, Any]
    state: DeliveryState
    attempts: int
    next_attempt_at: AwareDatetime | None
    last_attempt_at: AwareDatetime | None
    last_status: int | None
    reason: Quarantine | None
    created_at: AwareDatetime
    ended_at: AwareDatetime | None


class ReplaySince(Model):
    """Send again what was written at this instant or later and has not arrived; `also_delivered`: and what has."""

    since: AwareDatetime
    also_delivered: bool = False


class Replayed(Model):
    """How many deliveries are due now. `next_since`: there may be more; ask once more with this as `since`."""

    deliveries: int
    next_since: AwareDatetime | None


@router.get("/deliveries", summary="Deliveries", **open_to(ADMINS))
def list_deliveries(  # noqa: PLR0913 the filters
    asking: Asking,
    webhook_id: str,
    *,
    state: DeliveryState | None = None,
    kind: WebhookKind | None = None,
    subject: Subject = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Listed[DeliveryView]:
    """Newest first. `subject` is the id of what the event is of: an exhibit, a verdict, a case."""

    def find(page: Page) -> list[DeliveryView]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            endpoint = endpoint_of(transaction, webhook_id)
            found = transaction.webhooks.deliveries(endpoint.id, DeliveryQuery(state, kind, subject), page)
        return [view_of(one) for one in found]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/deliveries/{delivery_id}", summary="A delivery", **open_to(ADMINS))
def get_delivery(asking: Asking, webhook_id: str, delivery_id: str) -> DeliveryView:
    """One delivery: how often it was tried, when it will be again, and why the last attempt did not arrive."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return view_of(delivery_of(transaction, webhook_id, delivery_id))


@router.post("/deliveries/{delivery_id}/replay", summary="Send a delivery again", response_model=DeliveryView,
             **open_to(ADMINS, 409))  # fmt: skip
def replay_delivery(asking: Asking, webhook_id: str, delivery_id: str) -> Response:
    """With the id and the body that it had, so that a receiver knows whether it has it; now, where it waits."""

    def work(transaction: Transaction) -> Told:
        refuse_blind_anywhere(transaction, asking.principal)
        return Told(view_of(replay(transaction, webhook_id, delivery_id)))

    return once(asking, work)


@router.post("/replay", summary="Send deliveries again", response_model=Replayed, **open_to(ADMINS, 409, 413, 415))
def replay_deliveries(asking: Asking, webhook_id: str, wanted: ReplaySince) -> Response:
    """For a receiver that was away for longer than is tried, or has lost what it had; the oldest 5,000 of them."""

    def work(transaction: Transaction) -> Told:
        refuse_blind_anywhere(transaction, asking.principal)
        again = replay_since(transaction, webhook_id, wanted.since, also_delivered=wanted.also_delivered)
        return Told(Replayed(**again._asdict()))

    return once(asking, work)


def view_of(delivery: WebhookDelivery) -> DeliveryView:
    """Without what only the sender needs."""
    told = {name: getattr(delivery, name) for name in DeliveryView.model_fields if name != "reason"}
    return DeliveryView(**told, reason=reason(delivery.last_error) if delivery.last_error else None)
