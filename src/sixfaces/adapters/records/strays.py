"""Strays: marked where they are made, removed a day later unless they became an exhibit meanwhile."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select, update

from sixfaces.adapters.records.erasing_tables import removals
from sixfaces.adapters.records.scope import Scope, bounded
from sixfaces.adapters.records.stray_tables import strays
from sixfaces.adapters.records.tables import exhibits
from sixfaces.domain.strays import Stray


class SqlStrays:
    """Strays (domain.strays)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def found(self, sha256: str) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        tenant = self._scope.named()
        its = (strays.c.tenant == tenant, strays.c.sha256 == sha256)
        if self._scope.connection.execute(select(exists().where(*its, strays.c.ended_at.is_(None)))).scalar_one():
            return
        number = self._scope.connection.execute(select(func.count()).where(*its)).scalar_one() + 1
        row = {"tenant": tenant, "sha256": sha256, "number": number, "found_at": self._scope.now}
        self._scope.done(strays.insert().values(row))

    def due(self, *, older: timedelta, limit: int) -> Sequence[Stray]:
        """As in the interface."""
        its = (strays.c.ended_at.is_(None), strays.c.found_at <= self._scope.now - older, self._scope.sees(strays))
        asked = select(strays.c.tenant, strays.c.sha256, strays.c.number).where(*its).order_by(strays.c.found_at)
        return [Stray(row.tenant, row.sha256, row.number) for row in self._scope.rows(asked.limit(bounded(limit)))]

    def begin(self, stray: Stray) -> bool:
        """As in the interface."""
        known = exists().where(
            exhibits.c.tenant == stray.tenant, exhibits.c.sha256 == stray.sha256, exhibits.c.erased.is_(None)
        )
        going = exists().where(
            removals.c.tenant == stray.tenant, removals.c.sha256 == stray.sha256, removals.c.ended_at.is_(None)
        )
        if self._scope.connection.execute(select(known | going)).scalar_one():
            self.ended(stray)
            return False
        since = func.coalesce(strays.c.began_at, self._scope.now)
        return self._scope.done(update(strays).where(*self._its(stray)).values(began_at=since)) == 1

    def ended(self, stray: Stray) -> None:
        """As in the interface."""
        self._scope.done(update(strays).where(*self._its(stray)).values(ended_at=self._scope.now))

    def _its(self, stray: Stray) -> tuple[ColumnElement[bool], ...]:
        self._scope.own(stray.tenant)
        same = (strays.c.tenant == stray.tenant, strays.c.sha256 == stray.sha256, strays.c.number == stray.number)
        return *same, strays.c.ended_at.is_(None)
