"""Many cases at a time, for figures. Rows come by indexes and in pieces; planted cases are left out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, exists, func, select

from sixfaces.adapters.records.chronicle import read_occurrence, told_columns
from sixfaces.adapters.records.claim_tables import chronicle, decisions, qc_verdicts
from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.tables import cases, exhibits, verdicts
from sixfaces.adapters.records.watching_tables import planted_cases
from sixfaces.domain.answer import Verdict
from sixfaces.domain.chronicle import Occurrence
from sixfaces.domain.decision import Decision
from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.sampling import LotOf
from sixfaces.domain.watching_records import Between, Said
from sixfaces.pipeline.ids import first_id_at

_CASES, _EXHIBITS = Shape(cases, FiledCase), Shape(exhibits, FiledExhibit)
_SLACK = timedelta(hours=1)
"""Ids are of the clocks of servers, instants of that of the database."""
_BY = "policy:"


class SqlWatching:
    """Watching (domain.watching_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def cases_opened(self, between: Between) -> Sequence[FiledCase]:
        """As in the interface."""
        at, behind = cases.c.opened_at, cases.c.id > between.after
        then = ((at > between.since) | ((at == between.since) & behind), at >= between.since, at < between.until)
        asked = _CASES.rows.where(self._counts(cases, "id"), *then).order_by(at, cases.c.id)
        return [_CASES.read(row) for row in self._scope.rows(asked.limit(bounded(between.limit)))]

    def cases(self, ids: Collection[str]) -> Mapping[str, FiledCase]:
        """As in the interface."""
        asked = _CASES.rows.where(cases.c.id.in_(ids), self._scope.sees(cases))
        return {row.id: _CASES.read(row) for row in (self._scope.rows(asked) if ids else ())}

    def chronicles(self, case_ids: Collection[str]) -> Mapping[str, Sequence[Occurrence]]:
        """As in the interface."""
        asked = select(*told_columns()).where(*self._of(chronicle, case_ids))
        found: dict[str, list[Occurrence]] = defaultdict(list)
        for row in self._scope.rows(asked.order_by(chronicle.c.case_id, chronicle.c.at, chronicle.c.id)):
            found[row.case_id].append(read_occurrence(row))
        return found

    def entries(self, case_ids: Collection[str], kinds: Collection[str]) -> Mapping[str, Sequence[Occurrence]]:
        """As in the interface."""
        asked = select(*told_columns()).where(*self._of(chronicle, case_ids), chronicle.c.kind.in_(kinds))
        found: dict[str, list[Occurrence]] = defaultdict(list)
        for row in self._scope.rows(asked.order_by(chronicle.c.case_id, chronicle.c.id)):
            found[row.case_id].append(read_occurrence(row))
        return found

    def decisions(self, case_ids: Collection[str]) -> Mapping[str, Sequence[Decision]]:
        """As in the interface."""
        asked = select(decisions.c.case_id, decisions.c.decision).where(*self._of(decisions, case_ids))
        found: dict[str, list[Decision]] = defaultdict(list)
        for row in self._scope.rows(asked.order_by(decisions.c.id.desc())):
            found[row.case_id].append(row.decision)
        return found

    def looks(self, case_ids: Collection[str]) -> Mapping[str, Sequence[QcVerdict]]:
        """As in the interface."""
        asked = select(qc_verdicts.c.case_id, qc_verdicts.c.verdict).where(*self._of(qc_verdicts, case_ids))
        found: dict[str, list[QcVerdict]] = defaultdict(list)
        for row in self._scope.rows(asked.order_by(qc_verdicts.c.id)):
            found[row.case_id].append(row.verdict)
        return found

    def sealed(self, case_ids: Collection[str]) -> Mapping[str, Sequence[FiledExhibit]]:
        """As in the interface."""
        asked = _EXHIBITS.rows.where(*self._of(exhibits, case_ids)).order_by(exhibits.c.id)
        found: dict[str, list[FiledExhibit]] = defaultdict(list)
        for row in self._scope.rows(asked) if case_ids else ():
            found[row.case_id].append(_EXHIBITS.read(row))
        return found

    def stations(self, case_ids: Collection[str]) -> Mapping[str, Collection[str]]:
        """As in the interface."""
        named = (*self._of(exhibits, case_ids), exhibits.c.station.is_not(None))
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._scope.rows(select(exhibits.c.case_id, exhibits.c.station).where(*named).distinct()):
            found[row.case_id].add(row.station)
        return found

    def told(self, kind: str, between: Between) -> Sequence[Occurrence]:
        """As in the interface."""
        its = (chronicle.c.kind == kind, *_then(chronicle, between), self._counts(chronicle))
        rows = self._scope.rows(_next(select(*told_columns()).where(*its), chronicle, between))
        return [read_occurrence(row) for row in rows]

    def decided(self, between: Between) -> Sequence[Decision]:
        """As in the interface."""
        asked = select(decisions.c.decision).where(*_then(decisions, between), self._counts(decisions))
        return [row.decision for row in self._scope.rows(_next(asked, decisions, between))]

    def looked(self, between: Between) -> Sequence[QcVerdict]:
        """As in the interface."""
        asked = select(qc_verdicts.c.verdict).where(*_then(qc_verdicts, between), self._counts(qc_verdicts))
        return [row.verdict for row in self._scope.rows(_next(asked, qc_verdicts, between))]

    def said(self, of: LotOf, policy: str, between: Between) -> Sequence[Said]:
        """As in the interface."""
        if of is LotOf.ACCEPTED:
            return self._accepted(policy, between)
        first = select(decisions.c.decision).where(
            decisions.c.follows == "", *_then(decisions, between), self._counts(decisions)
        )
        made = (row.decision for row in self._scope.rows(first.order_by(decisions.c.id)))
        return [Said(one.id, one.case_id, one.remedy.value) for one in made if one.by == f"{_BY}{policy}"]

    def touched(self, since: datetime) -> Mapping[str, datetime]:
        """As in the interface."""
        found: dict[str, datetime] = {}
        lately = [select(cases.c.id, cases.c.updated_at.label("at")).where(cases.c.updated_at >= since)]
        for table, at in ((chronicle, "recorded_at"), (decisions, "at"), (qc_verdicts, "at")):
            its = (table.c.id >= first_id_at(since - _SLACK), table.c[at] >= since)
            asked = select(table.c.case_id.label("id"), func.max(table.c[at]).label("at"))
            lately.append(asked.where(*its).group_by(table.c.case_id))
        for table, asked in zip((cases, chronicle, decisions, qc_verdicts), lately, strict=True):
            for row in self._scope.rows(asked.where(self._scope.sees(table))):
                found[row.id] = max(row.at, found.get(row.id, row.at))
        return found

    def tenants(self) -> Sequence[str]:
        """As in the interface: from one to the next, as there are few of them and many cases."""
        found: list[str] = []
        while True:
            following = (cases.c.tenant > found[-1] if found else cases.c.tenant >= "", self._scope.sees(cases))
            row = self._scope.first(select(cases.c.tenant).where(*following).order_by(cases.c.tenant).limit(1))
            if row is None:
                return found
            found.append(row.tenant)

    def _accepted(self, policy: str, between: Between) -> Sequence[Said]:
        name, _, version = policy.rpartition("@")
        on_present = (cases.c.tenant == verdicts.c.tenant) & (cases.c.id == verdicts.c.case_id)
        asked = select(verdicts.c.id, verdicts.c.case_id).join(
            cases, on_present & (cases.c.revision == verdicts.c.revision)
        )
        its = (
            verdicts.c.verdict == Verdict.ACCEPTED, verdicts.c.policy == name, verdicts.c.policy_version == version,
            verdicts.c.judged_at >= between.since, verdicts.c.judged_at < between.until,
            verdicts.c.erased_at.is_(None), self._counts(verdicts), *_made(verdicts, between),
        )  # fmt: skip
        rows = self._scope.rows(asked.where(*its).order_by(verdicts.c.id))
        return [Said(row.id, row.case_id, Verdict.ACCEPTED.value) for row in rows]

    def _of(self, table: Table, case_ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
        return table.c.case_id.in_(case_ids), self._scope.sees(table)

    def _counts(self, table: Table, case: str = "case_id") -> ColumnElement[bool]:
        """The tenant's rows that are not of planted cases."""
        planted = exists().where(planted_cases.c.tenant == table.c.tenant, planted_cases.c.case_id == table.c[case])
        return self._scope.sees(table) & ~planted


def _made(table: Table, between: Between) -> tuple[ColumnElement[bool], ...]:
    """Ids begin with when they were made, so that no other index is needed."""
    return (
        table.c.id >= first_id_at(between.since - _SLACK),
        table.c.id < first_id_at(between.until + _SLACK),
    )


def _then(table: Table, between: Between) -> tuple[ColumnElement[bool], ...]:
    return table.c.at >= between.since, table.c.at < between.until


def _next(asked: Select[Any], table: Table, between: Between) -> Select[Any]:
    return asked.where(table.c.id > between.after).order_by(table.c.id).limit(bounded(between.limit))
