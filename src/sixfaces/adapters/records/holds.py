"""Legal holds, how long tenants keep what, and what has been kept long enough."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update

from sixfaces.adapters.records.disputed import in_dispute
from sixfaces.adapters.records.erasing_tables import erasures, legal_holds, retentions
from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.tables import cases, exhibits
from sixfaces.domain.erasing import Expired, LegalHold, Retention
from sixfaces.domain.exhibit import Role

_SHAPE = Shape(legal_holds, LegalHold)
_SAME_CASE = and_(exhibits.c.tenant == cases.c.tenant, exhibits.c.case_id == cases.c.id)
_STILL = exhibits.c.erased.is_(None)


class SqlHolds:
    """Holds (domain.erasing)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def place(self, hold: LegalHold) -> None:
        """As in the interface."""
        self._scope.own(hold.tenant)
        self._scope.done(legal_holds.insert().values(_SHAPE.values(hold)))

    def of_case(self, case_id: str) -> Sequence[LegalHold]:
        """As in the interface."""
        asked = select(*_SHAPE.columns).where(legal_holds.c.case_id == case_id, self._scope.sees(legal_holds))
        return [_SHAPE.read(row) for row in self._scope.rows(asked.order_by(legal_holds.c.id))]

    def lift(self, id: str, *, by: str) -> LegalHold | None:
        """As in the interface."""
        its = (legal_holds.c.id == id, self._scope.sees(legal_holds))
        still = (*its, legal_holds.c.lifted_at.is_(None))
        self._scope.done(update(legal_holds).where(*still).values(lifted_by=by, lifted_at=self._scope.now))
        return _SHAPE.maybe(self._scope.first(select(*_SHAPE.columns).where(*its)))

    def retention(self) -> Retention:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        asked = select(retentions.c.retention).where(retentions.c.tenant == self._scope.named())
        row = self._scope.first(asked)
        return Retention() if row is None else row.retention

    def keep_retention(self, retention: Retention) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        new = self._scope.insert(retentions).values(tenant=self._scope.named(), retention=retention)
        kept = new.on_conflict_do_update(index_elements=["tenant"], set_={"retention": new.excluded.retention})
        self._scope.done(kept)

    def retentions(self) -> Mapping[str, Retention]:
        """As in the interface."""
        asked = select(retentions).where(self._scope.sees(retentions))
        return {row.tenant: row.retention for row in self._scope.rows(asked)}

    def expired_cases(self, retention: Retention, *, limit: int) -> Sequence[Expired]:
        """As in the interface, the first closed first."""
        if retention.days is None:
            return []
        staying = [
            exists().where(_SAME_CASE, _STILL, exhibits.c.role == role, *self._not_over(days))
            for role, days in retention.roles.items()
            if days is None or days > retention.days
        ]
        over = (cases.c.closed_at <= self._before(retention.days), *(~one for one in staying))
        asked = self._expired(select(cases.c.tenant, cases.c.id), over)
        return [Expired(row.tenant, row.id) for row in self._scope.rows(asked.limit(bounded(limit)))]

    def expired_exhibits(self, retention: Retention, *, limit: int) -> Sequence[Expired]:
        """As in the interface, those of the case that was closed first come first."""
        terms = [(role, days) for role in Role if (days := retention.of(role)) is not None]
        if not terms:
            return []
        over = or_(*(and_(exhibits.c.role == role, cases.c.closed_at <= self._before(days)) for role, days in terms))
        found = select(cases.c.tenant, cases.c.id, exhibits.c.id.label("exhibit")).join(exhibits, _SAME_CASE)
        asked = self._expired(found, (_STILL, over))
        return [Expired(row.tenant, row.id, row.exhibit) for row in self._scope.rows(asked.limit(bounded(limit)))]

    def _expired(self, found: Select[Any], over: Iterable[ColumnElement[bool]]) -> Select[Any]:
        """Of the tenant's cases, closed and still there, that nobody holds, nothing disputes and nobody erases."""
        tenant = self._scope.named()
        held = held_now(self._scope, cases.c.tenant, cases.c.id)
        on_its_way = exists().where(erasures.c.tenant == cases.c.tenant, erasures.c.case_id == cases.c.id, _under_way())
        kept = and_(cases.c.closed_at.is_not(None), cases.c.erased_at.is_(None))
        free = (kept, *over, ~held, ~in_dispute(self._scope), ~on_its_way)
        return found.where(cases.c.tenant == tenant, *free).order_by(cases.c.closed_at, cases.c.id)

    def _before(self, days: int) -> datetime:
        """What was closed by then has been kept for so long."""
        return self._scope.now - timedelta(days=days)

    def _not_over(self, days: int | None) -> list[ColumnElement[bool]]:
        return [] if days is None else [cases.c.closed_at > self._before(days)]


def held_now(scope: Scope, tenant: ColumnElement[str], case_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether somebody holds the case of a row."""
    return exists().where(
        legal_holds.c.tenant == tenant,
        legal_holds.c.case_id == case_id,
        legal_holds.c.lifted_at.is_(None),
        or_(legal_holds.c.until.is_(None), legal_holds.c.until > scope.now),
    )


def _under_way() -> ColumnElement[bool]:
    return erasures.c.state.not_in(("done", "refused"))
