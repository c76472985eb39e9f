"""The chronicle of a case: what happened to its claim, as facts that are only ever added.

Clocks, rules and the parties' view of a case are computed from it; nothing about a case's course is stored twice. What
turns out to be wrong is not changed: an entry that says so strikes it (`Struck`).
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field

from sixfaces.domain.case import Name
from sixfaces.domain.model import Instant, Model, Sha256, Text
from sixfaces.domain.parcel_happenings import (
    CameBack,
    CarrierAnswered,
    CarrierAsked,
    Intercepted,
    Leg,
    Lost,
    Refused,
    Shipped,
    Signed,
    SignedBy,
)
from sixfaces.domain.people import Id, TenantId

__all__ = (  # those of parcels have a file of their own, and are found here with all others
    "CameBack", "CarrierAnswered", "CarrierAsked", "Intercepted", "Leg", "Lost", "Refused", "Shipped", "Signed",
    "SignedBy",
)  # fmt: skip


class Party(StrEnum):
    """Who can act, be told, or be liable."""

    BUYER = "buyer"
    SELLER = "seller"
    CARRIER = "carrier"
    SUPPLIER = "supplier"
    PLATFORM = "platform"
    SERVICE_POINT = "service_point"
    """An authorised workshop that diagnoses what cannot be decided here (D12)."""


class Side(StrEnum):
    """What one side's evidence amounts to. `none`: there is none; `late`: it came after its window (D23)."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEEDS_REVIEW = "needs_review"
    NONE = "none"
    LATE = "late"


class Money(Model):
    """An amount in a currency (ISO 4217)."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class ClaimOpened(Model):
    """The buyer opened the claim, or opened it again."""

    kind: Literal["claim.opened"] = "claim.opened"


class ClaimCompleted(Model):
    """All that a claim of its kind needs is there (D3): clocks of the seller start at a conforming claim only."""

    kind: Literal["claim.completed"] = "claim.completed"


class ClaimWithdrawn(Model):
    """The buyer wants nothing any more."""

    kind: Literal["claim.withdrawn"] = "claim.withdrawn"


class Replied(Model):
    """Somebody answered the other side in words (D22)."""

    kind: Literal["replied"] = "replied"
    by: Party


class Reviewed(Model):
    """The claim was looked at and agreed to or refused for the first time (D22)."""

    kind: Literal["reviewed"] = "reviewed"
    agreed: bool


class EvidenceAsked(Model):
    """A side was asked for evidence, to arrive by an instant (D23)."""

    kind: Literal["evidence.asked"] = "evidence.asked"
    of: Party
    until: Instant
    what: Text


class EvidenceCame(Model):
    """A side handed in evidence."""

    kind: Literal["evidence.came"] = "evidence.came"
    of: Party
    exhibit: Sha256 | None = None


class Assessed(Model):
    """A person looked at a side's evidence and says what it amounts to: it counts before the machine's word."""

    kind: Literal["evidence.assessed"] = "evidence.assessed"
    of: Party
    side: Side
    text: Text


class Paused(Model):
    """The seller's clocks stand still: what is needed next lies with another."""

    kind: Literal["paused"] = "paused"
    waits_for: Party
    why: Text


class Resumed(Model):
    """The clocks go on."""

    kind: Literal["resumed"] = "resumed"


class Referred(Model):
    """Goods that cannot be judged here were sent to a service point or the supplier (D12). `line` counts the order's
    items from 0; None: all that is claimed."""

    kind: Literal["referred"] = "referred"
    to: Party
    until: Instant
    line: Annotated[int, Field(ge=0)] | None = None


class ReferralAnswered(Model):
    """What the service point or supplier found. `line`: of which line of the order; needed where several were sent."""

    kind: Literal["referral.answered"] = "referral.answered"
    by: Party
    defect: bool | None = None
    text: Text
    proof: Sha256 | None = None
    line: Annotated[int, Field(ge=0)] | None = None


class Promised(Model):
    """What the seller promised the buyer; broken, it decides appeals (D18). `until`: by when it was to be kept."""

    kind: Literal["promised"] = "promised"
    promise: Name
    text: Text
    until: Instant | None = None


