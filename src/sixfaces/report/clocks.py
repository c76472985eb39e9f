"""Times and numbers as people read them."""

import re
from datetime import datetime

from sixfaces.domain.model import Say
from sixfaces.domain.rules import Finding
from sixfaces.report.words import COUNTED, NO, VALUES, YES

TWO_MINUTES = 120

_INSTANT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:]{8}([.][0-9]+)?([+-][0-9:]{5}|Z)")


def clock(seconds: float, *, tenths: bool = True) -> str:
    """Media time as m:ss.s, or h:mm:ss.s from an hour on."""
    unit = 10 if tenths else 1
    whole = round(seconds * unit)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    rest, part = divmod(whole, unit)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    tail = f".{part}" if tenths else ""
    return f"{sign}{hours}:{minutes:02d}:{secs:02d}{tail}" if hours else f"{sign}{minutes}:{secs:02d}{tail}"


def stretch(start: float, end: float) -> str:
    """A stretch of footage, or one moment where both ends read the same."""
    first, last = clock(start), clock(end)
    return first if first == last else f"{first}–{last}"


def stretches(finding: Finding) -> list[str]:
    """The finding's stretches in order of time, each once."""
    return list(dict.fromkeys(stretch(*span) for span in sorted(finding.spans)))


def size(count: int) -> str:
    """Bytes with a decimal unit."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


def number(value: float | int | str | bool | None, unit: str | None = None) -> Say | None:
    """A finding's value or threshold with its unit as people read it; None if there is none."""
    if value is None:
        return None
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return VALUES.get(value) or _instant(value)
    if unit == "s" and abs(value) >= TWO_MINUTES:
        return _long(value)
    text = f"{value:.4g}" if isinstance(value, float) and abs(value) < 1e4 else f"{value:.0f}"
    if not unit or unit == "1":
        return Say(zh=text, en=text)
    one, several = COUNTED.get(unit, (Say(zh=unit, en=unit),) * 2)
    return Say(zh=f"{text} {several.zh}", en=f"{text} {one.en if abs(value) == 1 else several.en}")


def margin(finding: Finding) -> Say | None:
    """How far on the good (+) or bad (-) side of the threshold a finding lies; None if it tells none."""
    told = None if finding.margin is None else number(abs(finding.margin), finding.unit)
    if told is None or finding.margin is None:
        return None
    sign = "+" if finding.margin > 0 else "−" if finding.margin < 0 else "±"
    return Say(zh=sign + told.zh, en=sign + told.en)


def _long(seconds: float) -> Say:
    """Minutes, hours or days: a period is compared in the unit in which it was set."""
    for length, zh, en in ((86_400, "天", "days"), (3600, "小时", "h"), (60, "分钟", "min")):
        if abs(seconds) >= 2 * length:
            return Say(zh=f"{seconds / length:.3g} {zh}", en=f"{seconds / length:.3g} {en}")
    raise AssertionError("unreachable")


def _instant(text: str) -> Say:
    """Text as it stands; an instant to the second and without the T, as the finding's sentence has it."""
    if _INSTANT.fullmatch(text):
        text = datetime.fromisoformat(text).isoformat(sep=" ", timespec="seconds")
    return Say(zh=text, en=text)
