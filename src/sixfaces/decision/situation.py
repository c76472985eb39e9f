"""The situation of a case: everything that the decision table looks at, in few words."""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sixfaces.decision.claim_state import is_excused, promise_broken
from sixfaces.decision.course import Course, opened_at, signed_at, where_goods_are
from sixfaces.decision.found import found, is_fit
from sixfaces.decision.sides import OF_SELLER, side_of
from sixfaces.domain.case import CaseFile, ClaimReason, OrderItem
from sixfaces.domain.chronicle import Party
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import DecisionTable, Goods, Situation, Window
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.report import Report

FAULT = frozenset(
    {
        ClaimReason.QUALITY_DEFECT, ClaimReason.DAMAGED, ClaimReason.WRONG_ITEM, ClaimReason.MISSING_ITEM,
        ClaimReason.NOT_AS_DESCRIBED, ClaimReason.COUNTERFEIT, ClaimReason.PERISHABLE,
    }
)  # fmt: skip
"""Reasons that speak of the goods."""


class Matter(NamedTuple):
    """All that a decision rests on. `paid`: what has been paid back of this order in other cases; `breached`: codes of
    the seller's clocks that ran out; `now`: the instant at which it is looked at."""

    file: CaseFile
    course: Course
    report: Report | None = None
    inspections: tuple[QcVerdict, ...] = ()
    paid: tuple[Payment, ...] = ()
    breached: frozenset[str] = frozenset()
    now: datetime | None = None


def situation_of(matter: Matter, table: DecisionTable) -> Situation | None:
    """The situation; None where the claim does not say of which kind it is, or for which reason."""
    file, course = matter.file, matter.course
    if file.claim.kind is None or file.claim.reason is None:
        return None
    return Situation(
        kind=file.claim.kind,
        reason=file.claim.reason,
        seller=side_of(Party.SELLER, course, matter.report),
        buyer=side_of(Party.BUYER, course, matter.report),
        found=found(matter.inspections, course, claimed_lines(file)),
        where=where_goods_are(file, course, unboxed=_is_unboxed(matter.report)),
        window=window_of(file, course, table),
        goods=goods_of(file, table),
        promise_broken=promise_broken(course, now=matter.now),
        fit=is_fit(matter.inspections, claimed_lines(file)),
    )


def window_of(file: CaseFile, course: Course, table: DecisionTable) -> Window:
    """Whether the claim was made within the days of a no-reason return. They begin with the day after the sign-for,
    where the platform is, and end with the last of them."""
    signed, opened = signed_at(file, course), opened_at(file, course)
    if signed is None or opened is None:
        return Window.UNKNOWN
    if opened < window_ends(signed, table):
        return Window.IN_TIME
    return Window.LATE_EXCUSED if is_excused(course) else Window.LATE


def window_ends(signed: datetime, table: DecisionTable) -> datetime:
    """The first instant that is too late."""
    zone = ZoneInfo(table.zone)
    last = signed.astimezone(zone).date() + timedelta(days=table.window_days + 1)
    return datetime.combine(last, time(), tzinfo=zone)


def goods_of(file: CaseFile, table: DecisionTable) -> Goods:
    """The class of what is claimed: perishable if any of it is, electronics if all of it is."""
    classes = {_class_of(item, table) for item in claimed_items(file)}
    if Goods.PERISHABLE in classes:
        return Goods.PERISHABLE
    return Goods.ELECTRONICS if classes == {Goods.ELECTRONICS} else Goods.GENERAL


def claimed_items(file: CaseFile) -> list[OrderItem]:
    """Lines of the order that are claimed."""
    return [file.order.items[line] for line in claimed_lines(file)]


def claimed_lines(file: CaseFile) -> list[int]:
    """Numbers of the lines that are claimed, from 0; all where the claim names none."""
    items = file.order.items
    return [line for line in [claimed.line for claimed in file.claim.lines] or range(len(items)) if line < len(items)]


def _class_of(item: OrderItem, table: DecisionTable) -> Goods:
    for goods, beginnings in table.goods.items():
        if any(item.category == one or (item.category or "").startswith(f"{one}.") for one in beginnings):
            return goods
    return Goods.GENERAL


def _is_unboxed(report: Report | None) -> bool:
    return any(one.role in OF_SELLER for one in (report.exhibits if report else ()))
