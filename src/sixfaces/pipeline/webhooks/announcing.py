"""Telling endpoints: `announce` writes what they are to be told in the transaction of the event itself, so that neither
is there without the other. What is told is thin: ids, and where to ask for the rest."""

from collections.abc import Mapping
from typing import Any

from sixfaces.domain.answer import Verdict
from sixfaces.domain.exhibit import Exhibit
from sixfaces.domain.filing import FiledCase, StoredVerdict
from sixfaces.domain.records import Transaction
from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookKind
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks.reasons import DISABLED
from sixfaces.vault.canonical import instant_text


def announce(
    transaction: Transaction, kind: WebhookKind, *, tenant: str, subject: str, data: Mapping[str, Any]
) -> None:
    """One delivery for each endpoint of the tenant that wants to be told of this. `subject`: the id of what the event
    is of; `data`: JSON without personal data. Call it before the custody entry, which comes last."""
    for endpoint in transaction.webhooks.subscribed(kind, tenant=tenant):
        transaction.webhooks.enqueue(new_delivery(transaction, endpoint, kind, subject=subject, data=data))


def announce_sealed(transaction: Transaction, case: FiledCase, exhibit_id: str, *, exhibit: Exhibit) -> None:
    """An exhibit has been sealed into the case, whose revision has risen with it."""
    data = {
        "case": case.id,
        "revision": case.revision,
        "exhibit": exhibit_id,
        "sha256": exhibit.sha256,
        "role": exhibit.role.value,
        "bytes": exhibit.bytes,
    }
    announce(transaction, WebhookKind.EXHIBIT_SEALED, tenant=case.tenant, subject=exhibit_id, data=data)


def announce_judged(transaction: Transaction, verdict: StoredVerdict) -> None:
    """A verdict has been given; where it asks for a person, that is told as well."""
    data = {
        "case": verdict.case_id,
        "revision": verdict.revision,
        "verdict": verdict.verdict.value,
        "verdict_id": verdict.id,
        "policy": f"{verdict.policy}@{verdict.policy_version}",
        "report": f"/v1/cases/{verdict.case_id}/verdicts/{verdict.id}/report",
    }
    announce(transaction, WebhookKind.EVIDENCE_JUDGED, tenant=verdict.tenant, subject=verdict.id, data=data)
    if verdict.verdict is Verdict.NEEDS_REVIEW:
        why = {"reason": "verdict", **data}
        announce(transaction, WebhookKind.CASE_NEEDS_REVIEW, tenant=verdict.tenant, subject=verdict.case_id, data=why)


def announce_stalled(transaction: Transaction, case: FiledCase) -> None:
    """No verdict will come by itself: who waits for one would wait for ever, and a person has to look."""
    data = {"reason": "stalled", "case": case.id, "revision": case.revision}
    announce(transaction, WebhookKind.CASE_NEEDS_REVIEW, tenant=case.tenant, subject=case.id, data=data)


def new_delivery(
    transaction: Transaction, endpoint: WebhookEndpoint, kind: WebhookKind, *, subject: str, data: Mapping[str, Any]
) -> WebhookDelivery:
    """A row of the outbox, due at once. For an endpoint that is disabled it has failed already: it can be replayed when
    the endpoint is enabled again."""
    now = transaction.now
    delivery = WebhookDelivery(
        id=new_id(),
        tenant=endpoint.tenant,
        endpoint_id=endpoint.id,
        kind=kind,
        subject=subject,
        payload={"type": kind.value, "timestamp": instant_text(now), "data": dict(data)},
        next_attempt_at=now,
        created_at=now,
    )
    if endpoint.disabled_at is None:
        return delivery
    ended = {"state": DeliveryState.FAILED, "next_attempt_at": None, "ended_at": now, "last_error": DISABLED}
    return delivery.model_copy(update=ended)
