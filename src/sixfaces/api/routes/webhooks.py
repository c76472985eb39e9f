"""Webhooks: where a tenant's own systems are told of events, and the secrets that sign what they are told."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.conditions import etag, expected, weak_etag
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, open_to
from sixfaces.api.routes.webhook_deliveries import DeliveryView, view_of
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id, TenantId
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.webhook import WebhookEndpoint, WebhookKind, WhyDisabled
from sixfaces.pipeline.inspections.knowing import refuse_blind_anywhere
from sixfaces.pipeline.webhooks.egress import LONGEST
from sixfaces.pipeline.webhooks.endpoints import (
    LONGEST_OVERLAP,
    Terms,
    Wanted,
    add_endpoint,
    edit_endpoint,
    endpoint_of,
    made_ready,
    remove_endpoint,
    rotate_secret,
    send_test,
)
from sixfaces.pipeline.webhooks.signing import OVERLAP

router = APIRouter(route_class=GuardedRoute, prefix="/webhooks", tags=["webhooks"])

Subscribed = Literal[
    WebhookKind.EXHIBIT_SEALED,
    WebhookKind.EVIDENCE_JUDGED,
    WebhookKind.CASE_NEEDS_REVIEW,
    WebhookKind.CASE_CHANGED,
    WebhookKind.QC_RECORDED,
    WebhookKind.DECISION_MADE,
    WebhookKind.ALARM_RAISED,
    WebhookKind.REVERIFICATION_ENDED,
]
"""All but the test, which is sent when it is asked for."""

Address = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Description = Annotated[Text, Field(max_length=200)]
Overlap = Annotated[int, Query(ge=0, le=int(LONGEST_OVERLAP.total_seconds()), title="Seconds of overlap")]
Kinds = Annotated[tuple[Subscribed, ...], Field(min_length=1, max_length=len(WebhookKind))]


OVERLAP_S = int(OVERLAP.total_seconds())


class NewWebhook(Model):
    """An endpoint to tell of events of these kinds."""

    url: Address
    kinds: Kinds
    description: Description = ""


class WebhookEdit(Model):
    """What is to be otherwise; what is left out stays. `enabled` false: nothing is sent, and what waits has failed."""

    url: Address | None = None
    kinds: Kinds | None = None
    description: Description | None = None
    enabled: bool | None = None


class WebhookView(Model):
    """An endpoint without its secrets. `previous_until`: until then the secret before the last rotation signs too.
    `failing_since`: the first failure after the last success."""

    id: Id
    tenant: TenantId
    url: str
    description: str
    kinds: tuple[WebhookKind, ...]
    revision: int
    created_at: AwareDatetime
    updated_at: AwareDatetime
    disabled_at: AwareDatetime | None
    disabled_why: WhyDisabled | None
    failing_since: AwareDatetime | None
    previous_until: AwareDatetime | None


class WebhookSecret(WebhookView):
    """An endpoint with its new secret, which is shown here and never again."""

    secret: str


@router.post("", status_code=201, summary="Make an endpoint", response_model=WebhookSecret,
             **open_to(ADMINS, 409, 413, 415))  # fmt: skip
def create_webhook(asking: Asking, new: NewWebhook) -> Response:
    """The secret is in this answer only. Nobody makes or moves an endpoint while they take a second look: it would be
    told of decisions."""
    wanted = Wanted(new.url, new.description, kinds=new.kinds)
    made_ready(asking.service, _terms(asking).box)

    def work(transaction: Transaction) -> Told:
        refuse_blind_anywhere(transaction, asking.principal)
        endpoint, secret = add_endpoint(transaction, asking.principal, wanted, terms=_terms(asking))
        return Told(_with_secret(endpoint, secret), 201, _headers(endpoint), is_secret=True)

    return once(asking, work)


@router.get("", summary="Endpoints", **open_to(ADMINS))
def list_webhooks(asking: Asking, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[WebhookView]:
    """All endpoints of the tenant, disabled ones too, newest first."""

    def find(page: Page) -> list[WebhookView]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return [_view(one) for one in transaction.webhooks.find(page)]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/{webhook_id}", summary="An endpoint", **open_to(ADMINS))
def get_webhook(asking: Asking, webhook_id: str, response: Response) -> WebhookView:
    """One endpoint; its ETag is its revision, for edits."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        endpoint = endpoint_of(transaction, webhook_id)
    response.headers["etag"] = weak_etag(endpoint.revision)
    return _view(endpoint)


