"""Three hundred who watch cost the database what one does, and each hears of its own case and tenant only."""

import re
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from sixfaces.domain.people import ApiRole
from tests.contract.api.people import Api
from tests.rig.product import until_true

PER_KEY = 20
CASES = {"main": 20, "other": 10}
WATCHERS = 300
TICKS = 4


class Stream:
    """One who watches. `heard`: the words of all events until now."""

    def __init__(self, api: Api, case: str, key: str) -> None:
        self.case, self._text = case, b""
        self.socket = socket.create_connection(api.address, timeout=20)
        head = f"GET /v1/cases/{case}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n"
        self.socket.sendall(head.encode())

    def hear(self, count: int) -> list[str]:
        """Wait for so many events; all words that it was ever told."""
        while len(self.heard) < count:
            data = self.socket.recv(65536)
            assert data, "the stream has ended"
            self._text += data
        return self.heard

    @property
    def heard(self) -> list[str]:
        return [one.decode() for one in re.findall(rb'"word": "([^"]*)"', self._text)]

    def has_more(self) -> bool:
        """Whether anything has come that it did not wait for."""
        self.socket.setblocking(False)
        try:
            return bool(self.socket.recv(65536))
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(20)


@pytest.fixture
def watchers(either: Api) -> Iterator[list[Stream]]:
    """Ten for each case; a key holds as many as it may."""
    with ExitStack() as stack:
        made = list[Stream]()
        for tenant, cases in CASES.items():
            for one in _of_tenant(either, tenant, cases):
                stack.enter_context(closing(one.socket))
                made.append(one)
        assert len(made) == WATCHERS
        yield made


def _of_tenant(api: Api, tenant: str, count: int) -> Iterator[Stream]:
    admin = api.key(ApiRole.ADMIN, tenant=tenant)
    cases = [api.new_case(admin)["id"] for _ in range(count)]
    keys = [api.key(ApiRole.REVIEWER, tenant=tenant) for _ in range(10 * count // PER_KEY)]
    for place in range(10 * count):
        yield Stream(api, cases[place % count], keys[place // PER_KEY])


@contextmanager
def asked() -> Iterator[Counter[str]]:
    """How often each question was put to the database meanwhile."""
    found = Counter[str]()

    def note(_connection: object, _cursor: object, sql: str, *_: Any) -> None:  # noqa: ANN401 of the driver
        found[sql] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def tell(api: Api, case: str, word: str) -> None:
    with api.service.records.begin(None) as tx:
        tx.events.tell(case, "told", {"word": word})


def of_watching(found: Counter[str]) -> int:
    """How often all of them together were asked for."""
    return sum(times for sql, times in found.items() if "FROM events" in sql and "FROM cases" in sql)


def is_quiet() -> bool:
    """Whether nothing was asked for some ticks but the one question, and who holds keys that are not so fresh."""
    with asked() as idle:
        until_true(lambda: of_watching(idle) > TICKS, every_s=0.01)
    return _events_read(idle) == 0 and idle.total() < 8 * TICKS + 4 * WATCHERS // PER_KEY


def test_they_ask_together_and_each_hears_its_own(either: Api, watchers: Sequence[Stream]) -> None:
    cases = sorted({one.case for one in watchers})
    for case in cases:
        tell(either, case, f"first {case}")
    assert all(one.hear(1) == [f"first {one.case}"] for one in watchers)

    until_true(is_quiet)

    with asked() as once:
        tell(either, cases[0], "second")
        its = [one for one in watchers if one.case == cases[0]]
        assert all(one.hear(2)[1:] == ["second"] for one in its)
    assert _events_read(once) == len(its) == WATCHERS // len(cases)

    for case in cases:
        tell(either, case, f"last {case}")
    assert all(one.hear(3 if one in its else 2)[-1] == f"last {one.case}" for one in watchers)
    assert not any(one.has_more() for one in watchers)


def _events_read(found: Counter[str]) -> int:
    return sum(times for sql, times in found.items() if "FROM events" in sql) - of_watching(found)
