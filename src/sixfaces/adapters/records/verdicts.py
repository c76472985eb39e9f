"""Verdicts: appended, never changed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select, update

from sixfaces.adapters.records.scope import Scope, Shape
from sixfaces.adapters.records.tables import cases, verdicts
from sixfaces.domain.filing import StoredVerdict

_SHAPE = Shape(verdicts, StoredVerdict)
_ONCE = ["tenant", "case_id", "revision", "code_version", "policy_digest", "again"]


class SqlVerdicts:
    """Verdicts (domain.records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, verdict: StoredVerdict) -> bool:
        """As in the interface. Cases are found by the verdict on their present revision from here on."""
        self._scope.own(verdict.tenant)
        new = self._scope.insert(verdicts).values(_SHAPE.values(verdict)).on_conflict_do_nothing(index_elements=_ONCE)
        if self._scope.first(new.returning(verdicts.c.id)) is None:
            return False
        judged = (
            cases.c.tenant == verdict.tenant,
            cases.c.id == verdict.case_id,
            cases.c.revision == verdict.revision,
        )
        self._scope.done(update(cases).where(*judged).values(verdict=verdict.verdict))
        return True

    def current(self, case_id: str) -> StoredVerdict | None:
        """As in the interface."""
        on_present = select(cases.c.revision).where(cases.c.id == case_id).scalar_subquery()
        asked = self._of(case_id).where(verdicts.c.revision == on_present).limit(1)
        return _SHAPE.maybe(self._scope.first(asked))

    def current_of(self, case_ids: Collection[str]) -> Mapping[str, StoredVerdict]:
        """As in the interface."""
        on_present = (cases.c.tenant == verdicts.c.tenant) & (cases.c.id == verdicts.c.case_id)
        asked = _SHAPE.rows.join(cases, on_present & (cases.c.revision == verdicts.c.revision))
        asked = asked.where(verdicts.c.case_id.in_(case_ids), self._scope.sees(verdicts))
        rows = self._scope.rows(asked.order_by(verdicts.c.entry, verdicts.c.id)) if case_ids else ()
        return {row.case_id: _SHAPE.read(row) for row in rows}

    def of_case(self, case_id: str) -> Sequence[StoredVerdict]:
        """As in the interface."""
        return [_SHAPE.read(row) for row in self._scope.rows(self._of(case_id))]

    def _of(self, case_id: str) -> Select[Any]:
        its = (verdicts.c.case_id == case_id, self._scope.sees(verdicts))
        return _SHAPE.rows.where(*its).order_by(verdicts.c.entry.desc(), verdicts.c.id.desc())
