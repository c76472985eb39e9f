"""case.json: what is claimed about an order (DESIGN §4.2). Everything but the case's id may be absent."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Instant, Model, Text

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""An identifier people type: one line, no control characters."""

MOST_ITEMS = 200
MOST_CODES = 1000
"""Serial numbers, and barcodes, of one line of the order."""
MOST_REFERENCES = 20
MOST_TIMES = 1000

Grams = Annotated[float, Field(gt=0, le=2_000_000)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]


class ClaimKind(StrEnum):
    """Kinds of after-sale claims (D2)."""

    REFUND_UNSHIPPED = "refund_unshipped"
    REFUND_IN_TRANSIT = "refund_in_transit"
    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"


class ClaimReason(StrEnum):
    """Reasons of after-sale claims (D2)."""

    NO_REASON = "no_reason"
    SIZE_COLOUR = "size_colour"
    QUALITY_DEFECT = "quality_defect"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_AS_DESCRIBED = "not_as_described"
    COUNTERFEIT = "counterfeit"
    PERISHABLE = "perishable"
    NOT_RECEIVED = "not_received"


class OrderItem(Model):
    """One line of the order."""

    sku: Name | None = Field(
        default=None,
        title="Article number",
        description="The seller's article number (SKU). Never taken for a waybill.",
    )
    title: Text | None = Field(default=None, title="Title", description="What the item is called, for people.")
    category: Name | None = Field(default=None, title="Category", description="Category of goods, for people.")
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None,
        title="Quantity",
        description="How many pieces. Rules consistency.quantity and consistency.weight.",
    )
    serials: tuple[Name, ...] = Field(
        default=(),
        max_length=MOST_CODES,
        title="Serial numbers",
        description="Serial numbers of the pieces sent out. Rule consistency.item.",
    )
    barcodes: tuple[Name, ...] = Field(
        default=(),
        max_length=MOST_CODES,
        title="Barcodes",
        description="Barcodes on the item or its packaging (EAN, UPC, GTIN). Rule consistency.item.",
    )
    reference_images: tuple[Name, ...] = Field(
        default=(),
        max_length=MOST_REFERENCES,
        title="Reference images",
        description="Pictures of the item, as paths relative to the case file. Rule consistency.item.",
    )
    price: Amount | None = Field(
        default=None, title="Price", description="Price of one piece in `currency`, for people."
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, title="Currency", description="ISO 4217 code, such as CNY."
    )
    weight_g: Grams | None = Field(
        default=None, title="Weight of one piece", description="Grams, without packaging. Rule consistency.weight."
    )
    supplier: Name | None = Field(
        default=None, title="Supplier", description="Who made or delivered it to the seller; defects are counted by it."
    )
    batch: Name | None = Field(
        default=None, title="Batch", description="The lot it was sent from; defects are counted by it."
    )


class Order(Model):
    """The order a claim belongs to (D1)."""

    order_id: Name | None = Field(
        default=None, title="Order number", description="The platform's order number. Rule consistency.order_reference."
    )
    placed_at: Instant | None = Field(
        default=None,
        title="Placed at",
        description="When the order was placed, with time zone. No rule asks for it yet.",
    )
    items: tuple[OrderItem, ...] = Field(
        default=(),
        max_length=MOST_ITEMS,
        title="Items",
        description="The lines of the order. Rules consistency.item, consistency.quantity and consistency.weight.",
    )
    freight: Amount | None = Field(
        default=None, title="Freight paid", description="What the buyer paid for delivery, in the items' currency."
    )


class ClaimedLine(Model):
    """What is claimed of one line of the order."""

    line: Annotated[int, Field(ge=0, lt=MOST_ITEMS)] = Field(
        title="Line", description="Which line of the order, counted from 0."
    )
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=1, title="Quantity", description="How many pieces of it."
    )


class Claim(Model):
    """The buyer's claim."""

    claim_id: Name | None = Field(
        default=None,
        title="Claim number",
        description="The platform's number of the claim. Rule consistency.order_reference.",
    )
    kind: ClaimKind | None = Field(default=None, title="Kind", description="What the buyer asks for, for people.")
    reason: ClaimReason | None = Field(
        default=None, title="Reason", description="Why the buyer asks for it. Rule consistency.claimed_defect."
    )
    statement: Text | None = Field(default=None, title="Statement", description="The buyer's own words, for people.")
    opened_at: Instant | None = Field(
        default=None,
        title="Opened at",
        description="When the claim was opened, with time zone. No rule asks for it yet.",
    )
    lines: tuple[ClaimedLine, ...] = Field(
        default=(),
        max_length=MOST_ITEMS,
        title="Claimed lines",
        description="What of the order is claimed; nothing stated means all of it. Each piece is paid back once.",
    )
    asked: Amount | None = Field(
        default=None, title="Amount asked for", description="What the buyer asks back, in the items' currency."
    )

    @model_validator(mode="after")
    def _lines_once(self) -> "Claim":
        if len({claimed.line for claimed in self.lines}) < len(self.lines):
            raise ValueError("lines names one line twice")
        return self


