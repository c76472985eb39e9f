"""The address that was looked at is the one that is connected to, and TLS still checks the name."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import NameOID

from sixfaces.adapters.deadline import Deadline
from sixfaces.adapters.webhook_client import MOST_ADDRESSES, HttpWebhookClient, addresses_of
from sixfaces.domain.webhook_ports import WebhookAnswer
from sixfaces.pipeline.webhooks import reasons
from sixfaces.pipeline.webhooks.egress import Egress, networks_of
from tests.rig.webhook_receiver import LOOPBACK, Receiver, receiver

NAME = "shop.example"
HEADERS = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server whose certificate is for shop.example, and of a client that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.3"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (path := Path(folder) / "both.pem").write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A receiver on loopback."""
    with receiver() as one:
        yield one


def posted(client: HttpWebhookClient, url: str) -> WebhookAnswer:
    """One request."""
    return client.post(url, headers=HEADERS, body=b"{}")


def test_a_name_that_leads_to_this_machine_is_refused_before_anything_is_sent(there: Receiver) -> None:
    url = there.url.replace("127.0.0.1", "localhost")
    assert addresses_of("localhost", 80)
    assert posted(HttpWebhookClient(Egress(allow_http=True)), url) == WebhookAnswer(error=reasons.ADDRESS)
    assert there.connections == 0
    assert posted(HttpWebhookClient(LOOPBACK), url).status == 200


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "017700000001", "0"])
def test_other_spellings_of_this_machine_are_refused(there: Receiver, host: str) -> None:
    client = HttpWebhookClient(Egress(allow_http=True))
    assert posted(client, there.url.replace("127.0.0.1", host)).error == reasons.ADDRESS
    assert there.connections == 0


def test_a_name_that_means_something_else_a_moment_later_leads_nowhere_else(there: Receiver) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

    client = HttpWebhookClient(LOOPBACK, resolve=rebinding)
    assert posted(client, there.url.replace("127.0.0.1", NAME)).status == 200
    assert asked == [NAME], "asked once, and connected to what was looked at"
    assert there.heard[0].headers["host"].partition(":")[0] == NAME


def test_of_several_addresses_only_those_that_are_allowed_are_tried(there: Receiver) -> None:
    mixed = HttpWebhookClient(
        Egress(allow_http=True, networks=networks_of("127.0.0.1/32")),
        resolve=lambda host, port: ["169.254.169.254", "10.0.0.1", "127.0.0.2", "127.0.0.1"],
    )
    assert posted(mixed, there.url).status == 200
    assert there.connections == 1


def test_the_next_address_is_tried_where_nobody_listens(there: Receiver) -> None:
    client = HttpWebhookClient(LOOPBACK, resolve=lambda host, port: ["127.0.0.7", "127.0.0.8", "127.0.0.1"])
    assert posted(client, there.url).status == 200
    many = [f"127.0.1.{number}" for number in range(1, MOST_ADDRESSES + 1)]
    client = HttpWebhookClient(LOOPBACK, resolve=lambda host, port: [*many, "127.0.0.1"])
    assert posted(client, there.url).error == reasons.CONNECT


def test_a_name_that_does_not_resolve_is_told(there: Receiver) -> None:
    client = HttpWebhookClient(LOOPBACK)
    assert posted(client, "http://no-such-host.invalid/").error == reasons.NAME
    assert posted(client, "ftp://127.0.0.1/").error == reasons.URL
    assert posted(HttpWebhookClient(Egress()), there.url).error == reasons.URL
    assert posted(client, f"http://{'a' * 70}.example/").error in (reasons.NAME, reasons.URL)


def test_a_proxy_of_the_environment_is_not_asked(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert posted(HttpWebhookClient(LOOPBACK), there.url).status == 200


def test_tls_checks_the_name_though_the_number_is_connected_to(
    authority: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, trusting = authority

    def to_loopback(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    with receiver(tls=server, name=NAME) as one:
        good = HttpWebhookClient(LOOPBACK, tls=trusting, resolve=to_loopback)
        assert posted(good, one.url).status == 200
        assert posted(good, one.url.replace(NAME, "127.0.0.3")).status == 200
        assert posted(good, one.url.replace(NAME, "other.example")).error == reasons.TLS
        assert posted(good, one.url.replace(NAME, "127.0.0.1")).error == reasons.TLS
        assert posted(HttpWebhookClient(LOOPBACK, resolve=to_loopback), one.url).error == reasons.TLS, "not trusted"
        assert len(one.heard) == 2


def test_who_dawdles_over_the_handshake_is_cut_off_too(there: Receiver) -> None:
    client = HttpWebhookClient(LOOPBACK, timeout_s=0.4)
    assert posted(client, there.url.replace("http:", "https:")).error in (reasons.TLS, reasons.TIMEOUT)


def test_a_name_that_is_looked_up_for_ever_is_given_up_in_time(there: Receiver) -> None:
    def dawdling(host: str, port: int) -> list[str]:
        there.over.wait(20)
        return ["127.0.0.1"]

    began = time.monotonic()
    assert posted(HttpWebhookClient(LOOPBACK, timeout_s=0.2, resolve=dawdling), there.url).error == reasons.TIMEOUT
    assert time.monotonic() - began < 10
    assert there.connections == 0


def test_a_line_that_comes_about_after_the_deadline_is_cut_at_once(there: Receiver) -> None:
    with Deadline(0.01) as deadline, socket.create_connection(_address(there), timeout=20) as line:
        _until(lambda: deadline.is_cut)
        deadline.watch("connection.connect_tcp.complete", {"return_value": _Connected(line)})
        assert line.recv(1) == b"", "shut down, by nobody else than the deadline"


class _Connected(NamedTuple):
    """What the transport tells of a connection."""

    line: socket.socket

    def get_extra_info(self, name: str) -> socket.socket:
        """The line."""
        assert name == "socket"
        return self.line


def _address(there: Receiver) -> tuple[str, int]:
    parts = urlsplit(there.url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def _until(done: Callable[[], bool]) -> None:
    for _ in range(2000):
        if done():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came to that")
