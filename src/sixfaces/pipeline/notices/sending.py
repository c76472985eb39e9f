"""Sends what lies in the outbox of notices. START READING HERE for how mail gets out.

1. A notice is claimed for a while, by this process or another. Whether it is still to be sent is looked at now: a case
   may have been erased, an address taken out, a kind switched off since.
2. What it says is made now, so that it says how the claim stands and nothing of a person waits in a table.
   Where nothing is left to say, it is dropped.
3. It is handed to the mail server, and who holds the claim writes what came of it. A process that dies writes nothing:
   the claim runs out, and the notice goes once more under the same Message-ID. At least once, hardly ever twice. The
   attempt counts from the claim, so that what kills its process every time ends as well.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import structlog

from sixfaces.domain.chronicle import Party
from sixfaces.domain.errors import RecordsError, SettingsError, SixfacesError
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.notice import Link, Notice, NoticeState, Tongue
from sixfaces.domain.notice_ports import Mail, MailAnswer, Mailer
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.claims.matters import judged_report, look
from sixfaces.pipeline.notices import reasons
from sixfaces.pipeline.notices.link_terms import LinkTerms
from sixfaces.pipeline.notices.links import Bearer, link_for_notice
from sixfaces.pipeline.notices.standing import standing_of
from sixfaces.pipeline.service import Service
from sixfaces.report.notice_mail import NoticeWords, notice_words

log = structlog.get_logger()

LEASE = timedelta(seconds=120)
"""More than an attempt may last (`adapters.mail.ATTEMPT_S`) and what is read for it."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""After the first failed attempt, the second, … the last of which is followed by no other: about two days."""
JITTER = 0.1
MOST_AT_A_TURN = 200


class _Claimed(NamedTuple):
    notice: Notice
    case: FiledCase
    link: Link
    address: str


