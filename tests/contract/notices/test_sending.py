"""Mail gets out: whole, to whom it is for, in their language, once; what does not says why and can be sent again."""

import smtplib
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.header import decode_header
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from sixfaces.adapters.mail import MailServer, SmtpMailer, sender_of, server_of
from sixfaces.domain.chronicle import (
    ClaimWithdrawn,
    Decided,
    EvidenceAsked,
    Money,
    Party,
    RefundPaid,
    Settled,
)
from sixfaces.domain.errors import ClaimError, SettingsError
from sixfaces.domain.notice import NoticeKind, NoticeRule, NoticeState
from sixfaces.domain.notice_ports import Mail, MailAnswer
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.claims.chronicling import Told, enter
from sixfaces.pipeline.erasing import remains
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.notices import reasons
from sixfaces.pipeline.notices.outbox import replay_notice
from sixfaces.pipeline.notices.sending import Post
from tests.contract.notices.conftest import CONTACTS, SENDER, TERMS, Office, post_to
from tests.rig.workshop import ROOT
from tests.servers.smtp import Smtp, certificate, smtp_server

ADMIN = Principal(tenant="main", key_id=new_id(), role=ApiRole.ADMIN)
PAID = RefundPaid(money=Money(amount=Decimal("199.00"), currency="CNY"))


def mail(smtp: Smtp, to: str = "ming@mail.example", subject: str = "退款已支付", **more: object) -> MailAnswer:
    """One message straight to the server."""
    one = Mail("1.buyer", to, "zh", subject, "正文", "<p>正文</p>", datetime.now(UTC))
    server = smtp.server(**more)
    return SmtpMailer(server, SENDER, timeout_s=2.0).send(one)


def test_both_sides_are_told_once_each_in_their_language_with_a_link_of_their_own(office: Office, smtp: Smtp) -> None:
    case = office.case(case_id="C-退货 1")
    entry = office.enter(case, PAID).entry
    assert office.post.send_due(office.service) == 2
    assert office.post.send_due(office.service) == 0
    by = {one.to: one for one in smtp.taken}
    buyer, seller = by[CONTACTS["buyer"]], by[CONTACTS["seller"]]
    assert str(buyer.message["Subject"]) == "退款已支付（C-退货 1）"
    assert str(seller.message["Subject"]) == "The refund was paid (C-退货 1)"
    assert "已退款 199.00 元" in buyer.part("plain")
    assert "CNY 199.00 has been paid back" in seller.part("html")
    assert buyer.id == f"<{entry.id}.buyer@shop.example>"
    assert str(buyer.message["From"]) == "售后服务 <after-sales@shop.example>"
    assert str(buyer.message["Auto-Submitted"]) == "auto-generated"
    links = {one.part("plain").partition("/s/")[2].split()[0] for one in (buyer, seller)}
    assert len(links) == 2
    assert all(one.startswith(f"{case.id}?t=") for one in links)
    assert {one.state for one in office.notices(case)} == {NoticeState.SENT}


def test_headers_are_ascii_and_no_line_of_a_message_is_too_long(office: Office, smtp: Smtp) -> None:
    case = office.case(case_id="C-" + "退" * 190)
    office.enter(case, PAID)
    office.post.send_due(office.service)
    for one in smtp.taken:
        head = one.raw.partition(b"\r\n\r\n")[0]
        assert head.isascii()
        assert max(map(len, one.raw.split(b"\r\n"))) <= 998
        assert "退" in str(decode_header(str(one.message["Subject"]))[0][0])


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("a@b.example\r\nBcc: all@b.example", "x"),
        ("a@b.example", "x\r\nBcc: all@b.example"),
        ("a@b.example", "x\nX-Evil: 1"),
        ("<a@b.example>, c@d.example", "x"),
        ("", "x"),
    ],
)
def test_nothing_that_people_wrote_begins_a_header_or_adds_an_address(smtp: Smtp, to: str, subject: str) -> None:
    answer = mail(smtp, to, subject)
    assert (answer.error, answer.is_final) == (reasons.ADDRESS, True)
    assert smtp.taken == []


