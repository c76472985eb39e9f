"""Sends webhooks to addresses that tenants name. The only thing in the product that connects to where strangers say.

1. The host's addresses are looked up, and those that may not be connected to are left out.
2. The request goes to one of the rest, by its number: no second look-up can lead elsewhere. TLS still checks the name.
3. No redirect is followed, no proxy asked, little of the answer read, and all of it is over at the deadline.
"""

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from ipaddress import ip_address

import httpx

from sixfaces import __version__
from sixfaces.adapters.deadline import Deadline
from sixfaces.domain.webhook_ports import WebhookAnswer
from sixfaces.pipeline.webhooks import reasons
from sixfaces.pipeline.webhooks.egress import Address, Egress

TIMEOUT_S = 15.0
MOST_READ = 16 * 1024
"""Bytes of an answer's body: who has sent so many has answered."""

MOST_ADDRESSES = 4

Resolve = Callable[[str, int], Sequence[str]]


def addresses_of(host: str, port: int) -> list[str]:
    """The host's addresses, in the order in which to try them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class HttpWebhookClient:
    """Implements `domain.webhook_ports.WebhookClient`. `tls` checks certificates; by default as the system's browsers
    do, or by SSL_CERT_FILE."""

    def __init__(
        self,
        egress: Egress,
        *,
        timeout_s: float = TIMEOUT_S,
        resolve: Resolve = addresses_of,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._egress, self._timeout_s, self._resolve, self._given = egress, timeout_s, resolve, tls

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """As in the interface."""
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL:
            return WebhookAnswer(error=reasons.URL)
        if not self._egress.takes(target.scheme):
            return WebhookAnswer(error=reasons.URL)
        with Deadline(self._timeout_s) as deadline:
            addresses = self._addresses(target, deadline)
            if isinstance(addresses, WebhookAnswer):
                return addresses
            return self._sent(target, addresses, deadline, headers=headers, body=body)

    def _addresses(self, target: httpx.URL, deadline: Deadline) -> list[Address] | WebhookAnswer:
        """1. By a thread, as nothing ends a look-up that hangs before the resolver itself gives up."""
        port = target.port or (443 if target.scheme == "https" else 80)
        told: queue.SimpleQueue[Sequence[str] | None] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                told.put(self._resolve(target.raw_host.decode("ascii"), port))
            except (OSError, UnicodeError):
                told.put(None)

        threading.Thread(target=look_up, name="webhook name", daemon=True).start()
        try:
            found = told.get(timeout=deadline.left_s)
        except queue.Empty:
            return WebhookAnswer(error=reasons.TIMEOUT)
        if found is None:
            return WebhookAnswer(error=reasons.NAME)
        allowed = [address for address in map(ip_address, found) if self._egress.allows(address)]
        return allowed[:MOST_ADDRESSES] or WebhookAnswer(error=reasons.ADDRESS if found else reasons.NAME)

    def _sent(
        self,
        target: httpx.URL,
        addresses: Sequence[Address],
        deadline: Deadline,
        *,
        headers: Mapping[str, str],
        body: bytes,
    ) -> WebhookAnswer:
        """2. The next address only where no connection came about: nothing is sent twice."""
        told = WebhookAnswer(error=reasons.CONNECT)
        for address in addresses:
            if deadline.is_over:
                return WebhookAnswer(error=reasons.TIMEOUT)
            try:
                return self._asked(_pinned(target, address, headers, body=body, deadline=deadline))
            except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
                told = WebhookAnswer(error=_why(exc, deadline))
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
                return WebhookAnswer(error=_why(exc, deadline))
        return told

    def _asked(self, request: httpx.Request) -> WebhookAnswer:
        """3."""
        transport = httpx.HTTPTransport(verify=self._tls, trust_env=False)
        with httpx.Client(transport=transport, trust_env=False, timeout=self._timeout_s) as client:
            response = client.send(request, stream=True, follow_redirects=False)
            try:
                self._drain(response)
            except httpx.HTTPError:
                pass  # the status has been heard, and it is all that counts
            finally:
                response.close()
        return WebhookAnswer(response.status_code, later=_later(response))

    def _drain(self, response: httpx.Response) -> None:
        """Let a polite server finish its answer; a rude one is cut off."""
        read = 0
        for piece in response.iter_raw():
            read += len(piece)
            if read >= MOST_READ:
                return

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given or httpx.create_ssl_context()


def _pinned(
    target: httpx.URL, address: Address, headers: Mapping[str, str], *, body: bytes, deadline: Deadline
) -> httpx.Request:
    host = target.raw_host.decode("ascii")
    sent = {
        "host": target.netloc.decode("ascii"),
        "user-agent": f"sixfaces/{__version__}",
        "accept": "*/*",
        "connection": "close",
        **headers,
    }
    told = {
        "sni_hostname": host,
        "trace": deadline.watch,
        "timeout": httpx.Timeout(deadline.left_s).as_dict(),
    }
    return httpx.Request("POST", target.copy_with(host=str(address)), headers=sent, content=body, extensions=told)


def _why(error: Exception, deadline: Deadline) -> str:
    if deadline.is_over or isinstance(error, httpx.TimeoutException):
        return reasons.TIMEOUT
    if _is_of_tls(error):
        return reasons.TLS
    return reasons.CONNECT if isinstance(error, httpx.NetworkError) else reasons.ANSWER


def _is_of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _later(response: httpx.Response) -> timedelta | None:
    """Retry-After in seconds, where the endpoint asks to be left alone."""
    told = response.headers.get("retry-after", "")
    return timedelta(seconds=int(told)) if told.isascii() and told.isdigit() and len(told) < 7 else None
