"""Sends what lies in the outbox. START READING HERE for how webhooks arrive.

1. Now and then it is asked which endpoints have something due. Each gets a lane: a thread that sends its deliveries one
   after another, so that an endpoint that does not answer holds up nobody else's. The tenant that has the fewest lanes
   comes first, none has more than a quarter of them, and a lane ends after a while: its place is anybody's then.
2. A delivery is claimed for a while, by this process or another, and sent: at least once, never twice at a time.
3. The outcome is written by who holds the claim, and the next one claimed with it: a database that takes one writer at
   a time is waited for once for each delivery. A process that dies writes nothing, and the claim runs out.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import structlog

from sixfaces.domain.errors import SixfacesError, WebhookError
from sixfaces.domain.records import Transaction
from sixfaces.domain.webhook import WebhookDelivery, WebhookEndpoint
from sixfaces.domain.webhook_ports import WebhookAnswer, WebhookClient
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.webhooks import reasons
from sixfaces.pipeline.webhooks.outcome import WAITS, after, error_of, standing
from sixfaces.pipeline.webhooks.signing import body_of, headers_of, secrets_of
from sixfaces.vault.secret_box import SecretBox

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""More than an attempt may last, names looked up and all."""

MOST_LANES = 64
"""Of one process; endpoints that fail have half of them at most."""

MOST_OF_ONE = 4
TENANTS_AT_LEAST = 4
"""So many tenants have lanes at the same time, where so many have something due."""

MOST_ASKED = 1000
MOST_IN_A_ROW = 500
LONGEST_S = 30.0
"""Of a lane: then the least served come first."""


class _Claimed(NamedTuple):
    delivery: WebhookDelivery
    endpoint: WebhookEndpoint
    at: datetime


