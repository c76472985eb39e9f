"""What carriers tell: found by the waybill, entered into every case that the parcel belongs to."""

import hashlib
from enum import StrEnum

from sixfaces.criteria.consistency_numbers import normalised
from sixfaces.domain.case import Name
from sixfaces.domain.chronicle import (
    CameBack,
    CarrierAnswered,
    Happening,
    Intercepted,
    Leg,
    Lost,
    Party,
    Refused,
    Shipped,
    Signed,
    SignedBy,
)
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.model import Instant, Model, Sha256
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.claims import errors
from sixfaces.pipeline.claims.chronicling import Chronicled, Told, chronicle, proofs_of

MOST_CASES = 50
MOST_REFERENCE = 200


class CarrierStatus(StrEnum):
    """What a carrier can say of a parcel."""

    SHIPPED = "shipped"
    SIGNED = "signed"
    REFUSED = "refused"
    INTERCEPTED = "intercepted"
    NOT_INTERCEPTED = "not_intercepted"
    CAME_BACK = "came_back"
    LOST = "lost"
    DELIVERED_TO_ADDRESSEE = "delivered_to_addressee"
    """The answer to being asked about a parcel that is signed for and was not received."""
    NOT_DELIVERED = "not_delivered"


class CarrierEvent(Model):
    """One thing that a carrier tells. `reference` is its own number: the same again changes nothing."""

    waybill: Name
    status: CarrierStatus
    at: Instant
    signed_by: SignedBy = SignedBy.UNKNOWN
    proof: Sha256 | None = None
    reference: Name


def carried(transaction: Transaction, actor: str, event: CarrierEvent) -> list[tuple[FiledCase, Chronicled]]:
    """The cases of the parcel, each with its entry; closed ones are left alone. A proof counts in the cases that have
    it as an exhibit. Raises ClaimError, `claim.no_proof` where none has."""
    told: list[tuple[FiledCase, Chronicled]] = []
    legs = [(case, leg_of(case, event.waybill)) for case in transaction.cases.carrying(event.waybill, limit=MOST_CASES)]
    of_parcel = [(case, leg) for case, leg in legs if leg is not None and case.state is not CaseState.CLOSED]
    proved = {case.id for case, _ in of_parcel if event.proof in proofs_of(transaction, case)} if event.proof else set()
    if event.proof is not None and of_parcel and not proved:
        raise errors.no_proof()
    for case, leg in of_parcel:
        its = event if case.id in proved else event.model_copy(update={"proof": None})
        said = Told(_what(its, leg), Party.CARRIER, event.at, reference=_reference(event))
        told.append((case, chronicle(transaction, case, actor, told=said)))
    return told


def _reference(event: CarrierEvent) -> str:
    """Carriers count their events for each parcel, and a case may have two."""
    both = f"{normalised(event.waybill)} {event.reference}"
    return both if len(both) <= MOST_REFERENCE else hashlib.sha256(both.encode()).hexdigest()


def leg_of(case: FiledCase, waybill: str) -> Leg | None:
    """Which of the case's parcels has this waybill, however it is written; None: none, as the code is another one."""
    for leg, known in (
        (Leg.RETURN, case.file.return_parcel.waybill),
        (Leg.OUTBOUND, case.file.outbound_parcel.waybill),
    ):
        if known is not None and normalised(known) == normalised(waybill):
            return leg
    return None


def _what(event: CarrierEvent, leg: Leg) -> Happening:
    match event.status:
        case CarrierStatus.SHIPPED:
            return Shipped(leg=leg, waybill=event.waybill)
        case CarrierStatus.SIGNED:
            return Signed(leg=leg, by=event.signed_by, waybill=event.waybill, proof=event.proof)
        case CarrierStatus.REFUSED:
            return Refused(leg=leg, waybill=event.waybill)
        case CarrierStatus.INTERCEPTED | CarrierStatus.NOT_INTERCEPTED:
            return Intercepted(done=event.status is CarrierStatus.INTERCEPTED, waybill=event.waybill, leg=leg)
        case CarrierStatus.CAME_BACK:
            return CameBack(waybill=event.waybill, leg=leg)
        case CarrierStatus.LOST:
            return Lost(leg=leg, waybill=event.waybill)
        case CarrierStatus.DELIVERED_TO_ADDRESSEE | CarrierStatus.NOT_DELIVERED:
            delivered = event.status is CarrierStatus.DELIVERED_TO_ADDRESSEE
            return CarrierAnswered(delivered=delivered, by=event.signed_by, proof=event.proof, leg=leg)
