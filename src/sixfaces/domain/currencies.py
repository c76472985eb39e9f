"""How many decimals currencies have (ISO 4217): most have two."""

_OTHERS = {
    0: (
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
        "XPF",
    ),
    3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
    4: ("CLF", "UYW"),
}  # fmt: skip
_DIGITS = {code: digits for digits, codes in _OTHERS.items() for code in codes}


def digits_of(currency: str) -> int:
    """Decimals of amounts in this currency, such as 2 for CNY, 0 for JPY."""
    return _DIGITS.get(currency, 2)
