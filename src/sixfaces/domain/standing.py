"""How a claim stands in the eyes of one side (D24): what happened, what is wanted of it, what was decided and why."""

from enum import StrEnum

from pydantic import AwareDatetime

from sixfaces.domain.chronicle import Money
from sixfaces.domain.model import Model, Say, Text
from sixfaces.domain.notice import ToldParty


class ClaimStage(StrEnum):
    """How far a claim has come, as both sides see it."""

    INCOMPLETE = "incomplete"
    UNDER_REVIEW = "under_review"
    DECIDED = "decided"
    REFUND_DUE = "refund_due"
    REFUND_PAID = "refund_paid"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Passed(Model):
    """Something that happened, in words."""

    at: AwareDatetime
    text: Say


class Due(Model):
    """Something that this side is to bring or to do, `by` when, and whether it is too late for that."""

    text: Say
    by: AwareDatetime | None = None
    late: bool = False


class Outlook(Model):
    """One ground of an appeal: whether it stands (None: open), in words."""

    stands: bool | None
    text: Say


class Explained(Model):
    """A decision as it is explained: remedy, amount and who pays the way back; why; and, to the seller, on which
    grounds an appeal would stand or fail."""

    at: AwareDatetime
    remedy: Say
    refund: Money | None = None
    freight: Say | None = None
    reasons: tuple[Say, ...] = ()
    appeal: tuple[Outlook, ...] = ()


class Refund(Model):
    """Where the money is. `by`: until when it is to be paid."""

    money: Money
    confirmed_at: AwareDatetime | None = None
    paid_at: AwareDatetime | None = None
    by: AwareDatetime | None = None


class Standing(Model):
    """All of it, for one side, at an instant. `answer_by`: when the other side, or whoever decides, answers at the
    latest."""

    party: ToldParty
    case_id: Text
    order_id: Text | None = None
    items: tuple[Text, ...] = ()
    kind: Say | None = None
    reason: Say | None = None
    stage: ClaimStage
    headline: Say
    asked: tuple[Due, ...] = ()
    answer_by: AwareDatetime | None = None
    decision: Explained | None = None
    found: tuple[Say, ...] = ()
    """What the inspections found."""
    refund: Refund | None = None
    timeline: tuple[Passed, ...] = ()
    zone: Text
    """Where the platform is, as the IANA time zone database names it: instants are told to people in its time."""
    now: AwareDatetime