class PromiseEnded(Model):
    """Whether a promise was kept."""

    kind: Literal["promise.ended"] = "promise.ended"
    promise: Name
    kept: bool


class Excused(Model):
    """Why the buyer is late, as a person took it down (D17). `proof` is a sealed exhibit. `clean_history`: whether the
    buyer's earlier claims give no cause for doubt, as far as that person looked."""

    kind: Literal["excused"] = "excused"
    why: Literal["signed_by_other", "travel", "illness", "disaster", "other"]
    text: Text
    proof: Sha256 | None = None
    clean_history: bool | None = None


class Stepped(Model):
    """The platform stepped in (D19)."""

    kind: Literal["platform.stepped_in"] = "platform.stepped_in"


class SellerAssessed(Model):
    """What a person found of the seller's conduct, on which appeals fail (D18): whether the return address was clear
    and right, whether another way was offered where the goods cannot be sent back, whether the buyer was treated
    decently. The last word on each counts."""

    kind: Literal["seller.assessed"] = "seller.assessed"
    ground: Literal["return_address", "other_way", "manner"]
    holds: bool
    """Nothing of it stands against the seller."""
    text: Text


class RefundConfirmed(Model):
    """It is settled that money goes back (D22 counts from here)."""

    kind: Literal["refund.confirmed"] = "refund.confirmed"
    money: Money


class RefundPaid(Model):
    """Money went back."""

    kind: Literal["refund.paid"] = "refund.paid"
    money: Money


class RefundReturned(Model):
    """Money that went back to the buyer came back from them: a payment that failed, or one that was recalled."""

    kind: Literal["refund.returned"] = "refund.returned"
    money: Money


class CostBooked(Model):
    """What the case cost the seller beside the refund: freight, work, goods."""

    kind: Literal["cost.booked"] = "cost.booked"
    what: Literal["freight", "handling", "goods", "compensation", "other"]
    money: Money


class Rated(Model):
    """The buyer's feedback after the case (D27)."""

    kind: Literal["rated"] = "rated"
    stars: Annotated[int, Field(ge=1, le=5)]
    resolved: bool | None = None
    text: Text | None = None


class Inspected(Model):
    """An inspection was concluded."""

    kind: Literal["inspected"] = "inspected"
    verdict: Id
    outcome: Text


class Decided(Model):
    """It was decided."""

    kind: Literal["decided"] = "decided"
    decision: Id
    remedy: Text


class ClockTold(Model):
    """A clock's end was near or had passed, and those concerned were told (D22)."""

    kind: Literal["clock.told"] = "clock.told"
    code: Text
    state: Text
    since: Instant
    entry: Id | None = None
    """The entry with which the clock began."""


class Settled(Model):
    """Nothing more is to be done: what was decided was carried out."""

    kind: Literal["settled"] = "settled"


class Struck(Model):
    """An earlier entry is wrong and counts no more."""

    kind: Literal["struck"] = "struck"
    entry: Id
    why: Text


Happening = Annotated[
    ClaimOpened | ClaimCompleted | ClaimWithdrawn | Replied | Reviewed | Shipped | Signed | Refused | Intercepted
    | CameBack | Lost | CarrierAsked | CarrierAnswered | EvidenceAsked | EvidenceCame | Assessed | Paused | Resumed
    | Referred | ReferralAnswered | Promised | PromiseEnded | Excused | Stepped | SellerAssessed | RefundConfirmed
    | RefundPaid | RefundReturned | CostBooked | Inspected | Decided | ClockTold | Rated | Settled | Struck,
    Field(discriminator="kind"),
]  # fmt: skip
"""What can happen to a claim; `kind` names it for ever."""
KINDS: dict[str, type[Model]] = {one.model_fields["kind"].default: one for one in get_args(get_args(Happening)[0])}
"""The model of each kind."""


class Occurrence(Model):
    """One entry of the chronicle. `at` is when it happened, as the source says; `recorded_at` when we were told.
    `reference` is the source's own number of it: the same twice is one entry."""

    id: Id
    tenant: TenantId
    case_id: Id
    at: AwareDatetime
    recorded_at: AwareDatetime
    source: Party
    actor: Text
    what: Happening
    reference: Name | None = None
