"""Check digits of the number formats that parcels and goods carry. Pure arithmetic on strings."""

from collections.abc import Sequence

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_FEDEX_WEIGHTS = (1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1)


def mod10_holds(digits: str) -> bool:
    """GS1's modulo 10 over the whole number, last digit included: EAN, UPC, ITF-14, SSCC and USPS IMpb use it.

    From the right, the check digit weighs 1, then 3, 1, 3 … Source: GS1 General Specifications, section 7.9.
    """
    return _is_digits(digits) and sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits))) % 10 == 0


def s10_holds(number: str) -> bool:
    """The eight digits and check digit in the middle of a UPU S10 item identifier such as RR123456785CN.

    Weights 8 6 4 2 3 5 9 7; 11 minus the sum modulo 11; 10 becomes 0 and 11 becomes 5. Source: UPU standard S10.
    """
    digits = number[2:11]
    if len(number) != 13 or not _is_digits(digits):
        return False
    check = 11 - _weighted(digits[:8], _S10_WEIGHTS) % 11
    return int(digits[8]) == {10: 0, 11: 5}.get(check, check)


def ups_1z_holds(number: str) -> bool:
    """The last digit of a UPS number: 1Z, 15 letters or digits, check digit.

    Letters count as their code less 63, modulo 10 (A 2, B 3 …); even places weigh 2; the sum is filled up to a ten.
    Source: UPS's published description of the 1Z tracking number; checked against published specimen numbers.
    """
    if len(number) != 18 or not number.startswith("1Z") or not number[-1].isdecimal():
        return False
    values = [int(c) if c.isdecimal() else (ord(c) - 63) % 10 for c in number[2:17]]
    total = sum(value * (2 if place % 2 else 1) for place, value in enumerate(values))
    return int(number[-1]) == -total % 10


def fedex_34_holds(number: str) -> bool:
    """The tracking number, the last 14 digits, within the 34 digits of a FedEx barcode.

    Thirteen digits weigh 1 7 3 1 7 3 …; the sum modulo 11, then modulo 10. Source: FedEx barcode specification as
    restated with specimen numbers in the public tracking_number_data collection (MIT).
    """
    if len(number) != 34 or not _is_digits(number):
        return False
    return int(number[-1]) == _weighted(number[20:33], _FEDEX_WEIGHTS) % 11 % 10


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
