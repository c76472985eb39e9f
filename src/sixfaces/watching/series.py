"""Which series are watched, made of what was counted on each day (D25, D26).

Each is events in exposure of one group: claims among all claims, complaints of quality among the group's claims, one
defect among its inspected lines, claims for each piece shipped; and of all cases together how they were served. Events
and exposure are of the same cases, on the day on which these were opened.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sixfaces.domain.watching import DayCount, Dimension, Group, ShippedUnits
from sixfaces.watching.detecting import Count, Day, Kind, priors, usual
from sixfaces.watching.shipping import exposed, exposed_between, pieces

ALL = Group(dimension=Dimension.ALL)
_WEEK = timedelta(7)


class Watch(NamedTuple):
    """`events` among `exposure`: names of what is counted; an open end (`defect:`) stands for every name that begins
    so. `among_all`: the exposure is of all cases, not of the group. `weekly`: whole weeks are looked at, for on days
    without work nobody is served as on others."""

    measure: str
    events: str
    exposure: str
    dimensions: frozenset[Dimension]
    among_all: bool = False
    kind: Kind = Kind.SHARE
    weekly: bool = False


_GOODS = frozenset({Dimension.CATEGORY, Dimension.SUPPLIER, Dimension.BATCH})
_WHOLE = frozenset({Dimension.ALL})
WATCHES = (
    Watch("claims", "cases", "cases", _GOODS - {Dimension.BATCH}, among_all=True),
    Watch("quality", "quality", "cases", _GOODS),
    Watch("defect", "defect:", "inspected", _GOODS),
    Watch("claims_per_piece", "cases", "shipped", _GOODS, kind=Kind.RATE),
    Watch("breach", "breach:", "cases", _WHOLE, weekly=True),
    Watch("slow", "slow:", "timed", _WHOLE, weekly=True),
    Watch("unresolved", "unresolved", "ripe", _WHOLE, weekly=True),
    Watch("cost", "cost:", "ripe", _WHOLE, weekly=True),
    Watch("overruled", "overruled", "by_person", _WHOLE, weekly=True),
    Watch("disagreement", "disagreed", "assessed", _WHOLE, weekly=True),
    Watch("superseded", "superseded", "decided", _WHOLE, weekly=True),
    Watch("low_rating", "low_rating", "rated", _WHOLE, weekly=True),
)
"""The table of contents: what an alarm can be of."""


class Series(NamedTuple):
    """One series, with what is usual in it."""

    measure: str
    group: Group
    kind: Kind
    rate: float
    days: Sequence[Day]


Counts = Mapping[tuple[Group, str], Mapping[date, float]]


class Span(NamedTuple):
    """The days of series: from `first` to `today` they are looked at; from `counted` on anything was counted."""

    first: date
    today: date
    counted: date


def series_of(
    past: Iterable[DayCount], recent: Iterable[DayCount], shipped: Sequence[ShippedUnits], *, span: Span
) -> list[Series]:
    """All series of which enough is known. `past`: sums over the days before `span.first`; `recent`: each day from then
    on; `shipped`: from so long before the past that nothing of it still counts."""
    before, since = _with_shipped(_table(past), _table(recent), shipped, span=span)
    return [
        one
        for watch in WATCHES
        for dimension in sorted(watch.dimensions)
        for name in _names(watch, before, since)
        for one in _series(watch, name, dimension, tables=(before, since), span=span)
    ]


def _table(counts: Iterable[DayCount]) -> dict[tuple[Group, str], dict[date, float]]:
    table: dict[tuple[Group, str], dict[date, float]] = defaultdict(dict)
    for one in counts:
        table[one.group, one.what][one.day] = float(one.n)
    return table


def _names(watch: Watch, *tables: Counts) -> list[str]:
    if not watch.events.endswith(":"):
        return [watch.events]
    return sorted({what for table in tables for _, what in table if what.startswith(watch.events)})


def _series(
    watch: Watch, events: str, dimension: Dimension, *, tables: tuple[Counts, Counts], span: Span
) -> Iterator[Series]:
    before, since = tables
    groups = sorted(
        {group for group, what in (*before, *since) if what == watch.exposure and group.dimension is dimension}
        if not watch.among_all
        else {group for group, what in (*before, *since) if what == events and group.dimension is dimension},
        key=lambda group: (group.of, group.name),
    )
    past = [_sum(watch, events, group, table=before) for group in groups]
    days = [_days(watch, events, group, table=since) for group in groups]
    days = [_weeks(own, span) for own in days] if watch.weekly else days
    recent = [Count(sum(day.events for day in own), sum(day.exposure for day in own)) for own in days]
    known = priors(past, recent, watch.kind)
    measure = events if events.startswith(watch.measure) else watch.measure
    for group, own, prior, its in zip(groups, past, known, days, strict=True):
        if prior is not None and any(day.exposure for day in its):
            yield Series(measure, group, watch.kind, usual(own, prior, watch.kind), its)


def _exposed(watch: Watch, group: Group) -> tuple[Group, str]:
    return (ALL if watch.among_all else group), watch.exposure


def _sum(watch: Watch, events: str, group: Group, *, table: Counts) -> Count:
    happened = sum(table.get((group, events), {}).values())
    exposure = sum(table.get(_exposed(watch, group), {}).values())
    if watch.kind is Kind.RATE:
        return Count(int(happened) if exposure else 0, exposure)
    return Count(int(happened), max(happened, exposure))


def _days(watch: Watch, events: str, group: Group, *, table: Counts) -> list[Day]:
    """Of a share the exposure is never less than the events."""
    happened, exposed = table.get((group, events), {}), table.get(_exposed(watch, group), {})
    found = []
    for day in sorted({*happened, *exposed}):
        events_of_day, exposure = happened.get(day, 0.0), exposed.get(day, 0.0)
        if watch.kind is Kind.SHARE:
            exposure = max(exposure, events_of_day)
        found.append(Day(day, int(events_of_day), exposure))
    return found


def _weeks(days: Sequence[Day], span: Span) -> list[Day]:
    """Weeks from Monday that lie wholly in the span and are over, by their Mondays."""
    events: dict[date, int] = defaultdict(int)
    exposure: dict[date, float] = defaultdict(float)
    for one in days:
        monday = one.day - timedelta(one.day.weekday())
        if monday >= span.first and monday + _WEEK <= span.today:
            events[monday] += one.events
            exposure[monday] += one.exposure
    return [Day(monday, events[monday], exposure[monday]) for monday in sorted(exposure)]


def _with_shipped(
    before: Counts, since: Counts, shipped: Sequence[ShippedUnits], *, span: Span
) -> tuple[Counts, Counts]:  # fmt: skip
    """Exposure by pieces, on every day of the calendar: that nothing happened on one speaks as well."""
    told: dict[Group, dict[date, list[ShippedUnits]]] = defaultdict(lambda: defaultdict(list))
    known: dict[tuple[str | None, ...], list[Group]] = {}
    for one in shipped:
        goods = one.category, one.supplier, one.batch
        if goods not in known:
            known[goods] = list(groups_of(*goods))
        for group in known[goods]:
            told[group][one.day].append(one)
    old, new = dict(before), dict(since)
    days = [span.first + timedelta(n) for n in range((span.today - span.first).days + 1)]
    for group, of_days in told.items():
        sent = {day: pieces(units) for day, units in of_days.items()}
        old[group, "shipped"] = {span.first: exposed_between(sent, span.counted, span.first)}
        new[group, "shipped"] = {day: exposed(sent, day) for day in days}
    return old, new


def groups_of(category: str | None, supplier: str | None, batch: str | None) -> Iterator[Group]:
    """The groups that goods belong to. A batch is one of its supplier's: others number theirs alike."""
    if category:
        yield Group(dimension=Dimension.CATEGORY, name=category)
    if supplier:
        yield Group(dimension=Dimension.SUPPLIER, name=supplier)
    if batch:
        yield Group(dimension=Dimension.BATCH, name=batch, of=supplier or "")
