"""Times and numbers as people read them."""

from sixfaces.domain.rules import Finding


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


def number(value: float | int | str | bool | None, unit: str | None = None) -> str:
    """A finding's value, threshold or margin with its unit; empty if there is none."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "✓", False: "✕"}[value]
    if isinstance(value, str):
        return value
    text = f"{value:.4g}" if isinstance(value, float) and abs(value) < 1e4 else f"{value:.0f}"
    return f"{text} {unit}" if unit and unit != "1" else text


def margin(finding: Finding) -> str:
    """How far on the good (+) or bad (-) side of the threshold a finding lies."""
    if finding.margin is None:
        return ""
    sign = "+" if finding.margin > 0 else "−" if finding.margin < 0 else "±"
    return sign + number(abs(finding.margin), finding.unit)
