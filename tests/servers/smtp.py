"""A mail server for tests: real SMTP on a free loopback port, with STARTTLS and logins. It answers as it is told."""

import base64
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sixfaces.adapters.mail import MailServer

OK = "250 OK"


class Taken(NamedTuple):
    """One message as it came, and over what."""

    message: EmailMessage
    raw: bytes
    sender: str
    to: str
    is_encrypted: bool
    user: str | None

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """Its text as `plain` or `html`."""
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class Smtp:
    """What it says to each command is in `says`; a command that is not there is answered as servers do. `hangs`: it
    takes a message and never says so. `taken` holds all messages that it has."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    says: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    taken: list[Taken] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def server(self, **more: object) -> MailServer:
        """As the product names it."""
        base: dict[str, object] = {"host": self.host, "port": self.port, "starttls": self.tls is not None}
        return MailServer(**(base | more))  # type: ignore[arg-type]  # given by name

    def wait(self, count: int, *, within_s: float = 90.0) -> list[Taken]:
        """Until it has so many messages."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.taken) >= count, within_s)
        return self.taken

    def take(self, one: Taken) -> None:
        """One more message."""
        with self._arrived:
            self.taken.append(one)
            self._arrived.notify_all()


class _Line:
    """One connection."""

    def __init__(self, smtp: Smtp, line: socket.socket) -> None:
        self._smtp, self._line = smtp, line
        self._file = line.makefile("rb")
        self._sender = self._to = ""
        self._is_encrypted, self._user = False, ""

    def serve(self) -> None:
        """Until the other side leaves."""
        self._say(self._smtp.says.get("HELLO", "220 test ESMTP"))
        try:
            while (command := self._file.readline()) and self._answered(command.decode().strip()):
                pass
        finally:
            self._file.close()
            self._line.close()  # that of TLS is another one than was accepted

    def _answered(self, command: str) -> bool:
        verb = command.partition(" ")[0].upper()
        self._smtp.tried.append(verb)
        told = self._smtp.says.get(verb)
        if told is not None:
            self._say(told)
            return verb != "QUIT"
        match verb:
            case "EHLO":
                more = ["STARTTLS"] if self._smtp.tls and not self._is_encrypted else []
                self._say(*(f"250-{one}" for one in ("test", *more, "AUTH PLAIN", "8BITMIME")), "250 SIZE 1000000")
            case "STARTTLS":
                self._encrypt()
            case "AUTH":
                self._say(self._checked(command.rpartition(" ")[2]))
            case "MAIL":
                self._sender = _between(command)
                self._say("530 login first" if self._smtp.login and not self._user else OK)
            case "RCPT":
                self._to = _between(command)
                self._say(OK)
            case "DATA":
                return self._take()
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say(OK)
        return True

    def _take(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self._file.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        raw = b"".join(lines)
        told = self._smtp.says.get("BODY", OK)
        if told.startswith("2"):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            user = self._user or None
            self._smtp.take(Taken(message, raw, self._sender, self._to, self._is_encrypted, user))
        if self._smtp.hangs:
            self._file.readline()  # until the other side gives up
            return False
        self._say(told)
        return True

    def _encrypt(self) -> None:
        assert self._smtp.tls is not None
        self._say("220 go on")
        self._file.close()
        self._line = self._smtp.tls.wrap_socket(self._line, server_side=True)
        self._file, self._is_encrypted = self._line.makefile("rb"), True

    def _checked(self, sent: str) -> str:
        _, user, password = base64.b64decode(sent).decode().split("\0")
        if (user, password) != self._smtp.login:
            return "535 no"
        self._user = user
        return "235 yes"

    def _say(self, *lines: str) -> None:
        self._line.sendall("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def smtp_server(
    *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None, port: int = 0
) -> Iterator[Smtp]:
    """A mail server for as long as the block lasts; `port`: one that was used before."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        smtp = Smtp("127.0.0.1", listening.getsockname()[1], tls, login)
        lines: list[socket.socket] = []

        def serve(line: socket.socket) -> None:
            with line, suppress(OSError):
                _Line(smtp, line).serve()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listening.accept()
                    lines.append(line)
                    threading.Thread(target=serve, args=(line,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield smtp
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for line in lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server at 127.0.0.1, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain, pem = serialization.NoEncryption(), serialization.Encoding.PEM
    at = folder / "server.pem"
    at.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(at)
    return server, ssl.create_default_context(cadata=made.public_bytes(pem).decode())


def _between(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]
