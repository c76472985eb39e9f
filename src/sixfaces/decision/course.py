"""What a chronicle says: entries that count, and where the goods are."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sixfaces.domain.case import CaseFile, ClaimKind, ClaimReason
from sixfaces.domain.chronicle import (
    CameBack,
    CarrierAnswered,
    ClaimOpened,
    EvidenceCame,
    Happening,
    Intercepted,
    Leg,
    Lost,
    Occurrence,
    Party,
    Refused,
    Shipped,
    Signed,
    SignedBy,
    Struck,
)
from sixfaces.domain.decision import Whereabouts
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import FiledExhibit

H = TypeVar("H")

_BY_BUYER = frozenset({SignedBy.ADDRESSEE, SignedBy.HOUSEHOLD})
PARTY_OF = {
    Role.UNBOXING_VIDEO: Party.SELLER,
    Role.PACKING_VIDEO: Party.SELLER,
    Role.QC_PHOTO: Party.SELLER,
    Role.BUYER_VIDEO: Party.BUYER,
    Role.BUYER_PHOTO: Party.BUYER,
}
"""Whose evidence an exhibit is. A document may be anybody's: whose it is, people enter."""

_NO_CASE = "00000000-0000-0000-0000-000000000000"


class Course:
    """A chronicle without what was struck, in the order in which things happened."""

    def __init__(self, entries: Iterable[Occurrence]) -> None:
        every = tuple(entries)
        struck = _struck(every)
        counted = (one for one in every if one.id not in struck and not isinstance(one.what, Struck))
        self.entries: Sequence[Occurrence] = sorted(counted, key=lambda one: (one.at, one.id))

    def all(self, kind: type[H]) -> list[H]:
        """What happened of this kind, in order."""
        return [one.what for one in self.entries if isinstance(one.what, kind)]

    def last(self, kind: type[H]) -> H | None:
        """The last of this kind."""
        found = self.all(kind)
        return found[-1] if found else None

    def first_at(self, kind: type[Happening]) -> datetime | None:
        """When the first of this kind happened."""
        return next((one.at for one in self.entries if isinstance(one.what, kind)), None)

    def signed(self, leg: Leg) -> Occurrence | None:
        """The sign-for of a parcel; the last where the carrier corrected itself."""
        found = [one for one in self.entries if isinstance(one.what, Signed) and one.what.leg is leg]
        return found[-1] if found else None


def _struck(entries: Sequence[Occurrence]) -> set[str]:
    """Ids of the entries that count no more. A strike that was struck itself strikes nothing: later ones go first."""
    found: set[str] = set()
    for one in sorted(entries, key=lambda one: (one.recorded_at, one.id), reverse=True):
        if isinstance(one.what, Struck) and one.id not in found:
            found.add(one.what.entry)
    return found


def course_of(file: CaseFile, entries: Iterable[Occurrence], exhibits: Iterable[FiledExhibit] = ()) -> Course:
    """The course of a case: its chronicle, and what the case file and its sealed exhibits say of the same things where
    that says nothing."""
    told = Course(entries)
    stated = (one for one in _stated(file, exhibits) if not _is_told(told, one.at, one.what))
    return Course([*told.entries, *stated])


def _stated(file: CaseFile, exhibits: Iterable[FiledExhibit]) -> Iterator[Occurrence]:
    parcels: list[tuple[datetime | None, Happening]] = [
        (file.claim.opened_at, ClaimOpened()),
        (file.outbound_parcel.shipped_at, Shipped(leg=Leg.OUTBOUND, waybill=file.outbound_parcel.waybill)),
        (file.outbound_parcel.signed_at, Signed(leg=Leg.OUTBOUND, waybill=file.outbound_parcel.waybill)),
        (file.return_parcel.signed_at, Signed(leg=Leg.RETURN, waybill=file.return_parcel.waybill)),
    ]
    for number, (at, what) in enumerate(parcels):
        if at is not None:
            yield _entry(f"00000000-0000-0000-0000-{number:012x}", at, what)
    for one in exhibits:
        party = PARTY_OF.get(one.exhibit.role)
        if party is not None:
            yield _entry(one.id, one.sealed_at, EvidenceCame(of=party, exhibit=one.exhibit.sha256))


def _is_told(course: Course, at: datetime, what: Happening) -> bool:
    """A claim that was opened again was opened before: the file's instant counts where it is the earlier one."""
    if isinstance(what, ClaimOpened):
        opened = course.first_at(ClaimOpened)
        return opened is not None and opened <= at
    if isinstance(what, EvidenceCame):
        return any(one.exhibit == what.exhibit for one in course.all(EvidenceCame))
    leg = getattr(what, "leg", None)
    return any(type(one.what) is type(what) and getattr(one.what, "leg", None) is leg for one in course.entries)


