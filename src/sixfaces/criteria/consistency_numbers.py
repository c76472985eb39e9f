"""Printed numbers compared as a clerk would: case, spaces, hyphens and full-width forms do not matter; digits do.

A number may stand alone (`SF1234567890123`), inside a delimited payload or link (`…?no=SF1234567890123&t=2`), or
masked for privacy (`SF12****0123`). It never counts as found merely because its digits run on inside a longer number.
"""

import re
import unicodedata
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
    pieces = {normalised(piece) for piece in (*_FIELDS.split(plain), *_PIECES.split(plain))}
    pieces |= {route[1] for piece in pieces if (route := _POSTAL_ROUTE.fullmatch(piece))}
    return frozenset(pieces - {""})


@lru_cache(maxsize=REMEMBERED)
def match(read: str, number: str, *, visible: int) -> Match:
    """How `number` stands in what was `read`; either may be masked, then at least `visible` characters must agree."""
    wanted = normalised(number)
    if not wanted:
        return Match.NONE
    if normalised(read) == wanted and not _is_masked(wanted):
        return Match.FULL
    found = tokens(read)
    if len(wanted) >= SHORTEST_TOKEN and wanted in found and not _is_masked(wanted):
        return Match.FULL
    if any(_agrees(wanted, token, visible=visible) for token in found):
        return Match.MASKED
    if len(wanted) >= SHORTEST_TOKEN and wanted in normalised(read):
        return Match.EMBEDDED
    return Match.NONE


def _is_masked(number: str) -> bool:
    return _RUN_OF_MASKS.search(number) is not None


def _agrees(one: str, other: str, *, visible: int) -> bool:
    """Whether a masked number can be the other one. A run of masks stands for one or more characters."""
    if _is_masked(one) == _is_masked(other):
        return one == other and _is_masked(one) and shown(one) >= visible
    masked, clear = (one, other) if _is_masked(one) else (other, one)
    pattern = ".+".join(re.escape(part) for part in _RUN_OF_MASKS.split(masked))
    return shown(masked) >= visible and re.fullmatch(pattern, clear) is not None


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
