"""Cases of a tenant."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    cast,
    exists,
    func,
    literal_column,
    select,
    type_coerce,
    update,
)

from sixfaces.adapters.records.scope import Scope, Shape, bounded, paged
from sixfaces.adapters.records.tables import cases, exhibits
from sixfaces.adapters.records.waybills import plain
from sixfaces.domain.case import CaseFile
from sixfaces.domain.filing import CaseState, FiledCase, KnownTexts
from sixfaces.domain.records import CaseQuery, Page

_SHAPE = Shape(cases, FiledCase)
_LINES = cast(literal_column("'{order,items}'"), ARRAY(Text))
_TIMES = cast(literal_column("'received_at'"), Text)
_ITS_EXHIBITS = (exhibits.c.tenant == cases.c.tenant) & (exhibits.c.case_id == cases.c.id)


class SqlCases:
    """Cases (domain.records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, case: FiledCase) -> bool:
        """As in the interface."""
        self._scope.own(case.tenant)
        row = _SHAPE.values(case) | searched(case.file) | {"opened_at": case.opened_at}
        new = self._scope.insert(cases).values(row).on_conflict_do_nothing(index_elements=["tenant", "case_id"])
        return self._scope.first(new.returning(cases.c.id)) is not None

    def get(self, id: str, *, lock: bool = False) -> FiledCase | None:
        """As in the interface."""
        return self._one(cases.c.id == id, lock=lock)

    def by_case_id(self, case_id: str, *, lock: bool = False) -> FiledCase | None:
        """As in the interface."""
        return self._one(cases.c.case_id == case_id, lock=lock)

    def salt(self, id: str) -> bytes | None:
        """As in the interface."""
        row = self._scope.first(select(cases.c.salt).where(cases.c.id == id, self._scope.sees(cases)))
        return None if row is None else row.salt

    def known_texts(self, id: str) -> KnownTexts | None:
        """As in the interface."""
        row = self._scope.first(select(cases.c.known_texts).where(cases.c.id == id, self._scope.sees(cases)))
        return None if row is None else row.known_texts

    def know_texts(self, id: str, known: KnownTexts | None) -> None:
        """As in the interface."""
        self._scope.done(update(cases).where(cases.c.id == id, self._scope.sees(cases)).values(known_texts=known))

    def find(self, query: CaseQuery, page: Page, *, in_short: bool = False) -> Sequence[FiledCase]:
        """As in the interface."""
        asked = query._replace(waybill=plain(query.waybill) if query.waybill is not None else None)._asdict()
        station = asked.pop("only_of")
        wanted = [cases.c[name] == value for name, value in asked.items() if value is not None]
        if station is not None:
            others = exhibits.c.station.is_distinct_from(station)
            wanted.append(~exists().where(_ITS_EXHIBITS, others))
        asks = self._in_short() if in_short else _SHAPE.rows
        found = asks.where(self._scope.sees(cases), *wanted)
        return [_SHAPE.read(row) for row in self._scope.rows(paged(found, cases.c.id, page))]

    def carrying(self, code: str, *, limit: int) -> Sequence[FiledCase]:
        """As in the interface: one look into each index, for a case has as many codes as it has indexes."""
        looks = {"case_id": code, "order_id": code, "claim_id": code, "waybill": plain(code), "outbound": plain(code)}
        ids: set[str] = set()
        for name, value in looks.items():
            its = (cases.c[name] == value, self._scope.sees(cases))
            asked = select(cases.c.id).where(*its).order_by(cases.c.id.desc()).limit(bounded(limit))
            ids.update(row.id for row in self._scope.rows(asked))
        asked = _SHAPE.rows.where(cases.c.id.in_(ids), self._scope.sees(cases))
        return [_SHAPE.read(row) for row in self._scope.rows(paged(asked, cases.c.id, Page(limit=limit)))]

    def change(
        self, id: str, *, file: CaseFile | None = None, revised: bool = False, state: CaseState | None = None
    ) -> FiledCase:
        """As in the interface. Raises LookupError where there is no such case."""
        new: dict[str, Any] = {"updated_at": self._scope.now}
        if file is not None:
            new |= {"file": file, "opened_at": file.claim.opened_at or cases.c.created_at} | searched(file)
        if revised:
            new |= {"revision": cases.c.revision + 1, "verdict": None}
        if state is not None:
            closed = func.coalesce(cases.c.closed_at, self._scope.now) if state is CaseState.CLOSED else None
            new |= {"state": state, "closed_at": closed}
        changed = update(cases).where(cases.c.id == id, self._scope.sees(cases)).values(new)
        row = self._scope.first(changed.returning(*_SHAPE.columns))
        if row is None:
            raise LookupError(id)
        return _SHAPE.read(row)

    def _in_short(self) -> Select[Any]:
        """The database leaves out what nobody asked for: it need not be carried over and read to be thrown away."""
        if self._scope.on_postgres:
            file: ColumnElement[Any] = cases.c.file.op("#-")(_LINES).op("-")(_TIMES)
        else:
            file = func.json_remove(cases.c.file, "$.order.items", "$.received_at")
        short = type_coerce(file, cases.c.file.type).label("file")
        return select(*(short if column is cases.c.file else column for column in _SHAPE.columns))

    def _one(self, condition: Any, *, lock: bool) -> FiledCase | None:  # noqa: ANN401 a column expression
        asked = _SHAPE.rows.where(condition, self._scope.sees(cases))
        # FOR NO KEY UPDATE: who tells an event of the case holds the lock of its events while its foreign key is looked
        # at, and whoever has the case tells events of it: with FOR UPDATE each would wait for the other.
        return _SHAPE.maybe(self._scope.first(asked.with_for_update(key_share=True) if lock else asked))


def searched(file: CaseFile) -> dict[str, str | None]:
    """What cases are found by."""
    waybill, outbound = file.return_parcel.waybill, file.outbound_parcel.waybill
    return {
        "case_id": file.case_id,
        "order_id": file.order.order_id,
        "claim_id": file.claim.claim_id,
        "waybill": plain(waybill) if waybill is not None else None,
        "outbound": plain(outbound) if outbound is not None else None,
    }
