"""Attempts end, each of them: by a deadline, by their count, or by their notice having nothing left to say."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sixfaces.adapters.mail import ATTEMPT_S, MailServer, SmtpMailer, sender_of
from sixfaces.domain.chronicle import EvidenceAsked, EvidenceCame, Money, Party, RefundPaid, Settled
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.notice import Notice, NoticeKind, NoticeState
from sixfaces.domain.notice_ports import Mail, MailAnswer
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.notices import reasons
from sixfaces.pipeline.notices.sending import LEASE
from tests.contract.notices.conftest import CONTACTS, SENDER, Office
from tests.contract.records.making import verdict
from tests.contract.records.making_claims import decision
from tests.servers.smtp import Smtp

BUYER = {"buyer": CONTACTS["buyer"]}
ONE = Mail("1.buyer", "ming@mail.example", "zh", "退款已支付", "正文", "<p>正文</p>", datetime.now(UTC))


@pytest.mark.parametrize(
    ("command", "told", "error"),
    [
        ("MAIL", "530 login first", reasons.LOGIN),
        ("MAIL", "550 not your address", reasons.SENDER),
        ("MAIL", "553 not owned by user", reasons.SENDER),
        ("RCPT", "530 login first", reasons.LOGIN),
        ("BODY", "535 login again", reasons.LOGIN),
    ],
)
def test_what_the_server_has_against_us_ends_no_message(smtp: Smtp, command: str, told: str, error: str) -> None:
    smtp.says[command] = told
    answer = SmtpMailer(smtp.server(), SENDER, timeout_s=2.0).send(ONE)
    assert (answer.error, answer.is_final) == (error, False)
    assert reasons.reason(error).fix.zh


def test_a_sender_that_is_refused_costs_one_attempt_a_turn_and_no_notice(office: Office, smtp: Smtp) -> None:
    case = office.case()
    for _ in range(3):
        office.enter(case, Settled())
    smtp.says["MAIL"] = "550 not your address"
    assert office.post.send_due(office.service) == 1
    assert {one.state for one in office.notices(case)} == {NoticeState.PENDING}
    smtp.says.clear()
    for _ in range(2):
        office.post.send_due(office.service)
    assert {one.state for one in office.notices(case)} == {NoticeState.SENT}


def test_a_sender_s_domain_is_written_as_the_network_knows_it() -> None:
    assert sender_of("售后 <after@售后.com>").addr_spec == "after@xn--fqrzz.com"
    for wrong in ("售后@shop.example", "after", "after@", f"after@{'售' * 70}.com"):
        with pytest.raises(SettingsError) as caught:
            sender_of(wrong)
        assert caught.value.code == "settings.mail_from"


@contextmanager
def dripping() -> Iterator[MailServer]:
    """A server that never comes to the end of its first line, and never stops either."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            line, _ = listening.accept()
            with line, suppress(OSError):
                while True:
                    line.sendall(b"2")
                    threading.Event().wait(0.02)

        thread = threading.Thread(target=drip)
        thread.start()
        host, port = listening.getsockname()
        yield MailServer(host, port, starttls=False)
        thread.join()


def test_a_server_that_says_a_byte_now_and_then_is_cut_off_before_anybody_else_may_try() -> None:
    assert timedelta(seconds=ATTEMPT_S) < LEASE
    with dripping() as server:
        answer = SmtpMailer(server, SENDER, timeout_s=5.0, attempt_s=0.3).send(ONE)
    assert answer == MailAnswer(error=reasons.TIMEOUT)


def test_an_attempt_counts_though_nobody_says_how_it_ended(office: Office, smtp: Smtp) -> None:
    case = office.case(contacts=BUYER)
    office.enter(case, Settled())
    for count in range(4):
        with office.service.records.begin(None) as tx:
            claimed = tx.notices.claim(lease=timedelta())
        assert claimed is not None
        assert claimed.attempts == count + 1
    office.post.send_due(office.service)
    (notice,) = office.notices(case)
    assert (notice.state, notice.attempts, notice.last_error) == (NoticeState.FAILED, 4, reasons.LOST)
    assert smtp.taken == []


