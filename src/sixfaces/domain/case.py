"""case.json: what is claimed about an order (DESIGN §4.2). Everything but the case's id may be absent."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from sixfaces.domain.model import Model, Text

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""An identifier people type: one line, no control characters."""

Grams = Annotated[float, Field(gt=0, le=2_000_000)]


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

    sku: Name | None = None
    title: Text | None = None
    category: Name | None = None
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    serials: tuple[Name, ...] = ()
    barcodes: tuple[Name, ...] = ()
    reference_images: tuple[Name, ...] = ()
    price: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    weight_g: Grams | None = None


class Order(Model):
    """The order a claim belongs to (D1)."""

    order_id: Name | None = None
    placed_at: AwareDatetime | None = None
    items: tuple[OrderItem, ...] = ()


class Claim(Model):
    """The buyer's claim."""

    claim_id: Name | None = None
    kind: ClaimKind | None = None
    reason: ClaimReason | None = None
    statement: Text | None = None
    opened_at: AwareDatetime | None = None


class ReturnParcel(Model):
    """The parcel that came back."""

    waybill: Name | None = None
    carrier: Name | None = None
    signed_at: AwareDatetime | None = None
    weight_g: Grams | None = None


class EvidenceWindow(Model):
    """The period in which the platform accepts evidence (D23)."""

    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "EvidenceWindow":
        if self.opens_at and self.closes_at and self.closes_at < self.opens_at:
            raise ValueError("closes_at lies before opens_at")
        return self


class CaseFile(Model):
    """One claim on one order, as the platform or warehouse states it."""

    case_id: Name
    platform: Name | None = None
    order: Order = Order()
    claim: Claim = Claim()
    return_parcel: ReturnParcel = ReturnParcel()
    evidence_window: EvidenceWindow = EvidenceWindow()
    received_at: dict[Name, AwareDatetime] = Field(default_factory=dict)
