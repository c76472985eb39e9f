"""Makes foreign text harmless to look at: file names, codes and tags may hold anything but NUL."""

import unicodedata

LONGEST = 400
"""Characters of one foreign text that are shown; report.json has all of it."""

_HARMLESS_FORMAT = frozenset("\u200c\u200d\ufe0f")
"""Joiners and the emoji selector: part of ordinary words in several scripts."""


def visible(text: str, *, longest: int = LONGEST) -> str:
    """`text` on one line, with controls and direction overrides spelled out as ‹U+202E›, cut to `longest`."""
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    if shown.isascii() and shown.isprintable():
        return shown
    return "".join(_glyph(char) for char in shown)


def whole(text: str) -> str:
    """As `visible`, and never cut."""
    return visible(text, longest=len(text))


def _glyph(char: str) -> str:
    if char in "\n\r\t":
        return " "
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and char not in _HARMLESS_FORMAT:
        return f"‹U+{ord(char):04X}›"
    return char
