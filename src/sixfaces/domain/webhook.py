"""Webhooks: what an endpoint of a tenant's own is told of, and the outbox that it is told from."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id, TenantId


class WebhookKind(StrEnum):
    """What happened: the `type` of a payload."""

    EXHIBIT_SEALED = "exhibit.sealed"
    EVIDENCE_JUDGED = "evidence.judged"
    CASE_NEEDS_REVIEW = "case.needs_review"
    """A person is to look at the case: its verdict says so, or no verdict will come."""
    CASE_CHANGED = "case.changed"
    """Something was entered into the chronicle of a case."""
    QC_RECORDED = "qc.recorded"
    DECISION_MADE = "decision.made"
    ALARM_RAISED = "alarm.raised"
    """Something is more frequent than it used to be."""
    REVERIFICATION_ENDED = "reverification.ended"
    """A run over the archive has its result or has failed, or a scheduled one was not begun."""
    TEST = "webhook.test"
    """Sent when an admin asks for it, to that endpoint only."""


class WhyDisabled(StrEnum):
    """Why nothing is sent to an endpoint."""

    ADMIN = "admin"
    GONE = "gone"
    """It answered 410."""
    FAILING = "failing"
    """It has failed for days without one success."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up; may be replayed."""


class WebhookEndpoint(Model):
    """An address that is told of events of the kinds it has subscribed to. `secret` signs, and beside it `previous`
    until `previous_until`; both only as they are kept, encrypted. `revision` rises with each edit by a person."""

    id: Id
    tenant: TenantId
    url: Text
    description: Text = ""
    kinds: tuple[WebhookKind, ...]
    revision: Annotated[int, Field(ge=1)] = 1
    secret: Text
    previous: Text | None = None
    previous_until: AwareDatetime | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    disabled_at: AwareDatetime | None = None
    disabled_why: WhyDisabled | None = None
    failing_since: AwareDatetime | None = None
    """The first failure after the last success."""


class WebhookDelivery(Model):
    """A row of the outbox: one event for one endpoint. `id` is the header `webhook-id` of all its attempts, `subject`
    the id of what the event is of. While an attempt is under way `next_attempt_at` is when it counts as lost, and only
    who holds `token` may write its outcome."""

    id: Id
    tenant: TenantId
    endpoint_id: Id
    kind: WebhookKind
    subject: Id
    payload: dict[str, Any]
    state: DeliveryState = DeliveryState.PENDING
    attempts: Annotated[int, Field(ge=0)] = 0
    token: int = 0
    next_attempt_at: AwareDatetime | None
    last_attempt_at: AwareDatetime | None = None
    last_status: int | None = None
    last_error: Text | None = None
    """A code of ours for an attempt that got no answer, or none that counts; None after a success."""
    created_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    trace: Annotated[str, Field(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None = None
    """What brought it about, as a W3C `traceparent`, where that was traced. Never sent: receivers are strangers."""