def test_a_case_called_after_a_header_is_only_called_so(office: Office, smtp: Smtp) -> None:
    case = office.case(case_id="Bcc: all@mail.example <b>‮x")
    office.enter(case, Settled())
    office.post.send_due(office.service)
    for one in smtp.taken:
        assert one.message["Bcc"] is None
        assert "‹U+202E›" in str(one.message["Subject"])
        assert "<b>" not in one.part("html")


def test_an_address_beyond_ascii_is_refused_where_the_server_does_not_know_it(smtp: Smtp) -> None:
    answer = mail(smtp, "用户@mail.example")
    assert (answer.error, answer.is_final) == (reasons.ADDRESS, True)


@pytest.mark.parametrize(
    ("command", "told", "error", "is_final"),
    [
        ("HELLO", "421 busy", reasons.CONNECT, False),
        ("MAIL", "451 later", reasons.LATER, False),
        ("RCPT", "450 greylisted", reasons.LATER, False),
        ("RCPT", "550 nobody", reasons.REFUSED, True),
        ("BODY", "452 full", reasons.LATER, False),
        ("BODY", "554 spam", reasons.REFUSED, True),
    ],
)  # fmt: skip
def test_what_the_server_answers_says_whether_to_try_again(
    smtp: Smtp, command: str, told: str, error: str, is_final: bool
) -> None:
    smtp.says[command] = told
    answer = mail(smtp)
    assert (answer.error, answer.is_final) == (error, is_final)
    assert reasons.reason(error).text.zh


def test_a_message_that_was_taken_is_sent_whatever_the_server_says_afterwards(smtp: Smtp) -> None:
    smtp.says["QUIT"] = "500 never heard of it"
    assert mail(smtp) == MailAnswer(250)


def test_a_server_that_is_away_or_says_nothing_is_not_waited_for_long() -> None:
    with smtp_server() as smtp:
        smtp.hangs = True
        assert mail(smtp).error == reasons.TIMEOUT
    assert mail(smtp).error == reasons.CONNECT


def test_encryption_is_insisted_on_and_a_login_goes_over_it_only(tmp_path: Path) -> None:
    ours, trusting = certificate(tmp_path)
    with smtp_server(tls=ours, login=("shop", "s3cret")) as smtp:
        where = smtp.server(user="shop", password="s3cret")
        one = Mail("1.buyer", "a@b.example", "en", "x", "x", "x", datetime.now(UTC))
        assert SmtpMailer(where, SENDER, tls=trusting).send(one) == MailAnswer(250)
        assert (smtp.taken[0].is_encrypted, smtp.taken[0].user) == (True, "shop")
        assert SmtpMailer(where, SENDER).send(one).error == reasons.TLS, "nobody vouches for the certificate"
        wrong = where._replace(password="other")
        assert SmtpMailer(wrong, SENDER, tls=trusting).send(one).error == reasons.LOGIN
    with smtp_server(login=("shop", "s3cret")) as plain:
        told = SmtpMailer(plain.server(user="shop", password="s3cret", starttls=True), SENDER).send(one)
        assert told.error == reasons.TLS
        assert "AUTH" not in plain.tried


def test_who_is_away_is_tried_again_and_in_the_end_given_up(office: Office, smtp: Smtp) -> None:
    case = office.case(contacts={"buyer": "ming@mail.example"})
    office.enter(case, PAID)
    smtp.says["RCPT"] = "450 later"
    for _ in range(5):
        office.post.send_due(office.service)
    (notice,) = office.notices(case)
    assert (notice.state, notice.attempts, notice.last_status) == (NoticeState.FAILED, 4, 450)
    assert notice.last_error == reasons.LATER
    smtp.says.clear()
    with office.service.records.begin("main") as tx:
        again = replay_notice(tx, ADMIN, notice.id)
    assert (again.state, again.attempts) == (NoticeState.PENDING, 0)
    office.post.send_due(office.service)
    assert len(smtp.taken) == 1
    with pytest.raises(ClaimError, match="notice_sent"), office.service.records.begin("main") as tx:
        replay_notice(tx, ADMIN, notice.id)


