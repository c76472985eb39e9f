"""Moments of the footage as people write them: `0:12.3`, `0:12.3–0:14.0`, and short lists in both languages."""

from collections.abc import Sequence

from sixfaces.criteria.words import Words
from sixfaces.domain.rules import SpanSeconds

MOST_NAMED = 6
"""A sentence names so many moments or things; the finding's spans and cites carry them all."""

LONGEST_QUOTE = 64
"""Print read from footage is quoted up to so many characters: codes may carry thousands."""


def quoted(text: str, most: int = LONGEST_QUOTE) -> str:
    """Text read from footage, short enough to stand in a sentence; a question mark where it is blank."""
    line = " ".join(text.split()) or "?"
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def moment(seconds: float) -> str:
    """Media time as minutes, seconds and tenths, with hours if there are any."""
    tenths = max(0, round(seconds * 10))
    hours, rest = divmod(tenths, 36000)
    minutes, rest = divmod(rest, 600)
    whole, tenth = divmod(rest, 10)
    return f"{hours}:{minutes:02}:{whole:02}.{tenth}" if hours else f"{minutes}:{whole:02}.{tenth}"


def stretch(span: SpanSeconds) -> str:
    """A stretch of footage; a moment where both ends read the same."""
    start = moment(span[0])
    end = moment(span[1]) if span[1] != span[0] else start
    return start if start == end else f"{start}–{end}"


def stretches(spans: Sequence[SpanSeconds]) -> Words:
    """When in the footage: a list in order, cut after a few with the number of the rest; never empty."""
    if not spans:
        return Words(zh="未知时刻", en="an unknown moment")
    times = [stretch(span) for span in (_joined(spans) if len(spans) > 1 else spans)]
    return listed([Words(zh=time, en=time) for time in times])


def _joined(spans: Sequence[SpanSeconds]) -> list[SpanSeconds]:
    """The stretches in order, those that overlap as one."""
    joined: list[SpanSeconds] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def names(texts: Sequence[str]) -> Words:
    """A list of numbers or names read from footage."""
    return listed([Words(zh=quoted(text), en=quoted(text)) for text in texts])


def listed(parts: Sequence[Words]) -> Words:
    """`a, b and c` and `a、b、c`; cut after a few with the number of the rest. `parts` is not empty."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) > MOST_NAMED:
        head = parts[:MOST_NAMED]
        zh = f"{'、'.join(part.zh for part in head)} 等 {len(parts)} 项"
        return Words(zh=zh, en=f"{', '.join(part.en for part in head)} and {len(parts) - MOST_NAMED} more")
    *most, last = parts
    most_en = ", ".join(part.en for part in most)
    return Words(zh="、".join(part.zh for part in parts), en=f"{most_en} and {last.en}")


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 read`, `2 reads`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