@router.patch("/{webhook_id}", summary="Edit an endpoint", response_model=WebhookView,
              **open_to(ADMINS, 412, 413, 415, 428))  # fmt: skip
def edit_webhook(asking: Asking, webhook_id: str, edit: WebhookEdit) -> Response:
    """An edit that changes something needs If-Match with the endpoint's ETag. Disabled, it can be enabled again, and
    what it has missed replayed."""
    condition = expected(asking.request)
    wanted = Wanted(edit.url, edit.description, kinds=edit.kinds, enabled=edit.enabled)

    def work(transaction: Transaction) -> Told:
        refuse_blind_anywhere(transaction, asking.principal)
        egress = _terms(asking).egress
        endpoint = edit_endpoint(transaction, webhook_id, wanted, expected=condition, egress=egress)
        return Told(_view(endpoint), headers=_headers(endpoint))

    return once(asking, work)


@router.delete("/{webhook_id}", status_code=204, summary="Delete an endpoint", response_class=Response,
               **open_to(ADMINS))  # fmt: skip
def delete_webhook(asking: Asking, webhook_id: str) -> Response:
    """Nothing more is sent, and what was sent is forgotten."""

    def work(transaction: Transaction) -> Told:
        remove_endpoint(transaction, webhook_id)
        return Told(status=204)

    return once(asking, work)


@router.post("/{webhook_id}/rotate", summary="Rotate the secret", response_model=WebhookSecret, **open_to(ADMINS))
def rotate_webhook(asking: Asking, webhook_id: str, overlap_s: Overlap = OVERLAP_S) -> Response:
    """The new secret is in this answer only. For the overlap the one before signs as well; 0 where it has leaked."""

    def work(transaction: Transaction) -> Told:
        box, overlap = _terms(asking).box, timedelta(seconds=overlap_s)
        endpoint, secret = rotate_secret(transaction, webhook_id, box=box, overlap=overlap)
        return Told(_with_secret(endpoint, secret), headers=_headers(endpoint), is_secret=True)

    return once(asking, work)


@router.post("/{webhook_id}/test", status_code=202, summary="Send a test event", response_model=DeliveryView,
             **open_to(ADMINS, 409))  # fmt: skip
def test_webhook(asking: Asking, webhook_id: str) -> Response:
    """Sends `webhook.test`, as any other event is sent; the answer is its delivery, which tells what became of it."""

    def work(transaction: Transaction) -> Told:
        delivery = send_test(transaction, webhook_id)
        return Told(view_of(delivery), 202, {"location": f"/v1/webhooks/{webhook_id}/deliveries/{delivery.id}"})

    return once(asking, work)


def _terms(asked: Asked) -> Terms:
    terms: Terms = asked.request.app.state.webhooks
    return terms


def _view(endpoint: WebhookEndpoint) -> WebhookView:
    return WebhookView(**{name: getattr(endpoint, name) for name in WebhookView.model_fields})


def _with_secret(endpoint: WebhookEndpoint, secret: str) -> WebhookSecret:
    return WebhookSecret(**_view(endpoint).model_dump(), secret=secret)


def _headers(endpoint: WebhookEndpoint) -> dict[str, str]:
    return {"etag": etag(endpoint.revision), "location": f"/v1/webhooks/{endpoint.id}"}
