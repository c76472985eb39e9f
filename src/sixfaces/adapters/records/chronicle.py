"""What happened to claims, and when their clocks have to be looked at."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select

from sixfaces.adapters.records.claim_tables import chronicle, clock_turns
from sixfaces.adapters.records.scope import Scope, bounded
from sixfaces.domain.chronicle import Occurrence

_PLAIN = ("id", "tenant", "case_id", "at", "recorded_at", "source", "actor", "what", "reference")
_COLUMNS = [chronicle.c[name] for name in _PLAIN]


class SqlChronicle:
    """Chronicle (domain.claim_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, occurrence: Occurrence) -> bool:
        """As in the interface."""
        self._scope.own(occurrence.tenant)
        values = {name: getattr(occurrence, name) for name in _PLAIN if name != "what"}
        values |= {"what": occurrence.what.model_dump(mode="json"), "kind": occurrence.what.kind}
        new = self._scope.insert(chronicle).values(values)
        once = new.on_conflict_do_nothing(index_elements=["tenant", "case_id", "source", "reference"])
        return self._scope.first(once.returning(chronicle.c.id)) is not None

    def of_case(self, case_id: str) -> Sequence[Occurrence]:
        """As in the interface."""
        its = (chronicle.c.case_id == case_id, self._scope.sees(chronicle))
        asked = select(*_COLUMNS).where(*its).order_by(chronicle.c.at, chronicle.c.id)
        return [read_occurrence(row) for row in self._scope.rows(asked)]


def told_columns() -> Sequence[ColumnElement[Any]]:
    """What `read_occurrence` reads."""
    return _COLUMNS


def read_occurrence(row: Row[Any]) -> Occurrence:
    """The entry of a row of `told_columns`."""
    return Occurrence.model_validate(dict(zip(_PLAIN, row, strict=True)))


class SqlTurns:
    """Turns (domain.claim_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def put(self, case_id: str, at: datetime | None) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        tenant = self._scope.named()
        if at is None:
            its = (clock_turns.c.tenant == tenant, clock_turns.c.case_id == case_id)
            self._scope.done(delete(clock_turns).where(*its))
            return
        put = self._scope.insert(clock_turns).values(tenant=tenant, case_id=case_id, at=at)
        self._scope.done(put.on_conflict_do_update(index_elements=["tenant", "case_id"], set_={"at": at}))

    def due(self, *, limit: int) -> Collection[str]:
        """As in the interface, the longest due first."""
        its = (clock_turns.c.at <= self._scope.now, self._scope.sees(clock_turns))
        asked = select(clock_turns.c.case_id).where(*its).order_by(clock_turns.c.at).limit(bounded(limit))
        return [row.case_id for row in self._scope.rows(asked)]
