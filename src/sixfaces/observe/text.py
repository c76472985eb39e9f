"""Print read by OCR becomes facts: numbers and masked personal forms, voted over crops. Advisory always.

Only what a rule can compare is kept: waybill-like and order-like numbers, masked phone numbers and masked names. Whole
lines, names and addresses never leave this module.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sixfaces.domain.observation import Measured
from sixfaces.domain.reading_facts import TextFact
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.observe.masking import folded, masked

NAME, VERSION = "text", "1"
MEASURES = ("text",)

_MOST_FACTS = 40
_ONE_READ, _MORE_READS = 0.5, 0.8
"""Confidence scales with the recogniser's score; OCR alone never decides, so it never comes near 1."""

_STARRED_PHONE = re.compile(r"(?<![\dA-Za-z*])1[3-9]?\d?\*{4,10}\d{0,4}(?![\dA-Za-z*])")
_STARRED_NUMBER = re.compile(r"(?<![\dA-Za-z*])[A-Z]{0,4}\d{2,12}\*{2,12}\d{2,8}(?![\dA-Za-z*])")
_STARRED_NAME = re.compile(r"(?<![\u4e00-\u9fff*])[\u4e00-\u9fff]\*{1,3}[\u4e00-\u9fff]?(?![\u4e00-\u9fff*])")
_NUMBER = re.compile(r"(?<![\dA-Za-z*])(?:[A-Z]{1,4}\d{8,20}|\d{10,22})(?![\dA-Za-z*])")
_GROUPED = re.compile(r"(?<![\dA-Z])(?:[A-Z]{2} ?)?\d{3,5}(?: \d{3,5}){2,}(?![\dA-Z])")
_DATE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{2,6}")


class Line(NamedTuple):
    """One line as the recogniser gave it, with its score 0..1 and when it was seen (None in a photo)."""

    text: str
    score: float
    time: MediaTime | None


class Token(NamedTuple):
    """Something worth keeping in a line."""

    text: str
    masked: bool


def tokens(line: str) -> set[Token]:
    """Numbers and masked forms in one line; phone numbers in clear come out masked, all else not at all."""
    plain = masked(_GROUPED.sub(lambda group: group.group().replace(" ", ""), masked(folded(line).upper())))
    stars = {m.group() for form in (_STARRED_PHONE, _STARRED_NUMBER, _STARRED_NAME) for m in form.finditer(plain)}
    numbers = {m.group() for m in _NUMBER.finditer(plain)} - {m.group() for m in _DATE.finditer(plain)}
    return {Token(text, True) for text in stars} | {Token(text, False) for text in numbers}


def voted(lines: Iterable[Line]) -> list[Measured]:
    """One fact per token: its reads are the crops that showed it, its score the best of them."""
    seen: dict[Token, dict[MediaTime | None, float]] = {}
    for line in lines:
        for token in tokens(line.text):
            views = seen.setdefault(token, {})
            views[line.time] = max(views.get(line.time, 0.0), line.score)
    ranked = sorted(seen.items(), key=lambda item: (-len(item[1]), -max(item[1].values()), item[0]))
    return [_fact(token, views) for token, views in ranked[:_MOST_FACTS]]


def settles(lines: Sequence[Line]) -> bool:
    """Whether two crops already agree on a number: more reading would cost much and add little."""
    return any(
        isinstance(m.fact, TextFact) and m.fact.reads >= 2 and not m.fact.masked and m.fact.score >= 0.9
        for m in voted(lines)
    )


def _fact(token: Token, views: dict[MediaTime | None, float]) -> Measured:
    score = round(min(max(views.values()), 1.0), 3)
    times = sorted(time for time in views if time is not None)
    span = MediaSpan(start=times[0], end=times[-1]) if times else None
    fact = TextFact(text=token.text, reads=len(views), score=score, masked=token.masked)
    return Measured(fact=fact, span=span, confidence=round(score * (_MORE_READS if len(views) > 1 else _ONE_READ), 3))
