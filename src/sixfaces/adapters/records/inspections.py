"""Inspections, their answers, and what they concluded."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from sixfaces.adapters.records.claim_tables import inspection_answers, inspections, qc_verdicts
from sixfaces.adapters.records.scope import Scope, Shape, paged
from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.inspection import Inspection, QcVerdict, StepAnswer
from sixfaces.domain.records import Page

_SHAPE = Shape(inspections, Inspection)
_CHANGES = frozenset({"state", "holder", "station", "revision", "updated_at"})


class SqlInspections:
    """Inspections (domain.claim_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, inspection: Inspection) -> None:
        """As in the interface."""
        self._scope.own(inspection.tenant)
        self._scope.done(inspections.insert().values(_SHAPE.values(inspection)))

    def get(self, id: str, *, lock: bool = False) -> Inspection | None:
        """As in the interface."""
        asked = select(*_SHAPE.columns).where(inspections.c.id == id, self._scope.sees(inspections))
        return _SHAPE.maybe(self._scope.first(asked.with_for_update(key_share=True) if lock else asked))

    def find(self, query: InspectionQuery, page: Page) -> Sequence[Inspection]:
        """As in the interface."""
        given = query._asdict()
        wanted = [inspections.c.second_of.is_not(None)] if given.pop("second_looks") else []
        wanted += [inspections.c[name] == value for name, value in given.items() if value is not None]
        asked = select(*_SHAPE.columns).where(self._scope.sees(inspections), *wanted)
        return [_SHAPE.read(row) for row in self._scope.rows(paged(asked, inspections.c.id, page))]

    def change(self, inspection: Inspection) -> None:
        """As in the interface."""
        its = (inspections.c.id == inspection.id, self._scope.sees(inspections))
        values: dict[str, Any] = {name: getattr(inspection, name) for name in _CHANGES}
        self._scope.done(update(inspections).where(*its).values(values))

    def answer(self, id: str, answer: StepAnswer) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        values = {"tenant": self._scope.named(), "inspection": id, "answer": answer}
        self._scope.done(inspection_answers.insert().values(values))

    def answers(self, id: str) -> Sequence[StepAnswer]:
        """As in the interface."""
        its = (inspection_answers.c.inspection == id, self._scope.sees(inspection_answers))
        asked = select(inspection_answers.c.answer).where(*its).order_by(inspection_answers.c.id)
        return [row.answer for row in self._scope.rows(asked)]


class SqlQcVerdicts:
    """QcVerdicts (domain.claim_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, verdict: QcVerdict) -> None:
        """As in the interface."""
        self._scope.own(verdict.tenant)
        values = {name: getattr(verdict, name) for name in ("id", "tenant", "case_id", "inspection", "outcome", "at")}
        self._scope.done(qc_verdicts.insert().values(values | {"verdict": verdict}))

    def of_case(self, case_id: str) -> Sequence[QcVerdict]:
        """As in the interface."""
        its = (qc_verdicts.c.case_id == case_id, self._scope.sees(qc_verdicts))
        asked = select(qc_verdicts.c.verdict).where(*its).order_by(qc_verdicts.c.id)
        return [row.verdict for row in self._scope.rows(asked)]
