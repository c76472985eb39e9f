"""Lots, samples and known cases."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from sixfaces.adapters.records.scope import Scope, Shape, bounded, paged
from sixfaces.adapters.records.watching_tables import lots, planted_cases, sample_items, sampling_streams
from sixfaces.domain.pages import Page
from sixfaces.domain.sampling import Lot, LotOf, PlantedCase, PlantedFor, SampleItem, Stream

_ITEMS = Shape(sample_items, SampleItem)
_PLANTED = Shape(planted_cases, PlantedCase)
_OPEN = sample_items.c.answered_at.is_(None)


class SqlSamples:
    """Samples (domain.watching_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def stream(self, of: LotOf, policy: str, *, lock: bool = False) -> Stream:
        """As in the interface. One that is locked is there from then on, so that two who draw wait for each other."""
        table, new = sampling_streams, Stream(of=of, policy=policy)
        if lock:
            values = {"tenant": self._scope.named(), "of": of.value, "policy": policy, "stream": new}
            self._scope.done(self._scope.insert(table).values(values).on_conflict_do_nothing())
        asked = select(table.c.stream).where(table.c.of == of, table.c.policy == policy, self._scope.sees(table))
        row = self._scope.first(asked.with_for_update() if lock else asked)
        return new if row is None else row.stream

    def streams(self) -> Sequence[Stream]:
        """As in the interface."""
        asked = select(sampling_streams.c.stream).where(self._scope.sees(sampling_streams))
        ordered = asked.order_by(sampling_streams.c.of, sampling_streams.c.policy)
        return [row.stream for row in self._scope.rows(ordered)]

    def keep_stream(self, stream: Stream) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        values = {"tenant": self._scope.named(), "of": stream.of.value, "policy": stream.policy, "stream": stream}
        new = self._scope.insert(sampling_streams).values(values)
        keys = ["tenant", "of", "policy"]
        self._scope.done(new.on_conflict_do_update(index_elements=keys, set_={"stream": new.excluded.stream}))

    def add(self, lot: Lot, items: Sequence[SampleItem]) -> bool:
        """As in the interface."""
        self._scope.own(lot.tenant)
        same = (lots.c.of == lot.of, lots.c.policy == lot.policy, self._scope.sees(lots))
        overlaps = select(lots.c.id).where(*same, lots.c.from_ < lot.until, lots.c.until > lot.from_).limit(1)
        if self._scope.first(overlaps) is not None:
            return False
        values = {name: getattr(lot, name) for name in ("id", "tenant", "of", "policy", "from_", "until", "outcome")}
        new = self._scope.insert(lots).values(values | {"lot": lot}).on_conflict_do_nothing()
        if self._scope.first(new.returning(lots.c.id)) is None:
            return False
        if items:
            self._scope.connection.execute(sample_items.insert(), [_ITEMS.values(one) for one in items])
        return True

    def lot(self, id: str, *, lock: bool = False) -> Lot | None:
        """As in the interface."""
        asked = select(lots.c.lot).where(lots.c.id == id, self._scope.sees(lots))
        row = self._scope.first(asked.with_for_update(key_share=True) if lock else asked)
        return None if row is None else row.lot

    def lots(self, page: Page) -> Sequence[Lot]:
        """As in the interface."""
        asked = select(lots.c.lot).where(self._scope.sees(lots))
        return [row.lot for row in self._scope.rows(paged(asked, lots.c.id, page))]

    def end(self, lot: Lot) -> None:
        """As in the interface."""
        its = (lots.c.id == lot.id, self._scope.sees(lots))
        self._scope.done(update(lots).where(*its).values(outcome=lot.outcome, lot=lot))

    def item(self, id: str, *, lock: bool = False) -> SampleItem | None:
        """As in the interface."""
        asked = _ITEMS.rows.where(sample_items.c.id == id, self._scope.sees(sample_items))
        return _ITEMS.maybe(self._scope.first(asked.with_for_update(key_share=True) if lock else asked))

    def items(self, lot: str) -> Sequence[SampleItem]:
        """As in the interface."""
        asked = _ITEMS.rows.where(sample_items.c.lot == lot, self._scope.sees(sample_items))
        return [_ITEMS.read(row) for row in self._scope.rows(asked.order_by(sample_items.c.order))]

    def held(self, holder: str) -> SampleItem | None:
        """As in the interface."""
        its = (sample_items.c.holder == holder, _OPEN, self._scope.sees(sample_items))
        return _ITEMS.maybe(self._scope.first(_ITEMS.rows.where(*its)))

    def waiting(self, holder: str, *, limit: int) -> Sequence[SampleItem]:
        """As in the interface."""
        other = sample_items.alias()
        known = select(other.c.planted).where(
            other.c.tenant == sample_items.c.tenant, other.c.planted == sample_items.c.planted,
            other.c.holder == holder, other.c.answered_at.is_not(None),
        )  # fmt: skip
        retired = select(planted_cases.c.id).where(
            planted_cases.c.tenant == sample_items.c.tenant, planted_cases.c.id == sample_items.c.planted,
            planted_cases.c.retired_at.is_not(None),
        )  # fmt: skip
        ended = select(lots.c.id).where(
            lots.c.tenant == sample_items.c.tenant, lots.c.id == sample_items.c.lot, lots.c.outcome.is_not(None)
        )
        free = (sample_items.c.holder.is_(None), ~known.exists(), ~retired.exists(), ~ended.exists())
        asked = (
            _ITEMS.rows.where(*free, self._scope.sees(sample_items))
            .order_by(sample_items.c.order)
            .limit(bounded(limit))
        )
        return [_ITEMS.read(row) for row in self._scope.rows(asked)]

    def release(self, *, before: datetime) -> int:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        held = (sample_items.c.holder.is_not(None), _OPEN, sample_items.c.taken_at < before)
        its = (sample_items.c.tenant == self._scope.named(), *held)
        return self._scope.done(update(sample_items).where(*its).values(holder=None, taken_at=None))

    def drop_planted(self) -> int:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        its = (sample_items.c.tenant == self._scope.named(), sample_items.c.planted.is_not(None))
        return self._scope.done(delete(sample_items).where(*its, sample_items.c.holder.is_(None)))

    def take(self, id: str, holder: str) -> SampleItem | None:
        """As in the interface."""
        its = (sample_items.c.id == id, sample_items.c.holder.is_(None), self._scope.sees(sample_items))
        taken = update(sample_items).where(*its).values(holder=holder, taken_at=self._scope.now)
        return self.item(id) if self._scope.done(taken) else None

    def answer(self, item: SampleItem) -> None:
        """As in the interface."""
        its = (sample_items.c.id == item.id, self._scope.sees(sample_items))
        said = {"answer": item.answer, "note": item.note, "answered_at": item.answered_at}
        self._scope.done(update(sample_items).where(*its).values(said))

    def answered(self, page: Page, *, planted: bool) -> Sequence[SampleItem]:
        """As in the interface."""
        column = sample_items.c.planted
        its = (column.is_not(None) if planted else column.is_(None), sample_items.c.answered_at.is_not(None))
        asked = _ITEMS.rows.where(*its, self._scope.sees(sample_items))
        return [_ITEMS.read(row) for row in self._scope.rows(paged(asked, sample_items.c.id, page))]

    def hidden(self, holder: str, case_ids: Collection[str]) -> Collection[str]:
        """As in the interface."""
        its = (sample_items.c.holder == holder, _OPEN, self._scope.sees(sample_items))
        held = {row.case_id for row in self._scope.rows(select(sample_items.c.case_id).where(*its))}
        return held & set(case_ids)


class SqlPlanting:
    """Planting (domain.watching_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, planted: PlantedCase) -> bool:
        """As in the interface."""
        self._scope.own(planted.tenant)
        new = self._scope.insert(planted_cases).values(_PLANTED.values(planted))
        once = new.on_conflict_do_nothing(index_elements=["tenant", "case_id"])
        return self._scope.first(once.returning(planted_cases.c.id)) is not None

    def get(self, id: str) -> PlantedCase | None:
        """As in the interface."""
        asked = _PLANTED.rows.where(planted_cases.c.id == id, self._scope.sees(planted_cases))
        return _PLANTED.maybe(self._scope.first(asked))

    def of_case(self, case_id: str) -> PlantedCase | None:
        """As in the interface."""
        asked = _PLANTED.rows.where(planted_cases.c.case_id == case_id, self._scope.sees(planted_cases))
        return _PLANTED.maybe(self._scope.first(asked))

    def find(self, page: Page, *, for_: PlantedFor | None = None, standing: bool = False) -> Sequence[PlantedCase]:
        """As in the interface."""
        asked = _PLANTED.rows.where(self._scope.sees(planted_cases))
        if for_ is not None:
            asked = asked.where(planted_cases.c.for_ == for_)
        if standing:
            asked = asked.where(planted_cases.c.retired_at.is_(None))
        return [_PLANTED.read(row) for row in self._scope.rows(paged(asked, planted_cases.c.id, page))]

    def retire(self, id: str) -> PlantedCase | None:
        """As in the interface; one retired before keeps the instant of that."""
        its = (planted_cases.c.id == id, self._scope.sees(planted_cases), planted_cases.c.retired_at.is_(None))
        self._scope.done(update(planted_cases).where(*its).values(retired_at=self._scope.now))
        return self.get(id)
