"""What watchers of a case are told."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.tables import cases, events
from sixfaces.domain.records import Event

_SHAPE = Shape(events, Event)
_AT_ONCE = 5000
"""Databases bound how many values a question has."""


class SqlEvents:
    """Events (domain.records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def tell(self, case_id: str, kind: str, body: Mapping[str, Any]) -> None:
        """As in the interface. Raises LookupError where there is no such case."""
        tenant = self._tenant_of(case_id)
        if self._scope.on_postgres:
            # A number is drawn before it is committed: two transactions on one case would otherwise let a watcher see
            # the later number first and never ask for the earlier one.
            lock = func.pg_advisory_xact_lock(func.hashtextextended(case_id, 0))
            self._scope.connection.execute(select(lock))
        row = {"tenant": tenant, "case_id": case_id, "kind": kind, "at": self._scope.now, "body": dict(body)}
        self._scope.done(events.insert().values(row))

    def since(self, id: int, *, case_id: str, limit: int = 100) -> Sequence[Event]:
        """As in the interface."""
        its = (events.c.case_id == case_id, events.c.id > id, self._scope.sees(events))
        asked = _SHAPE.rows.where(*its).order_by(events.c.id).limit(bounded(limit))
        return [_SHAPE.read(row) for row in self._scope.rows(asked)]

    def newest(self, case_ids: Collection[str]) -> Mapping[str, int]:
        """As in the interface. By the case, whose tenant is the first word of the events' index: of a case that has
        thousands one is read."""
        last = select(events.c.id).where(events.c.tenant == cases.c.tenant, events.c.case_id == cases.c.id)
        last = last.order_by(events.c.id.desc()).limit(1)
        asked = select(cases.c.id, last.scalar_subquery().label("last")).where(self._scope.sees(cases))
        ids = list(case_ids)
        parts = (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
        rows = (row for part in parts for row in self._scope.rows(asked.where(cases.c.id.in_(part))))
        return {row.id: row.last for row in rows if row.last is not None}

    def _tenant_of(self, case_id: str) -> str:
        row = self._scope.first(select(cases.c.tenant).where(cases.c.id == case_id, self._scope.sees(cases)))
        if row is None:
            raise LookupError(case_id)
        tenant: str = row.tenant
        return tenant
