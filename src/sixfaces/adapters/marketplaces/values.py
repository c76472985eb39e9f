"""Reads one cell as the kind of value that our field holds. What may mean two things is refused, never guessed."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sixfaces.adapters.marketplaces import refusing
from sixfaces.adapters.marketplaces.kinds import FieldKind, ValueKind
from sixfaces.adapters.marketplaces.mapping import MoneyUnit, Source

LONGEST_NAME = 200
LONGEST_TEXT = 4000
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+[eE][+-]?\d+|[eE][+-]\d{2,3})")
"""As spreadsheets write numbers: one digit before the point, a sign before the exponent. `12E3` is an article."""
_WRAPPED = re.compile(r'="([^"]*)"')
_FORMULA = ("=", "+", "@", "-")
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SIGNS: Mapping[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}), "元": frozenset({"CNY"}), "€": frozenset({"EUR"}), "£": frozenset({"GBP"}),
    "RM": frozenset({"MYR"}), "Rp": frozenset({"IDR"}), "₫": frozenset({"VND"}), "฿": frozenset({"THB"}),
    "₱": frozenset({"PHP"}), "NT$": frozenset({"TWD"}), "R$": frozenset({"BRL"}), "S$": frozenset({"SGD"}),
    "US$": frozenset({"USD"}), "$": frozenset({"USD", "SGD", "AUD", "CAD", "MXN", "HKD", "TWD", "BRL", "NZD", "CLP"}),
}  # fmt: skip
_AMOUNT = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,4})?")
_COUNT = re.compile(r"(\d{1,9})(?:\.0+)?")


class Reading(NamedTuple):
    """What must be known to read a file's cells."""

    zone: ZoneInfo | None
    dates: tuple[str, ...]
    decimal: str
    empty: frozenset[str]


def plain(cell: str) -> str:
    """A cell without what exports put around it: blanks, tabs, ="…" and a leading apostrophe, which keep spreadsheets
    from counting."""
    text = cell.strip(" \t\r\n\u3000\ufeff")
    wrapped = _WRAPPED.fullmatch(text)
    text = wrapped.group(1) if wrapped else text
    return text[1:] if text.startswith("'") else text


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """A word as words are compared: width, case and blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def value_of(text: str, of: FieldKind, source: Source, *, reading: Reading) -> Any:  # noqa: ANN401 of the field's kind
    """What the text means; None where it means nothing to us. Raises BadCell."""
    if source.values:
        return word_of(text, source.values)
    if of.kind is ValueKind.WORD:
        return word_of(text, {word: word for word in of.words})
    if of.kind is ValueKind.LIST:
        parts = text.split(source.split) if source.split else [text]
        return [number_text(part.strip()) for part in parts if part.strip()]
    if of.kind is ValueKind.INSTANT:
        return instant(text, reading)
    if of.kind is ValueKind.MONEY:
        return amount(text, source.unit, decimal=reading.decimal)
    return _PLAIN[of.kind](text)


def word_of(text: str, words: Mapping[str, str | bool]) -> str | bool | None:
    """Our word for it; None for one that says nothing to us. Raises BadCell."""
    found = words.get(text)
    if found is None:
        found = next((ours for word, ours in words.items() if folded(word) == folded(text)), None)
    if found is None:
        raise refusing.unknown_word(words)
    return None if found == "" else found


def number_text(text: str) -> str:
    """An identifier, as it stands. Raises BadCell."""
    if _ROUNDED.fullmatch(text):
        raise refusing.mangled()
    if text.startswith(_FORMULA):
        raise refusing.formula()
    if _BROKEN.search(text) or "\n" in text or "\t" in text or "\r" in text:
        raise refusing.bad_text()
    if len(text) > LONGEST_NAME:
        raise refusing.too_long(LONGEST_NAME)
    return text


def free_text(text: str) -> str:
    """What people wrote; formulas are mere text to us. Raises BadCell."""
    if _BROKEN.search(text):
        raise refusing.bad_text()
    if len(text) > LONGEST_TEXT:
        raise refusing.too_long(LONGEST_TEXT)
    return text


def count(text: str) -> int:
    """A whole number, also one with a point and nothing behind it. Raises BadCell."""
    found = _COUNT.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        raise refusing.bad_count()
    return int(found.group(1))


def grams(text: str) -> float:
    """Grams; kilograms where that is said. Raises BadCell."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)\s*(kg|千克|公斤|g|克)?", text, re.IGNORECASE)
    if found is None:
        raise refusing.bad_number()
    kilos = (found.group(2) or "g").lower() in ("kg", "千克", "公斤")
    return float(found.group(1)) * (1000 if kilos else 1)


