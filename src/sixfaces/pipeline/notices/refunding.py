"""Where the money of a claim is, as both sides are told it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sixfaces.domain.chronicle import Money, RefundConfirmed, RefundPaid
from sixfaces.domain.standing import Refund
from sixfaces.pipeline.claims.matters import Looked

PAYMENT = "refund_paid"
"""The clock of payments."""


class _Dated(NamedTuple):
    at: datetime
    money: Money


def refund_of(looked: Looked) -> Refund | None:
    """What is owed by the decision that stands, else what was confirmed, against all that was paid back in its
    currency."""
    entries, decided = looked.matter.course.entries, looked.current
    paid = [_Dated(one.at, one.what.money) for one in entries if isinstance(one.what, RefundPaid)]
    confirmed = [
        _Dated(one.at, one.what.money)
        for one in entries
        if isinstance(one.what, RefundConfirmed) and (decided is None or one.at >= decided.at)
    ]
    owed = decided.refund if decided is not None and decided.refund is not None else None
    owed = owed or (confirmed[-1].money if confirmed else None)
    if not paid and not confirmed:
        return None
    money = owed or _sum(paid, paid[-1].money.currency)
    due = [one.due_at for one in looked.clocks if one.code == PAYMENT and one.ended_at is None]
    covered = _covered_at(paid, money)
    return Refund(
        money=money,
        paid=_sum(paid, money.currency) if any(one.money.currency == money.currency for one in paid) else None,
        confirmed_at=confirmed[-1].at if confirmed else None,
        paid_at=covered,
        by=None if covered or not due else due[-1],
    )


def _sum(paid: Sequence[_Dated], currency: str) -> Money:
    amounts = (one.money.amount for one in paid if one.money.currency == currency)
    return Money(amount=sum(amounts, start=Decimal(0)), currency=currency)


def _covered_at(paid: Sequence[_Dated], owed: Money) -> datetime | None:
    """When the payment came after which nothing was owed any more."""
    total = Decimal(0)
    for one in paid:
        total += one.money.amount if one.money.currency == owed.currency else 0
        if total >= owed.amount:
            return one.at
    return None
