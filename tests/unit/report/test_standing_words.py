"""Words for both sides of a claim."""

from decimal import Decimal

import pytest

from sixfaces.domain.chronicle import Money
from sixfaces.report.standing_words import amount


@pytest.mark.parametrize(
    ("told", "currency", "zh", "en"),
    [
        ("199", "CNY", "199.00 元", "CNY 199.00"),
        ("1234567.50", "CNY", "1,234,567.50 元", "CNY 1,234,567.50"),
        ("1.235", "KWD", "KWD 1.235", "KWD 1.235"),
        ("1.2", "KWD", "KWD 1.200", "KWD 1.200"),
        ("1999", "JPY", "JPY 1,999", "JPY 1,999"),
        ("99.50", "JPY", "JPY 99.5", "JPY 99.5"),
        ("19.9950", "USD", "USD 19.995", "USD 19.995"),
        ("0", "CNY", "0.00 元", "CNY 0.00"),
        ("100000", "JPY", "JPY 100,000", "JPY 100,000"),
    ],
)
def test_an_amount_is_told_to_its_last_digit(told: str, currency: str, zh: str, en: str) -> None:
    said = amount(Money(amount=Decimal(told), currency=currency))
    assert (said.zh, said.en) == (zh, en)
