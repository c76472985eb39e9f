"""Somebody's own server that webhooks are sent to: real HTTP on loopback, which answers as it is told to."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from standardwebhooks import Webhook

from sixfaces.domain.records import Transaction
from sixfaces.domain.webhook import WebhookEndpoint, WebhookKind
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks.egress import Egress, networks_of
from sixfaces.pipeline.webhooks.signing import new_secret, place_of
from sixfaces.vault.secret_box import KEY_BYTES, SecretBox

LOOPBACK = Egress(allow_http=True, networks=networks_of("127.0.0.0/8"))
BOX = SecretBox(lambda: [bytes(KEY_BYTES)])
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"


class Heard(NamedTuple):
    """One request as it came."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def id(self) -> str:
        """Its idempotency key."""
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> dict[str, Any]:
        """What it tells, after a receiver's own library has checked it. Raises WebhookVerificationError."""
        told: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return told


Answer = Callable[["Receiver", socket.socket], None]


def says(data: bytes) -> Answer:
    """Answers with these bytes."""
    return lambda receiver, line: line.sendall(data)


def status(code: int, *headers: str) -> Answer:
    """Answers with this status."""
    lines = (f"HTTP/1.1 {code} X", "content-length: 0", "connection: close", *headers)
    return says("\r\n".join((*lines, "", "")).encode())


@dataclass
class Receiver:
    """`answer` is what it does with a request; everything heard lies in `heard`."""

    url: str
    answer: Answer = field(default_factory=lambda: says(OK))
    heard: list[Heard] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    connections: int = 0
    _came: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, count: int, *, within_s: float = 90.0) -> list[Heard]:
        """So many requests, at least; all of them."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.heard) >= count, within_s), f"{len(self.heard)} of {count}"
            return list(self.heard)

    def served(self, line: socket.socket, tls: ssl.SSLContext | None) -> None:
        """One connection: a request, and what is answered to it."""
        self.connections += 1
        try:
            with tls.wrap_socket(line, server_side=True) if tls else line as spoken:
                found = _read(spoken)
                if found is None:
                    return
                with self._came:
                    self.heard.append(found)
                    self._came.notify_all()
                self.answer(self, spoken)
        except OSError:  # the sender has gone, as it may
            return


@contextmanager
def receiver(*, tls: ssl.SSLContext | None = None, name: str = "127.0.0.1") -> Iterator[Receiver]:
    """One that listens on a free port while the block lasts."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(64)
        one = Receiver(f"http{'s' if tls else ''}://{name}:{sock.getsockname()[1]}/hook?x=1")
        threads: list[threading.Thread] = []

        def listen() -> None:
            while True:
                line, _ = sock.accept()
                if one.over.is_set():
                    line.close()
                    return
                threads.append(threading.Thread(target=one.served, args=(line, tls)))
                threads[-1].start()

        listening = threading.Thread(target=listen)
        listening.start()
        yield one
        one.over.set()
        with socket.create_connection(sock.getsockname()):
            listening.join(10)
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()


def _read(line: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = line.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += line.recv(65536)
    return Heard(headers, body, first.split(" ")[1])


def hang(receiver: Receiver, line: socket.socket) -> None:
    """Answers nothing until the sender has gone or the test is over."""
    line.settimeout(0.05)
    while not receiver.over.is_set():
        try:
            if not line.recv(1):
                return
        except TimeoutError:
            continue


def drip(receiver: Receiver, line: socket.socket) -> None:
    """A byte of an endless header now and then."""
    line.sendall(b"HTTP/1.1 200 OK\r\nx: ")
    while not receiver.over.wait(0.05):
        line.sendall(b"x")


def endless(receiver: Receiver, line: socket.socket) -> None:
    """A good answer whose body never ends."""
    line.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    while not receiver.over.is_set():
        line.sendall(b"x" * 65536)


def subscribed(tx: Transaction, url: str, *kinds: WebhookKind, tenant: str = "main") -> tuple[WebhookEndpoint, str]:
    """An endpoint that the transaction has added, and its secret."""
    id, secret = new_id(), new_secret()
    endpoint = WebhookEndpoint(
        id=id,
        tenant=tenant,
        url=url,
        kinds=kinds or tuple(WebhookKind),
        secret=BOX.seal(secret, place=place_of(id)),
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.webhooks.add(endpoint)
    return endpoint, secret
