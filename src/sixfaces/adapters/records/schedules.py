"""Standing orders for runs over the archive."""

from collections.abc import Sequence

from sqlalchemy import Select, delete, or_, select, update

from sixfaces.adapters.records.archive_tables import schedules
from sixfaces.adapters.records.scope import Scope, bounded, paged
from sixfaces.domain.pages import Page
from sixfaces.domain.schedule import Schedule


class SqlSchedules:
    """Schedules (domain.schedule)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, schedule: Schedule) -> None:
        """As in the interface."""
        self._scope.own(schedule.tenant)
        row = {"id": schedule.id, "tenant": schedule.tenant, **_told(schedule)}
        self._scope.done(schedules.insert().values(row))

    def get(self, id: str, *, lock: bool = False) -> Schedule | None:
        """As in the interface."""
        asked = self._rows().where(schedules.c.id == id)
        row = self._scope.first(asked.with_for_update() if lock else asked)
        return None if row is None else row.schedule

    def find(self, page: Page) -> Sequence[Schedule]:
        """As in the interface."""
        return [row.schedule for row in self._scope.rows(paged(self._rows(), schedules.c.id, page))]

    def change(self, schedule: Schedule) -> None:
        """As in the interface."""
        its = (schedules.c.id == schedule.id, self._scope.sees(schedules))
        self._scope.done(update(schedules).where(*its).values(_told(schedule)))

    def remove(self, id: str) -> bool:
        """As in the interface."""
        return self._scope.done(delete(schedules).where(schedules.c.id == id, self._scope.sees(schedules))) > 0

    def due(self, *, limit: int) -> Sequence[Schedule]:
        """As in the interface."""
        now = self._scope.now
        its_time = or_(schedules.c.next_at <= now, schedules.c.looked_at > now)
        asked = self._rows().where(schedules.c.next_at.is_not(None), its_time)
        rows = self._scope.rows(asked.order_by(schedules.c.next_at, schedules.c.id).limit(bounded(limit)))
        return [row.schedule for row in rows]

    def _rows(self) -> Select[tuple[Schedule]]:
        return select(schedules.c.schedule).where(self._scope.sees(schedules))


def _told(schedule: Schedule) -> dict[str, object]:
    return {"next_at": schedule.next_at, "looked_at": schedule.looked_at, "schedule": schedule}