def test_a_refused_address_ends_its_own_notice_and_no_other(office: Office, smtp: Smtp) -> None:
    one, other = (office.case(contacts={"buyer": "ming@mail.example"}) for _ in range(2))
    smtp.says["RCPT"] = "550 nobody"
    office.enter(one, PAID)
    office.post.send_due(office.service)
    smtp.says.clear()
    office.enter(other, PAID)
    office.post.send_due(office.service)
    assert office.notices(one)[0].state is NoticeState.FAILED
    assert office.notices(other)[0].state is NoticeState.SENT


def test_a_server_that_cannot_be_reached_is_tried_once_a_turn(office: Office, smtp: Smtp) -> None:
    case = office.case()
    for _ in range(5):
        office.enter(case, PAID)
    smtp.says["HELLO"] = "421 busy"
    post = post_to(smtp, waits=(timedelta(hours=1),))
    assert post.send_due(office.service) == 1
    assert sum(one.attempts for one in office.notices(case)) == 1


def test_the_same_entry_is_told_to_a_side_once(office: Office) -> None:
    case = office.case()
    first = office.enter(case, PAID, reference="P-1")
    second = office.enter(case, PAID, reference="P-1")
    assert not second.is_new
    assert {(one.about, one.party.value) for one in office.notices(case)} == {
        (first.entry.id, "buyer"), (first.entry.id, "seller"),
    }  # fmt: skip
    with office.service.records.begin("main") as tx:
        assert not tx.notices.add(office.notices(case)[0].model_copy(update={"id": case.id}))


def test_an_entry_that_is_undone_tells_nobody(office: Office) -> None:
    case = office.case()
    with suppress(RuntimeError), office.service.records.begin("main") as tx:
        assert enter(tx, case, "key:test", told=Told(PAID, Party.SELLER)).is_new
        raise RuntimeError
    assert office.notices(case) == []


def test_only_the_side_that_was_asked_is_told_what_of_it_is_wanted(office: Office, smtp: Smtp) -> None:
    case = office.case()
    with office.service.records.begin("main", reading=True) as tx:
        until = tx.now + timedelta(days=2)
    office.enter(case, EvidenceAsked(of=Party.BUYER, until=until, what="A photo. Call 13812345678"))
    office.post.send_due(office.service)
    (one,) = smtp.taken
    assert one.to == CONTACTS["buyer"]
    assert "A photo. Call 138****5678" in one.part("plain")
    assert "截止" in one.part("plain")


def test_who_has_no_address_or_is_not_to_be_told_is_not_told(office: Office) -> None:
    silent = office.case(contacts={})
    office.enter(silent, PAID)
    assert office.notices(silent) == []
    with office.service.records.begin("main") as tx:
        tx.notices.put_rule(NoticeRule(off=(NoticeKind.SETTLED,), off_for_seller=(NoticeKind.REFUND_PAID,)))
    case, foreign = office.case(), office.case(tenant="other")
    for one in (case, foreign):
        office.enter(one, PAID)
        office.enter(one, Settled())
    assert [(one.kind, one.party) for one in office.notices(case)] == [(NoticeKind.REFUND_PAID, Party.BUYER)]
    assert len(office.notices(foreign)) == 4


def test_what_happened_long_ago_is_told_to_nobody(office: Office) -> None:
    case = office.case()
    with office.service.records.begin("main", reading=True) as tx:
        long_ago = tx.now - timedelta(days=4)
    office.enter(case, PAID, at=long_ago)
    assert office.notices(case) == []


