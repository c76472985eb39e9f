"""Pieces of sentences in both languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """A piece of a sentence in both languages. What leaves judging is a `Say`, which is checked: its pieces are not."""

    zh: str
    en: str


NOTHING = Words("", "")
"""Where a sentence does without the piece."""
