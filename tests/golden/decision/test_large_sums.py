"""Amounts of claims far larger than any that is meant: counted at once, and never written down wrongly (D21)."""

from decimal import Decimal
from typing import Any

from sixfaces.decision.money import MOST_MONEY, MOST_UNITS, Sum, claimed_units, sum_of, unpaid
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Money, Party
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import Remedy, TableRow, Unit
from sixfaces.domain.model import Say
from sixfaces.pipeline.ids import new_id
from tests.golden.decision.telling import TABLE

ROW = TableRow(
    id="whole_price",
    rank=0,
    remedy=Remedy.REFUND_ONLY,
    liable=Party.SELLER,
    says=Say(zh="退", en="Back"),
    cites=("D16",),
)


def order(*items: dict[str, Any], **claim: object) -> CaseFile:
    return CaseFile.model_validate({"case_id": "C", "order": {"order_id": "T", "items": items}, "claim": claim})


def sum_for(file: CaseFile, *paid: Payment) -> Sum:
    return sum_of(ROW, file, paid, table=TABLE)


def paid_for(piece: int) -> Payment:
    money = Money(amount=Decimal("1.00"), currency="CNY")
    return Payment(order_id="T", unit=Unit(line=0, piece=piece), case_id=new_id(), decision=new_id(), money=money)


def test_an_order_of_two_hundred_lines_of_a_million_pieces_is_counted_no_further_than_needed() -> None:
    file = order(*[{"title": "Pin", "quantity": 1_000_000, "price": "0.01", "currency": "CNY"}] * 200)
    assert len(claimed_units(file)) == MOST_UNITS + 1
    assert len(unpaid(file, ())) == MOST_UNITS + 1
    found = sum_for(file)
    assert (found.refund, [lack.en[:14] for lack in found.lacks]) == (None, ["More than 1000"])


def test_pieces_paid_for_are_passed_over_wherever_they_lie() -> None:
    file = order({"quantity": 1_000_000, "price": "2.00", "currency": "CNY"}, lines=[{"line": 0, "quantity": 2}])
    found = sum_for(file, paid_for(0), paid_for(2))
    assert found.units == (Unit(line=0, piece=1), Unit(line=0, piece=3))
    assert found.refund == Money(amount=Decimal("4.00"), currency="CNY")


def test_a_sum_too_large_to_be_written_down_is_for_a_person() -> None:
    dear = {"quantity": 2, "price": "9999999999.99", "currency": "CNY"}
    one = sum_for(order(dear, lines=[{"line": 0, "quantity": 1}]))
    assert one.refund == Money(amount=MOST_MONEY, currency="CNY")
    both = sum_for(order(dear))
    assert both.refund is None
    assert "can be written down" in both.lacks[0].en
