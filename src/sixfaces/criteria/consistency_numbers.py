"""Printed numbers compared as a clerk would: case, spaces, hyphens and full-width forms do not matter; digits do.

A number may stand alone (`SF1234567890123`), inside a delimited payload or link (`…?no=SF1234567890123&t=2`), or
masked for privacy (`SF12****0123`). It never counts as found merely because its digits run on inside a longer number.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

MASKS = "*•●✱∗"
"""What print uses for a hidden character. The letter X is not among them: waybills contain it."""

SHORTEST_TOKEN = 6
"""A shorter number must be the whole print: groups of five digits stand in every payload."""

REMEMBERED = 1024
"""Several rules ask about the same few numbers of a case; an archive asks about millions, so few are kept."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FIELDS = re.compile(rf"[^A-Z0-9 \-{re.escape(MASKS)}]+")
_PIECES = re.compile(rf"[^A-Z0-9{re.escape(MASKS)}]+")
_RUN_OF_MASKS = re.compile(rf"[{re.escape(MASKS)}]+")
_POSTAL_ROUTE = re.compile(r"420(?:\d{5}|\d{9})(9\d{19,21})")
"""USPS prints the receiver's ZIP before the tracking number in one code (Publication 199: identifier 420)."""


class Match(Enum):
    """How a number stands in print."""

    FULL = "full"
    MASKED = "masked"
    EMBEDDED = "embedded"
    NONE = "none"


def folded(text: str) -> str:
    """Half-width and upper case, every sort of dash a hyphen, every sort of space a space; nothing dropped."""
    if text.isascii():  # most print is, and needs no table
        return text.upper()
    return text.translate(_FULL_WIDTH).upper().translate(_PLAIN)


class _Plain(dict[int, str]):
    """What each character folds to, filled as characters turn up: asking Unicode every time took most of judging."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Pd" or character == "−":
            plain = "-"
        elif category == "Cf":
            plain = ""
        else:
            plain = " " if category == "Zs" else character
        if code < 0x10000:  # bounded, whatever footage shows
            self[code] = plain
        return plain


_PLAIN = _Plain()


@lru_cache(maxsize=REMEMBERED)
def normalised(text: str) -> str:
    """The number alone: folded, without spaces and hyphens."""
    return folded(text).replace(" ", "").replace("-", "")


@lru_cache(maxsize=REMEMBERED)
def tokens(text: str) -> frozenset[str]:
    """Every number that stands by itself in `text`, normalised."""
    plain = folded(text)
    if plain.isascii() and plain.isalnum():  # a number and nothing else, as in most codes
        pieces = {plain}
    else:
        pieces = {piece.replace(" ", "").replace("-", "") for piece in _FIELDS.split(plain)} | {*_PIECES.split(plain)}
    pieces |= {route[1] for piece in pieces if (route := _POSTAL_ROUTE.fullmatch(piece))}
    return frozenset(pieces - {""})


@lru_cache(maxsize=REMEMBERED)
def match(read: str, number: str, *, visible: int) -> Match:
    """How `number` stands in what was `read`; either may be masked, then at least `visible` characters must agree."""
    wanted, plain = normalised(number), normalised(read)
    if not wanted:
        return Match.NONE
    masked, inside = _is_masked(wanted), wanted in plain
    distinct = inside and len(wanted) >= SHORTEST_TOKEN
    if not masked and (plain == wanted or (distinct and wanted in tokens(read))):
        return Match.FULL
    if masked and any(_agrees(wanted, token, visible=visible) for token in tokens(read)):
        return Match.MASKED
    if not masked and _is_masked(plain) and any(_fits(parts, wanted, visible=visible) for parts in _masked(read)):
        return Match.MASKED
    return Match.EMBEDDED if distinct else Match.NONE


@lru_cache(maxsize=REMEMBERED)
def _masked(text: str) -> tuple[tuple[str, ...], ...]:
    """The masked numbers in `text`, each as its parts between the masks."""
    return tuple(tuple(_RUN_OF_MASKS.split(token)) for token in tokens(text) if _is_masked(token))


def _is_masked(number: str) -> bool:
    return _RUN_OF_MASKS.search(number) is not None


def _agrees(one: str, other: str, *, visible: int) -> bool:
    """Whether two numbers, of which one or both are masked, can be the same."""
    one_masked, other_masked = _is_masked(one), _is_masked(other)
    if one_masked == other_masked:
        return one == other and one_masked and shown(one) >= visible
    masked, clear = (one, other) if one_masked else (other, one)
    return _fits(_RUN_OF_MASKS.split(masked), clear, visible=visible)


def _fits(parts: Sequence[str], clear: str, *, visible: int) -> bool:
    """Whether a number whose visible parts these are can be `clear`: a run of masks stands for one or more characters.

    By hand, because every waybill would be another pattern, and compiling one costs more than a whole rule.
    """
    first, *middle, last = parts
    if not clear.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = clear.find(part, at + 1)
        if found < 0:
            return False
        at = found + len(part)
    whole = at + 1 <= len(clear) - len(last) and clear.endswith(last)
    return whole and sum(map(len, parts)) >= visible


def shown(number: str) -> int:
    """How many characters of a normalised number are not masked."""
    return len(_RUN_OF_MASKS.sub("", number))


@lru_cache(maxsize=REMEMBERED)
def shape(number: str) -> str:
    """The pattern of letters and digits: `SF12-3` is `AA999`. Numbers of one carrier share it."""
    return "".join("9" if character.isdigit() else "A" for character in normalised(number))


def article(text: str) -> str | None:
    """The retail number (GTIN, 14 digits) that a code carries alone or after the GS1 identifier 01, if any."""
    plain = normalised(text).replace("(", "").replace(")", "").removeprefix("]D2").removeprefix("]C1").strip("\x1d")
    if re.fullmatch(r"\d{8}|\d{12,14}", plain):
        return plain.zfill(14)
    carried = re.match(r"01(\d{14})", plain)
    return carried[1] if carried else None
