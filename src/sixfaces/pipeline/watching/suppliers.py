"""The record of suppliers (D15): confirmed defects by supplier, batch, category and article, with what they are of."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sixfaces.domain.case import OrderItem
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.watching import DefectCount, ShippedUnits, SupplierRecord
from sixfaces.domain.watching_records import Between
from sixfaces.pipeline.inspections.knowing import blind_cases
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.watching import errors
from sixfaces.pipeline.watching.counting import AT_ONCE, Known, confirmed, known_of
from sixfaces.watching.shipping import pieces
from sixfaces.watching.sureness import share

MOST_LOOKS = 50_000
COLUMNS = (
    "supplier", "batch", "category", "sku", "code", "lines", "inspected", "shipped", "share", "low", "high",
    "first_at", "last_at",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Goods(NamedTuple):
    """What goods were: nothing in words where it is not known."""

    supplier: str
    batch: str
    category: str
    sku: str


class Line(NamedTuple):
    """One inspected line of an order."""

    goods: Goods
    codes: frozenset[str]
    at: datetime


def defects_of(
    service: Service, who: Principal, *, since: datetime, until: datetime, supplier: str | None = None
) -> list[DefectCount]:
    """Every defect that was confirmed in the period, most frequent first; nothing of cases that who asks has to look at
    without knowing. Raises WatchingError `watching.too_many`."""
    lines = _lines(service, who, since, until=until)
    lines = [one for one in lines if supplier is None or one.goods.supplier == supplier]
    inspected: dict[Goods, int] = defaultdict(int)
    found: dict[tuple[Goods, str], list[datetime]] = defaultdict(list)
    for line in lines:
        inspected[line.goods] += 1
        for code in line.codes:
            found[line.goods, code].append(line.at)
    shipped = _shipped(service, who.tenant, since, until=until)
    counts = (
        _count(goods, code, at, inspected=inspected[goods], shipped=_units(shipped, goods))
        for (goods, code), at in found.items()
    )
    return sorted(counts, key=lambda one: (-one.lines, one.supplier, one.batch, one.category, one.sku, one.code))


def suppliers_of(service: Service, who: Principal, *, since: datetime, until: datetime) -> list[SupplierRecord]:
    """Every supplier of whom goods were inspected, by name; without what `defects_of` leaves out."""
    lines = _lines(service, who, since, until=until)
    shipped = _shipped(service, who.tenant, since, until=until)
    found = []
    for name in sorted({line.goods.supplier for line in lines if line.goods.supplier}):
        own = [line for line in lines if line.goods.supplier == name]
        defective = sum(bool(line.codes) for line in own)
        sent = [one for one in shipped if one.supplier == name]
        found.append(
            SupplierRecord(
                supplier=name,
                inspected=len(own),
                defective=defective,
                share=share(defective, len(own)),
                batches=len({line.goods.batch for line in own if line.goods.batch}),
                shipped=pieces(sent) if sent else None,
            )
        )
    return found


def csv_of(counts: Iterable[DefectCount]) -> bytes:
    """A table for spreadsheets, in UTF-8 with the mark that they know it by. What a spreadsheet would take for a
    formula is led by an apostrophe: names come from outside."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in counts:
        writer.writerow([harmless(cell) for cell in _cells(one)])
    return sheet.getvalue().encode("utf-8-sig")


def harmless(cell: object) -> str:
    """The cell as no formula."""
    text = "" if cell is None else str(cell)
    is_number = isinstance(cell, int | float)
    return f"'{text}" if not is_number and text.startswith(_FORMULA) else text


def _cells(one: DefectCount) -> Iterator[object]:
    plain = one.model_dump(mode="json")
    shares = {"share": one.share.value, "low": one.share.low, "high": one.share.high}
    yield from ((shares[name] if name in shares else plain[name]) for name in COLUMNS)


def _count(goods: Goods, code: str, at: Sequence[datetime], *, inspected: int, shipped: int | None) -> DefectCount:
    return DefectCount(
        **goods._asdict(), code=code, lines=len(at), inspected=inspected, shipped=shipped,
        share=share(len(at), inspected), first_at=min(at), last_at=max(at),
    )  # fmt: skip


def _lines(service: Service, who: Principal, since: datetime, *, until: datetime) -> list[Line]:
    """Every line that was inspected in the period, once, by all looks at it."""
    if until <= since:
        return []
    found: dict[tuple[str, int], Line] = {}
    between, looked = Between(since, until, limit=AT_ONCE), 0
    while True:
        with service.records.begin(who.tenant, reading=True) as transaction:
            piece, blind = transaction.watching.looked(between), blind_cases(transaction, who)
            found |= _looked_at(transaction, [one for one in piece if one.case_id not in blind])
        looked += len(piece)
        if looked > MOST_LOOKS:
            raise errors.too_many(MOST_LOOKS)
        if len(piece) < AT_ONCE:
            return list(found.values())
        between = between._replace(after=piece[-1].id)


def _looked_at(transaction: Transaction, piece: Sequence[QcVerdict]) -> dict[tuple[str, int], Line]:
    ids = {one.case_id for one in piece}
    known = known_of(transaction, ids)
    lines = {(one.case_id, one.line) for one in piece}
    told = ((key, _line(known[key[0]], key[1])) for key in lines)
    return {key: line for key, line in told if line is not None}


def _line(known: Known, number: int) -> Line | None:
    items = known.case.file.order.items
    its = [one for one in known.looks if one.line == number]
    if number >= len(items) or not its:
        return None
    return Line(goods_of(items[number]), confirmed(known, number), its[-1].at)


def goods_of(item: OrderItem) -> Goods:
    """What the order says of them."""
    return Goods(item.supplier or "", item.batch or "", item.category or "", item.sku or "")


def _shipped(service: Service, tenant: str, since: datetime, *, until: datetime) -> Sequence[ShippedUnits]:
    """Whole days, in UTC, all that the period touches."""
    first, last = since.astimezone(UTC), until.astimezone(UTC) - timedelta(microseconds=1)
    with service.records.begin(tenant, reading=True) as transaction:
        return transaction.day_counts.shipped(first.date(), last.date() + timedelta(1))


def _units(shipped: Sequence[ShippedUnits], goods: Goods) -> int | None:
    """Pieces of just these goods; None where none was told of. What was told of a whole supplier is no figure of one of
    its batches."""
    fitting = [one for one in shipped if _fits(one, goods)]
    return pieces(fitting) if fitting else None


def _fits(one: ShippedUnits, goods: Goods) -> bool:
    """Whether it tells all that is known of the goods, or more."""
    told = (one.supplier, one.batch, one.category, one.sku)
    return any(goods) and all(not real or said == real for said, real in zip(told, goods, strict=True))
