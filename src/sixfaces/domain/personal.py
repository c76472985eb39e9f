"""Personal data in text: which words of a text tell who somebody is, and the text with these covered.

The one rule for everything that is shown: phone numbers keep their ends (138****1234), names their first character
(张*), door numbers, mail addresses and identity numbers vanish. Numbers that are evidence stay: a waybill, a serial
number, an EAN has letters beside its digits or more of them than a phone has. No mask is longer than what it covers.
`docs/privacy.md` says what it finds and what it cannot.
"""

import re

from sixfaces.domain import personal_numbers as numbers
from sixfaces.domain.folded import Folded
from sixfaces.domain.personal_forms import ACCOUNTS, HAN_NAMES, LATIN_NAMES, PLACES, WORD

_OPAQUE = re.compile(
    r"[0-9a-f]{32,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?"
)


def masked_text(text: str) -> str:
    """The text with personal data covered; the very same text where there is none."""
    if not text or _OPAQUE.fullmatch(text):
        return text
    folded = Folded(text)
    _call(folded)
    for form in ACCOUNTS:
        folded.cover(form, lambda m: m["before"] + _starred(m["name"]))
    for form in PLACES:
        folded.cover(form, lambda m: m["before"] + "*" * min(4, len(m[0]) - len(m["before"])))
    for form in HAN_NAMES:
        folded.cover(form, lambda m: m["before"] + _han(m["name"]))
    for form in LATIN_NAMES:
        folded.cover(form, lambda m: m["before"] + re.sub(WORD, lambda word: _starred(word[0]), m["name"]))
    return folded.written()


def _call(folded: Folded) -> None:
    """Without numbers that somebody can be called or identified by."""
    folded.cover(numbers.IDENTITY, lambda m: "*" * len(m[0]) if numbers.is_identity(m[0]) else m[0])
    folded.cover(numbers.CARD, lambda m: f"{m[0][:4]}****{m[0][-4:]}" if numbers.is_card(m[0]) else m[0])
    folded.cover(numbers.MAIL, lambda m: _starred(m["start"] + m["rest"]) + m["at"])
    for form in numbers.MOBILES:
        folded.cover(form, _mobile)
    folded.cover(numbers.LANDLINES, lambda m: f"{m['area']}{'-' if m['gap'] else ''}{'*' * len(m['middle'])}{m['end']}")
    folded.cover(numbers.TAIWAN, lambda m: f"{m['start']}***{m['end']}")
    folded.cover(numbers.FOREIGN, lambda m: f"{m['start']}****{m['end']}")
    folded.cover(numbers.AMERICAN, lambda m: f"***-***-{m['end']}")


def _mobile(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found["number"])
    return f"{found.groupdict().get('before') or ''}{digits[:3]}****{digits[-4:]}"


def _starred(word: str) -> str:
    """The first character of a word and at most three stars; all of a word of one."""
    return word[0] + "*" * min(3, len(word) - 1) if len(word) > 1 else "*"


def _han(name: str) -> str:
    """The first character and a star for each other one. A longer run goes on after the name: three are taken."""
    end = len(name) if len(name) <= 4 or "·" in name else 3
    return name[0] + "*" * (end - 1) + name[end:]
