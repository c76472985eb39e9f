"""Sealed exhibits, and which waybills were seen in them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, update

from sixfaces.adapters.records.scope import Scope, Shape
from sixfaces.adapters.records.tables import cases, exhibits, originals, waybills_read
from sixfaces.adapters.records.waybills import plain
from sixfaces.domain.evidence import EarlierTake
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import FiledExhibit, Quarantine

_SHAPE = Shape(exhibits, FiledExhibit)
_SAME_CASE = (cases.c.tenant == exhibits.c.tenant) & (cases.c.id == exhibits.c.case_id)
_READ_IN_IT = (waybills_read.c.tenant == exhibits.c.tenant) & (waybills_read.c.exhibit_id == exhibits.c.id)
_LONGEST = 100
"""Characters of what may be a waybill: a code that says more is none, and would not fit an index."""


class SqlExhibits:
    """Exhibits (domain.records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, exhibit: FiledExhibit) -> None:
        """As in the interface."""
        self._scope.own(exhibit.tenant)
        searched = {"sha256": exhibit.exhibit.sha256, "role": exhibit.exhibit.role}
        self._scope.done(exhibits.insert().values(_SHAPE.values(exhibit) | searched))
        stored = {"tenant": exhibit.tenant, "sha256": exhibit.exhibit.sha256, "bytes": exhibit.exhibit.bytes}
        read_back = stored | {"checked_at": exhibit.sealed_at}  # sealing is the first time that they are read
        self._scope.done(self._scope.insert(originals).values(read_back).on_conflict_do_nothing())

    def get(self, id: str) -> FiledExhibit | None:
        """As in the interface."""
        return next(iter(self._where(exhibits.c.id == id)), None)

    def several(self, ids: Collection[str]) -> Sequence[FiledExhibit]:
        """As in the interface."""
        return self._where(exhibits.c.id.in_(ids)) if ids else []

    def of_case(self, case_id: str) -> Sequence[FiledExhibit]:
        """As in the interface."""
        return self._where(exhibits.c.case_id == case_id)

    def cases_only_of(self, station: str, case_ids: Collection[str]) -> Collection[str]:
        """As in the interface."""
        own = func.sum(case((exhibits.c.station == station, 1), else_=0))
        asked = select(exhibits.c.case_id).where(exhibits.c.case_id.in_(case_ids), self._scope.sees(exhibits))
        asked = asked.group_by(exhibits.c.case_id).having(own == func.count())
        return {row.case_id for row in self._scope.rows(asked)} if case_ids else frozenset()

    def with_bytes(self, sha256: str) -> Sequence[FiledExhibit]:
        """As in the interface."""
        return self._where(exhibits.c.sha256 == sha256)

    def observed(self, id: str, *, by: str) -> None:
        """As in the interface. Raises LookupError where there is no such exhibit."""
        self._change(id, {"observed_by": by})

    def quarantine(self, id: str, reason: Quarantine | None) -> None:
        """As in the interface. Raises LookupError where there is no such exhibit."""
        self._change(id, {"quarantine": reason})

    def earlier_takes(self, waybill: str, *, before: FiledExhibit) -> Sequence[EarlierTake]:
        """As in the interface; the first sealed comes first. Those of the tenant of `before`."""
        self._scope.own(before.tenant)
        number = plain(waybill)
        if not number:
            return []
        claimed = _takes(literal(waybill), before).where(cases.c.waybill == number)
        read = (
            _takes(waybills_read.c.text, before).join(waybills_read, _READ_IN_IT).where(waybills_read.c.plain == number)
        )
        takes = {row.entry: row for asked in (read, claimed) for row in self._scope.rows(asked)}
        return [
            EarlierTake(waybill=one.text, exhibit=one.sha256, case_id=one.case_id) for _, one in sorted(takes.items())
        ]

    def waybills_read(self, id: str, texts: Iterable[str]) -> Sequence[str]:
        """As in the interface. Raises LookupError where there is no such exhibit."""
        exhibit = self.get(id)
        if exhibit is None:
            raise LookupError(id)
        own = {"tenant": exhibit.tenant, "exhibit_id": id}
        by_number = {plain(text): text for text in texts}
        asked = select(waybills_read.c.plain).where(
            waybills_read.c.tenant == exhibit.tenant, waybills_read.c.exhibit_id == id
        )
        known = {row.plain for row in self._scope.rows(asked)}
        new = {n: text for n, text in by_number.items() if 0 < len(n) <= _LONGEST and n not in known}
        rows = [own | {"plain": number, "text": text} for number, text in new.items()]
        if rows:
            self._scope.connection.execute(self._scope.insert(waybills_read).on_conflict_do_nothing(), rows)
        return list(new.values())

    def cases_after(self, exhibit: FiledExhibit, waybills: Iterable[str]) -> Sequence[str]:
        """As in the interface, in order."""
        self._scope.own(exhibit.tenant)
        numbers = {plain(text) for text in waybills} - {""}
        its_case = select(cases.c.waybill).where(cases.c.tenant == exhibit.tenant, cases.c.id == exhibit.case_id)
        own = self._scope.first(its_case)
        numbers -= {own.waybill} if own is not None else set()
        if not numbers:
            return []
        later = (
            exhibits.c.tenant == exhibit.tenant,
            exhibits.c.role == Role.UNBOXING_VIDEO,
            exhibits.c.entry > exhibit.entry,
            exhibits.c.case_id != exhibit.case_id,
        )
        claimed = select(exhibits.c.case_id).join(cases, _SAME_CASE).where(*later, cases.c.waybill.in_(numbers))
        read = select(exhibits.c.case_id).join(waybills_read, _READ_IN_IT)
        read = read.where(*later, waybills_read.c.plain.in_(numbers))
        return sorted(row.case_id for row in self._scope.rows(claimed.union(read)))

    def _where(self, condition: ColumnElement[bool]) -> Sequence[FiledExhibit]:
        asked = _SHAPE.rows.where(condition, self._scope.sees(exhibits)).order_by(exhibits.c.entry)
        return [_SHAPE.read(row) for row in self._scope.rows(asked)]

    def _change(self, id: str, new: dict[str, Any]) -> None:
        changed = update(exhibits).where(exhibits.c.id == id, self._scope.sees(exhibits)).values(new)
        if self._scope.done(changed) == 0:
            raise LookupError(id)


def _takes(text: ColumnElement[str], before: FiledExhibit) -> Any:  # noqa: ANN401 a select of four columns
    """Unboxing takes of the tenant sealed before; the order of sealing is that of the log."""
    return (
        select(text.label("text"), exhibits.c.sha256, exhibits.c.entry, cases.c.case_id)
        .select_from(exhibits)
        .join(cases, _SAME_CASE)
        .where(
            exhibits.c.tenant == before.tenant,
            exhibits.c.role == Role.UNBOXING_VIDEO,
            exhibits.c.entry < before.entry,
        )
    )
