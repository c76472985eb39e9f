"""What a chronicle says: entries that count, and where the goods are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sixfaces.domain.case import CaseFile, ClaimKind, ClaimReason
from sixfaces.domain.chronicle import (
    CameBack,
    CarrierAnswered,
    ClaimOpened,
    Excused,
    Happening,
    Intercepted,
    Leg,
    Lost,
    Occurrence,
    Party,
    PromiseEnded,
    Refused,
    Shipped,
    Signed,
    SignedBy,
    Struck,
)
from sixfaces.domain.decision import Whereabouts

H = TypeVar("H")

_BY_BUYER = frozenset({SignedBy.ADDRESSEE, SignedBy.HOUSEHOLD})


class Course:
    """A chronicle without what was struck, in the order in which things happened."""

    def __init__(self, entries: Iterable[Occurrence]) -> None:
        every = tuple(entries)
        struck = {one.what.entry for one in every if isinstance(one.what, Struck)}
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


def course_of(file: CaseFile, entries: Iterable[Occurrence]) -> Course:
    """The course of a case: its chronicle, and what the case file says of the same things where that says nothing."""
    told = Course(entries)
    stated: list[tuple[datetime | None, Happening]] = [
        (file.claim.opened_at, ClaimOpened()),
        (file.outbound_parcel.shipped_at, Shipped(leg=Leg.OUTBOUND, waybill=file.outbound_parcel.waybill)),
        (file.outbound_parcel.signed_at, Signed(leg=Leg.OUTBOUND, waybill=file.outbound_parcel.waybill)),
        (file.return_parcel.signed_at, Signed(leg=Leg.RETURN, waybill=file.return_parcel.waybill)),
    ]
    lacking = [(at, what) for at, what in stated if at is not None and not _is_told(told, what)]
    return Course([*told.entries, *(_stated(n, at, what) for n, (at, what) in enumerate(lacking))])


def _is_told(course: Course, what: Happening) -> bool:
    leg = getattr(what, "leg", None)
    return any(type(one.what) is type(what) and getattr(one.what, "leg", None) is leg for one in course.entries)


def _stated(number: int, at: datetime, what: Happening) -> Occurrence:
    """An entry that nobody made."""
    no_id = f"00000000-0000-0000-0000-{number:012x}"
    return Occurrence(
        id=no_id, tenant="case-file", case_id=no_id, at=at, recorded_at=at, source=Party.PLATFORM, actor="case file",
        what=what,
    )  # fmt: skip


def where_goods_are(file: CaseFile, course: Course, *, unboxed: bool) -> Whereabouts:
    """Where the goods are. `unboxed`: there is a film of the return's opening, so that it is with the seller.

    Later stations of the way count before earlier ones; where nothing is known, what the claim is of kind tells.
    """
    if course.all(Lost):
        return Whereabouts.LOST
    if unboxed or course.all(CameBack) or course.signed(Leg.RETURN) or file.return_parcel.signed_at:
        return Whereabouts.WITH_SELLER
    if _comes_back(course):
        return Whereabouts.COMING_BACK
    if course.signed(Leg.OUTBOUND) or file.outbound_parcel.signed_at:
        return _signed_by(course)
    if any(one.leg is Leg.OUTBOUND for one in course.all(Shipped)) or file.outbound_parcel.shipped_at:
        return Whereabouts.ON_THE_WAY
    return _by_claim(file)


def _comes_back(course: Course) -> bool:
    refused = any(one.leg is Leg.OUTBOUND for one in course.all(Refused))
    sent = any(one.leg is Leg.RETURN for one in course.all(Shipped))
    return refused or sent or any(one.done for one in course.all(Intercepted))


def _signed_by(course: Course) -> Whereabouts:
    """The carrier's answer to being asked counts before what it wrote at the door."""
    answer = course.last(CarrierAnswered)
    if answer is not None and answer.delivered is not None:
        return Whereabouts.WITH_BUYER if answer.delivered else Whereabouts.SIGNED_BY_OTHER
    entry = course.signed(Leg.OUTBOUND)
    by = entry.what.by if entry is not None and isinstance(entry.what, Signed) else SignedBy.UNKNOWN
    if by is SignedBy.UNKNOWN:
        return Whereabouts.SIGNED_BY_UNKNOWN
    return Whereabouts.WITH_BUYER if by in _BY_BUYER else Whereabouts.SIGNED_BY_OTHER


def _by_claim(file: CaseFile) -> Whereabouts:
    if file.claim.kind is ClaimKind.REFUND_UNSHIPPED:
        return Whereabouts.NOT_SHIPPED
    on_its_way = file.claim.kind is ClaimKind.REFUND_IN_TRANSIT or file.claim.reason is ClaimReason.NOT_RECEIVED
    return Whereabouts.ON_THE_WAY if on_its_way else Whereabouts.WITH_BUYER


def opened_at(file: CaseFile, course: Course) -> datetime | None:
    """When the claim was made."""
    return course.first_at(ClaimOpened) or file.claim.opened_at


def signed_at(file: CaseFile, course: Course) -> datetime | None:
    """When the buyer's parcel was signed for."""
    entry = course.signed(Leg.OUTBOUND)
    return entry.at if entry is not None else file.outbound_parcel.signed_at


def is_excused(course: Course) -> bool:
    """Whether a person took down an understandable reason for being late (D17)."""
    return bool(course.all(Excused))


def promise_broken(course: Course) -> bool:
    """Whether a promise to the buyer is known not to have been kept."""
    ended = {one.promise: one.kept for one in course.all(PromiseEnded)}
    return not all(ended.values())
