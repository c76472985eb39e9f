"""Readings of many frames become facts: grouped by content, split at long gaps, with the rivals named.

1. Readings of one format and text are one candidate. 2. Candidates too weak for their format are dropped: short
linear codes without a strong check are easily misread. 3. Two texts read at one place in neighbouring frames, never
in one frame together, are rivals; a rival without one confirmed reading is a misreading and only stays as a name.
4. A candidate unseen for over two seconds and seen again makes several facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sixfaces.domain.observation import Measured
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.observe.carriers import recognise
from sixfaces.observe.check_digits import mod10_holds
from sixfaces.observe.code_reading import Reading, same_place
from sixfaces.observe.masking import masked_payload

GAP_S = 2.0
"""A code unseen for longer was put away: its next sight is another observation."""

_NEIGHBOURS_S = 0.7
"""Two full frames: a label cannot be swapped for another at the same place in between."""

_LINEAR = frozenset({"Code128", "EAN13", "EAN8", "UPCA", "UPCE", "ITF", "Code39", "Code39Std", "Code39Ext"})
_MOST_READINGS = 20_000
_CONFIRMED = {0: 0.4, 1: 0.9}
_SURE = 0.99


@dataclass(slots=True)
class Candidate:
    """All readings of one content."""

    format: str
    text: str
    sights: list[tuple[MediaTime, Reading]] = field(default_factory=list)

    @property
    def confirmed(self) -> int:
        """Frames in which two preparations of the pixels agreed."""
        return sum(reading.confirmed for _, reading in self.sights)


class Votes:
    """Collects readings; memory is bounded by a count far above what an hour of footage gives."""

    def __init__(self) -> None:
        self._candidates: dict[tuple[str, str], Candidate] = {}
        self._readings = 0

    def add(self, time: MediaTime, readings: list[Reading]) -> None:
        """Take the readings of one frame; a text at two places of one frame is one vote."""
        best: dict[tuple[str, str], Reading] = {}
        for reading in readings:
            key = (reading.format, reading.text)
            if key not in best or (reading.confirmed, reading.module_px or 0) > (
                best[key].confirmed,
                best[key].module_px or 0,
            ):
                best[key] = reading
        for key, reading in best.items():
            if self._readings < _MOST_READINGS:
                self._candidates.setdefault(key, Candidate(*key)).sights.append((time, reading))
                self._readings += 1

    def facts(self, *, still: bool) -> list[Measured]:
        """All facts in order of time; `still` for a photo, where one frame is all there is."""
        believed = [c for c in self._candidates.values() if believable(c, still=still)]
        rivals = {id(c): [r for r in self._candidates.values() if r is not c and are_rivals(c, r)] for c in believed}
        winners = [c for c in believed if c.confirmed or not any(len(r.sights) > len(c.sights) for r in rivals[id(c)])]
        found = [_fact(c, part, rivals[id(c)], still=still) for c in winners for part in _parts(c)]
        return sorted(found, key=lambda m: (m.span.start.exact if m.span else 0, *_name(m)))


def _name(measured: Measured) -> tuple[str, str]:
    fact = measured.fact
    return (fact.format, fact.text) if isinstance(fact, CodeFact) else ("", "")


def believable(candidate: Candidate, *, still: bool) -> bool:
    """Whether the readings are enough for the format's own checks."""
    reads, confirmed, text = len(candidate.sights), candidate.confirmed, candidate.text
    if candidate.format == "ITF":
        strong = len(text) == 14 and mod10_holds(text)
        return confirmed > 0 and (strong or (len(text) >= 10 and reads >= 3)) and (strong or not still)
    if candidate.format.startswith("Code39"):
        return confirmed > 0 and len(text) >= 6 and (reads >= 3 or (still and len(text) >= 8))
    if candidate.format in ("EAN8", "UPCE"):
        return confirmed > 0 and (still or reads >= 3)
    return confirmed > 0 or reads >= 2 or (still and candidate.format == "Code128" and len(text) >= 8)


def are_rivals(one: Candidate, other: Candidate) -> bool:
    """Whether two texts were read off one printed symbol. Matrix codes correct errors: another text is another code."""
    if one.format != other.format or one.format not in _LINEAR:
        return False
    times = {time.exact for time, _ in one.sights}
    if any(time.exact in times for time, _ in other.sights):
        return False
    return any(
        abs(a.seconds - b.seconds) <= _NEIGHBOURS_S and same_place(mine.quad, theirs.quad)
        for a, mine in one.sights
        for b, theirs in other.sights
    )


def _parts(candidate: Candidate) -> Iterator[list[tuple[MediaTime, Reading]]]:
    part: list[tuple[MediaTime, Reading]] = []
    for time, reading in candidate.sights:
        if part and time.seconds - part[-1][0].seconds > GAP_S:
            yield part
            part = []
        part.append((time, reading))
    yield part


def _fact(
    candidate: Candidate, part: list[tuple[MediaTime, Reading]], rivals: list[Candidate], *, still: bool
) -> Measured:
    best = max((reading for _, reading in part), key=lambda reading: (reading.confirmed, reading.module_px or 0))
    known = recognise(candidate.text, symbology=candidate.format, gs1=best.gs1)
    fact = CodeFact(
        format=candidate.format,
        text=masked_payload(candidate.text),
        reads=len(part),
        rivals=tuple(sorted({masked_payload(rival.text) for rival in rivals})),
        check_digit=known.check_digit,
        carrier=known.carrier,
        module_px=best.module_px,
        quad=tuple((round(float(x), 1), round(float(y), 1)) for x, y in best.quad),
    )
    confidence = _CONFIRMED.get(sum(reading.confirmed for _, reading in part), _SURE)
    span = None if still else MediaSpan(start=part[0][0], end=part[-1][0])
    return Measured(fact=fact, span=span, confidence=confidence)
