"""What was given before for the pieces of an order, in all of its cases (D21), and what of it came back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sixfaces.decision.course import Course
from sixfaces.domain.case import CaseFile, OrderItem
from sixfaces.domain.chronicle import Leg, RefundPaid, RefundReturned, Shipped
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import Decision, Remedy, Unit

ZERO = Decimal(0)
_SENDS = frozenset({Remedy.EXCHANGE, Remedy.RESEND})


class Given(NamedTuple):
    """`gone`: pieces for which nothing more can be given; `parts`: what of their price was given for others;
    `unclear`: payments of lines that the case file calls otherwise, so that nobody knows which pieces these are."""

    gone: frozenset[Unit]
    parts: Mapping[Unit, Decimal]
    unclear: tuple[Payment, ...]


def given(file: CaseFile, paid: Iterable[Payment]) -> Given:
    """What these payments leave of the order's pieces, in the numbering of this case file."""
    gone: set[Unit] = set()
    parts: dict[Unit, Decimal] = defaultdict(lambda: ZERO)
    unclear = []
    for one in paid:
        if not _is_of_these_lines(file, one):
            unclear.append(one)
        elif one.part is None:
            gone.add(one.unit)
        else:
            parts[one.unit] += one.part
    spent = {unit for unit, part in parts.items() if part >= (price_of(file, unit) or ZERO)}
    return Given(frozenset(gone | spent), dict(parts), tuple(unclear))


def price_of(file: CaseFile, unit: Unit) -> Decimal | None:
    """The price of a piece; None where nobody knows it."""
    items = file.order.items
    return items[unit.line].price if unit.line < len(items) else None


def _is_of_these_lines(file: CaseFile, payment: Payment) -> bool:
    """A case may know fewer lines than another of its order, and must know them by the same numbers."""
    said = [_is_same(payment, item) for item in file.order.items]
    if payment.unit.line < len(said):
        return said[payment.unit.line] is not False
    return all(one is False for one in said)


def _is_same(payment: Payment, item: OrderItem) -> bool | None:
    """By the article's number; where either has none, by its title; None where neither tells."""
    names = ((payment.sku, item.sku), (payment.title, item.title))
    return next((one == other for one, other in names if one and other), None)


def beyond_goods(file: CaseFile, paid: Sequence[Payment], currency: str) -> Decimal:
    """What earlier refunds of the order brought beyond the price of their pieces: so much of its freight went back."""
    sums = {one.decision: one.money for one in paid if one.money is not None and one.part is None}
    beyond = ZERO
    for decision, money in sums.items():
        prices = [price_of(file, one.unit) or ZERO for one in paid if one.decision == decision]
        if money.currency == currency:
            beyond += max(ZERO, money.amount - sum(prices, ZERO))
    return beyond


def money_out(course: Course, currency: str) -> Decimal:
    """What was paid back in this case and has not been returned."""
    paid = sum((one.money.amount for one in course.all(RefundPaid) if one.money.currency == currency), ZERO)
    back = (one.money.amount for one in course.all(RefundReturned) if one.money.currency == currency)
    return max(ZERO, paid - sum(back, ZERO))


def has_left(course: Course, decision: Decision) -> bool:
    """Whether what was decided is with the buyer already: money that nobody has returned, or goods on their way."""
    if any(money_out(course, one.money.currency) > 0 for one in course.all(RefundPaid)):
        return True
    sent = (one.what.leg for one in course.entries if isinstance(one.what, Shipped) and one.at > decision.at)
    return decision.remedy in _SENDS and Leg.OUTBOUND in sent
