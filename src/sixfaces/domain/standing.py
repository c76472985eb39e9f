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


class DueKind(StrEnum):
    """What something that is wanted is of."""

    MATERIAL = "material"
    """What the claim cannot do without."""
    EVIDENCE = "evidence"
    """What was asked for."""
    GOODS = "goods"
    ACTION = "action"
    """What a clock waits for."""
    PROMISE = "promise"


class Due(Model):
    """Something that this side is to bring or to do, `by` when, and whether it is too late for that."""

    what: DueKind
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
    """Where the money is: what goes back in all, and what of it has been paid. `paid_at`: since when nothing is owed;
    `by`: until when it is to be paid."""

    money: Money
    paid: Money | None = None
    confirmed_at: AwareDatetime | None = None
    paid_at: AwareDatetime | None = None
    by: AwareDatetime | None = None


class LookTold(Model):
    """One look at goods (D13): what it came to, which defects it found, what was tested."""

    at: AwareDatetime
    outcome: Say
    defects: tuple[Say, ...] = ()
    tested: tuple[Say, ...] = ()
    is_second: bool = False


class LineFound(Model):
    """What was found of one line of the order, look after look, and what follows. `item`: its title, where there are
    several lines."""

    item: Text | None = None
    looks: tuple[LookTold, ...]
    follows: Say | None = None


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
    found: tuple[LineFound, ...] = ()
    """What the inspections found, line by line."""
    refund: Refund | None = None
    timeline: tuple[Passed, ...] = ()
    zone: Text
    """Where the platform is, as the IANA time zone database names it: instants are told to people in its time."""
    now: AwareDatetime
