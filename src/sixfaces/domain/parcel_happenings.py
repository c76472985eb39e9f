"""What happens to parcels, as carriers and people tell it into the chronicle of a case."""

from enum import StrEnum
from typing import Literal

from sixfaces.domain.case import Name
from sixfaces.domain.model import Model, Sha256


class Leg(StrEnum):
    """Which way a parcel goes."""

    OUTBOUND = "outbound"
    RETURN = "return"


class SignedBy(StrEnum):
    """Who took a parcel from the carrier (D17, D18)."""

    ADDRESSEE = "addressee"
    HOUSEHOLD = "household"
    NEIGHBOUR = "neighbour"
    FRONT_DESK = "front_desk"
    LOCKER = "locker"
    OTHER = "other"
    UNKNOWN = "unknown"


class Shipped(Model):
    """A parcel was handed to the carrier."""

    kind: Literal["parcel.shipped"] = "parcel.shipped"
    leg: Leg
    waybill: Name | None = None


class Signed(Model):
    """The carrier delivered a parcel and somebody took it. `proof` is a sealed exhibit, such as the signed slip."""

    kind: Literal["parcel.signed"] = "parcel.signed"
    leg: Leg
    by: SignedBy = SignedBy.UNKNOWN
    waybill: Name | None = None
    proof: Sha256 | None = None


class Refused(Model):
    """The addressee did not take the parcel. `why` counts where the seller does not take a return (D18)."""

    kind: Literal["parcel.refused"] = "parcel.refused"
    leg: Leg
    waybill: Name | None = None
    why: Literal["not_resalable", "damaged", "not_ours", "absent", "other"] | None = None


class Intercepted(Model):
    """The carrier was asked to stop a parcel on its way; `done` says whether it could (None: not known yet)."""

    kind: Literal["parcel.intercepted"] = "parcel.intercepted"
    done: bool | None = None
    waybill: Name | None = None
    leg: Leg = Leg.OUTBOUND


class CameBack(Model):
    """A parcel is with its sender again, refused, intercepted or undeliverable: an outbound one with the seller, a
    return with the buyer."""

    kind: Literal["parcel.came_back"] = "parcel.came_back"
    waybill: Name | None = None
    leg: Leg = Leg.OUTBOUND


class Lost(Model):
    """The carrier says that the parcel is lost or destroyed."""

    kind: Literal["parcel.lost"] = "parcel.lost"
    leg: Leg
    waybill: Name | None = None


class CarrierAsked(Model):
    """The carrier was asked where a parcel is that is signed for and was not received."""

    kind: Literal["carrier.asked"] = "carrier.asked"


class CarrierAnswered(Model):
    """What the carrier says of it. `delivered`: it was handed to the addressee or to one they named."""

    kind: Literal["carrier.answered"] = "carrier.answered"
    delivered: bool | None = None
    by: SignedBy = SignedBy.UNKNOWN
    proof: Sha256 | None = None
    leg: Leg = Leg.OUTBOUND
