"""What people wrote of one exhibit goes with it, where its case stays: that they wrote, who and when stays.

Of an exhibit is whatever names it, by its digest or id: answers of inspections that it is a witness of, entries of the
chronicle that it proves. So is what follows from these and was there when the exhibit went: the verdict on such
answers, what somebody made of the evidence of the side that handed it in, and why such an entry was struck.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Row, exists, select, update

from sixfaces.adapters.records.claim_tables import chronicle, inspection_answers, inspections, qc_verdicts
from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.tables import exhibits
from sixfaces.domain.chronicle import Assessed, EvidenceCame, Happening, Struck
from sixfaces.domain.erased_words import wordless

_HAPPENING: TypeAdapter[Happening] = TypeAdapter(Happening)


class _Entry(NamedTuple):
    """An entry of the chronicle, read."""

    row: Row[Any]
    what: Happening


class ErasedExhibit:
    """One erased exhibit in a transaction; all of it may be done again, and does only what is left to do."""

    def __init__(self, scope: Scope, exhibit_id: str) -> None:
        asked = select(exhibits.c.case_id, exhibits.c.sha256, exhibits.c.erased)
        row = scope.first(
            asked.where(exhibits.c.id == exhibit_id, exhibits.c.erased.is_not(None), scope.sees(exhibits))
        )
        if row is None:
            raise LookupError(exhibit_id)
        self._scope, self._case, self._went_at = scope, row.case_id, row.erased.at
        self._sha256 = row.sha256
        self._names = (row.sha256, exhibit_id)

    def forget(self) -> None:
        """Nothing, where another exhibit of the case has the same bytes: then it may all be of that one."""
        if self._is_there_still():
            return
        for row in self._answers():
            self._write(inspection_answers, row, {"answer": wordless(row.answer)}, was=row.answer)
        of_these = self._of_case(qc_verdicts), qc_verdicts.c.inspection.in_(self._inspections())
        asked = select(qc_verdicts).where(*of_these, qc_verdicts.c.erased_at.is_(None))
        for row in self._scope.rows(asked.where(qc_verdicts.c.at <= self._went_at)):
            self._write(qc_verdicts, row, {"verdict": wordless(row.verdict)}, was=row.verdict)
        for row, what in self._entries():
            if row.erased_at is None and wordless(what) != what:
                left = wordless(what).model_dump(mode="json")
                self._write(chronicle, row, {"what": left}, was=None)

    def named_by(self) -> Sequence[str]:
        """Ids of inspections and entries that are of it."""
        if self._is_there_still():
            return []
        return [*self._inspections(), *(one.row.id for one in self._entries())]

    def _is_there_still(self) -> bool:
        alike = (exhibits.c.sha256 == self._sha256, exhibits.c.case_id == self._case, self._scope.sees(exhibits))
        found = select(exists().where(*alike, exhibits.c.erased.is_(None)))
        return bool(self._scope.connection.execute(found).scalar_one())

    def _write(self, table: Any, row: Row[Any], new: dict[str, Any], *, was: Any) -> None:  # noqa: ANN401 of any table
        if was is not None and was in new.values():
            return
        its = (table.c.id == row.id, self._scope.sees(table))
        self._scope.done(update(table).where(*its).values(new | {"erased_at": self._scope.now}))

    def _answers(self, *, left: bool = True) -> Iterator[Row[Any]]:
        its = select(inspections.c.id).where(self._of_case(inspections), self._scope.sees(inspections))
        asked = select(inspection_answers).where(
            inspection_answers.c.inspection.in_(its), self._scope.sees(inspection_answers)
        )
        asked = asked.where(inspection_answers.c.erased_at.is_(None)) if left else asked
        return (row for row in self._scope.rows(asked) if self._is_of(row.answer.model_dump_json()))

    def _inspections(self) -> list[str]:
        return sorted({row.inspection for row in self._answers(left=False)})

    def _entries(self) -> list[_Entry]:
        """Of the chronicle, in its order: what strikes an entry comes after it."""
        asked = select(chronicle).where(self._of_case(chronicle), self._scope.sees(chronicle)).order_by(chronicle.c.id)
        every = [_Entry(row, _HAPPENING.validate_python(row.what, strict=False)) for row in self._scope.rows(asked)]
        found = [one for one in every if self._is_of(one.what.model_dump_json())]
        came = [one for one in found if isinstance(one.what, EvidenceCame)]
        made_of_it = [one for one in every if any(self._assesses(one, of) for of in came)]
        ids = {one.row.id for one in (*found, *made_of_it)}
        return [
            one for one in every
            if one.row.id in ids or (isinstance(one.what, Struck) and one.what.entry in ids)
        ]  # fmt: skip

    def _assesses(self, one: _Entry, came: _Entry) -> bool:
        what, handed = one.what, came.what
        if not (isinstance(what, Assessed) and isinstance(handed, EvidenceCame) and what.of is handed.of):
            return False
        return bool(came.row.recorded_at <= one.row.recorded_at <= self._went_at)

    def _is_of(self, told: str) -> bool:
        return any(name in told for name in self._names)

    def _of_case(self, table: Any) -> Any:  # noqa: ANN401 a table, a condition
        return table.c.case_id == self._case
