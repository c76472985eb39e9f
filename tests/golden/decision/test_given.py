"""Nothing is given twice for one piece of an order (D21), and no sum that nobody can pay."""

from decimal import Decimal

import pytest

from sixfaces.decision.course import Course
from sixfaces.decision.incomplete import lacking
from sixfaces.decision.money import worth
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Money
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import Remedy, Unit
from sixfaces.domain.sop import QcOutcome
from sixfaces.pipeline.ids import new_id
from tests.golden.decision.telling import DAY, NOON, case_file, filmed, inspected, recommended

BACK = {"signed_at": NOON + 5 * DAY}


def gave(line: int = 0, piece: int = 0, **more: object) -> Payment:
    """What another case of the order gave."""
    base = {
        "order_id": "T1", "unit": Unit(line=line, piece=piece), "case_id": new_id(), "decision": new_id(),
        "money": Money(amount=Decimal("199.00"), currency="CNY"),
    }  # fmt: skip
    return Payment.model_validate(base | more)


def order(*items: dict[str, object], **more: object) -> dict[str, object]:
    priced = [{"price": "10.00", "currency": "CNY", "quantity": 1} | item for item in items]
    return {"order_id": "T1", "items": priced, **more}


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


@pytest.mark.parametrize("kind", ["exchange", "repair", "return_refund"])
def test_what_was_refunded_is_neither_exchanged_nor_repaired_nor_refunded(kind: str) -> None:
    found = recommended(case_file(kind, "no_reason", return_parcel=BACK), paid=(gave(),))
    assert (found.remedy, found.refund, found.reasons[-1].cites) == (Remedy.NONE, None, ("D21",))


def test_what_was_made_good_in_part_is_taken_off_what_goes_back() -> None:
    part = gave(part="8.00")
    found = recommended(case_file("return_refund", "no_reason", return_parcel=BACK), paid=(part,))
    assert found.refund == cny("191.00")
    assert found.reasons[-1].cites == ("D21",)
    whole = recommended(case_file("return_refund", "no_reason"), paid=(part, gave(part="191.00")))
    assert (whole.remedy, whole.refund) == (Remedy.NONE, None)


def test_a_second_rightful_claim_on_a_line_of_three_closes_by_itself_and_says_nothing_untrue() -> None:
    claim = {"kind": "return_refund", "reason": "no_reason", "opened_at": NOON + DAY, "lines": [{"line": 0}]}
    three = order({"title": "thing", "quantity": 3})
    file = case_file("return_refund", "no_reason", order=three, claim=claim, return_parcel=BACK)
    found = recommended(file, paid=(gave(),))
    assert (found.refund, found.units, found.automatic) == (cny("10.00"), (Unit(line=0, piece=1),), True)
    assert all("D21" not in one.cites for one in found.reasons)


def test_lines_that_another_case_lists_otherwise_are_for_a_person() -> None:
    file = case_file("return_refund", "no_reason", order=order({"sku": "Y"}), return_parcel=BACK)
    for paid in (gave(1, sku="Y"), gave(0, sku="X"), gave(1, title="Why")):
        found = recommended(file, paid=(paid,))
        assert (found.refund, found.automatic) == (None, False)
        assert any("lists its lines otherwise" in one.en for one in found.waits_for)
    more = recommended(file, paid=(gave(1, sku="Z"),))
    assert more.refund == cny("10.00"), "a case need not know every line of its order"


def test_lines_that_the_order_does_not_have_are_told() -> None:
    claim = {"kind": "return_refund", "reason": "no_reason", "opened_at": NOON + DAY, "lines": [{"line": 5}]}
    found = recommended(case_file("return_refund", "no_reason", claim=claim, return_parcel=BACK))
    assert (found.refund, found.automatic) == (None, False)
    assert any("does not have" in one.en for one in found.waits_for)
    file = case_file("return_refund", "no_reason", claim=claim)
    assert [one.field for one in lacking(file, Course(()), frozenset())] == ["claim.lines"]


def test_a_partial_refund_is_never_more_than_was_asked_for() -> None:
    claim = {"kind": "return_refund", "reason": "no_reason", "opened_at": NOON + DAY, "asked": "10.00"}
    used = (inspected(QcOutcome.USED, "worn"),)
    found = recommended(
        case_file("return_refund", "no_reason", claim=claim), report=filmed(Verdict.ACCEPTED), inspections=used
    )
    assert (found.remedy, found.refund) == (Remedy.PARTIAL_REFUND, cny("10.00"))


@pytest.mark.parametrize(
    ("currency", "price", "half"), [("JPY", "199", "100"), ("KWD", "1.115", "0.558"), ("CNY", "19.9950", "10.00")]
)
def test_sums_are_rounded_to_what_can_be_paid(currency: str, price: str, half: str) -> None:
    items = order({"price": price, "currency": currency})
    file = case_file("return_refund", "no_reason", order=items)
    used = (inspected(QcOutcome.USED, "worn"),)
    found = recommended(file, report=filmed(Verdict.ACCEPTED), inspections=used)
    assert found.refund == Money(amount=Decimal(half), currency=currency)


def test_what_is_recommended_is_never_more_than_may_be_signed() -> None:
    file = case_file("return_refund", "no_reason", price="19.9950", return_parcel=BACK)
    found = recommended(file)
    assert found.refund == cny("20.00")
    assert worth(file, found.units, (), currency="CNY") == Decimal("20.00")


def test_the_freight_of_an_order_goes_back_once() -> None:
    two = order({"title": "a"}, {"title": "b"}, freight="6.00")
    file = CaseFile.model_validate({"case_id": "C", "order": two})
    unit = (Unit(line=1, piece=0),)
    assert worth(file, unit, (), currency="CNY") == Decimal("16.00")
    assert worth(file, unit, (gave(money=cny("16.00")),), currency="CNY") == Decimal("10.00")


def test_a_parcel_that_was_unboxed_and_held_something_else_was_delivered() -> None:
    swapped = (inspected(QcOutcome.SWAPPED, "another_item", fit=False),)
    file = case_file("return_refund", "not_received", return_parcel=BACK)
    found = recommended(file, report=filmed(Verdict.ACCEPTED), inspections=swapped)
    assert (found.row, found.remedy) == ("swapped_proved", Remedy.NONE)