def _entry(id: str, at: datetime, what: Happening) -> Occurrence:
    """An entry that nobody made; its id is always the same, for clocks are told of by it."""
    return Occurrence(
        id=id, tenant="case-file", case_id=_NO_CASE, at=at, recorded_at=at, source=Party.PLATFORM, actor="case file",
        what=what,
    )  # fmt: skip


_MOVES: dict[tuple[type, Leg], Whereabouts] = {
    (Shipped, Leg.OUTBOUND): Whereabouts.ON_THE_WAY,
    (Refused, Leg.OUTBOUND): Whereabouts.COMING_BACK,
    (Intercepted, Leg.OUTBOUND): Whereabouts.COMING_BACK,
    (CameBack, Leg.OUTBOUND): Whereabouts.WITH_SELLER,
    (Lost, Leg.OUTBOUND): Whereabouts.LOST,
    (Shipped, Leg.RETURN): Whereabouts.COMING_BACK,
    (Signed, Leg.RETURN): Whereabouts.WITH_SELLER,
    (Refused, Leg.RETURN): Whereabouts.ON_THE_WAY,
    (Intercepted, Leg.RETURN): Whereabouts.ON_THE_WAY,
    (CameBack, Leg.RETURN): Whereabouts.WITH_BUYER,
    (Lost, Leg.RETURN): Whereabouts.LOST,
}
"""Where each station of a parcel's way puts the goods. A return that the seller does not take is on its way to the
buyer, as the first parcel was."""
_BACK = frozenset({Whereabouts.COMING_BACK, Whereabouts.WITH_SELLER})


def where_goods_are(file: CaseFile, course: Course, *, unboxed: bool) -> Whereabouts:
    """Where the goods are. `unboxed`: there is a film of the return's opening, so that they came to the seller.

    The last station of their way decides; where nothing is known, what the claim is of kind tells.
    """
    where, was_back, again = _by_claim(file), False, False
    for entry in course_of(file, course.entries).entries:
        where = _moved(where, entry.what)
        again = again or (was_back and isinstance(entry.what, Shipped) and entry.what.leg is Leg.OUTBOUND)
        was_back = was_back or where in _BACK
    return Whereabouts.WITH_SELLER if unboxed and not again else where


def _moved(where: Whereabouts, what: Happening) -> Whereabouts:
    """Where the goods are after one more entry."""
    if isinstance(what, Signed) and what.leg is Leg.OUTBOUND:
        return _signed_by(what.by)
    if isinstance(what, CarrierAnswered):
        return _answered(where, what)
    if isinstance(what, Intercepted) and not what.done:
        return where
    return _MOVES.get((type(what), getattr(what, "leg", Leg.OUTBOUND)), where)


def _answered(where: Whereabouts, what: CarrierAnswered) -> Whereabouts:
    """The carrier's answer to being asked counts before what it wrote at the door, and says nothing of what came after:
    of goods that have turned round since, nor of a parcel that nobody has signed for that it was not delivered."""
    if what.delivered is None:
        return where
    if what.leg is Leg.RETURN:
        return Whereabouts.WITH_SELLER if what.delivered else Whereabouts.COMING_BACK
    if where in _BACK:
        return where
    if what.delivered:
        return Whereabouts.WITH_BUYER
    return Whereabouts.SIGNED_BY_OTHER if where in _SIGNED else where


_SIGNED = frozenset({Whereabouts.WITH_BUYER, Whereabouts.SIGNED_BY_OTHER, Whereabouts.SIGNED_BY_UNKNOWN})


def _signed_by(by: SignedBy) -> Whereabouts:
    if by is SignedBy.UNKNOWN:
        return Whereabouts.SIGNED_BY_UNKNOWN
    return Whereabouts.WITH_BUYER if by in _BY_BUYER else Whereabouts.SIGNED_BY_OTHER


def _by_claim(file: CaseFile) -> Whereabouts:
    if file.claim.kind is ClaimKind.REFUND_UNSHIPPED:
        return Whereabouts.NOT_SHIPPED
    on_its_way = file.claim.kind is ClaimKind.REFUND_IN_TRANSIT or file.claim.reason is ClaimReason.NOT_RECEIVED
    return Whereabouts.ON_THE_WAY if on_its_way else Whereabouts.WITH_BUYER


def opened_at(file: CaseFile, course: Course) -> datetime | None:
    """When the claim was first made."""
    known = [at for at in (course.first_at(ClaimOpened), file.claim.opened_at) if at is not None]
    return min(known, default=None)


def signed_at(file: CaseFile, course: Course) -> datetime | None:
    """When the buyer's parcel was signed for."""
    entry = course.signed(Leg.OUTBOUND)
    return entry.at if entry is not None else file.outbound_parcel.signed_at
