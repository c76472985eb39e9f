"""Rows whose time is over: found by an index, removed a few at a time, none that somebody has in hand."""

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, delete, exists, select, tuple_

from sixfaces.adapters.records.erasing_tables import pruned
from sixfaces.adapters.records.holds import held_now
from sixfaces.adapters.records.scope import Scope, bounded
from sixfaces.adapters.records.tables import answers, events, jobs, segments, uploads
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.upload import UploadState

_ENDED = (UploadState.SEALED, UploadState.REFUSED, UploadState.TERMINATED, UploadState.EXPIRED)
_EVENTS = "events"


class _Asked(NamedTuple):
    """Of which table, the first in which order, and how many."""

    table: Table
    order: ColumnElement[Any]
    limit: int


class SqlPruning:
    """Pruning (domain.erasing)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def events(self, *, older: timedelta, limit: int) -> int:
        """As in the interface."""
        free = ~held_now(self._scope, events.c.tenant, events.c.case_id)
        asked = select(events.c.id).where(events.c.at <= self._scope.now - older, self._scope.sees(events), free)
        ids = [row.id for row in self._chosen(asked.order_by(events.c.at), limit)]
        if not ids:
            return 0
        gone = self._scope.done(delete(events).where(events.c.id.in_(ids)))
        row = {"what": _EVENTS, "through": max(ids), "at": self._scope.now}
        new = self._scope.insert(pruned).values(row)
        further = {"through": new.excluded.through, "at": new.excluded.at}
        raised = new.excluded.through > pruned.c.through
        self._scope.done(new.on_conflict_do_update(index_elements=["what"], set_=further, where=raised))
        return gone

    def pruned_through(self) -> int:
        """As in the interface."""
        row = self._scope.first(select(pruned.c.through).where(pruned.c.what == _EVENTS))
        return 0 if row is None else int(row.through)

    def jobs(self, *, older: timedelta, limit: int) -> int:
        """As in the interface."""
        over = (jobs.c.state == JobState.DONE, jobs.c.finished_at <= self._scope.now - older)
        return self._gone((jobs.c.id,), over, asked=_Asked(jobs, jobs.c.finished_at, limit))

    def uploads(self, *, older: timedelta, limit: int) -> int:
        """As in the interface."""
        its = (jobs.c.tenant == uploads.c.tenant, jobs.c.kind == JobKind.SEAL, jobs.c.subject == uploads.c.id)
        named = exists().where(*its)
        spooled = exists().where(segments.c.upload_id == uploads.c.id)
        over = (
            uploads.c.state.in_(_ENDED),
            uploads.c.expires_at <= self._scope.now - older,
            uploads.c.direct.is_(None),
            ~spooled,
            ~named,
            ~held_now(self._scope, uploads.c.tenant, uploads.c.case_id),
        )
        return self._gone((uploads.c.id,), over, asked=_Asked(uploads, uploads.c.expires_at, limit))

    def answers(self, *, limit: int) -> int:
        """As in the interface."""
        over = (answers.c.expires_at <= self._scope.now,)
        key = (answers.c.tenant, answers.c.key)
        return self._gone(key, over, asked=_Asked(answers, answers.c.expires_at, limit))

    def _gone(
        self, key: tuple[ColumnElement[Any], ...], over: tuple[ColumnElement[bool], ...], *, asked: _Asked
    ) -> int:
        found = select(*key).where(*over, self._scope.sees(asked.table)).order_by(asked.order)
        rows = self._chosen(found, asked.limit)
        gone = tuple_(*key).in_([tuple(row) for row in rows])
        return self._scope.done(delete(asked.table).where(gone)) if rows else 0

    def _chosen(self, asked: Any, limit: int) -> Any:  # noqa: ANN401 a select, and its rows
        """Rows that nobody else has in hand; held until the transaction ends."""
        return self._scope.rows(asked.limit(bounded(limit)).with_for_update(skip_locked=True))
