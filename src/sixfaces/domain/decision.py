"""Decisions: who is liable and what follows, recommended by a table that is data, signed by a policy or a person."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.case import ClaimKind, ClaimReason
from sixfaces.domain.chronicle import Money, Party, Side
from sixfaces.domain.model import Model, Say, Sha256, Text
from sixfaces.domain.people import Id, TenantId
from sixfaces.domain.sop import QcOutcome


class Remedy(StrEnum):
    """What the buyer gets, in the order of the ladder of D16."""

    NONE = "none"
    COMPENSATE = "compensate"
    RESEND = "resend"
    """What was missing is sent."""
    EXCHANGE = "exchange"
    REPAIR = "repair"
    PARTIAL_REFUND = "partial_refund"
    RETURN_REFUND = "return_refund"
    REFUND_ONLY = "refund_only"
    """Money back, goods stay where they are."""
    ASK_PERSON = "ask_person"
    """The table has no right to say: a person decides."""


class Window(StrEnum):
    """Where the claim stands to the days in which it may be made (D17)."""

    IN_TIME = "in_time"
    LATE_EXCUSED = "late_excused"
    LATE = "late"
    UNKNOWN = "unknown"


class Found(StrEnum):
    """What was found of the goods: the inspections' outcome, `none` without one, `disputed` where two looks differ."""

    DEFECT_CONFIRMED = "defect_confirmed"
    NO_QUALITY_PROBLEM = "no_quality_problem"
    SWAPPED = "swapped"
    INCOMPLETE = "incomplete"
    USED = "used"
    REFERRED = "referred"
    NONE = "none"
    DISPUTED = "disputed"

    @classmethod
    def of(cls, outcome: QcOutcome) -> "Found":
        """The same word for an inspection's outcome."""
        return cls(outcome.value)


class Whereabouts(StrEnum):
    """Where the goods are, by the chronicle."""

    NOT_SHIPPED = "not_shipped"
    ON_THE_WAY = "on_the_way"
    WITH_BUYER = "with_buyer"
    SIGNED_BY_UNKNOWN = "signed_by_unknown"
    """Signed for, and nobody has said by whom."""
    SIGNED_BY_OTHER = "signed_by_other"
    """Signed for by another than the addressee."""
    LOST = "lost"
    COMING_BACK = "coming_back"
    WITH_SELLER = "with_seller"


class Goods(StrEnum):
    """Classes of goods that the table tells apart."""

    GENERAL = "general"
    ELECTRONICS = "electronics"
    PERISHABLE = "perishable"


class Situation(Model):
    """Everything that the table looks at. Each field is one of few values, so that all situations can be counted."""

    kind: ClaimKind
    reason: ClaimReason
    seller: Side
    buyer: Side
    found: Found
    where: Whereabouts
    window: Window
    goods: Goods
    promise_broken: bool
    fit: bool


class FreightBearer(StrEnum):
    """Who pays for the way back."""

    BUYER = "buyer"
    SELLER = "seller"
    CARRIER = "carrier"
    NONE = "none"


class TableRow(Model):
    """One row: holds where every field that `when` names has one of the values. Rows of a higher `rank` go before
    others; two of one rank never hold in the same situation."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}(\.[a-z_]{1,30})?$")]
    rank: Annotated[int, Field(ge=0, le=100)]
    when: dict[str, frozenset[str]] = Field(default_factory=dict)
    liable: Party | None = None
    remedy: Remedy
    freight: FreightBearer = FreightBearer.NONE
    share: Literal["late", "used"] | None = None
    """Which share of the price a partial refund is; None: a person says how much."""
    signs: bool = False
    """A person must sign, whatever the amount."""
    says: Say
    cites: tuple[Text, ...]


class MoneyRules(Model):
    """Where amounts change what the table says (D16, D17, D20), in the currency of the order."""

    automatic_below: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[Decimal, Field(ge=0)]] = Field(
        default_factory=dict
    )
    """By currency: refunds up to here close without a person."""
    late_share: Annotated[Decimal, Field(ge=0, le=1)]
    """Of the price, for a late return at discretion."""
    used_share: Annotated[Decimal, Field(ge=0, le=1)]


class DecisionTable(Model):
    """A platform's table, with its rules of money."""

    name: Text
    version: Text
    title: Say
    effective_from: date
    effective_until: date | None = None
    window_days: Annotated[int, Field(ge=0, le=400)]
    """Days of a no-reason return, counted from the day after the sign-for (D17)."""
    zone: Text
    """Where days begin: a name of the IANA time zone database."""
    rows: tuple[TableRow, ...]
    money: MoneyRules
    goods: dict[Goods, tuple[Text, ...]] = Field(default_factory=dict)
    """The beginnings of categories that belong to a class; all others are general."""
    automatic: frozenset[Text] = frozenset()
    """Ids of rows that may close without a person, where the amount is small enough."""
    template: bool = False
    digest: Sha256


class Ground(Model):
    """One ground on which a seller's appeal fails (D18): `met` says that it does not stand against the seller."""

    code: Text
    answer: Answer
    text: Say
    cites: tuple[Text, ...] = ()


class Reason(Model):
    """Why, in words, with what it rests on: rules, findings, domain rules."""

    text: Say
    cites: tuple[Text, ...] = ()


class Unit(Model):
    """One piece of one line of an order: it is paid back once (D21). Both count from 0."""

    line: Annotated[int, Field(ge=0)]
    piece: Annotated[int, Field(ge=0)]


class Recommendation(Model):
    """What the machine recommends, and by what."""

    situation: Situation
    row: Text
    table: Text
    table_version: Text
    table_digest: Sha256
    liable: Party | None
    remedy: Remedy
    refund: Money | None = None
    units: tuple[Unit, ...] = ()
    freight: FreightBearer
    reasons: tuple[Reason, ...]
    appeal: tuple[Ground, ...] = ()
    automatic: bool = False
    """Policy lets it close without a person."""
    waits_for: tuple[Say, ...] = ()
    """What would make it surer: evidence, an inspection, an answer."""


class Overrule(StrEnum):
    """Why a person decides otherwise than recommended."""

    NEW_FACTS = "new_facts"
    MACHINE_WRONG = "machine_wrong"
    DISCRETION = "discretion"
    GOODWILL = "goodwill"
    PLATFORM_ORDER = "platform_order"
    LAW = "law"
    FRAUD = "fraud"
    AGREEMENT = "agreement"
    """Both sides agreed on it."""


class Decision(Model):
    """What was decided. One that errs is followed by another that supersedes it; none is ever edited."""

    id: Id
    tenant: TenantId
    case_id: Id
    case_revision: int
    liable: Party | None
    remedy: Remedy
    refund: Money | None = None
    units: tuple[Unit, ...] = ()
    freight: FreightBearer
    reasons: tuple[Reason, ...]
    recommendation: Recommendation
    verdict: Verdict | None = None
    """The machine's verdict on the seller's evidence at that time."""
    overrules: Overrule | None = None
    note: Text | None = None
    by: Text
    """Who signed: a person, or the policy that may."""
    at: AwareDatetime
    supersedes: Id | None = None
    entry: int