def amount(text: str, unit: MoneyUnit, *, decimal: str = ".") -> str:
    """An amount in whole units of its currency, exactly. Raises BadCell."""
    bare = stripped(text)
    if decimal == ",":
        bare = bare.replace(".", "\x00").replace(",", ".").replace("\x00", ",")
    found = _AMOUNT.fullmatch(bare)
    if found is None or len(bare) > 20 or (unit is MoneyUnit.MINOR and found.group(3)):
        raise refusing.bad_money()
    if found.group(1) and Decimal(bare.replace(",", "")):
        raise refusing.negative()
    number = Decimal(found.group(2).replace(",", "") + (found.group(3) or ""))
    return str(number.scaleb(-2) if unit is MoneyUnit.MINOR else number)


def stripped(text: str) -> str:
    """An amount without the sign or code of its currency."""
    bare = unicodedata.normalize("NFKC", text)
    sign = sign_of(bare)
    bare = bare.replace(sign, "", 1) if sign else re.sub(r"^[A-Z]{3}\b|\b[A-Z]{3}$", "", bare.strip(), count=1)
    return bare.strip()


def sign_of(text: str) -> str | None:
    """The longest sign of a currency in it."""
    shown = unicodedata.normalize("NFKC", text)
    return max((sign for sign in _SIGNS if sign in shown), key=len, default=None)


def check_sign(text: str, currency: str) -> None:
    """Raises BadCell where an amount has the sign or code of another currency."""
    shown = unicodedata.normalize("NFKC", text).strip()
    sign, code = sign_of(shown), re.search(r"^([A-Z]{3})\b|\b([A-Z]{3})$", shown)
    may = _SIGNS[sign] if sign else {code.group(1) or code.group(2)} if code else {currency}
    if currency not in may:
        raise refusing.other_currency(sorted({currency, *may}))


def instant(text: str, reading: Reading) -> datetime:
    """An aware instant of this century: what lies elsewhere was read by the wrong form. Raises BadCell."""
    found = _parsed(unicodedata.normalize("NFKC", text), reading.dates)
    if found is None or found.year not in _YEARS:
        raise refusing.bad_time(reading.dates)
    if found.tzinfo is None:
        if reading.zone is None:
            raise refusing.no_zone()
        found = found.replace(tzinfo=reading.zone)
    try:
        return found.astimezone(UTC)
    except (OverflowError, ValueError):
        raise refusing.bad_time(reading.dates) from None


def _parsed(text: str, formats: tuple[str, ...]) -> datetime | None:
    if re.match(r"\d{4}-\d\d-\d\d", text):
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    for form in formats:
        try:
            if form in _EPOCHS:
                digits, parts = _EPOCHS[form]
                if digits.fullmatch(text):
                    return datetime.fromtimestamp(int(text) / parts, UTC)
                continue
            return datetime.strptime(text, form)  # noqa: DTZ007 the zone is added by who knows it
        except (ValueError, OverflowError, OSError):
            continue
    return None


_EPOCHS = {"unix": (re.compile(r"\d{9,10}"), 1), "unix_ms": (re.compile(r"\d{12,13}"), 1000)}
"""By how many digits they have, so that seconds are never taken for thousandths."""
_YEARS = range(2000, 2100)


def _flag(text: str) -> bool:
    raise refusing.unknown_word(())


_PLAIN: Mapping[ValueKind, Callable[[str], Any]] = {
    ValueKind.TEXT: free_text,
    ValueKind.NUMBER_TEXT: number_text,
    ValueKind.COUNT: count,
    ValueKind.GRAMS: grams,
    ValueKind.FLAG: _flag,
}
