"""Whose number a code carries, and whether its check digit holds: only formats that cannot be mistaken.

A bare run of digits seldom tells its carrier: 12 digits may be SF's, ZTO's or FedEx's. Such a number is left without a
carrier rather than given a wrong one, because a carrier makes the rules take a code for a waybill.

| carrier | form | check digit | source |
|---|---|---|---|
| SF | `SF` + 12 or 13 digits | none published | numbers printed on SF waybills |
| YTO | `YT` + 13 digits | none published | YTO waybills |
| JT | `JT` + 13 digits | none published | J&T China waybills |
| JD | `JD` + two letters or digits + 11 digits | none published | JD Logistics waybills |
| DEPPON | `DPK` + 12 digits | none published | Deppon waybills |
| ZTO | 14 digits that begin with 73 to 78 | none published | ZTO waybills |
| STO | 15 digits that begin with 77 | none published | STO waybills |
| EMS | UPU S10 ending in `CN` | S10, modulo 11 | UPU S10 |
| POST | UPU S10 of other countries | S10, modulo 11 | UPU S10 |
| UPS | `1Z` + 16 | modulo 10 | UPS |
| USPS | 22 or 26 digits that begin with 92 to 95, also after 420 and a ZIP | modulo 10 | USPS Publication 199 |
| FEDEX | 34 digits that begin with 100 or 96 | modulo 11 | FedEx |
| DHL | `JJD` + 18 digits, `JD00` + 16 digits, `JVGL` + 10 digits | none known | DHL licence plates |
| AMAZON | `TBA`, `TBC` or `TBM` + 12 digits | none published | Amazon Logistics labels |
| none | SSCC: GS1 identifier 00 + 18 digits | modulo 10 | GS1 |
| none | EAN and UPC articles, ITF-14 | modulo 10 | GS1 |
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from sixfaces.domain.reading_facts import CheckDigit
from sixfaces.observe.check_digits import fedex_34_holds, mod10_holds, s10_holds, ups_1z_holds


class Known(NamedTuple):
    """What the form of a number tells."""

    carrier: str | None
    check_digit: CheckDigit


UNKNOWN = Known(None, CheckDigit.NONE)

_PLAIN = (
    ("SF", re.compile(r"SF\d{12,13}")),
    ("YTO", re.compile(r"YT\d{13}")),
    ("JT", re.compile(r"JT\d{13}")),
    ("DHL", re.compile(r"JJD\d{18}|JD00\d{16}|JVGL\d{10}")),
    ("JD", re.compile(r"JD[A-Z0-9]{2}\d{11}")),
    ("DEPPON", re.compile(r"DPK\d{12}")),
    ("ZTO", re.compile(r"7[3-8]\d{12}")),
    ("STO", re.compile(r"77\d{13}")),
    ("AMAZON", re.compile(r"TB[ACM]\d{12}")),
)

_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_1Z = re.compile(r"1Z[A-Z0-9]{15}\d")
_IMPB = re.compile(r"(?:420(?:\d{5}|\d{9})\x1d?)?(9[2-5](?:\d{20}|\d{24}))")
_FEDEX = re.compile(r"(?:100|96)\d{31,32}")
_SSCC = re.compile(r"00(\d{18})")
_RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})


def recognise(text: str, *, symbology: str, gs1: bool = False) -> Known:
    """What is sure about the number in a code. `gs1`: the code announced GS1 element strings (FNC1 first).

    A failed check digit is told only where the form alone settles what the number is.
    """
    number = text.strip().upper()
    if symbology in _RETAIL or (symbology == "ITF" and len(number) == 14):
        return Known(None, _checked(mod10_holds(number)))
    return _with_check_digit(number, gs1=gs1) or next(
        (Known(carrier, CheckDigit.NONE) for carrier, form in _PLAIN if form.fullmatch(number)), UNKNOWN
    )


def _with_check_digit(number: str, *, gs1: bool) -> Known | None:
    if _S10.fullmatch(number):
        return Known("EMS" if number.endswith("CN") else "POST", _checked(s10_holds(number)))
    if _1Z.fullmatch(number):
        return Known("UPS", _checked(ups_1z_holds(number)))
    if match := _IMPB.fullmatch(number):
        return _only_if(mod10_holds, match[1], carrier="USPS")
    if len(number) == 34 and _FEDEX.fullmatch(number):
        return _only_if(fedex_34_holds, number, carrier="FEDEX")
    if gs1 and (match := _SSCC.fullmatch(number)):
        return Known(None, _checked(mod10_holds(match[1])))
    return None


def _only_if(holds: Callable[[str], bool], number: str, *, carrier: str) -> Known | None:
    """All digits: only the check digit itself makes it that carrier's number."""
    return Known(carrier, CheckDigit.OK) if holds(number) else None


def _checked(holds: bool) -> CheckDigit:
    return CheckDigit.OK if holds else CheckDigit.FAILED
