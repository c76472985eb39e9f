"""Readers of a large installation: two hundred requests a second by `sixfaces serve`, beside a bare route that answers
a constant; and five hundred who watch a case."""

import random
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import httpx
import psutil

from tests.bench.large_floors import bare_route
from tests.rig.archive import Filed
from tests.rig.open_loop import Order, Told, sent
from tests.rig.product import Product

RATE = 200.0
SECONDS = 30.0
WATCHERS = 500
WATCHED_S = 10.0
PER_KEY = 20
MIX = {
    **{"case by its id": 8, "case by its number": 1, "by order": 1, "by waybill": 1, "by claim": 1, "nothing found": 1},
    **{"verified and rejected, 20": 1, "page of 50, deep": 1, "report": 2, "exhibits of a case": 2, "exhibit": 1},
}
"""How often each is asked for."""


class Cost(NamedTuple):
    """Milliseconds to an answer, the share of one core that the server took, and answers that were not good."""

    p50: float
    p99: float
    share: float
    refused: int

    @property
    def cells(self) -> str:
        return f"{self.p50:.1f} | {self.p99:.1f} | {self.share:.0%}"


def floor() -> Cost:
    """A bare route under the same load."""
    with bare_route() as (pid, url):
        asked = [("constant", "/")] * int(RATE * SECONDS)
        told, share = _under(pid, Order(url, "none", asked, RATE))
    return _cost(told.seconds["constant"], share, told)


def load(product: Product, filed: Sequence[Filed]) -> tuple[Cost, dict[str, Cost]]:
    """Of all requests together, and of each kind; a server of its own, warmed up."""
    server = product.serve()
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {product.admin_key}"}) as client:
        asked = list(_mixed(client, [one for one in filed if one.exhibits], int(RATE * SECONDS)))
    order = Order(server.url, product.admin_key, asked, RATE)
    sent(order._replace(asked=asked[: int(RATE)]))
    told, share = _under(server.pid, order)
    every = [one for seconds in told.seconds.values() for one in seconds]
    kinds = {name: _cost(told.seconds[name], share, told) for name in MIX}
    server.ended()
    return _cost(every, share, told), kinds


def watched(product: Product, filed: Sequence[Filed]) -> tuple[float, float, float]:
    """Many who watch while nothing happens: share of one core, MiB that they add, and milliseconds that a case read
    takes meanwhile (p50)."""
    server = product.serve()
    own = psutil.Process(server.pid)
    keys = [_key(server.url, product.admin_key) for _ in range(WATCHERS // PER_KEY)]
    before = own.memory_info().rss
    with _streams(server.port, keys, [one.id for one in filed[:WATCHERS]]):
        cost, share = _under(
            server.pid,
            Order(server.url, product.admin_key, [("case", f"/v1/cases/{filed[0].id}")] * int(WATCHED_S * 10), 10.0),
        )
        added = own.memory_info().rss - before
    server.ended()
    return share, added / 2**20, statistics.median(cost.seconds["case"]) * 1000


def _mixed(client: httpx.Client, filed: Sequence[Filed], count: int) -> Iterator[tuple[str, str]]:
    draw, deep = random.Random(1), list(_deep_pages(client))
    for kind in draw.choices(list(MIX), list(MIX.values()), k=count):
        one = draw.choice(filed)
        by = one.asked_by
        case = f"/v1/cases/{one.id}"
        yield (
            kind,
            {
                "case by its id": case,
                "case by its number": f"/v1/cases/by-number/{by['number']}",
                "by order": f"/v1/cases?order={by['order']}",
                "by waybill": f"/v1/cases?waybill={by['waybill']}",
                "by claim": f"/v1/cases?claim={by['claim']}",
                "nothing found": f"/v1/cases?order=none-{one.number}",
                "verified and rejected, 20": "/v1/cases?state=verified&verdict=rejected&limit=20",
                "page of 50, deep": draw.choice(deep),
                "report": f"{case}/report",
                "exhibits of a case": f"{case}/exhibits",
                "exhibit": f"/v1/exhibits/{draw.choice(one.exhibits)}",
            }[kind],
        )


def _deep_pages(client: httpx.Client) -> Iterator[str]:
    """Pages that follow hundreds of others."""
    cursor = ""
    for number in range(400):
        page = client.get(f"/v1/cases?limit=50{cursor}").raise_for_status().json()
        if page["next"] is None:
            return
        cursor = f"&cursor={page['next']}"
        if number % 20 == 0:
            yield f"/v1/cases?limit=50{cursor}"


def _under(pid: int, order: Order) -> tuple[Told, float]:
    """What the order told, and the share of one core that the process took meanwhile."""
    own = psutil.Process(pid)
    before = own.cpu_times()
    told = sent(order)
    after = own.cpu_times()
    return told, (after.user + after.system - before.user - before.system) / told.wall_s


def _cost(seconds: list[float], share: float, told: Told) -> Cost:
    p99 = statistics.quantiles(seconds, n=100)[98]
    return Cost(statistics.median(seconds) * 1000, p99 * 1000, share, sum(told.refused.values()))


def _key(url: str, admin: str) -> str:
    told = httpx.post(
        f"{url}/v1/keys", json={"role": "reviewer", "name": "watcher"}, headers={"Authorization": f"Bearer {admin}"}
    )
    text: str = told.raise_for_status().json()["secret"]
    return text


@contextmanager
def _streams(port: int, keys: Sequence[str], cases: Sequence[str]) -> Iterator[None]:
    """Open streams, each of which has begun to answer."""
    opened: list[socket.socket] = []
    try:
        for place, case in enumerate(cases):
            stream = socket.create_connection(("127.0.0.1", port))
            key = keys[place % len(keys)]
            head = f"GET /v1/cases/{case}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n"
            stream.sendall(head.encode())
            opened.append(stream)
        assert all(stream.recv(12) == b"HTTP/1.1 200" for stream in opened)
        time.sleep(1)
        yield
    finally:
        for stream in opened:
            stream.close()
