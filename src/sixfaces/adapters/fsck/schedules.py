"""Schedules of runs over the archive: each can be read, is what its row says, and has its turn when it is due."""

from collections.abc import Iterator
from datetime import timedelta

from pydantic import ValidationError

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look
from sixfaces.adapters.fsck.rows import instant
from sixfaces.adapters.records.stored import stored
from sixfaces.domain.schedule import Schedule

OVERDUE = timedelta(hours=1)
_SCHEDULES = """
SELECT s.id, s.tenant, s.next_at, s.schedule FROM reverification_schedules s ORDER BY s.id
"""
_RUNS = "SELECT id, tenant FROM reverifications WHERE schedule IS NOT NULL"


def check_schedules(look: Look) -> Iterator[Fault]:
    """All of the above, and that the last run that it began is on record."""
    runs = set(map(tuple, look.rows.ask(_RUNS)))
    for id, tenant, next_at, text in look.rows.ask(_SCHEDULES):
        look.counted["schedules"] += 1
        try:
            schedule: Schedule = stored(Schedule).validate_json(text)
        except ValidationError:
            yield fault("row_unreadable", f"schedule {id}")
            continue
        due = None if next_at is None else instant(next_at)
        is_known = schedule.run is None or (schedule.run, tenant) in runs
        if (schedule.id, schedule.tenant, schedule.next_at) != (id, tenant, due) or not is_known:
            yield fault("schedule_differs", f"schedule {id}")
        if due is not None and due + OVERDUE < look.rows.now:
            yield fault("schedule_overdue", f"schedule {id}")
