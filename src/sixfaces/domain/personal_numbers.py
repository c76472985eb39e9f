"""Numbers by which somebody is called or identified, in the forms in which they are printed."""

import re

LEFT, RIGHT = r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])"
"""Ends of a number: what has letters or more digits beside it is the number of a thing."""

MOBILE = re.compile(rf"{LEFT}(?:\+?86[\s-]?)?(1[3-9]\d)[\s-]?(\d{{4}})[\s-]?(\d{{4}}){RIGHT}")
LANDLINE = re.compile(rf"{LEFT}(0\d{{2,3}})-(\d{{3,4}})(\d{{4}}){RIGHT}")
IDENTITY = re.compile(
    rf"{LEFT}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{RIGHT}"
)

_GAP = r"[\s.·_/-]{1,2}"
_GROUPS = ((3, 4, 4), (3, 3, 5), (5, 6), (3, 8), (7, 4), (4, 4, 3), (3, 2, 2, 2, 2), (3, 4, 2, 2), (1,) * 11)


def _grouped(lengths: tuple[int, ...]) -> str:
    """Digits of a mobile number in groups of these lengths."""
    first, *rest = lengths
    head = r"1(?=\D*[3-9])" + (rf"[3-9]\d{{{first - 2}}}" if first > 1 else "")
    return _GAP.join([head, *(rf"\d{{{length}}}" for length in rest)])


_TAG = r"(?<![A-Za-z])(?i:tel|phone|mobile|mob|call|sms|img|vid|video|mov|wx|wechat|weixin)[\s:_.#-]{0,3}"
_ABROAD = r"(?:(?:\+|00)?86[\s.·_-]{0,2})?"
MOBILES = (
    re.compile(rf"{LEFT}{_ABROAD}(?P<number>1[3-9]\d{{9}}){RIGHT}"),
    re.compile(rf"(?P<before>{_TAG}){_ABROAD}(?P<number>1[3-9]\d{{9}})(?!\d)"),
    re.compile(rf"{LEFT}(?<!\d[./]){_ABROAD}(?P<number>{'|'.join(map(_grouped, _GROUPS))}){RIGHT}"),
)
"""Also after what says that it is one, in groups, and digit by digit."""

LANDLINES = re.compile(
    rf"(?:{LEFT}|(?<=86))\(?(?P<area>010|02\d|0[3-9]\d{{2}})(?P<gap>\)?[\s-]{{0,2}})(?P<middle>\d{{3,4}})[\s-]?(?P<end>\d{{4}})"
    rf"{RIGHT}"
)
TAIWAN = re.compile(rf"{LEFT}(?P<start>09\d\d)[\s-]\d{{3}}[\s-]?(?P<end>\d{{3}}){RIGHT}")
FOREIGN = re.compile(
    rf"(?<![\dA-Za-z+])(?P<start>\+[1-9]\d{{0,2}})(?:[\s.()-]{{0,2}}\d){{5,10}}[\s.-]?(?P<end>\d{{2}}){RIGHT}"
)
AMERICAN = re.compile(rf"{LEFT}(?!400|800)(?:\(\d{{3}}\)\s?|\d{{3}}[-.])\d{{3}}[-.](?P<end>\d{{4}})(?![\dA-Za-z-])")
CARD = re.compile(rf"{LEFT}(?:62\d{{14,17}}|(?:62|4\d|5[1-5])\d{{2}}(?:[ -]\d{{4}}){{3}}(?:[ -]\d{{1,3}})?){RIGHT}")
_HOST = r"(?:[\w-]+\.)+[^\W\d][\w-]*|\d{1,3}(?:\.\d{1,3}){3}"
MAIL = re.compile(rf"(?<![\w.+-])(?P<start>\w)(?P<rest>[\w.+-]{{0,63}})(?P<at>@(?:{_HOST}))")
"""`default@2026.1` is the version of a rulebook and no address."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_identity(number: str) -> bool:
    """The check digit of GB 11643: order numbers of 18 digits hardly ever have it."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def is_card(number: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    digits = [int(digit) for digit in reversed(number) if digit.isdigit()]
    return sum(d if at % 2 == 0 else sum(divmod(2 * d, 10)) for at, d in enumerate(digits)) % 10 == 0
