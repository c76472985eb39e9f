"""What one process at a time may do."""

from datetime import timedelta

from sqlalchemy import delete, or_

from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.tables import leases


class SqlLeases:
    """Leases (domain.originals)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def take(self, name: str, holder: str, *, lasting: timedelta) -> bool:
        """As in the interface, by one statement: of two who take it at once, the second waits and is told no."""
        row = {"name": name, "holder": holder, "until": self._scope.now + lasting}
        new = self._scope.insert(leases).values(row)
        is_mine_or_over = or_(leases.c.holder == holder, leases.c.until <= self._scope.now)
        taken = new.on_conflict_do_update(
            index_elements=["name"], set_={"holder": holder, "until": row["until"]}, where=is_mine_or_over
        )
        return self._scope.first(taken.returning(leases.c.name)) is not None

    def give_back(self, name: str, holder: str) -> None:
        """As in the interface."""
        self._scope.done(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
