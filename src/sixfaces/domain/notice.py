"""Telling both sides (D24): links under which one side sees how a claim stands, and notices by e-mail when it changes.

Neither holds anything of a person: addresses stay in the case and words are made when a notice is sent."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sixfaces.domain.chronicle import Party
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id, TenantId

ToldParty = Literal[Party.BUYER, Party.SELLER]
"""The two sides of a claim."""
SIDES: tuple[ToldParty, ToldParty] = (Party.BUYER, Party.SELLER)

Tongue = Literal["zh", "en"]


class NoticeKind(StrEnum):
    """What a side is told of."""

    CLAIM_OPENED = "claim_opened"
    CLAIM_INCOMPLETE = "claim_incomplete"
    CLAIM_COMPLETE = "claim_complete"
    """What was missing has come."""
    CLAIM_WITHDRAWN = "claim_withdrawn"
    EVIDENCE_ASKED = "evidence_asked"
    DEADLINE_NEAR = "deadline_near"
    CLOCK_BREACHED = "clock_breached"
    PARCEL_SIGNED = "parcel_signed"
    PARCEL_CAME_BACK = "parcel_came_back"
    INSPECTED = "inspected"
    DECIDED = "decided"
    REFUND_CONFIRMED = "refund_confirmed"
    REFUND_PAID = "refund_paid"
    SETTLED = "settled"


class NoticeState(StrEnum):
    """Where a notice stands."""

    PENDING = "pending"
    SENT = "sent"
    """The mail server has taken it. What becomes of it there is not known here."""
    FAILED = "failed"
    """Given up; may be replayed."""
    DROPPED = "dropped"
    """Not to be sent: there is no mail, no address, no case any more, or nothing left to say."""


class Notice(Model):
    """A row of the outbox: what one side is told of one entry of the chronicle, or of the case itself (`about`). While
    it is being sent `next_attempt_at` is when the attempt counts as lost, and only who holds `token` may write what
    came of it."""

    id: Id
    tenant: TenantId
    case_id: Id
    about: Id
    kind: NoticeKind
    party: ToldParty
    state: NoticeState = NoticeState.PENDING
    attempts: Annotated[int, Field(ge=0)] = 0
    token: int = 0
    next_attempt_at: AwareDatetime | None
    last_attempt_at: AwareDatetime | None = None
    last_status: int | None = None
    """The mail server's last answer."""
    last_error: Text | None = None
    """A code of ours for an attempt that did not end well; None after a success."""
    created_at: AwareDatetime
    ended_at: AwareDatetime | None = None


class NoticeRule(Model):
    """What a tenant does not want its sides to be told by e-mail: `off` for both, or for one."""

    off: tuple[NoticeKind, ...] = ()
    off_for_buyer: tuple[NoticeKind, ...] = ()
    off_for_seller: tuple[NoticeKind, ...] = ()

    def wants(self, kind: NoticeKind, party: Party) -> bool:
        """Whether this is sent to this side."""
        own = self.off_for_buyer if party is Party.BUYER else self.off_for_seller
        return kind not in self.off and kind not in own


class Link(Model):
    """That one side may see how one case stands, until it expires or is revoked. `by`: who made it."""

    id: Id
    tenant: TenantId
    case_id: Id
    party: ToldParty
    language: Tongue
    by: Text
    created_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
