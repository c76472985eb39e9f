"""Webhooks over both databases, sent to real servers on loopback."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.webhook_client import HttpWebhookClient
from sixfaces.domain.records import Page
from sixfaces.domain.webhook import WebhookDelivery, WebhookEndpoint, WebhookKind
from sixfaces.domain.webhook_ports import DeliveryQuery
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.webhooks.announcing import announce
from sixfaces.pipeline.webhooks.sending import Lanes
from tests.rig.webhook_receiver import BOX, LOOPBACK, Receiver, receiver, subscribed
from tests.rig.workshop import open_workshop
from tests.servers.postgres import Postgres, postgres

SOON = (timedelta(milliseconds=20),) * 9


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL that nobody crashes."""
    with postgres() as server:
        yield server


@dataclass
class Outbox:
    """An installation with an outbox, and one process's lanes over it."""

    service: Service
    lanes: Lanes
    url: str
    _stopped: threading.Event = field(default_factory=threading.Event)

    def endpoint(self, url: str, *kinds: WebhookKind, tenant: str = "main") -> tuple[WebhookEndpoint, str]:
        """A new endpoint and its secret."""
        with self.service.records.begin(tenant) as tx:
            return subscribed(tx, url, *kinds, tenant=tenant)

    def announce(self, count: int = 1, *, tenant: str = "main", **data: Any) -> None:  # noqa: ANN401 JSON
        """So many exhibits are sealed, as far as webhooks know."""
        with self.service.records.begin(tenant) as tx:
            for number in range(count):
                told = {"number": number, **data}
                announce(tx, WebhookKind.EXHIBIT_SEALED, tenant=tenant, subject=new_id(), data=told)

    def turn(self) -> None:
        """One turn of the duty, and all that comes of it."""
        self.lanes.start_due(self.service)
        assert self.lanes.drained(20.0)

    def until(self, done: Callable[[], bool], *, within_s: float = 90.0) -> None:
        """Turns, until it is so."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            self.lanes.start_due(self.service)
            if done():
                return
            threading.Event().wait(0.02)
        raise AssertionError("it never came to that")

    def close(self) -> None:
        """Let go of the database."""
        assert isinstance(self.service.records, SqlRecords)
        self.service.records.close()

    def deliveries(self, endpoint: WebhookEndpoint) -> list[WebhookDelivery]:
        """All of an endpoint, the oldest first."""
        with self.service.records.begin(None, reading=True) as tx:
            found = tx.webhooks.deliveries(endpoint.id, DeliveryQuery(), Page(limit=1000))
        return sorted(found, key=lambda one: one.id)

    def now(self, endpoint: WebhookEndpoint) -> WebhookEndpoint:
        """The endpoint as it is."""
        with self.service.records.begin(None, reading=True) as tx:
            found = tx.webhooks.get(endpoint.id)
        assert found is not None
        return found


def lanes_of(*, timeout_s: float = 5.0, **more: Any) -> Lanes:  # noqa: ANN401 of Lanes
    """Lanes that go to loopback, and wait for next to nothing between two attempts."""
    return Lanes(lambda: HttpWebhookClient(LOOPBACK, timeout_s=timeout_s), BOX, **{"waits": SOON, **more})


@pytest.fixture(params=["sqlite", "postgresql"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    """Over each database."""
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres_server")
        url = server.database(tables=True)
    one = Outbox(open_workshop(tmp_path, url=url), lanes_of(), url)
    yield one
    assert one.lanes.drained(20.0)
    one.close()


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A receiver that answers 200."""
    with receiver() as one:
        yield one


@pytest.fixture
def another() -> Iterator[Receiver]:
    """A second one."""
    with receiver() as one:
        yield one
