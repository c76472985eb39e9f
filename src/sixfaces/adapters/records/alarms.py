"""What was counted on each day, what was shipped, and alarms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, tuple_, update

from sixfaces.adapters.records.scope import Scope, bounded, paged
from sixfaces.adapters.records.watching_tables import alarms, day_counts, shipped_units
from sixfaces.domain.pages import Page
from sixfaces.domain.watching import Alarm, DayCount, Dimension, Group, ShippedUnits

_GOODS = ("category", "supplier", "batch", "sku")
_ONE_DAY = ["tenant", "day", "category", "supplier", "batch", "sku"]
_KEYS: list[ColumnElement[Any]] = [day_counts.c.dimension, day_counts.c.of, day_counts.c.name, day_counts.c.what]
_SUM = func.sum(day_counts.c.n).label("n")
_COUNTED = "counted"
"""A row of every day that was counted: `n` is when, in microseconds."""
_NOTED = Group(dimension=Dimension.ALL)


class SqlDayCounts:
    """DayCounts (domain.watching_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def put(self, day: date, counts: Iterable[DayCount]) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        tenant, on = self._scope.named(), day.isoformat()
        self._scope.done(delete(day_counts).where(day_counts.c.tenant == tenant, day_counts.c.day == on))
        noted = DayCount(day=day, group=_NOTED, what=_COUNTED, n=int(self._scope.now.timestamp() * 1_000_000))
        rows = [
            {"tenant": tenant, "day": on, "dimension": one.group.dimension.value, "of": one.group.of,
             "name": one.group.name, "what": one.what, "n": one.n}
            for one in (*counts, noted)
        ]  # fmt: skip
        self._scope.connection.execute(self._scope.insert(day_counts).on_conflict_do_nothing(), rows)

    def counted(self, first: date) -> Mapping[date, datetime]:
        """As in the interface."""
        its = (day_counts.c.day >= first.isoformat(), day_counts.c.what == _COUNTED, self._scope.sees(day_counts))
        rows = self._scope.rows(select(day_counts.c.day, day_counts.c.n).where(*its).order_by(day_counts.c.day))
        return {date.fromisoformat(row.day): datetime.fromtimestamp(row.n / 1_000_000, UTC) for row in rows}

    def since(self, day: date) -> Sequence[DayCount]:
        """As in the interface."""
        its = (day_counts.c.day >= day.isoformat(), day_counts.c.what != _COUNTED, self._scope.sees(day_counts))
        asked = select(day_counts.c.day, *_KEYS, day_counts.c.n).where(*its).order_by(day_counts.c.day)
        return [_count(row, date.fromisoformat(row.day), row.n) for row in self._scope.rows(asked)]

    def sums(self, first: date, until: date) -> Sequence[DayCount]:
        """As in the interface."""
        its = (
            day_counts.c.day >= first.isoformat(),
            day_counts.c.day < until.isoformat(),
            day_counts.c.what != _COUNTED,
            self._scope.sees(day_counts),
        )
        asked = select(*_KEYS, _SUM).where(*its).group_by(*_KEYS)
        return [_count(row, first, int(row.n)) for row in self._scope.rows(asked)]

    def prune(self, *, before: date, limit: int) -> int:
        """As in the interface."""
        tenant = self._scope.named()
        key = (day_counts.c.day, *_KEYS)
        old = (day_counts.c.tenant == tenant, day_counts.c.day < before.isoformat())
        rows = self._scope.rows(select(*key).where(*old).order_by(*key).limit(bounded(limit)))
        gone = tuple_(*key).in_([tuple(row) for row in rows])
        return self._scope.done(delete(day_counts).where(day_counts.c.tenant == tenant, gone)) if rows else 0

    def ship(self, units: Sequence[ShippedUnits]) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        tenant = self._scope.named()
        for one in units:
            values: dict[str, Any] = {name: getattr(one, name) or "" for name in _GOODS}
            values |= {"tenant": tenant, "day": one.day.isoformat(), "units": one.units}
            new = self._scope.insert(shipped_units).values(values)
            again = new.on_conflict_do_update(index_elements=_ONE_DAY, set_={"units": one.units})
            self._scope.done(again)

    def shipped(self, first: date, until: date) -> Sequence[ShippedUnits]:
        """As in the interface."""
        days = (shipped_units.c.day >= first.isoformat(), shipped_units.c.day < until.isoformat())
        asked = select(shipped_units).where(*days, self._scope.sees(shipped_units)).order_by(shipped_units.c.day)
        return [_shipped(row) for row in self._scope.rows(asked)]


class SqlAlarms:
    """Alarms (domain.watching_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, alarm: Alarm) -> bool:
        """As in the interface: the index of open alarms has room for one."""
        self._scope.own(alarm.tenant)
        group = {"dimension": alarm.group.dimension.value, "of": alarm.group.of, "name": alarm.group.name}
        values = {name: getattr(alarm, name) for name in ("id", "tenant", "measure", "raised_at")}
        new = self._scope.insert(alarms).values(**values, **group, alarm=alarm).on_conflict_do_nothing()
        return self._scope.first(new.returning(alarms.c.id)) is not None

    def get(self, id: str, *, lock: bool = False) -> Alarm | None:
        """As in the interface."""
        asked = select(alarms.c.alarm).where(alarms.c.id == id, self._scope.sees(alarms))
        row = self._scope.first(asked.with_for_update(key_share=True) if lock else asked)
        return None if row is None else row.alarm

    def find(self, page: Page, *, open: bool | None) -> Sequence[Alarm]:
        """As in the interface."""
        asked = select(alarms.c.alarm).where(self._scope.sees(alarms))
        if open is not None:
            ended = alarms.c.acknowledged_at
            asked = asked.where(ended.is_(None) if open else ended.is_not(None))
        return [row.alarm for row in self._scope.rows(paged(asked, alarms.c.id, page))]

    def acknowledge(self, alarm: Alarm) -> None:
        """As in the interface."""
        its = (alarms.c.id == alarm.id, self._scope.sees(alarms))
        self._scope.done(update(alarms).where(*its).values(acknowledged_at=alarm.acknowledged_at, alarm=alarm))

    def latest(self) -> Mapping[tuple[str, Group], Alarm]:
        """As in the interface."""
        asked = select(alarms.c.alarm).where(self._scope.sees(alarms)).order_by(alarms.c.id)
        found = (row.alarm for row in self._scope.rows(asked))
        return {(one.measure, one.group): one for one in found}


def _count(row: Row[Any], day: date, n: int) -> DayCount:
    return DayCount(day=day, group=Group(dimension=row.dimension, of=row.of, name=row.name), what=row.what, n=n)


def _shipped(row: Row[Any]) -> ShippedUnits:
    goods = {name: getattr(row, name) or None for name in _GOODS}
    return ShippedUnits.model_validate({"day": row.day, "units": row.units, **goods})
