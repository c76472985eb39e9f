"""How much a remedy is in money (D16, D17, D20, D21): exact decimals, never a float."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import NamedTuple

from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Money, Party
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import DecisionTable, FreightBearer, Remedy, TableRow, Unit
from sixfaces.domain.model import Say

MOST_UNITS = 1000
"""Pieces of one claim that are told apart; a claim on more is for a person."""

MOST_MONEY = Decimal("9999999999.99")
"""The largest amount that can be written down; prices of many pieces may come to more."""

_CENT = Decimal("0.01")
_WHOLE_PRICE = frozenset({Remedy.RETURN_REFUND, Remedy.REFUND_ONLY})
_NO_MONEY = frozenset({Remedy.NONE, Remedy.RESEND, Remedy.EXCHANGE, Remedy.REPAIR, Remedy.ASK_PERSON})


class Sum(NamedTuple):
    """What goes back: the amount, the pieces that it is for, what was already paid for elsewhere, and what a person
    must say first."""

    refund: Money | None = None
    units: tuple[Unit, ...] = ()
    paid: tuple[Payment, ...] = ()
    lacks: tuple[Say, ...] = ()


def claimed_units(file: CaseFile) -> tuple[Unit, ...]:
    """Every piece that is claimed, at most `MOST_UNITS` and one more. A line without a quantity is one piece."""
    return tuple(islice(_units(file), MOST_UNITS + 1))


def _units(file: CaseFile) -> Iterator[Unit]:
    items = file.order.items
    named = {claimed.line: claimed.quantity for claimed in file.claim.lines}
    for line, item in enumerate(items):
        whole = item.quantity or 1
        pieces = min(named.get(line, 0), whole) if named else whole
        yield from (Unit(line=line, piece=piece) for piece in range(min(pieces, MOST_UNITS + 1)))


def unpaid(file: CaseFile, paid: Sequence[Payment]) -> tuple[Unit, ...]:
    """Pieces to pay for now: as many of each line as are claimed, taken from those that nobody has paid for (D21)."""
    gone = {(one.unit.line, one.unit.piece) for one in paid}
    behind = Counter(line for line, _ in gone)
    left: list[Unit] = []
    for line, pieces in Counter(unit.line for unit in claimed_units(file)).items():
        whole = min(file.order.items[line].quantity or 1, MOST_UNITS * 2, pieces + behind[line])
        free = [piece for piece in range(whole) if (line, piece) not in gone]
        left += [Unit(line=line, piece=piece) for piece in free[:pieces]]
    return tuple(left)


def sum_of(row: TableRow, file: CaseFile, paid: Sequence[Payment], *, table: DecisionTable) -> Sum:
    """What the row's remedy is in money for this claim."""
    if row.remedy in _NO_MONEY:
        return Sum()
    units, currency = unpaid(file, paid), _currency(file)
    claimed = set(claimed_units(file))
    standing = tuple(one for one in paid if one.unit in claimed)
    if len(claimed) > MOST_UNITS:
        return Sum(paid=standing, lacks=(_TOO_MANY,))
    if not units and file.order.items:
        return Sum(paid=standing)
    prices = [file.order.items[unit.line].price for unit in units]
    if currency is None or not prices or None in prices:
        return Sum(units=units, paid=standing, lacks=(_NO_PRICE,))
    value = sum((price for price in prices if price is not None), Decimal(0))
    amount = _amount(row, file, value, table=table, is_all=_is_all(file, units))
    if amount is None:
        return Sum(units=units, paid=standing, lacks=(_HOW_MUCH,))
    amount = amount.quantize(_CENT, ROUND_HALF_UP)
    if amount > MOST_MONEY:
        return Sum(units=units, paid=standing, lacks=(_TOO_MUCH,))
    return Sum(Money(amount=amount, currency=currency), units, standing)


def _amount(row: TableRow, file: CaseFile, value: Decimal, *, table: DecisionTable, is_all: bool) -> Decimal | None:
    asked = file.claim.asked
    if row.remedy in _WHOLE_PRICE:
        bears = row.liable is not Party.BUYER and row.freight is not FreightBearer.BUYER
        whole = value + (file.order.freight or Decimal(0) if bears and is_all else Decimal(0))
        return whole if asked is None else min(asked, whole)
    if row.remedy is Remedy.COMPENSATE:
        return value if asked is None else min(asked, value) if value else asked
    shares = {"late": table.money.late_share, "used": table.money.used_share}
    return value * shares[row.share] if row.share else None


def _is_all(file: CaseFile, units: Sequence[Unit]) -> bool:
    """Whether these are all pieces of the order: then its freight goes back as well."""
    return len(units) == sum(item.quantity or 1 for item in file.order.items)


def _currency(file: CaseFile) -> str | None:
    """The one currency of the order."""
    found = {item.currency for item in file.order.items}
    return found.pop() if len(found) == 1 else None


_TOO_MANY = Say(
    zh=f"申请超过 {MOST_UNITS} 件，金额需人工核定。",
    en=f"More than {MOST_UNITS} pieces are claimed: a person sets the amount.",
)
_TOO_MUCH = Say(
    zh="金额超出可记录的范围，需人工核定。",
    en="The sum is more than can be written down: a person sets the amount.",
)
_NO_PRICE = Say(
    zh="订单缺少价格或币种不一致，金额需人工核定。",
    en="Prices are missing or in several currencies: a person sets the amount.",
)
_HOW_MUCH = Say(zh="需人工核定扣除金额。", en="A person must say how much is deducted.")
