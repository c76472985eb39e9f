"""Hands messages to a mail server by SMTP. One connection a message: a server that went away is met anew.

Headers are set by the standard library's message, which refuses line breaks: nothing that people wrote can begin one.
"""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from sixfaces.adapters.deadline import Deadline
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.model import Say
from sixfaces.domain.notice_ports import Mail, MailAnswer
from sixfaces.pipeline.notices import reasons

TIMEOUT_S = 20.0
"""For one answer of the server."""
ATTEMPT_S = 100.0
"""For a whole attempt: less than the lease of a notice, so that nobody else sends it meanwhile."""
_PORTS = {"smtp": 587, "smtps": 465}
_TAKEN, _FINAL = 250, 500
_READY = 220
_NOT_LET_IN = frozenset({530, 534, 535, 538})
"""What the server wants of us before it takes anything, whichever command it says it to (RFC 4954)."""
_ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,189}")
_NO_ADDRESS = (ValueError, IndexError, MessageError)
"""What the standard library's parser says of wrong addresses; off the end of some it runs."""
_PLAIN = frozenset({"localhost", "127.0.0.1", "::1"})


class MailServer(NamedTuple):
    """Where mail goes. `starttls`: encryption is asked for after connecting and insisted on."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    is_tls: bool = False
    starttls: bool = True


def server_of(url: str) -> MailServer:
    """The server that SIXFACES_SMTP_URL names. Without `?starttls=false`, `smtp` insists on STARTTLS, except on this
    machine. Raises SettingsError `settings.smtp_url`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        asked = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise _bad_url() from None
    known = parts.scheme in _PORTS and host and set(asked) <= {"starttls"} and parts.path in {"", "/"}
    if not known or host is None or asked.get("starttls", "true") not in {"true", "false"}:
        raise _bad_url()
    is_tls = parts.scheme == "smtps"
    starttls = asked.get("starttls", "false" if host in _PLAIN else "true") == "true"
    user = unquote(parts.username) if parts.username else None
    if user and not (is_tls or starttls or host in _PLAIN):
        raise _bad_url()  # a password in plain text on the network
    password = unquote(parts.password) if parts.password else None
    return MailServer(host, port or _PORTS[parts.scheme], user, password, is_tls, starttls and not is_tls)


def sender_of(text: str) -> Address:
    """The address that SIXFACES_MAIL_FROM names, with or without a name before it; its domain as the network knows it
    (IDNA). Raises SettingsError `settings.mail_from`."""
    name, spec = parseaddr(text)
    try:
        told = Address(name, addr_spec=spec)
        domain = told.domain.encode("idna").decode("ascii")
        if not (text.isprintable() and told.username.isascii() and domain):
            raise ValueError(text)
        return Address(name, told.username, domain)
    except _NO_ADDRESS:
        raise _bad_sender() from None


