"""Which jobs ought to run next, fairly, and without reading the whole queue to tell."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Column, Row, func, select

from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.tables import READY, RUNNING, jobs


class _Lane(NamedTuple):
    """Ready jobs of one tenant and one priority, and how many jobs of the tenant are running."""

    name: str
    running: int
    oldest: str

    @property
    def priority(self) -> str:
        return self.name[0]

    @property
    def turn(self) -> tuple[int, str]:
        return self.running, self.oldest


def due_jobs(scope: Scope, columns: Sequence[Column[Any]], *, limit: int) -> Sequence[Row[Any]]:
    """Rows of ready and due jobs in the order in which they ought to run.

    Within a priority, a tenant's n-th waiting job stands behind those of tenants that have less running and waiting
    before; among equals the older job goes first.
    """
    chosen: list[str] = []
    waiting = select(jobs.c.id).where(READY, jobs.c.not_before <= scope.now).order_by(jobs.c.id)
    for _, lanes in groupby(_lanes(scope), key=lambda lane: lane.priority):
        wanted = limit - len(chosen)
        if wanted <= 0:
            break
        turns = []
        for lane in sorted(lanes, key=lambda lane: lane.turn)[:wanted]:  # each has at least one for its turn
            ids = scope.connection.execute(waiting.where(jobs.c.lane == lane.name).limit(wanted)).scalars()
            turns += [(lane.running + place, id) for place, id in enumerate(ids)]
        chosen += [id for _, id in sorted(turns)[:wanted]]
    rows = {row.id: row for row in scope.rows(select(*columns).where(jobs.c.id.in_(chosen)))}
    return [rows[id] for id in chosen]


def _lanes(scope: Scope) -> list[_Lane]:
    """Lanes with a job that is due, in order, each found by one step in the index, however many jobs wait in it."""
    own = scope.sees(jobs)
    first = select(func.min(jobs.c.lane).label("lane")).where(READY, own)
    lanes = first.cte("lanes", recursive=True)
    following = select(func.min(jobs.c.lane)).where(READY, own, jobs.c.lane > lanes.c.lane).scalar_subquery()
    lanes = lanes.union_all(select(following).where(lanes.c.lane.is_not(None)))
    due = (READY, jobs.c.lane == lanes.c.lane, jobs.c.not_before <= scope.now)
    oldest = select(jobs.c.id).where(*due).order_by(jobs.c.id).limit(1).scalar_subquery()
    asked = select(lanes.c.lane, oldest.label("oldest")).where(lanes.c.lane.is_not(None)).order_by(lanes.c.lane)
    counted = scope.rows(
        select(jobs.c.tenant, func.count().label("running")).where(RUNNING, own).group_by(jobs.c.tenant)
    )
    running = {row.tenant: row.running for row in counted}
    return [_Lane(row.lane, running.get(row.lane[1:], 0), row.oldest) for row in scope.rows(asked) if row.oldest]
