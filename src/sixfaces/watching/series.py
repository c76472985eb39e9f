"""Which series are watched, made of what was counted on each day (D25, D26).

Each is events in exposure of one group: claims among all claims, complaints of quality among the group's claims, one
defect among its inspected lines, claims for each piece shipped; and of all cases together breaches of clocks, overruled
and superseded decisions, low ratings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sixfaces.domain.watching import DayCount, Dimension, Group, ShippedUnits
from sixfaces.watching.detecting import Count, Day, Kind, priors, usual

ALL = Group(dimension=Dimension.ALL)
SETTLES = 30
"""Days over which claims come in after a piece was shipped: so long it is exposed, evenly."""


class Watch(NamedTuple):
    """`events` among `exposure`: names of what is counted; an open end (`defect:`) stands for every name that begins
    so. `among_all`: the exposure is of all cases, not of the group."""

    measure: str
    events: str
    exposure: str
    dimensions: frozenset[Dimension]
    among_all: bool = False
    kind: Kind = Kind.SHARE


_GOODS = frozenset({Dimension.CATEGORY, Dimension.SUPPLIER, Dimension.BATCH})
_WHOLE = frozenset({Dimension.ALL})
WATCHES = (
    Watch("claims", "cases", "cases", _GOODS - {Dimension.BATCH}, among_all=True),
    Watch("quality", "quality", "cases", _GOODS),
    Watch("defect", "defect:", "inspected", _GOODS),
    Watch("claims_per_piece", "cases", "shipped", _GOODS, kind=Kind.RATE),
    Watch("breach", "breach:", "cases", _WHOLE),
    Watch("overruled", "overruled", "by_person", _WHOLE),
    Watch("superseded", "superseding", "decided", _WHOLE),
    Watch("low_rating", "low_rating", "rated", _WHOLE),
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


def series_of(
    past: Iterable[DayCount], recent: Iterable[DayCount], shipped: Sequence[ShippedUnits], *, first: date
) -> list[Series]:
    """All series of which enough is known. `past`: sums over the days before `first`; `recent`: each day from then on;
    `shipped`: from so long before the past that nothing of it still counts."""
    before: Counts = _table(past)
    since: Counts = _table(recent)
    days = sorted({day for counts in since.values() for day in counts})
    before, since = _with_shipped(before, since, shipped, first=first, days=days)
    return [
        one
        for watch in WATCHES
        for dimension in sorted(watch.dimensions)
        for name in _names(watch, before, since)
        for one in _series(watch, name, dimension, before=before, since=since)
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


def _series(watch: Watch, events: str, dimension: Dimension, *, before: Counts, since: Counts) -> Iterator[Series]:
    groups = sorted(
        {group for group, what in (*before, *since) if what == watch.exposure and group.dimension is dimension}
        if not watch.among_all
        else {group for group, what in (*before, *since) if what == events and group.dimension is dimension},
        key=lambda group: (group.of, group.name),
    )
    past = [_sum(watch, events, group, table=before) for group in groups]
    days = [_days(watch, events, group, table=since) for group in groups]
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
    return Count(int(happened), max(happened, sum(table.get(_exposed(watch, group), {}).values())))


def _days(watch: Watch, events: str, group: Group, *, table: Counts) -> list[Day]:
    """Events of a day may belong to exposure of an earlier one: then that counts as their own."""
    happened, exposed = table.get((group, events), {}), table.get(_exposed(watch, group), {})
    found = []
    for day in sorted({*happened, *exposed}):
        events_of_day, exposure = happened.get(day, 0.0), exposed.get(day, 0.0)
        if watch.kind is Kind.SHARE:
            exposure = max(exposure, events_of_day)
        found.append(Day(day, int(events_of_day), exposure))
    return found


def _with_shipped(
    before: Counts, since: Counts, shipped: Sequence[ShippedUnits], *, first: date, days: Sequence[date]
) -> tuple[Counts, Counts]:
    """Exposure by pieces: each is exposed evenly over the days in which claims come."""
    units: dict[Group, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for one in shipped:
        for group in groups_of(one.category, one.supplier, one.batch):
            units[group][one.day] += one.units
    old = dict(before)
    new = dict(since)
    for group, of_days in units.items():
        old[group, "shipped"] = {first: sum(n for day, n in of_days.items() if day < first)}
        new[group, "shipped"] = {
            day: sum(n for on, n in of_days.items() if timedelta(0) < day - on <= timedelta(SETTLES)) / SETTLES
            for day in days
        }
    return old, new


def groups_of(category: str | None, supplier: str | None, batch: str | None) -> Iterator[Group]:
    """The groups that goods belong to. A batch is one of its supplier's: others number theirs alike."""
    if category:
        yield Group(dimension=Dimension.CATEGORY, name=category)
    if supplier:
        yield Group(dimension=Dimension.SUPPLIER, name=supplier)
    if batch:
        yield Group(dimension=Dimension.BATCH, name=batch, of=supplier or "")
