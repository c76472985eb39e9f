"""Notices and links, made with no more said than a test needs."""

from datetime import timedelta
from typing import NamedTuple

from sixfaces.domain.chronicle import Party
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.notice import Link, Notice, NoticeKind, NoticeRule
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import new_id


class ToldOf(NamedTuple):
    """What both sides of a case have."""

    notice: Notice
    link: Link


def told_of(tx: Transaction, case: FiledCase) -> ToldOf:
    """A notice that is due, a link, and a rule of the tenant."""
    notice = Notice(
        id=new_id(), tenant=case.tenant, case_id=case.id, about=case.id, kind=NoticeKind.CLAIM_OPENED,
        party=Party.BUYER, next_attempt_at=tx.now, created_at=tx.now,
    )  # fmt: skip
    link = Link(
        id=new_id(), tenant=case.tenant, case_id=case.id, party=Party.SELLER, language="zh", by="key:1",
        created_at=tx.now, expires_at=tx.now + timedelta(days=1),
    )  # fmt: skip
    assert tx.notices.add(notice)
    tx.links.add(link)
    tx.notices.put_rule(NoticeRule(off=(NoticeKind.SETTLED,)))
    return ToldOf(notice, link)