def test_a_case_that_cannot_be_read_keeps_nobody_else_waiting_and_is_given_up(office: Office, smtp: Smtp) -> None:
    broken, sound = office.case(contacts=BUYER), office.case(contacts=BUYER)
    with office.service.records.begin("main") as tx:
        tx.verdicts.add(verdict(broken, tx.now))
    for case in (broken, sound):
        office.enter(case, Settled())
    office.post.send_due(office.service)
    assert _only(office, sound).state is NoticeState.SENT
    for _ in range(5):
        office.post.send_due(office.service)
    notice = _only(office, broken)
    assert (notice.state, notice.attempts, notice.last_error) == (NoticeState.FAILED, 4, reasons.UNREADABLE)
    assert len(smtp.taken) == 1


def _only(office: Office, case: FiledCase) -> Notice:
    (notice,) = office.notices(case)
    return notice


def test_a_notice_that_asks_for_what_has_come_is_not_sent(office: Office, smtp: Smtp) -> None:
    case = office.case(contacts=BUYER)
    with office.service.records.begin("main", reading=True) as tx:
        until = tx.now + timedelta(days=2)
    office.enter(case, EvidenceAsked(of=Party.BUYER, until=until, what="A photo."))
    office.enter(case, EvidenceCame(of=Party.BUYER))
    office.post.send_due(office.service)
    notice = _only(office, case)
    assert (notice.state, notice.attempts, notice.last_error) == (NoticeState.DROPPED, 0, reasons.OVER)
    assert smtp.taken == []


@pytest.mark.parametrize(
    ("kind", "there", "left_out"),
    [
        (NoticeKind.CLOCK_BREACHED, "The old film.", ["The new film.", "waybill"]),
        (NoticeKind.DEADLINE_NEAR, "The new film.", ["The old film.", "waybill"]),
        (NoticeKind.EVIDENCE_ASKED, "The new film.", ["The old film.", "waybill"]),
        (NoticeKind.CLAIM_INCOMPLETE, "waybill", ["The new film.", "The old film."]),
    ],
)
def test_a_notice_asks_for_nothing_but_what_it_is_about(
    office: Office, smtp: Smtp, kind: NoticeKind, there: str, left_out: list[str]
) -> None:
    case = office.case(contacts={"seller": CONTACTS["seller"], "seller_language": "en"},
                       claim={"kind": "refund_only", "reason": "not_received"})  # fmt: skip
    with office.service.records.begin("main", reading=True) as tx:
        now = tx.now
    asked = EvidenceAsked(of=Party.SELLER, until=now - timedelta(days=5), what="The old film.")
    office.enter(case, asked, at=now - timedelta(days=6))
    asked = EvidenceAsked(of=Party.SELLER, until=now + timedelta(hours=2), what="The new film.")
    office.enter(case, asked, at=now - timedelta(days=5))
    with office.service.records.begin("main") as tx:
        notice = Notice(
            id=new_id(), tenant="main", case_id=case.id, about=new_id(), kind=kind, party=Party.SELLER,
            next_attempt_at=tx.now, created_at=tx.now,
        )  # fmt: skip
        assert tx.notices.add(notice)
    office.post.send_due(office.service)
    (sent,) = smtp.taken
    text = sent.part("plain")
    assert there in text
    assert not [one for one in left_out if one in text]


def test_a_part_of_a_refund_is_told_as_a_part(office: Office, smtp: Smtp) -> None:
    case = office.case(contacts=CONTACTS)
    with office.service.records.begin("main") as tx:
        tx.decisions.add(decision(tx, case).model_copy(update={"at": tx.now - timedelta(hours=1)}))
    office.enter(case, RefundPaid(money=Money(amount=Decimal("5.00"), currency="CNY")))
    office.post.send_due(office.service)
    by = {one.to: one for one in smtp.taken}
    assert str(by[CONTACTS["buyer"]].message["Subject"]).startswith("退款已部分支付")
    seller = by[CONTACTS["seller"]].part("plain")
    assert "The rest is still to come." in seller
    assert "CNY 5.00 of CNY 19.90 has been paid back" in seller