def test_what_changed_since_counts_when_it_goes_out(office: Office, smtp: Smtp) -> None:
    erased, emptied, switched = (office.case() for _ in range(3))
    for case in (erased, emptied, switched):
        office.enter(case, ClaimWithdrawn())
    with office.service.records.begin("main") as tx:
        tx.erasures.empty_case(erased.id, remains(erased.file, forget_waybill=False))
        tx.cases.change(emptied.id, file=emptied.file.model_copy(update={"contacts": type(emptied.file.contacts)()}))
        tx.notices.put_rule(NoticeRule(off=(NoticeKind.CLAIM_WITHDRAWN,)))
    office.post.send_due(office.service)
    assert smtp.taken == []
    told = {case.id: {one.last_error for one in office.notices(case)} for case in (erased, emptied, switched)}
    assert told == {
        erased.id: {reasons.ERASED}, emptied.id: {reasons.ADDRESS}, switched.id: {reasons.UNWANTED},
    }  # fmt: skip


def test_without_a_mail_server_nothing_waits_for_one_that_may_come(office: Office) -> None:
    case = office.case()
    office.enter(case, PAID)
    Post(None, TERMS).send_due(office.service)
    assert {(one.state, one.last_error) for one in office.notices(case)} == {(NoticeState.DROPPED, reasons.OFF)}


def test_senders_side_by_side_send_each_notice_once(office: Office, smtp: Smtp) -> None:
    case = office.case()
    for _ in range(10):
        office.enter(case, PAID)
    threads = [threading.Thread(target=post_to(smtp).send_due, args=(office.service,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [one.id for one in smtp.taken]
    assert (len(ids), len(set(ids))) == (20, 20)


def test_what_a_killed_process_was_sending_comes_again_under_its_id(office: Office, smtp: Smtp) -> None:
    case = office.case(contacts={"buyer": "ming@mail.example"})
    office.enter(case, PAID)
    smtp.hangs = True
    command = [sys.executable, "-m", "tests.rig.notice_sender", office.url, str(smtp.port), "1"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        smtp.wait(1)
        process.kill()
    smtp.hangs = False
    for _ in range(200):
        if office.post.send_due(office.service):
            break
        threading.Event().wait(0.05)
    assert office.notices(case)[0].state is NoticeState.SENT
    first, second = smtp.taken
    assert first.id == second.id


def test_no_address_and_no_word_of_a_notice_is_in_the_log_or_the_outbox(office: Office, smtp: Smtp) -> None:
    case = office.case()
    smtp.says["RCPT"] = "550 <ming@mail.example> is nobody"
    structlog.reset_defaults()  # lines of all levels, whatever another test has set
    with capture_logs() as logs:
        office.enter(case, PAID)
        office.post.send_due(office.service)
    told = str(logs) + str(office.notices(case))
    assert "notice_attempted" in told
    assert "mail.example" not in told


def test_a_decision_says_what_was_decided_in_the_words_of_its_remedy(office: Office, smtp: Smtp) -> None:
    case = office.case()
    office.enter(case, Decided(decision=case.id, remedy="repair"))
    office.post.send_due(office.service)
    assert {str(one.message["Subject"]).partition("（")[0].partition(" (")[0] for one in smtp.taken} == {
        "售后已作出裁定", "A claim has been decided",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587)),
        ("smtp://a%40b:p%3Aw@mail.example:25", MailServer("mail.example", 25, "a@b", "p:w")),
        ("smtps://mail.example", MailServer("mail.example", 465, is_tls=True, starttls=False)),
        ("smtp://127.0.0.1:1025", MailServer("127.0.0.1", 1025, starttls=False)),
        ("smtp://relay.example?starttls=false", MailServer("relay.example", 587, starttls=False)),
    ],
)
def test_a_mail_server_is_named_by_an_address(url: str, server: MailServer) -> None:
    assert server_of(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example", "http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://mail.example?tls=1",
        "smtp://u:secret@mail.example?starttls=false", "smtp://mail.example/path", "smtp://mail.example?starttls=no",
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_would_show_a_password_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        server_of(url)
    assert refused.value.code == "settings.smtp_url"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "nobody", "a@b@c", "a@b\r\nBcc: c@d", "<>"])
def test_a_sender_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        sender_of(text)


def test_everything_smtplib_raises_is_an_oserror() -> None:
    assert issubclass(smtplib.SMTPException, OSError)
