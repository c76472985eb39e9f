"""Who is told what when (D24): written into the outbox in the transaction of the chronicle's entry, so that neither is
there without the other. TABLE is the table of contents.

Nobody is told of what happened long ago: an archive that is imported sends no mail.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from sixfaces.decision.incomplete import Lacking
from sixfaces.domain import chronicle as c
from sixfaces.domain.chronicle import Occurrence, Party
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.notice import SIDES, Notice, NoticeKind, ToldParty
from sixfaces.domain.records import Transaction
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks.announcing import announce

LATE = timedelta(days=3)
"""What happened earlier than that is told to nobody by mail."""


class ToTell(NamedTuple):
    """That a side is to be told of something."""

    kind: NoticeKind
    party: ToldParty


def tell(transaction: Transaction, case: FiledCase, entry: Occurrence, *, holder: Party | None = None,
         mailed: bool = True) -> None:  # fmt: skip
    """All who are concerned by an entry that has just been made: those who watch the case, endpoints, both sides.
    `holder`: whose clock it is, where the entry tells of one; `mailed` False: another notice says the same. Call it
    before the custody entry, which comes last."""
    data = {"entry": entry.id, "kind": entry.what.kind}
    transaction.events.tell(case.id, "chronicle.added", data)
    told = {"case": case.id, **data}
    announce(transaction, WebhookKind.CASE_CHANGED, tenant=case.tenant, subject=entry.id, data=told)
    if mailed and entry.at > transaction.now - LATE:
        for one in notices_of(entry, holder):
            _enqueue(transaction, case, one, about=entry.id)


def tell_opening(transaction: Transaction, case: FiledCase, lacks: tuple[Lacking, ...]) -> None:
    """That there is a claim, once: who has to bring something for it is told what. Where it was told as incomplete
    and lacks nothing any more, that is told by the entry that says so (`tell`)."""
    opened = case.file.claim.opened_at or case.created_at
    if min(opened, case.created_at) <= transaction.now - LATE:
        return
    for party in SIDES:
        is_asked = any(one.of is party for one in lacks)
        kind = NoticeKind.CLAIM_INCOMPLETE if is_asked else NoticeKind.CLAIM_OPENED
        _enqueue(transaction, case, ToTell(kind, party), about=case.id)


def notices_of(entry: Occurrence, holder: Party | None = None) -> Iterator[ToTell]:
    """Who is to be told of it, and as what."""
    rule = TABLE.get(type(entry.what))
    if rule is None:
        return
    kind, parties = rule(entry.what, holder)
    for party in SIDES:
        if kind is not None and party in parties:
            yield ToTell(kind, party)


Rule = Callable[[Any, Party | None], tuple[NoticeKind | None, frozenset[Party]]]

BOTH = frozenset(SIDES)
_BUYER, _SELLER = frozenset({Party.BUYER}), frozenset({Party.SELLER})


def _always(kind: NoticeKind, parties: frozenset[Party] = BOTH) -> Rule:
    return lambda what, holder: (kind, parties)


def _clock(what: c.ClockTold, holder: Party | None) -> tuple[NoticeKind | None, frozenset[Party]]:
    """Whoever has to act is told; nobody learns of another's deadlines."""
    kinds = {"warned": NoticeKind.DEADLINE_NEAR, "breached": NoticeKind.CLOCK_BREACHED}
    return kinds.get(what.state), frozenset({holder} if holder else ())


TABLE: dict[type, Rule] = {
    c.ClaimCompleted: _always(NoticeKind.CLAIM_COMPLETE),
    c.ClaimWithdrawn: _always(NoticeKind.CLAIM_WITHDRAWN),
    c.EvidenceAsked: lambda what, holder: (NoticeKind.EVIDENCE_ASKED, frozenset({what.of})),
    c.ClockTold: _clock,
    c.Signed: _always(NoticeKind.PARCEL_SIGNED),
    c.CameBack: _always(NoticeKind.PARCEL_CAME_BACK),
    c.Inspected: _always(NoticeKind.INSPECTED),
    c.Decided: _always(NoticeKind.DECIDED),
    c.RefundConfirmed: _always(NoticeKind.REFUND_CONFIRMED, _BUYER),
    c.RefundPaid: _always(NoticeKind.REFUND_PAID),
    c.Settled: _always(NoticeKind.SETTLED),
}


def _enqueue(transaction: Transaction, case: FiledCase, one: ToTell, *, about: str) -> None:
    """Nothing for a side without an address, nor for what the tenant does not want sent."""
    contacts = case.file.contacts
    address = contacts.buyer if one.party is Party.BUYER else contacts.seller
    if address is None or not transaction.notices.rule(case.tenant).wants(one.kind, one.party):
        return
    notice = Notice(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        about=about,
        kind=one.kind,
        party=one.party,
        next_attempt_at=transaction.now,
        created_at=transaction.now,
    )
    transaction.notices.add(notice)