class OutboundParcel(Model):
    """The parcel that went to the buyer."""

    waybill: Name | None = Field(
        default=None, title="Outbound waybill", description="The carrier's number on the parcel that went out."
    )
    carrier: Name | None = Field(default=None, title="Carrier", description="The carrier's name, for people.")
    shipped_at: Instant | None = Field(
        default=None, title="Shipped at", description="When it was handed to the carrier, with time zone."
    )
    signed_at: Instant | None = Field(
        default=None,
        title="Signed for at",
        description="When the buyer signed for it, with time zone. The days of a no-reason return count from here.",
    )


class ReturnParcel(Model):
    """The parcel that came back."""

    waybill: Name | None = Field(
        default=None,
        title="Waybill",
        description="The carrier's number on the return parcel. Rules consistency.waybill, "
        "consistency.order_reference, completeness.waybill_shown and timeliness.first_opening.",
    )
    carrier: Name | None = Field(default=None, title="Carrier", description="The carrier's name, for people.")
    signed_at: Instant | None = Field(
        default=None,
        title="Signed for at",
        description="When the return was signed for, with time zone. Rules timeliness.recorded_after_signing and "
        "timeliness.opened_promptly.",
    )
    weight_g: Grams | None = Field(
        default=None, title="Weight of the parcel", description="Grams on the carrier's scale. Rule consistency.weight."
    )
    freight: Amount | None = Field(
        default=None, title="Freight of the return", description="What the way back costs, in the items' currency."
    )


class EvidenceWindow(Model):
    """The period in which the platform accepts evidence (D23)."""

    opens_at: Instant | None = Field(
        default=None,
        title="Opens at",
        description="First instant at which evidence is accepted, with time zone. Rule timeliness.submitted_in_window.",
    )
    closes_at: Instant | None = Field(
        default=None,
        title="Closes at",
        description="Last instant at which evidence is accepted, with time zone. Rule timeliness.submitted_in_window.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> "EvidenceWindow":
        if self.opens_at and self.closes_at and self.closes_at < self.opens_at:
            raise ValueError("closes_at lies before opens_at")
        return self


Email = Annotated[str, Field(pattern=r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,189}$")]


class Contacts(Model):
    """Who is told when the state of the claim changes (D24), and in which language. Personal data."""

    buyer: Email | None = Field(default=None, title="Buyer's e-mail", description="Where notices to the buyer go.")
    seller: Email | None = Field(default=None, title="Seller's e-mail", description="Where notices to the seller go.")
    buyer_language: Literal["zh", "en"] = Field(
        default="zh", title="Buyer's language", description="Language of notices to the buyer."
    )
    seller_language: Literal["zh", "en"] = Field(
        default="zh", title="Seller's language", description="Language of notices to the seller."
    )


class CaseFile(Model):
    """One claim on one order, as the platform or warehouse states it."""

    case_id: Name = Field(
        title="Case number",
        description="Your number of the case; the report is filed under it. The only field that must be there.",
    )
    platform: Name | None = Field(
        default=None,
        title="Platform",
        description="The marketplace, such as tmall: chooses the policy of that name, or else the default policy.",
    )
    order: Order = Field(default=Order(), title="Order", description="The order the claim belongs to.")
    claim: Claim = Field(default=Claim(), title="Claim", description="What the buyer claims.")
    outbound_parcel: OutboundParcel = Field(
        default=OutboundParcel(), title="Outbound parcel", description="What is known of the parcel that went out."
    )
    return_parcel: ReturnParcel = Field(
        default=ReturnParcel(), title="Return parcel", description="What is known of the parcel that came back."
    )
    evidence_window: EvidenceWindow = Field(
        default=EvidenceWindow(),
        title="Evidence window",
        description="The period in which the platform accepts evidence.",
    )
    received_at: dict[Name, Instant] = Field(
        default_factory=dict,
        max_length=MOST_TIMES,
        title="Received at",
        description="File name of each exhibit to the instant you received it, with time zone. Rules of timeliness.",
    )
    roles: dict[Name, Role] = Field(
        default_factory=dict,
        max_length=MOST_TIMES,
        title="Roles",
        description="File name of each exhibit to what it is, such as packing_video; the others are as --role says, or "
        "by what they are. A server is told the role with each upload.",
    )
    contacts: Contacts = Field(
        default=Contacts(), title="Contacts", description="Who is told when the state of the claim changes."
    )
