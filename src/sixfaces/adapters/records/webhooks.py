"""Endpoints of webhooks and their outbox. Who locks an endpoint and deliveries of it locks the endpoint first."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, select, update

from sixfaces.adapters.records.scope import Scope, Shape, bounded, paged
from sixfaces.adapters.records.webhook_tables import PENDING, webhook_deliveries, webhook_endpoints
from sixfaces.domain.records import Page
from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookKind
from sixfaces.domain.webhook_ports import Again, DeliveryCount, DeliveryQuery

_ENDPOINT = Shape(webhook_endpoints, WebhookEndpoint)
_DELIVERY = Shape(webhook_deliveries, WebhookDelivery)
_FIXED = frozenset({"id", "tenant", "created_at"})
_OUTCOME = ("state", "next_attempt_at", "last_attempt_at", "last_status", "last_error", "ended_at", "attempts")
_sent = webhook_deliveries.c


class SqlWebhooks:
    """Webhooks (domain.webhook_ports)."""

    def __init__(self, scope: Scope, trace: str | None) -> None:
        self._scope = scope
        self._trace = trace

    def add(self, endpoint: WebhookEndpoint) -> None:
        """As in the interface."""
        self._scope.own(endpoint.tenant)
        self._scope.done(webhook_endpoints.insert().values(_ENDPOINT.values(endpoint)))

    def get(self, id: str, *, lock: bool = False) -> WebhookEndpoint | None:
        """As in the interface. The lock lets events of others go on that only point at the endpoint."""
        asked = self._endpoints().where(webhook_endpoints.c.id == id)
        return _ENDPOINT.maybe(self._scope.first(asked.with_for_update(key_share=True) if lock else asked))

    def find(self, page: Page) -> Sequence[WebhookEndpoint]:
        """As in the interface."""
        rows = self._scope.rows(paged(self._endpoints(), webhook_endpoints.c.id, page))
        return [_ENDPOINT.read(row) for row in rows]

    def change(self, endpoint: WebhookEndpoint) -> None:
        """As in the interface. Raises LookupError where there is no such endpoint."""
        new = {name: value for name, value in _ENDPOINT.values(endpoint).items() if name not in _FIXED}
        its = (webhook_endpoints.c.id == endpoint.id, self._scope.sees(webhook_endpoints))
        if self._scope.done(update(webhook_endpoints).where(*its).values(new)) == 0:
            raise LookupError(endpoint.id)

    def remove(self, id: str) -> bool:
        """As in the interface. Whoever is about to tell the endpoint of something is waited for."""
        its = (webhook_endpoints.c.id == id, self._scope.sees(webhook_endpoints))
        if self._scope.first(select(webhook_endpoints.c.id).where(*its).with_for_update()) is None:
            return False
        self._scope.done(delete(webhook_deliveries).where(*self._of(id)))
        return self._scope.done(delete(webhook_endpoints).where(*its)) == 1

    def lock_all(self, tenant: str) -> None:
        """As in the interface. SQLite's writer has all to itself."""
        if self._scope.on_postgres:
            key = func.hashtextextended(f"webhooks {self._scope.own(tenant)}", 0)
            self._scope.connection.execute(select(func.pg_advisory_xact_lock(key)))

    def subscribed(self, kind: WebhookKind, *, tenant: str) -> Sequence[WebhookEndpoint]:
        """As in the interface. A tenant has few: which kinds they want is looked at here."""
        asked = self._endpoints().where(webhook_endpoints.c.tenant == self._scope.own(tenant))
        rows = self._scope.rows(asked.order_by(webhook_endpoints.c.id).with_for_update(read=True, key_share=True))
        return [one for one in map(_ENDPOINT.read, rows) if kind in one.kinds]

    def enqueue(self, delivery: WebhookDelivery) -> None:
        """As in the interface; it is sent in the trace of what brought it about."""
        self._scope.own(delivery.tenant)
        told = _DELIVERY.values(delivery) | {"trace": delivery.trace or self._trace}
        self._scope.done(webhook_deliveries.insert().values(told))

    def delivery(self, id: str) -> WebhookDelivery | None:
        """As in the interface."""
        its = (_sent.id == id, self._scope.sees(webhook_deliveries))
        return _DELIVERY.maybe(self._scope.first(select(*_DELIVERY.columns).where(*its)))

    def deliveries(self, endpoint_id: str, query: DeliveryQuery, page: Page) -> Sequence[WebhookDelivery]:
        """As in the interface."""
        wanted = [_sent[name] == value for name, value in query._asdict().items() if value is not None]
        asked = select(*_DELIVERY.columns).where(*self._of(endpoint_id), *wanted)
        return [_DELIVERY.read(row) for row in self._scope.rows(paged(asked, _sent.id, page))]

    def waiting(self, *, limit: int) -> Sequence[WebhookEndpoint]:
        """As in the interface: one step in the index for each endpoint, however much waits for it. By chance, so that
        where there are more it is everybody's turn now and then."""
        due = exists().where(_sent.endpoint_id == webhook_endpoints.c.id, *self._due())
        asked = self._endpoints().where(due).order_by(func.random()).limit(bounded(limit))
        return [_ENDPOINT.read(row) for row in self._scope.rows(asked)]

    def claim(self, endpoint_id: str, *, lease: timedelta) -> WebhookDelivery | None:
        """As in the interface. Rows that others have in hand are left to them."""
        due = select(_sent.id).where(*self._of(endpoint_id), *self._due()).order_by(_sent.next_attempt_at, _sent.id)
        row = self._scope.first(due.limit(1).with_for_update(skip_locked=True))
        if row is None:
            return None
        ours = {"token": _sent.token + 1, "next_attempt_at": self._scope.now + lease}
        claimed = update(webhook_deliveries).where(_sent.id == row.id).values(ours)
        return _DELIVERY.maybe(self._scope.first(claimed.returning(*_DELIVERY.columns)))

    def attempted(self, delivery: WebhookDelivery) -> bool:
        """As in the interface."""
        held = (_sent.id == delivery.id, self._scope.sees(webhook_deliveries), _sent.token == delivery.token)
        new = {name: getattr(delivery, name) for name in _OUTCOME}
        return self._scope.done(update(webhook_deliveries).where(*held).values(new)) == 1

    def give_up(self, endpoint_id: str, *, error: str) -> int:
        """As in the interface."""
        ended = {"state": DeliveryState.FAILED, "ended_at": self._scope.now, "next_attempt_at": None}
        waiting = update(webhook_deliveries).where(*self._of(endpoint_id), _sent.state == DeliveryState.PENDING)
        return self._scope.done(waiting.values(ended | {"last_error": error, "token": _sent.token + 1}))

    def again(self, endpoint_id: str, *, since: datetime, states: Collection[DeliveryState], limit: int) -> Again:
        """As in the interface. One whose attempt is under way is sent once more after it."""
        wanted = (*self._of(endpoint_id), _sent.created_at >= since, _sent.state.in_(states))
        oldest = (
            select(_sent.id).where(*wanted).order_by(_sent.created_at, _sent.id).limit(bounded(limit)).with_for_update()
        )
        written = update(webhook_deliveries).where(_sent.id.in_(oldest)).values(self._afresh())
        rows = self._scope.rows(written.returning(_sent.created_at))
        return Again(len(rows), max(row.created_at for row in rows) if len(rows) == limit else None)

    def again_one(self, id: str) -> WebhookDelivery | None:
        """As in the interface."""
        its = (_sent.id == id, self._scope.sees(webhook_deliveries))
        row = self._scope.first(
            update(webhook_deliveries).where(*its).values(self._afresh()).returning(*_DELIVERY.columns)
        )
        return _DELIVERY.maybe(row)

    def count(self) -> Sequence[DeliveryCount]:
        """As in the interface."""
        is_due = (_sent.state == DeliveryState.PENDING) & (_sent.next_attempt_at <= self._scope.now)
        counts = (func.count().label("rows"), func.min(case((is_due, _sent.next_attempt_at))).label("first"))
        asked = select(_sent.state, *counts).where(self._scope.sees(webhook_deliveries)).group_by(_sent.state)
        return [
            DeliveryCount(DeliveryState(row.state), row.rows, row.first and self._scope.now - row.first)
            for row in self._scope.rows(asked)
        ]

    def prune(self, *, before: datetime, limit: int) -> int:
        """As in the interface."""
        over = (self._scope.sees(webhook_deliveries), _sent.state != DeliveryState.PENDING, _sent.ended_at < before)
        ids = select(_sent.id).where(*over).limit(bounded(limit)).with_for_update(skip_locked=True)
        return self._scope.done(delete(webhook_deliveries).where(_sent.id.in_(ids)))

    def _endpoints(self) -> Select[Any]:
        return select(*_ENDPOINT.columns).where(self._scope.sees(webhook_endpoints))

    def _of(self, endpoint_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return self._scope.sees(webhook_deliveries), _sent.endpoint_id == endpoint_id

    def _due(self) -> tuple[Any, ...]:
        return self._scope.sees(webhook_deliveries), PENDING, _sent.next_attempt_at <= self._scope.now

    def _afresh(self) -> dict[str, Any]:
        """What a replay writes; the new token keeps an attempt under way from ending it."""
        nothing = {"attempts": 0, "last_status": None, "last_error": None, "ended_at": None}
        due = {"state": DeliveryState.PENDING, "next_attempt_at": self._scope.now, "token": _sent.token + 1}
        return nothing | due
