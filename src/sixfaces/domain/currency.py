"""How finely currencies are paid: the minor units of ISO 4217."""

from decimal import ROUND_HALF_UP, Decimal

_WHOLE = frozenset(
    {
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
        "XPF",
    }
)  # fmt: skip
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_OF_TEN_THOUSAND = frozenset({"CLF", "UYW"})


def smallest(currency: str) -> Decimal:
    """The smallest amount that can be paid; a hundredth for what the standard does not name."""
    if currency in _WHOLE:
        return Decimal(1)
    if currency in _THOUSANDTHS:
        return Decimal("0.001")
    return Decimal("0.0001") if currency in _OF_TEN_THOUSAND else Decimal("0.01")


def payable(amount: Decimal, currency: str) -> Decimal:
    """The nearest amount that can be paid; halves go up."""
    return amount.quantize(smallest(currency), ROUND_HALF_UP)