@dataclass
class Lanes:
    """The lanes of one process. `open_client` is called when there is something to send for the first time."""

    open_client: Callable[[], WebhookClient]
    box: SecretBox
    waits: tuple[timedelta, ...] = WAITS
    lease: timedelta = LEASE
    most: int = MOST_LANES
    most_in_a_row: int = MOST_IN_A_ROW
    _open: Counter[str] = field(default_factory=Counter)
    _of_tenant: Counter[str] = field(default_factory=Counter)
    _served: Counter[str] = field(default_factory=Counter)
    _failing: set[str] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @cached_property
    def _client(self) -> WebhookClient:
        return self.open_client()

    def start_due(self, service: Service) -> None:
        """1. Open a lane for each endpoint that has something due and may have one more. Waits for no lane. Raises
        RecordsError."""
        with service.records.begin(None, reading=True) as transaction:
            waiting = list(transaction.webhooks.waiting(limit=MOST_ASKED))
        for endpoint in self._least_served(waiting):
            if self._entered(endpoint):
                lane = threading.Thread(target=self._lane, args=(service, endpoint), name="webhooks", daemon=True)
                lane.start()

    def drained(self, timeout_s: float) -> bool:
        """Wait until no lane is open; False where one still is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open.total(), timeout_s)

    def _least_served(self, waiting: Sequence[WebhookEndpoint]) -> list[WebhookEndpoint]:
        """Those first whose tenant has the fewest lanes, those asked for before them counted; of equals, whose lanes
        have been the fewest so far."""
        with self._changed:
            has, served = Counter(self._of_tenant), Counter(self._served)
        ranked: list[tuple[int, int, WebhookEndpoint]] = []
        for endpoint in waiting:
            ranked.append((has[endpoint.tenant], served[endpoint.tenant], endpoint))
            has[endpoint.tenant] += 1
        return [endpoint for _, _, endpoint in sorted(ranked, key=lambda one: one[:2])]

    def _entered(self, endpoint: WebhookEndpoint) -> bool:
        with self._changed:
            is_failing = endpoint.failing_since is not None
            in_bad = sum(self._open[one] for one in self._failing)
            full = self._open.total() >= self.most or (is_failing and in_bad >= self.most // 2)
            has_its_share = self._of_tenant[endpoint.tenant] >= max(1, self.most // TENANTS_AT_LEAST)
            if full or has_its_share or self._open[endpoint.id] >= (1 if is_failing else MOST_OF_ONE):
                return False
            (self._failing.add if is_failing else self._failing.discard)(endpoint.id)
            self._open[endpoint.id] += 1
            self._of_tenant[endpoint.tenant] += 1
            self._served[endpoint.tenant] += 1
            return True

    def _left(self, endpoint: WebhookEndpoint) -> None:
        with self._changed:
            self._open -= Counter({endpoint.id: 1})
            self._of_tenant -= Counter({endpoint.tenant: 1})
            if not self._open[endpoint.id]:
                self._failing.discard(endpoint.id)
            self._changed.notify_all()

    def _lane(self, service: Service, endpoint: WebhookEndpoint) -> None:
        """Until nothing is due for the endpoint, until it fails, or until it has had its turn: then others come
        first."""
        until = time.monotonic() + LONGEST_S
        try:
            claimed = self._claimed(service, endpoint.id)
            for left in range(self.most_in_a_row, 0, -1):
                if claimed is None:
                    return
                claimed = self._attempted(service, claimed, until=until if left > 1 else 0.0)
        except SixfacesError as exc:  # the claim runs out, and the delivery is sent again
            log.warning("webhook_lane_failed", webhook=endpoint.id, code=exc.code)
        finally:
            self._left(endpoint)

    def _attempted(self, service: Service, claimed: _Claimed, *, until: float) -> _Claimed | None:
        """One attempt, in the trace of what the delivery tells of; the next one, unless it failed or time is up."""
        its = claimed.delivery
        with service.tracer.begun("webhook", kind="job", by=its.trace) as span:
            span.tell(webhook=its.endpoint_id, delivery=its.id, kind=its.kind.value, attempts=its.attempts)
            with service.tracer.span("send"):
                answer = self._sent(claimed)
            further = self._written(service, claimed, answer, until=until)
            error = error_of(answer)
            span.tell(status=answer.status)
            if error is not None:
                span.fail(error)
        return further

    def _claimed(self, service: Service, endpoint_id: str) -> _Claimed | None:
        """2."""
        with service.records.begin(None) as transaction:
            endpoint = transaction.webhooks.get(endpoint_id)
            if endpoint is None:
                return None
            if endpoint.disabled_at is not None:  # an event that came with the disabling
                transaction.webhooks.give_up(endpoint_id, error=reasons.DISABLED)
                return None
            return self._claimed_of(transaction, endpoint)

    def _claimed_of(self, transaction: Transaction, endpoint: WebhookEndpoint | None) -> _Claimed | None:
        if endpoint is None or endpoint.disabled_at is not None:
            return None
        delivery = transaction.webhooks.claim(endpoint.id, lease=self.lease)
        return None if delivery is None else _Claimed(delivery, endpoint, transaction.now)

    def _sent(self, claimed: _Claimed) -> WebhookAnswer:
        body = body_of(claimed.delivery)
        try:
            keys = secrets_of(claimed.endpoint, self.box, at=claimed.at)
        except WebhookError as exc:
            return WebhookAnswer(error=exc.code)
        headers = headers_of(claimed.delivery, body, keys=keys, at=claimed.at)
        return self._client.post(claimed.endpoint.url, headers=headers, body=body.encode())

    def _written(self, service: Service, claimed: _Claimed, answer: WebhookAnswer, *, until: float) -> _Claimed | None:
        """3. The endpoint's row is locked before its delivery's, by everybody. What an address answered that it has no
        more says nothing of the one that it has now. The next one where it arrived, and it is not `until` yet."""
        error = error_of(answer)
        with service.records.begin(None) as transaction:
            now, held = transaction.now, None
            if error is not None or claimed.endpoint.failing_since is not None:
                held = transaction.webhooks.get(claimed.endpoint.id, lock=True)
            has_moved = held is not None and held.url != claimed.endpoint.url
            told = after(claimed.delivery, answer, now=now, waits=self.waits, has_moved=has_moved)
            is_ours = transaction.webhooks.attempted(told)
            changed = held and (held if has_moved else standing(held, error, now=now))
            if changed is not None and changed != held:
                transaction.webhooks.change(changed)
                if changed.disabled_at is not None:
                    transaction.webhooks.give_up(changed.id, error=reasons.DISABLED)
            goes_on = error is None and time.monotonic() < until
            further = self._claimed_of(transaction, transaction.webhooks.get(claimed.endpoint.id)) if goes_on else None
        log.info("webhook_attempted", delivery=told.id, webhook=told.endpoint_id, status=answer.status, code=error)
        if not is_ours:
            log.warning("webhook_claim_lost", delivery=told.id, webhook=told.endpoint_id)
        if changed is not None and changed.disabled_at is not None and held and held.disabled_at is None:
            log.warning("webhook_disabled", webhook=changed.id, kind=changed.disabled_why)
        return further
