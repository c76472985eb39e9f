"""The parts of the archive, and which verdicts they hold."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, tuple_, update

from sixfaces.adapters.records.archive_tables import archive_parts
from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.tables import verdicts
from sixfaces.domain.archive import Group, Part, PartState, Span, Standing
from sixfaces.domain.filing import StoredVerdict

_PARTS = Shape(archive_parts, Part)
_VERDICTS = Shape(verdicts, StoredVerdict)
_AT_ONCE = 500
"""Ids in one statement: no database likes thousands of parameters."""


class SqlArchive:
    """The archive (domain.archive)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def loose(self, *, before: str, after: tuple[str, str] = ("", ""), limit: int) -> Sequence[StoredVerdict]:
        """As in the interface."""
        behind = tuple_(verdicts.c.tenant, verdicts.c.id) > after
        its = (verdicts.c.id < before, behind, verdicts.c.part.is_(None), verdicts.c.erased_at.is_(None))
        asked = _VERDICTS.rows.where(*its, self._scope.sees(verdicts)).order_by(verdicts.c.tenant, verdicts.c.id)
        return [_VERDICTS.read(row) for row in self._scope.rows(asked.limit(bounded(limit)))]

    def several(self, ids: Collection[str]) -> Sequence[StoredVerdict]:
        """As in the interface."""
        found: list[StoredVerdict] = []
        for some in _in_turn(ids):
            asked = _VERDICTS.rows.where(verdicts.c.id.in_(some), self._scope.sees(verdicts))
            found += [_VERDICTS.read(row) for row in self._scope.rows(asked)]
        return sorted(found, key=lambda one: one.id)

    def began(self, part: Part) -> None:
        """As in the interface."""
        self._scope.own(part.tenant)
        self._scope.done(archive_parts.insert().values(_PARTS.values(part)))

    def holds(self, part: Part, verdicts_: Collection[str], *, instead_of: Collection[str] = ()) -> bool:
        """As in the interface."""
        its = (*self._its(part.id), archive_parts.c.state == PartState.WRITING)
        if self._scope.done(update(archive_parts).where(*its).values(_PARTS.values(part))) != 1:
            return False
        for old in instead_of:
            there = (*self._its(old), archive_parts.c.state == PartState.THERE)
            if self._scope.done(update(archive_parts).where(*there).values(state=PartState.GONE)) != 1:
                return False
        before = verdicts.c.part.in_(instead_of) if instead_of else verdicts.c.part.is_(None)
        taken = 0
        for some in _in_turn(verdicts_):
            here = (verdicts.c.id.in_(some), before, verdicts.c.erased_at.is_(None), self._scope.sees(verdicts))
            taken += self._scope.done(update(verdicts).where(*here).values(part=part.id))
        if instead_of:  # what is left there was erased: no part holds it any more
            left = (verdicts.c.part.in_(instead_of), self._scope.sees(verdicts))
            self._scope.done(update(verdicts).where(*left).values(part=None))
        return taken == len(verdicts_)

    def unread(self, ids: Collection[str]) -> None:
        """As in the interface."""
        for some in _in_turn(ids):
            its = (verdicts.c.id.in_(some), verdicts.c.part.is_(None), self._scope.sees(verdicts))
            self._scope.done(update(verdicts).where(*its).values(part=""))

    def part(self, id: str) -> Part | None:
        """As in the interface."""
        return _PARTS.maybe(self._scope.first(_PARTS.rows.where(*self._its(id))))

    def parts(self, *, after: str = "", limit: int = 1000) -> Sequence[Part]:
        """As in the interface."""
        there = (archive_parts.c.state == PartState.THERE, archive_parts.c.id > after, self._scope.sees(archive_parts))
        asked = _PARTS.rows.where(*there).order_by(archive_parts.c.id).limit(bounded(limit))
        return [_PARTS.read(row) for row in self._scope.rows(asked)]

    def small(self, *, cases: int, bytes: int, after: Group | None = None, limit: int) -> Sequence[Sequence[Part]]:
        """As in the interface."""
        group = (archive_parts.c.tenant, archive_parts.c.day, archive_parts.c.observers)
        small = (
            archive_parts.c.state == PartState.THERE,
            archive_parts.c.cases < cases,
            archive_parts.c.bytes < bytes,
            self._scope.sees(archive_parts),
        )
        behind = () if after is None else (tuple_(*group) > after,)
        asked = select(*group).where(*small, *behind).group_by(*group).having(func.count() > 1).order_by(*group)
        found = []
        for row in self._scope.rows(asked.limit(bounded(limit))):
            same = [column == value for column, value in zip(group, row, strict=True)]
            rows = self._scope.rows(_PARTS.rows.where(*small, *same).order_by(archive_parts.c.first))
            found.append([_PARTS.read(row) for row in rows])
        return found

    def held(self, part: str) -> Collection[str]:
        """As in the interface."""
        its = (verdicts.c.part == part, verdicts.c.erased_at.is_(None), self._scope.sees(verdicts))
        return {row.id for row in self._scope.rows(select(verdicts.c.id).where(*its))}

    def spoiled(self, case_id: str) -> Sequence[Part]:
        """As in the interface."""
        erased = select(verdicts.c.part).where(
            verdicts.c.case_id == case_id, verdicts.c.erased_at.is_not(None), verdicts.c.part.is_not(None)
        )
        there = (archive_parts.c.id.in_(erased), archive_parts.c.state == PartState.THERE)
        asked = _PARTS.rows.where(*there, self._scope.sees(archive_parts)).order_by(archive_parts.c.id)
        return [_PARTS.read(row) for row in self._scope.rows(asked)]

    def unfinished(self, *, before: datetime, limit: int) -> Sequence[Part]:
        """As in the interface."""
        state, made = archive_parts.c.state, archive_parts.c.made_at
        over = (state == PartState.GONE) | ((state == PartState.WRITING) & (made < before))
        asked = _PARTS.rows.where(over, self._scope.sees(archive_parts)).order_by(archive_parts.c.id)
        return [_PARTS.read(row) for row in self._scope.rows(asked.limit(bounded(limit)))]

    def forget(self, part: str) -> None:
        """As in the interface."""
        its = (*self._its(part), archive_parts.c.state != PartState.THERE)
        self._scope.done(delete(archive_parts).where(*its))

    def standing(self, span: Span, *, newest: str) -> Sequence[Standing]:
        """As in the interface."""
        later = verdicts.alias("later")
        same = (later.c.tenant == verdicts.c.tenant, later.c.case_id == verdicts.c.case_id)
        newer = select(later.c.id).where(*same, later.c.id > verdicts.c.id, later.c.id <= newest)
        asked = select(verdicts.c.id, verdicts.c.part).where(*self._in(span), ~newer.exists())
        return [Standing(row.id, row.part) for row in self._scope.rows(asked.order_by(verdicts.c.id))]

    def newest(self) -> str:
        """As in the interface."""
        asked = select(func.max(verdicts.c.id)).where(self._scope.sees(verdicts))
        return self._scope.connection.execute(asked).scalar_one() or ""

    def steps(self, span: Span, *, limit: int) -> Sequence[tuple[str, str | None]]:
        """As in the interface."""
        asked = select(verdicts.c.id, verdicts.c.part).where(*self._in(span)).order_by(verdicts.c.id)
        return [(row.id, row.part) for row in self._scope.rows(asked.limit(bounded(limit)))]

    def _in(self, span: Span) -> tuple[ColumnElement[bool], ...]:
        between = (verdicts.c.id > span.after, verdicts.c.id <= span.until)
        return *between, verdicts.c.erased_at.is_(None), self._scope.sees(verdicts)

    def _its(self, id: str) -> tuple[ColumnElement[bool], ...]:
        return archive_parts.c.id == id, self._scope.sees(archive_parts)


def _in_turn(ids: Collection[str]) -> Iterator[list[Any]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
