"""What a claim lacks, told at once (D3): a claim of its kind that has all of it conforms, and the clocks start."""

from collections.abc import Iterator

from sixfaces.decision.awaited import WITHOUT_PROOF
from sixfaces.decision.course import Course
from sixfaces.domain.case import CaseFile, ClaimKind, ClaimReason
from sixfaces.domain.chronicle import Leg, Party, Shipped
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Model, Say, Text

_IN_TRANSIT = frozenset({ClaimKind.REFUND_IN_TRANSIT})
_SHOWS = frozenset({Role.BUYER_PHOTO, Role.BUYER_VIDEO})


class Lacking(Model):
    """One thing that is missing: the field or exhibit, who can bring it, and the words to ask for it."""

    field: Text
    of: Party
    text: Say
    cites: tuple[Text, ...] = ()


def lacking(file: CaseFile, course: Course, roles: frozenset[Role]) -> tuple[Lacking, ...]:
    """All that is missing; `roles` are those of the exhibits that are sealed."""
    return tuple(_lacking(file, course, roles))


def _lacking(file: CaseFile, course: Course, roles: frozenset[Role]) -> Iterator[Lacking]:
    claim = file.claim
    if claim.kind is None:
        yield _of("claim.kind", Party.BUYER, "请说明申请类型。", "Say what is asked for: the kind of claim.", "D2")
    if claim.reason is None:
        yield _of("claim.reason", Party.BUYER, "请说明申请原因。", "Say why: the reason of the claim.", "D2")
    if not file.order.order_id:
        yield _of("order.order_id", Party.PLATFORM, "请提供订单号。", "Name the order.", "D1")
    if not file.order.items:
        yield _of("order.items", Party.PLATFORM, "请提供订单商品。", "Name what was ordered.", "D1")
    elif any(item.price is None or item.currency is None for item in file.order.items):
        yield _of("order.items[].price", Party.PLATFORM, "请提供商品价格与币种。", "Name prices and currency.", "D16")
    if file.order.items and any(claimed.line >= len(file.order.items) for claimed in claim.lines):
        zh = "申请的商品行不在订单中，请更正。"
        yield _of("claim.lines", Party.PLATFORM, zh, "Name lines that the order has; they count from 0.", "D1")
    if claim.reason is not None and claim.reason not in WITHOUT_PROOF and not roles & _SHOWS:
        zh = "请上传清楚显示问题的照片或视频。"
        yield _of(
            "exhibits.buyer_photo", Party.BUYER, zh, "Hand in photos or video that clearly show the problem.", "D3"
        )
    if _needs_outbound(file) and not _knows_outbound(file, course):
        zh = "请提供发货运单号。"
        yield _of("outbound_parcel.waybill", Party.SELLER, zh, "Name the waybill of the parcel that went out.", "D2")


def _needs_outbound(file: CaseFile) -> bool:
    return file.claim.kind in _IN_TRANSIT or file.claim.reason is ClaimReason.NOT_RECEIVED


def _knows_outbound(file: CaseFile, course: Course) -> bool:
    named = any(one.leg is Leg.OUTBOUND and one.waybill for one in course.all(Shipped))
    return named or file.outbound_parcel.waybill is not None


def _of(field: str, of: Party, zh: str, en: str, *cites: str) -> Lacking:  # noqa: PLR0917 a row of a table
    return Lacking(field=field, of=of, text=Say(zh=zh, en=en), cites=cites)