class SmtpMailer:
    """Implements `domain.notice_ports.Mailer`."""

    def __init__(
        self, server: MailServer, sender: Address, *, timeout_s: float = TIMEOUT_S, attempt_s: float = ATTEMPT_S,
        tls: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self._server, self._sender, self._timeout_s, self._given = server, sender, timeout_s, tls
        self._attempt_s = attempt_s

    def send(self, mail: Mail) -> MailAnswer:
        """As in the interface."""
        try:
            message = message_of(mail, self._sender)
        except _NO_ADDRESS:
            return MailAnswer(error=reasons.ADDRESS, is_final=True)
        with Deadline(self._attempt_s) as deadline:
            try:
                self._handed(message, mail.to, deadline)
            except (OSError, UnicodeError) as exc:  # all that smtplib raises is an OSError
                return MailAnswer(error=reasons.TIMEOUT) if deadline.is_cut else _answer(exc)
        return MailAnswer(_TAKEN)

    def _handed(self, message: EmailMessage, to: str, deadline: Deadline) -> None:
        line = self._connected(deadline)
        try:
            line.send_message(message, self._sender.addr_spec, [to])
            with suppress(OSError):  # it has been taken: what the server says to our leaving counts no more
                line.quit()
        finally:
            line.close()

    def _connected(self, deadline: Deadline) -> smtplib.SMTP:
        where = self._server
        line = _Line(deadline, self._tls if where.is_tls else None, self._sender.domain, timeout_s=self._timeout_s)
        try:
            status, told = line.connect(where.host, where.port)
            if status != _READY:
                raise smtplib.SMTPConnectError(status, told)
            if where.starttls:
                line.starttls(context=self._tls)
            if where.user is not None:
                line.login(where.user, where.password or "")
        except BaseException:  # whatever ends it leaves no line open; raised again
            line.close()
            raise
        return line

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given or ssl.create_default_context()


class _Line(smtplib.SMTP):
    """A connection that is cut with a deadline; `tls`: encrypted from the first byte."""

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext | None, ours: str, *, timeout_s: float) -> None:
        self._deadline, self._from_the_first = deadline, tls
        super().__init__(local_hostname=ours, timeout=timeout_s)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """What smtplib connects by. The line is held before anything is said on it, a handshake included."""
        self._host = host  # by which name starttls checks the certificate
        line = socket.create_connection((host, port), min(timeout, self._deadline.left_s))
        try:
            self._deadline.hold(line)
            line.settimeout(timeout)
            return (
                line if self._from_the_first is None else self._from_the_first.wrap_socket(line, server_hostname=host)
            )
        except BaseException:  # whatever ends it leaves no line open; raised again
            line.close()
            raise


def message_of(mail: Mail, sender: Address) -> EmailMessage:
    """The message. Raises ValueError, IndexError or MessageError for an address that is none."""
    if not _ADDRESS.fullmatch(mail.to):
        raise ValueError("no address")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to) if mail.to.isascii() else mail.to
    message["Subject"] = mail.subject
    message["Date"] = mail.at
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    return message


def _answer(error: Exception) -> MailAnswer:
    """What the server said, or that it said nothing. A 5xx to the recipient or the message is final; one to us, such as
    a refused login or a sender that it does not let send, would be the same for every message, and may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _refused(next(iter(error.recipients.values()))[0])
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailAnswer(error.smtp_code, reasons.LOGIN)
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code >= _FINAL:
        is_login = error.smtp_code in _NOT_LET_IN
        return MailAnswer(error.smtp_code, reasons.LOGIN if is_login else reasons.SENDER)
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return _refused(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError):
        is_ours = "STARTTLS" in str(error)
        return MailAnswer(error=reasons.TLS if is_ours else reasons.ADDRESS, is_final=not is_ours)
    if isinstance(error, ssl.SSLError):
        return MailAnswer(error=reasons.TLS)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return MailAnswer(error=reasons.TIMEOUT)
    status = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
    away = smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError
    is_away = isinstance(error, away) or not isinstance(error, smtplib.SMTPException)
    return MailAnswer(status, reasons.CONNECT if is_away else reasons.ANSWER)


def _refused(status: int) -> MailAnswer:
    if status in _NOT_LET_IN:
        return MailAnswer(status, reasons.LOGIN)
    is_final = status >= _FINAL
    return MailAnswer(status, reasons.REFUSED if is_final else reasons.LATER, is_final)


def _bad_url() -> SettingsError:
    return SettingsError(
        "settings.smtp_url",
        Say(zh="SIXFACES_SMTP_URL 不是可用的邮件服务器地址。", en="SIXFACES_SMTP_URL names no mail server."),
        Say(
            zh="请写成 smtp://用户:密码@主机:587 或 smtps://用户:密码@主机:465；密码不会以明文发送。",
            en="Write smtp://user:password@host:587 or smtps://user:password@host:465; no password goes in plain text.",
        ),
    )


def _bad_sender() -> SettingsError:
    return SettingsError(
        "settings.mail_from",
        Say(zh="SIXFACES_MAIL_FROM 不是有效的发件地址。", en="SIXFACES_MAIL_FROM is no address to send from."),
        Say(zh="请写成 售后 <after-sales@example.com>。", en="Write After-sales <after-sales@example.com>."),
    )
