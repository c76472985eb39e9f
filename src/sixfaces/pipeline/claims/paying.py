"""What a decision gives, and for which pieces of the order: nothing is given twice for the same piece, whoever decides
and in whichever case of the order (D21).

1. held       of two who decide on one order at once, the second looks again at what the first has given
2. checked    what is given has pieces, its money is the order's and no more than these are worth
3. entered    piece by piece; what an earlier decision of the case gave is free again, unless it is with the buyer
4. confirmed  that money is to be paid, once, and no longer what an earlier decision had confirmed
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from sixfaces.decision.given import given, has_left, money_out
from sixfaces.decision.money import MOST_UNITS, claimed_units, unpaid, value_of, worth
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Money, Party, RefundConfirmed, RefundPaid, Struck
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.currency import payable
from sixfaces.domain.decision import Decision, Recommendation, Remedy, Unit
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.claims import errors
from sixfaces.pipeline.claims.chronicling import Told
from sixfaces.pipeline.claims.matters import Looked, paid_elsewhere

PAYS = frozenset({Remedy.COMPENSATE, Remedy.PARTIAL_REFUND, Remedy.RETURN_REFUND, Remedy.REFUND_ONLY})
GIVES = PAYS | {Remedy.RESEND, Remedy.EXCHANGE}
"""What is given once for a piece. Goods that were repaired are the same goods, and may fail again."""
_OF_GOODS = PAYS - {Remedy.COMPENSATE}
_LEASE = timedelta(minutes=1)
_FINEST = Decimal("0.0001")


def hold_order(transaction: Transaction, looked: Looked) -> None:
    """1. Until the transaction ends. Raises RecordsError `records.conflict` where something was given meanwhile that
    was not looked at."""
    case = looked.case
    order = case.file.order.order_id
    if order is None:
        return
    name = "paying:" + hashlib.sha256(f"{case.tenant}\n{order}".encode()).hexdigest()
    transaction.leases.take(name, case.id, lasting=_LEASE)
    transaction.leases.give_back(name, case.id)
    if tuple(paid_elsewhere(transaction, case)) != looked.matter.paid:
        raise errors.other_decided()


def with_units(file: CaseFile, meant: Recommendation, paid: Sequence[Payment]) -> Recommendation:
    """2. A person who gives something where the machine would not gives it for what is claimed and left.

    Raises ClaimError `claim.order_lines`, `claim.paid_already`, `claim.incomplete`."""
    if meant.remedy not in GIVES:
        return meant
    unclear = given(file, paid).unclear
    if unclear:
        raise errors.order_lines(unclear)
    if meant.remedy in _OF_GOODS:
        _check_known(file)
    is_untold = meant.remedy is Remedy.RESEND and not file.claim.lines
    units = () if is_untold else (meant.units or unpaid(file, paid))
    if not units and paid and not is_untold and meant.remedy is not Remedy.COMPENSATE:
        raise errors.paid_already(paid)
    return meant.model_copy(update={"units": units[:MOST_UNITS]})


def _check_known(file: CaseFile) -> None:
    """Without its order and goods nobody can tell what was paid for already."""
    lines = claimed_units(file) or not file.order.items
    needed = {"order.order_id": file.order.order_id, "order.items": file.order.items, "claim.lines": lines}
    lacking = [name for name, value in needed.items() if not value]
    if lacking:
        raise errors.incomplete(lacking)


def check_money(file: CaseFile, meant: Recommendation, paid: Sequence[Payment]) -> None:
    """2. Raises ClaimError `claim.amount_needed`, `claim.currency`, `claim.too_fine`, `claim.too_much`."""
    if meant.refund is None:
        if meant.remedy in PAYS:
            raise errors.amount_needed()
        return
    amount, currency = meant.refund.amount, meant.refund.currency
    known = {item.currency for item in file.order.items if item.currency is not None}
    if known and currency not in known:
        raise errors.currency(", ".join(sorted(known)))
    if amount != payable(amount, currency):
        raise errors.too_fine(currency)
    units = unpaid(file, paid) if len(meant.units) == MOST_UNITS else meant.units
    most = worth(file, units, paid, currency=currency)
    if meant.remedy in _OF_GOODS and most is not None and amount > most:
        raise errors.too_much()


def enter_payments(transaction: Transaction, looked: Looked, decision: Decision) -> None:
    """3. Raises ClaimError `claim.paid_already`."""
    file, order = looked.case.file, looked.case.file.order.order_id
    of_order = transaction.payments.of_order(order, file.platform) if order else ()
    own = [one for one in of_order if one.case_id == decision.case_id]
    new = payments_of(file, decision, looked.matter.paid) if order else []
    again = {one.unit for one in new}
    earlier = looked.current
    is_gone = earlier is not None and has_left(looked.matter.course, earlier)
    kept = [one for one in own if one.unit not in again] if is_gone else []
    released = {one.decision for one in own} | ({earlier.id} if earlier is not None and not is_gone else set())
    for id in sorted(released):
        transaction.payments.release(id)
    standing = transaction.payments.pay([*kept, *new])
    if standing:
        raise errors.paid_already(standing)


def payments_of(file: CaseFile, decision: Decision, paid: Sequence[Payment]) -> list[Payment]:
    """What the decision gives for each of its pieces."""
    if decision.remedy not in GIVES:
        return []
    items, parts = file.order.items, _parts(file, decision, paid)
    return [
        Payment(
            platform=file.platform,
            order_id=file.order.order_id or "",
            unit=unit,
            case_id=decision.case_id,
            decision=decision.id,
            money=decision.refund,
            part=parts.get(unit),
            sku=items[unit.line].sku,
            title=items[unit.line].title,
        )
        for unit in decision.units
    ]


def _parts(file: CaseFile, decision: Decision, paid: Sequence[Payment]) -> dict[Unit, Decimal]:
    """A compensation below what the pieces are worth is a part of the price of each, by what is left of it."""
    left = {unit: value_of(file, (unit,), given(file, paid).parts) for unit in decision.units}
    whole = sum(left.values(), Decimal(0))
    if decision.remedy is not Remedy.COMPENSATE or decision.refund is None or decision.refund.amount >= whole:
        return {}
    share = decision.refund.amount / whole
    return {unit: (value * share).quantize(_FINEST, ROUND_HALF_UP) for unit, value in left.items()}


def confirmations(looked: Looked, decision: Decision) -> list[Told]:
    """4. What the chronicle is told: how much is still to be paid, counted from now where that is new."""
    pending, refund = _pending(looked), decision.refund
    if refund is not None and refund in [money for _, money in pending]:
        return []
    told = [Told(Struck(entry=id, why=_REPLACED), Party.PLATFORM) for id, _ in pending]
    out = money_out(looked.matter.course, refund.currency) if refund is not None else Decimal(0)
    if refund is not None and (refund.amount > out or not out):
        owed = refund.model_copy(update={"amount": refund.amount - out})
        told.append(Told(RefundConfirmed(money=owed), Party.SELLER))
    return told


def _pending(looked: Looked) -> list[tuple[str, Money]]:
    """What earlier decisions of the case confirmed and nobody has paid."""
    pending: list[tuple[str, Money]] = []
    for entry in looked.matter.course.entries if looked.current is not None else ():
        if isinstance(entry.what, RefundConfirmed):
            pending.append((entry.id, entry.what.money))
        elif isinstance(entry.what, RefundPaid):
            pending = []
    return pending


_REPLACED = "A later decision takes its place. 已由之后的裁定取代。"
