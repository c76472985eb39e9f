"""Runs that judge the archive again, their spans, and what was applied of them."""

from collections.abc import Collection, Sequence
from functools import reduce

from sqlalchemy import delete, select, update

from sixfaces.adapters.records.archive_tables import judged_under, reverification_spans, reverifications
from sixfaces.adapters.records.scope import Scope, Shape, bounded, paged
from sixfaces.domain.pages import Page
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import Reverification, RunProgress, RunSpan, Tally, together

_SPANS = Shape(reverification_spans, RunSpan)


class SqlReverifications:
    """Reverifications (domain.reverifying)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, run: Reverification, spans: Collection[RunSpan]) -> None:
        """As in the interface."""
        self._scope.own(run.tenant)
        row = {"id": run.id, "tenant": run.tenant, "state": run.state, "run": run, "schedule": run.schedule}
        self._scope.done(reverifications.insert().values(row))
        if spans:
            self._scope.connection.execute(reverification_spans.insert(), [_SPANS.values(span) for span in spans])

    def get(self, id: str, *, lock: bool = False) -> Reverification | None:
        """As in the interface."""
        asked = select(reverifications.c.run).where(reverifications.c.id == id, self._scope.sees(reverifications))
        row = self._scope.first(asked.with_for_update() if lock else asked)
        return None if row is None else row.run

    def find(self, page: Page, *, schedule: str | None = None) -> Sequence[Reverification]:
        """As in the interface."""
        asked = select(reverifications.c.run).where(self._scope.sees(reverifications))
        if schedule is not None:
            asked = asked.where(reverifications.c.schedule == schedule)
        return [row.run for row in self._scope.rows(paged(asked, reverifications.c.id, page))]

    def change(self, run: Reverification) -> None:
        """As in the interface."""
        its = (reverifications.c.id == run.id, self._scope.sees(reverifications))
        self._scope.done(update(reverifications).where(*its).values(state=run.state, run=run))

    def forget(self, id: str) -> None:
        """As in the interface."""
        spans = (reverification_spans.c.run == id, self._scope.sees(reverification_spans))
        self._scope.done(delete(reverification_spans).where(*spans))
        self._scope.done(delete(reverifications).where(reverifications.c.id == id, self._scope.sees(reverifications)))

    def span(self, id: str) -> RunSpan | None:
        """As in the interface."""
        its = (reverification_spans.c.id == id, self._scope.sees(reverification_spans))
        return _SPANS.maybe(self._scope.first(_SPANS.rows.where(*its)))

    def waiting(self, run: str, *, to_apply: bool = False) -> Sequence[RunSpan]:
        """As in the interface."""
        left = reverification_spans.c.applied.is_(False) if to_apply else reverification_spans.c.tally.is_(None)
        its = (reverification_spans.c.run == run, left, self._scope.sees(reverification_spans))
        return [_SPANS.read(row) for row in self._scope.rows(_SPANS.rows.where(*its).order_by(_SPANS.table.c.number))]

    def tell(self, span: RunSpan) -> None:
        """As in the interface."""
        its = (reverification_spans.c.id == span.id, self._scope.sees(reverification_spans))
        new = {"tally": span.tally, "place": span.place, "applied": span.applied}
        self._scope.done(update(reverification_spans).where(*its).values(new))

    def progress(self, run: str) -> RunProgress:
        """As in the interface."""
        its = (reverification_spans.c.run == run, self._scope.sees(reverification_spans))
        columns = (reverification_spans.c.tally, reverification_spans.c.applied)
        rows = self._scope.rows(select(*columns).where(*its).order_by(reverification_spans.c.number))
        tallies = [row.tally for row in rows if row.tally is not None]
        applied = sum(bool(row.applied) for row in rows)
        return RunProgress(done=len(tallies), applied=applied, tally=reduce(together, tallies, Tally()))

    def spans(self, run: str, *, after: int, limit: int) -> Sequence[RunSpan]:
        """As in the interface."""
        table = reverification_spans
        its = (table.c.run == run, table.c.number > after, table.c.tally.is_not(None), self._scope.sees(table))
        rows = self._scope.rows(_SPANS.rows.where(*its).order_by(table.c.number).limit(bounded(limit)))
        return [_SPANS.read(row) for row in rows]

    def judge_under(self, case_id: str, *, revision: int, policy: Policy, run: str) -> None:
        """As in the interface. The last to say so counts."""
        row = {"tenant": self._scope.named(), "case_id": case_id, "revision": revision, "run": run, "policy": policy}
        new = self._scope.insert(judged_under).values(row)
        key = ["tenant", "case_id", "revision"]
        self._scope.done(new.on_conflict_do_update(index_elements=key, set_={"run": run, "policy": policy}))

    def judge_as_ever(self, case_id: str, *, revision: int) -> None:
        """As in the interface."""
        its = (judged_under.c.case_id == case_id, judged_under.c.revision == revision, self._scope.sees(judged_under))
        self._scope.done(delete(judged_under).where(*its))

    def policy_for(self, case_id: str, *, revision: int) -> Policy | None:
        """As in the interface."""
        its = (judged_under.c.case_id == case_id, judged_under.c.revision == revision, self._scope.sees(judged_under))
        row = self._scope.first(select(judged_under.c.policy).where(*its))
        return None if row is None else row.policy
