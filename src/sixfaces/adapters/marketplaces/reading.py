"""Reads files and events of a platform by its mapping: `domain.importing.Marketplace`."""

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sixfaces.adapters.marketplaces import refusing
from sixfaces.adapters.marketplaces.mapping import Mapping, Sheet, sources
from sixfaces.adapters.marketplaces.objects import records_of
from sixfaces.adapters.marketplaces.opening import opened
from sixfaces.adapters.marketplaces.records import Record, exploded
from sixfaces.adapters.marketplaces.rows import Row, RowReader, Terms
from sixfaces.adapters.marketplaces.runs import together
from sixfaces.adapters.marketplaces.tables import table_of
from sixfaces.adapters.marketplaces.values import Reading
from sixfaces.domain.importing import Refusal, Statement
from sixfaces.domain.importing import Tree as Event

_SNIFFED = 4096


class Given(NamedTuple):
    """What who imports says of a file that names it nowhere, before what its mapping says."""

    zone: ZoneInfo | None = None
    currency: str | None = None


NOTHING = Given()


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of this name. Raises ImportFileError."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refusing.unknown_zone() from None


class MappedMarketplace:
    """One platform, by one mapping."""

    def __init__(self, mapping: Mapping, given: Given = NOTHING) -> None:
        self.name = mapping.name
        self._mapping = mapping
        self.edition = f"{mapping.name}-{mapping.version}"
        zone = given.zone or (ZoneInfo(mapping.zone) if mapping.zone else None)
        reading = Reading(zone, mapping.dates, mapping.decimal, frozenset(mapping.empty))
        self._terms = Terms(mapping.name, given.currency or mapping.currency, reading)

    def read(self, file: BinaryIO) -> Iterator[Statement | Refusal]:
        """As in the interface."""
        found = opened(file, self._mapping.encodings)
        try:
            if _is_json(found.text.read(_SNIFFED)):
                found.text.seek(0)
                yield from together(self._objects(records_of(found.text, self._wrappers())))
                return
            found.text.seek(0)
            table = table_of(found.text, self._mapping, is_cut=found.is_cut)
            reader = RowReader(table.sheet, self._terms)
            yield from together(row if isinstance(row, Refusal) else reader.read(row) for row in table.rows)
        finally:
            found.text.detach()

    def read_event(self, event: Event) -> Iterator[Statement | Refusal]:
        """As in the interface."""
        inner = [Record(1, _as_text(event))]
        for path in self._wrappers():
            wrapped = _under(event, path)
            if isinstance(wrapped, list):
                inner = [Record(n, _as_text(one)) for n, one in enumerate(wrapped, 1) if isinstance(one, dict)]
                break
        yield from together(self._objects(iter(inner)))

    def _wrappers(self) -> tuple[str, ...]:
        return tuple(sheet.records for sheet in self._mapping.sheets if sheet.records is not None)

    def _objects(self, records: Iterator[Record | Refusal]) -> Iterator[Row | Refusal]:
        readers = {sheet.name: RowReader(sheet, self._terms) for sheet in self._mapping.sheets}
        for record in records:
            if isinstance(record, Refusal):
                yield record
                continue
            sheet = self._sheet_of(record)
            for part in exploded(record, sheet.items):
                yield readers[sheet.name].read(part)

    def _sheet_of(self, record: Record) -> Sheet:
        """The first of which everything that is needed is there; else the one that lacks least says what is missing."""

        def lacks(sheet: Sheet) -> int:
            parts = [next(exploded(record, sheet.items)).get]
            needed = [one for path, one in sources(sheet).items() if one.columns and (one.required or path == "case")]
            return sum(not any(get(column) for get in parts for column in one.columns) for one in needed)

        return min(self._mapping.sheets, key=lacks)


def _is_json(head: str) -> bool:
    return head.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def _as_text(tree: Any) -> Any:  # noqa: ANN401 any JSON
    """Numbers as the text that they are read as in files."""
    if isinstance(tree, dict):
        return {name: _as_text(one) for name, one in tree.items()}
    if isinstance(tree, list):
        return [_as_text(one) for one in tree]
    return tree if isinstance(tree, bool | str) or tree is None else str(tree)


def _under(tree: Any, path: str) -> Any:  # noqa: ANN401 any JSON
    for part in path.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree
