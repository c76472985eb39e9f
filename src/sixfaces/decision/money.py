"""How much a remedy is in money (D16, D17, D20, D21): exact decimals, never a float."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from sixfaces.decision.given import ZERO, beyond_goods, given, price_of
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Money, Party
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.currency import payable
from sixfaces.domain.decision import DecisionTable, FreightBearer, Remedy, TableRow, Unit
from sixfaces.domain.model import Say

MOST_UNITS = 1000
"""Pieces of one claim that are told apart; a claim on more is for a person."""

MOST_MONEY = Decimal("9999999999.99")
"""The largest amount that can be written down; prices of many pieces may come to more."""

_WHOLE_PRICE = frozenset({Remedy.RETURN_REFUND, Remedy.REFUND_ONLY})
_GIVES_NOTHING = frozenset({Remedy.NONE, Remedy.ASK_PERSON})
_IN_GOODS = frozenset({Remedy.RESEND, Remedy.EXCHANGE, Remedy.REPAIR})


class Sum(NamedTuple):
    """What is given: the amount, the pieces that it is for, what was given for them elsewhere, and what a person must
    say first."""

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
    """Pieces to give something for: as many of each line as are claimed, taken from those for which nobody was given
    all that they are worth (D21)."""
    gone = given(file, paid).gone
    behind = Counter(unit.line for unit in gone)
    left: list[Unit] = []
    for line, pieces in Counter(unit.line for unit in claimed_units(file)).items():
        whole = min(file.order.items[line].quantity or 1, MOST_UNITS * 2, pieces + behind[line])
        free = [unit for piece in range(whole) if (unit := Unit(line=line, piece=piece)) not in gone]
        left += free[:pieces]
    return tuple(left)


def sum_of(row: TableRow, file: CaseFile, paid: Sequence[Payment], *, table: DecisionTable) -> Sum:
    """What the row's remedy is for this claim: pieces, and money where it is one of money."""
    if row.remedy in _GIVES_NOTHING:
        return Sum()
    known, units = given(file, paid), unpaid(file, paid)
    if known.unclear:
        return Sum(lacks=(_OTHER_LINES,))
    standing = _in_the_way(file, paid, units)
    if standing and not units:
        return Sum(paid=standing)
    lack = _what_is_unsaid(row, file)
    if lack is not None:
        return Sum(lacks=(lack,))
    if row.remedy in _IN_GOODS:
        return Sum(units=units, paid=standing)
    found = _priced(row, file, Sum(units=units, paid=standing), parts=known.parts, table=table)
    return found if found.refund is not None or found.lacks else found._replace(lacks=(_HOW_MUCH,))


def _what_is_unsaid(row: TableRow, file: CaseFile) -> Say | None:
    """What keeps a claim's pieces from being known. Something that is missing is of one line, or worth what is asked
    for it: what else was in the parcel is not missing."""
    units, claim = claimed_units(file), file.claim
    if len(units) > MOST_UNITS:
        return _TOO_MANY
    if not units and file.order.items:
        return _NO_SUCH_LINE
    if row.remedy is Remedy.RESEND and not claim.lines:
        return _WHICH_LINES
    return _WHICH_OR_HOW_MUCH if row.remedy is Remedy.COMPENSATE and not claim.lines and claim.asked is None else None


def _in_the_way(file: CaseFile, paid: Sequence[Payment], units: Sequence[Unit]) -> tuple[Payment, ...]:
    """What was given before, as far as less is left of a line than is claimed of it."""
    claimed, left = (Counter(unit.line for unit in some) for some in (claimed_units(file), units))
    short = {line for line, pieces in claimed.items() if left[line] < pieces}
    return tuple(one for one in paid if one.unit.line in short or (one.part is not None and one.unit in units))


def _priced(row: TableRow, file: CaseFile, known: Sum, *, parts: Mapping[Unit, Decimal], table: DecisionTable) -> Sum:
    """The amount, as it can be paid."""
    prices, currency = [price_of(file, unit) for unit in known.units], _currency(file)
    if currency is None or None in prices:
        return known._replace(lacks=(_NO_PRICE,))
    value = value_of(file, known.units, parts)
    amount = _amount(row, file, value, table=table, is_all=_is_all(file, known.units))
    if row.remedy is Remedy.COMPENSATE and not value:
        return known._replace(lacks=(_NO_VALUE,))
    if amount is None:
        return known
    amount = payable(amount, currency)
    return (
        known._replace(lacks=(_TOO_MUCH,))
        if amount > MOST_MONEY
        else known._replace(refund=Money(amount=amount, currency=currency))
    )


def value_of(file: CaseFile, units: Sequence[Unit], parts: Mapping[Unit, Decimal]) -> Decimal:
    """What is left of the prices of these pieces; those that nobody knows count as nothing."""
    return sum((max(ZERO, (price_of(file, unit) or ZERO) - parts.get(unit, ZERO)) for unit in units), ZERO)


def worth(file: CaseFile, units: Sequence[Unit], paid: Sequence[Payment], *, currency: str) -> Decimal | None:
    """The most that may go back for these pieces: what is left of their prices, and of the order's freight. None where
    prices are not known."""
    if not units or any(price_of(file, unit) is None for unit in units):
        return None
    freight = max(ZERO, (file.order.freight or ZERO) - beyond_goods(file, paid, currency))
    value = _value_claimed(file) if len(units) > MOST_UNITS else value_of(file, units, given(file, paid).parts)
    return payable(value + freight, currency)


def _value_claimed(file: CaseFile) -> Decimal:
    """Of more pieces than are told apart."""
    named = {claimed.line: claimed.quantity for claimed in file.claim.lines}
    pieces = {line: item.quantity or 1 for line, item in enumerate(file.order.items)}
    claimed = {line: min(named[line], many) for line, many in pieces.items() if line in named} if named else pieces
    return sum((many * (file.order.items[line].price or ZERO) for line, many in claimed.items()), ZERO)


def _amount(row: TableRow, file: CaseFile, value: Decimal, *, table: DecisionTable, is_all: bool) -> Decimal | None:
    """Never more than is asked for."""
    shares = {"late": table.money.late_share, "used": table.money.used_share}
    whole = value
    if row.remedy is Remedy.PARTIAL_REFUND:
        if row.share is None:
            return None
        whole = value * shares[row.share]
    elif row.remedy in _WHOLE_PRICE:
        bears = row.liable is not Party.BUYER and row.freight is not FreightBearer.BUYER
        whole += file.order.freight or ZERO if bears and is_all else ZERO
    return whole if file.claim.asked is None else min(file.claim.asked, whole)


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
_NO_VALUE = Say(
    zh="商品没有单独的价格，补偿金额需人工核定。",
    en="The goods have no price of their own: a person sets the amount of the compensation.",
)
_WHICH_LINES = Say(
    zh="申请未写明缺少哪一行商品（claim.lines）。", en="Which line of the order is missing is not said (claim.lines)."
)
_WHICH_OR_HOW_MUCH = Say(
    zh="申请未写明是哪一行商品（claim.lines），也未写明金额（claim.asked），补偿金额需人工核定。",
    en="Neither the line of the order (claim.lines) nor an amount (claim.asked) is said: a person sets the amount.",
)
_NO_SUCH_LINE = Say(
    zh="申请的商品行不在订单中（claim.lines）。", en="The claim names lines that the order does not have (claim.lines)."
)
_OTHER_LINES = Say(
    zh="该订单的另一售后单以不同顺序或名称列出商品，无法判断哪些已经赔付。",
    en="Another case of the order lists its lines otherwise: what was given for which of them cannot be told.",
)
_HOW_MUCH = Say(zh="需人工核定扣除金额。", en="A person must say how much is deducted.")
