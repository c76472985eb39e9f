"""What goes of a claim's course with its case: words that people wrote, who is told of it, when its clocks turn."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Column, ColumnElement, Select, Table, delete, func, select, update

from sixfaces.adapters.records.claim_tables import (
    chronicle,
    clock_turns,
    decisions,
    inspection_answers,
    inspections,
    payments,
    qc_verdicts,
)
from sixfaces.adapters.records.erasing_tables import legal_holds
from sixfaces.adapters.records.notice_tables import links, notices
from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.watching_tables import planted_cases, sample_items
from sixfaces.domain.chronicle import Happening
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.erased_words import GONE, wordless
from sixfaces.domain.notice import NoticeState

_HAPPENING: TypeAdapter[Happening] = TypeAdapter(Happening)
_STILL_SAID: tuple[tuple[Table, Column[Any]], ...] = (
    (inspection_answers, inspection_answers.c.answer),
    (qc_verdicts, qc_verdicts.c.verdict),
    (decisions, decisions.c.decision),
)


class ErasedCourse:
    """One erased case in a transaction; all of it may be done again, and does only what is left to do."""

    def __init__(self, scope: Scope, case_id: str) -> None:
        self._scope = scope
        self._case_id = case_id

    def forget(self, *, forget_waybill: bool) -> None:
        """Everything of it. `forget_waybill`: also by what other claims of the parcel and the order find it."""
        self._chronicle(forget_waybill=forget_waybill)
        for table, column in _STILL_SAID:
            self._words(table, column)
        self._orders(forget=forget_waybill)
        self._scope.done(delete(clock_turns).where(*self._of(clock_turns)))
        for table in (legal_holds, planted_cases, sample_items):
            self._scope.done(update(table).where(*self._of(table)).values(note=None))
        self._tell_nobody()

    def inspections(self) -> Sequence[str]:
        """Ids of the case's inspections."""
        return [row.id for row in self._scope.rows(self._its_inspections())]

    def _chronicle(self, *, forget_waybill: bool) -> None:
        """Its numbers of parcels may go later than its words."""
        left = () if forget_waybill else (chronicle.c.erased_at.is_(None),)
        asked = select(chronicle.c.id, chronicle.c.what).where(*self._of(chronicle), *left)
        for row in self._scope.rows(asked):
            what = wordless(_HAPPENING.validate_python(row.what, strict=False), forget_waybill=forget_waybill)
            erased_at = func.coalesce(chronicle.c.erased_at, self._scope.now)
            new = {"what": what.model_dump(mode="json"), "reference": None, "erased_at": erased_at}
            self._scope.done(update(chronicle).where(chronicle.c.id == row.id).values(new))

    def _words(self, table: Table, column: Column[Any]) -> None:
        its = (*self._of(table), table.c.erased_at.is_(None))
        for row in self._scope.rows(select(table.c.id, column).where(*its)):
            new = {column.name: wordless(getattr(row, column.name)), "erased_at": self._scope.now}
            self._scope.done(update(table).where(table.c.id == row.id, self._scope.sees(table)).values(new))

    def _orders(self, *, forget: bool) -> None:
        """Pieces stay entered as paid back, without what goods were called; `forget`: of an order that nobody finds any
        more, since when is written down."""
        its = (*self._of(payments), payments.c.erased_at.is_(None))
        for row in self._scope.rows(select(payments.c.payment).where(*its)):
            payment: Payment = row.payment
            left = payment.model_copy(update={"title": None})
            new: dict[str, object] = {"payment": left}
            if forget:
                order = f"{GONE} {self._case_id}"
                left = left.model_copy(update={"order_id": order, "sku": None})
                new = {"order_id": order, "payment": left, "erased_at": self._scope.now}
            piece = (payments.c.line == payment.unit.line, payments.c.piece == payment.unit.piece)
            self._scope.done(update(payments).where(*its, *piece).values(new))

    def _tell_nobody(self) -> None:
        """Links lead nowhere, and notices that wait are not sent."""
        still = (*self._of(links), links.c.revoked_at.is_(None))
        self._scope.done(update(links).where(*still).values(revoked_at=self._scope.now))
        waiting = (*self._of(notices), notices.c.state == NoticeState.PENDING)
        over = {"state": NoticeState.DROPPED, "next_attempt_at": None, "ended_at": self._scope.now}
        self._scope.done(update(notices).where(*waiting).values(over | {"token": notices.c.token + 1}))

    def _of(self, table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        if "case_id" in table.c:
            return table.c.case_id == self._case_id, self._scope.sees(table)
        return table.c.inspection.in_(self._its_inspections()), self._scope.sees(table)

    def _its_inspections(self) -> Select[Any]:
        return select(inspections.c.id).where(inspections.c.case_id == self._case_id, self._scope.sees(inspections))