@dataclass
class Post:
    """The mail of one process. `open_mailer` is called when there is something to send for the first time; None: there
    is no mail, and what would be sent is dropped and says so."""

    open_mailer: Callable[[], Mailer] | None
    links: LinkTerms
    waits: tuple[timedelta, ...] = WAITS
    lease: timedelta = LEASE

    @cached_property
    def _mailer(self) -> Mailer:
        assert self.open_mailer is not None
        return self.open_mailer()

    def send_due(self, service: Service) -> int:
        """Send what is due, for a while; how many were tried. Ends early where the server cannot be reached: all the
        others would fail alike. Raises RecordsError and StoreError."""
        with service.records.begin(None, reading=True) as transaction:
            if not transaction.notices.is_due():
                return 0
        for count in range(MOST_AT_A_TURN):
            claimed = self._claimed(service)
            if claimed is None:
                return count
            if isinstance(claimed, _Claimed):
                answer = self._sent(service, claimed)
                self._written(service, claimed.notice, answer)
                if answer.error in _OF_SERVER:
                    return count + 1
        return MOST_AT_A_TURN

    def _claimed(self, service: Service) -> "_Claimed | bool | None":
        """1. None where nothing is due; True for one that is not to be sent, which is written at once."""
        with service.records.begin(None) as transaction:
            notice = transaction.notices.claim(lease=self.lease)
            if notice is None:
                return None
            case = transaction.cases.get(notice.case_id)
            if notice.attempts > len(self.waits) + 1:
                transaction.notices.attempted(_given_up(notice, now=transaction.now))
                return True
            why = self._unsendable(transaction, notice, case)
            if why is not None or case is None:
                transaction.notices.attempted(_dropped(notice, why or reasons.ERASED, now=transaction.now))
                return True
            address, language = _contact(case, notice.party)
            link = link_for_notice(transaction, case, bearer=Bearer(notice.party, language))
            return _Claimed(notice, case, link, address or "")

    def _unsendable(self, transaction: Transaction, notice: Notice, case: FiledCase | None) -> str | None:
        if case is None or case.erased_at is not None:
            return reasons.ERASED
        if self.open_mailer is None:
            return reasons.OFF
        if _contact(case, notice.party)[0] is None:
            return reasons.ADDRESS
        rule = transaction.notices.rule(case.tenant)
        return None if rule.wants(notice.kind, notice.party) else reasons.UNWANTED

    def _sent(self, service: Service, claimed: _Claimed) -> MailAnswer:
        """2. and 3."""
        notice = claimed.notice
        try:
            said = self._said(service, claimed)
        except RecordsError:
            raise  # nothing could be written of it either
        except SettingsError:
            return MailAnswer(error=reasons.KEY)
        except SixfacesError as exc:
            log.warning("notice_unreadable", notice=notice.id, case=notice.case_id, code=exc.code)
            return MailAnswer(error=reasons.UNREADABLE)
        if said is None:
            return MailAnswer(error=reasons.OVER, is_final=True)
        mail = Mail(
            id=f"{notice.about}.{notice.party.value}",
            to=claimed.address,
            language=claimed.link.language,
            subject=said.subject,
            text=said.text,
            html=said.html,
            at=notice.created_at,
        )
        return self._mailer.send(mail)

    def _said(self, service: Service, claimed: _Claimed) -> NoticeWords | None:
        """2. None where nothing is left to say. Raises SettingsError for the key of links, and what reading the case
        raises."""
        notice, case = claimed.notice, claimed.case
        judged = judged_report(service, case.tenant, case.id)
        with service.records.begin(case.tenant, reading=True) as transaction:
            standing = standing_of(transaction, look(transaction, case, judged, rules=service.rules), notice.party)
        url = self.links.url(claimed.link) if self.links.base else None
        return notice_words(notice.kind, standing, language=claimed.link.language, link=url)

    def _written(self, service: Service, notice: Notice, answer: MailAnswer) -> None:
        with service.records.begin(None) as transaction:
            told = after(notice, answer, now=transaction.now, waits=self.waits)
            is_ours = transaction.notices.attempted(told)
        log.info("notice_attempted", notice=notice.id, case=notice.case_id, status=answer.status, code=answer.error)
        if not is_ours:
            log.warning("notice_claim_lost", notice=notice.id)


_OF_SERVER = frozenset({reasons.CONNECT, reasons.TLS, reasons.LOGIN, reasons.TIMEOUT, reasons.SENDER})


def after(notice: Notice, answer: MailAnswer, *, now: datetime, waits: tuple[timedelta, ...] = WAITS) -> Notice:
    """The notice after the attempt that it was claimed for, which it counts already."""
    if answer.error == reasons.OVER:
        return _dropped(notice, reasons.OVER, now=now)
    done: dict[str, Any] = {"last_attempt_at": now, "last_status": answer.status, "last_error": answer.error}
    if answer.error is None or answer.is_final or notice.attempts > len(waits):
        state = NoticeState.SENT if answer.error is None else NoticeState.FAILED
        return notice.model_copy(update=done | {"state": state, "next_attempt_at": None, "ended_at": now})
    wait = waits[notice.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return notice.model_copy(update=done | {"next_attempt_at": now + wait})


def _dropped(notice: Notice, why: str, *, now: datetime) -> Notice:
    """Nobody tried to send it."""
    ended = {"state": NoticeState.DROPPED, "last_error": why, "next_attempt_at": None, "ended_at": now}
    return notice.model_copy(update=ended | {"attempts": notice.attempts - 1})


def _given_up(notice: Notice, *, now: datetime) -> Notice:
    """None of its attempts ended."""
    ended = {"state": NoticeState.FAILED, "last_error": reasons.LOST, "next_attempt_at": None, "ended_at": now}
    return notice.model_copy(update=ended | {"attempts": notice.attempts - 1})


def _contact(case: FiledCase, party: Party) -> tuple[str | None, Tongue]:
    its = case.file.contacts
    return (its.buyer, its.buyer_language) if party is Party.BUYER else (its.seller, its.seller_language)
