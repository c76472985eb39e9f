"""Which stretches of the footage a clip should show, by what they are worth to who decides, within so many seconds.

1. Where all of it has room, all of it is shown: nothing is better than an uncut take.
2. Else the opening goes in first, then the item as it comes out, the label as it is read, the seal before the opening,
   and the inspection; each with a little before and behind, until the seconds are used up.
3. What touches is one stretch; what comes out stands in order of time.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sixfaces.domain.parcel_facts import Stage
from sixfaces.domain.report import ExhibitView, Report
from sixfaces.domain.rules import RuleCode

LEAD_S, TAIL_S = 2.0, 2.0
LONGEST_S = 15.0
"""Of one stretch, so that no single one uses up everything."""
LEAST_S = 1.0
SEAL_S = 5.0
INSPECTED = frozenset({RuleCode.INSPECTION_SHOWN, RuleCode.CLAIMED_DEFECT, RuleCode.ITEM})


class Stretch(NamedTuple):
    """From where to where, in seconds."""

    from_s: float
    to_s: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.to_s - self.from_s


def stretches_of(report: Report, view: ExhibitView, *, seconds: float | None) -> tuple[Stretch, ...]:
    """The stretches of one video, together no longer than that; none where nothing of it is known."""
    length = (view.media.duration_s if view.media else None) or 0.0
    if not length:
        return ()
    if seconds is None or length <= seconds:
        return (Stretch(0.0, length),)
    kept: tuple[Stretch, ...] = ()
    for one in (*_wanted(report, view, length), *_rest(length, seconds)):
        left = seconds - sum(s.seconds for s in kept)
        if left < LEAST_S:
            break
        more = _joined((*kept, _cut(one, min(left, LONGEST_S))))
        if sum(s.seconds for s in more) <= seconds:
            kept = more
    return kept


def _wanted(report: Report, view: ExhibitView, length: float) -> Iterator[Stretch]:
    """2., the most wanted first."""
    opening = next((one for one in view.stages if one.stage is Stage.OPENING), None)
    if opening is not None:
        yield _around(opening.from_s, opening.to_s, length)
    for stage in view.stages:
        if stage.stage is Stage.ITEM_OUT:
            yield _around(stage.from_s, stage.to_s, length)
    for code in view.codes[:1]:
        yield _around(code.from_s, code.to_s, length)
    if opening is not None:
        yield Stretch(max(0.0, opening.from_s - LEAD_S - SEAL_S), opening.from_s)
    for judged in report.criteria.values():
        for finding in judged.findings:
            if finding.code in INSPECTED and finding.exhibit == view.sha256:
                yield from (_around(start, end, length) for start, end in finding.spans)


def _rest(length: float, seconds: float) -> Iterator[Stretch]:
    """What is shown where nothing is known: the end, where the goods are, and the beginning."""
    yield Stretch(max(0.0, length - seconds / 2), length)
    yield Stretch(0.0, min(length, seconds / 2))


def _around(start: float, end: float, length: float) -> Stretch:
    return Stretch(max(0.0, start - LEAD_S), min(length, end + TAIL_S))


def _cut(one: Stretch, seconds: float) -> Stretch:
    return one if one.seconds <= seconds else Stretch(one.from_s, one.from_s + seconds)


def _joined(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """3."""
    joined: list[Stretch] = []
    for one in sorted(stretches):
        if joined and one.from_s <= joined[-1].to_s:
            joined[-1] = Stretch(joined[-1].from_s, max(joined[-1].to_s, one.to_s))
        else:
            joined.append(one)
    return tuple(one for one in joined if one.seconds > 0)
