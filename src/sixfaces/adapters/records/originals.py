"""Stored originals: when each was last read, and what was found wrong."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, select, update

from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.tables import DAMAGED, originals
from sixfaces.domain.originals import Age, Damage, OriginalsCount, StoredOriginal

_SHAPE = Shape(originals, StoredOriginal)


class SqlOriginals:
    """Originals (domain.originals)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, tenant: str, sha256: str) -> StoredOriginal | None:
        """As in the interface."""
        return _SHAPE.maybe(self._scope.first(_SHAPE.rows.where(self._is(tenant, sha256))))

    def due(self, age: Age) -> StoredOriginal | None:
        """As in the interface. Two questions: each walks an index of its own."""
        asked = _SHAPE.rows.where(self._scope.sees(originals)).order_by(originals.c.checked_at).limit(1)
        damaged = self._scope.first(asked.where(DAMAGED, originals.c.checked_at < age.damaged))
        whole = originals.c.damage.is_(None) & (originals.c.checked_at < age.whole)
        return _SHAPE.maybe(damaged if damaged is not None else self._scope.first(asked.where(whole)))

    def checked(self, original: StoredOriginal) -> None:
        """As in the interface."""
        new = {name: getattr(original, name) for name in ("checked_at", "damage", "found_at")}
        self._scope.done(update(originals).where(self._is(original.tenant, original.sha256)).values(new))

    def forget(self, tenant: str, sha256: str) -> None:
        """As in the interface."""
        self._scope.done(delete(originals).where(self._is(tenant, sha256)))

    def damaged(self, *, before: str | None, limit: int) -> Sequence[StoredOriginal]:
        """As in the interface."""
        asked = _SHAPE.rows.where(DAMAGED, self._scope.sees(originals))
        if before is not None:
            asked = asked.where(originals.c.sha256 < before)
        asked = asked.order_by(originals.c.sha256.desc()).limit(bounded(limit))
        return [_SHAPE.read(row) for row in self._scope.rows(asked)]

    def count(self, *, since: datetime) -> OriginalsCount:
        """As in the interface."""
        fresh = case((originals.c.checked_at >= since, originals.c.bytes), else_=0)
        asked = select(
            func.count().label("originals"),
            func.coalesce(func.sum(originals.c.bytes), 0).label("bytes"),
            func.coalesce(func.sum(fresh), 0).label("fresh_bytes"),
            func.min(originals.c.checked_at).label("oldest"),
        ).where(self._scope.sees(originals))
        row = self._scope.connection.execute(asked).one()
        by_damage = select(originals.c.damage, func.count().label("many")).where(DAMAGED, self._scope.sees(originals))
        damaged = {Damage(one.damage): one.many for one in self._scope.rows(by_damage.group_by(originals.c.damage))}
        return OriginalsCount(int(row.originals), int(row.bytes), int(row.fresh_bytes), damaged, row.oldest)

    def _is(self, tenant: str, sha256: str) -> ColumnElement[bool]:
        return (originals.c.tenant == self._scope.own(tenant)) & (originals.c.sha256 == sha256)
