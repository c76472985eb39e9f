"""Text as it is looked at, beside the text as it was written.

Full-width digits, Chinese punctuation, dashes of all kinds and characters that nobody sees are the same to who reads: a
pattern looks at the folded text, and what it does not cover stays as it was written.
"""

import re
import unicodedata
from collections.abc import Callable

_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\ufe58\ufe63\uff0d")


class Folded:
    """`text` is what patterns look at; each of its characters stands for a part of the original."""

    def __init__(self, original: str) -> None:
        self.text = original
        self._parts = list(original)
        if not original.isascii():
            self._fold(original)

    def _fold(self, original: str) -> None:
        looked: list[str] = []
        self._parts = []
        for one in original:
            if unicodedata.category(one) == "Cf":
                if self._parts:
                    self._parts[-1] += one
                continue
            plain = "-" if one in _DASHES else unicodedata.normalize("NFKC", one)
            looked.append(plain)
            self._parts += [one] + [""] * (len(plain) - 1) if plain else []
        self.text = "".join(looked)

    def cover(self, form: re.Pattern[str], covered: Callable[[re.Match[str]], str]) -> None:
        """Put something in the place of each match; what it begins and ends with as before stays as it was written."""
        for found in reversed(list(form.finditer(self.text))):
            old, new = found[0], covered(found)
            if new == old:
                continue
            head = _same(old, new)
            tail = _same(old[head:][::-1], new[head:][::-1])
            start, end = found.start() + head, found.end() - tail
            put = new[head : len(new) - tail]
            self.text = self.text[:start] + put + self.text[end:]
            self._parts[start:end] = list(put)

    def written(self) -> str:
        """The text, with what was covered."""
        return "".join(self._parts)


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
