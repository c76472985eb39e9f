"""What webhooks need of the database and of the network, as plain interfaces."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sixfaces.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookKind

if TYPE_CHECKING:
    from sixfaces.domain.records import Page


class DeliveryQuery(NamedTuple):
    """Which deliveries of an endpoint: those that match everything given."""

    state: DeliveryState | None = None
    kind: WebhookKind | None = None
    subject: str | None = None


class DeliveryCount(NamedTuple):
    """Deliveries of one state. `overdue`: for how long one of them could have been sent at most."""

    state: DeliveryState
    deliveries: int
    overdue: timedelta | None


class Again(NamedTuple):
    """So many deliveries are due once more. `next_since`: where there may be more, when the last of these was
    written."""

    deliveries: int
    next_since: datetime | None = None


class WebhookAnswer(NamedTuple):
    """What an attempt came to. `status` None: no answer, for the reason `error`. `later`: for how long the endpoint
    asks to be left alone."""

    status: int | None = None
    error: str | None = None
    later: timedelta | None = None


class WebhookClient(Protocol):
    """Sends one request to an address that somebody else has named."""

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Raises nothing for whatever the other side is or does."""
        ...


class Webhooks(Protocol):
    """Endpoints and the outbox."""

    def add(self, endpoint: WebhookEndpoint) -> None:
        """One more endpoint."""
        ...

    def get(self, id: str, *, lock: bool = False) -> WebhookEndpoint | None:
        """One endpoint; `lock` holds its row until the transaction ends."""
        ...

    def find(self, page: "Page") -> Sequence[WebhookEndpoint]:
        """Newest first."""
        ...

    def change(self, endpoint: WebhookEndpoint) -> None:
        """Write all that an endpoint may change."""
        ...

    def remove(self, id: str) -> bool:
        """The endpoint with its deliveries; False where there is none."""
        ...

    def lock_all(self, tenant: str) -> None:
        """Until the transaction ends nobody else who asks for this lock makes an endpoint of the tenant."""
        ...

    def subscribed(self, kind: WebhookKind, *, tenant: str) -> Sequence[WebhookEndpoint]:
        """The tenant's endpoints that want to be told of this, disabled ones too; none is removed before the
        transaction ends."""
        ...

    def enqueue(self, delivery: WebhookDelivery) -> None:
        """One more row of the outbox."""
        ...

    def delivery(self, id: str) -> WebhookDelivery | None:
        """One delivery."""
        ...

    def deliveries(self, endpoint_id: str, query: DeliveryQuery, page: "Page") -> Sequence[WebhookDelivery]:
        """Newest first."""
        ...

    def waiting(self, *, limit: int) -> Sequence[WebhookEndpoint]:
        """Endpoints with a delivery that is due, in no order."""
        ...

    def claim(self, endpoint_id: str, *, lease: timedelta) -> WebhookDelivery | None:
        """The oldest delivery that is due and in nobody's hands, now in ours for so long, with a new token."""
        ...

    def attempted(self, delivery: WebhookDelivery) -> bool:
        """Write the outcome of an attempt; False, and nothing done, where the token is stale."""
        ...

    def give_up(self, endpoint_id: str, *, error: str) -> int:
        """All that waits for the endpoint has failed; how many."""
        ...

    def again(self, endpoint_id: str, *, since: datetime, states: Collection[DeliveryState], limit: int) -> Again:
        """Deliveries created since then, of these states, are due now with no attempt behind them: the oldest, at most
        so many."""
        ...

    def again_one(self, id: str) -> WebhookDelivery | None:
        """The same for one of whatever state."""
        ...

    def count(self) -> Sequence[DeliveryCount]:
        """Of each state that has any."""
        ...

    def prune(self, *, before: datetime, limit: int) -> int:
        """Forget deliveries that ended before, at most so many; how many."""
        ...
