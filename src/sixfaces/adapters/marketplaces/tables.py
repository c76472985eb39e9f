"""CSV and its kin, a row at a time: the separator is found, the header may stand below some lines of prose."""

import csv
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TextIO

from sixfaces.adapters.marketplaces import refusing
from sixfaces.adapters.marketplaces.mapping import Mapping, Sheet, sources
from sixfaces.adapters.marketplaces.records import Record
from sixfaces.adapters.marketplaces.refusing import BadCell
from sixfaces.adapters.marketplaces.values import plain
from sixfaces.domain.importing import Refusal

SEPARATORS = ",\t;|"
LARGEST_CELL = 100_000
_HEAD = 20
"""Lines among which the header is looked for."""
_SAMPLE = 1 << 16


class Table(NamedTuple):
    """The kind of file that the columns tell, and its rows."""

    sheet: Sheet
    columns: list[str]
    rows: Iterator[Record | Refusal]


def table_of(text: TextIO, mapping: Mapping, *, is_cut: bool) -> Table:
    """Raises ImportFileError where no sheet of the mapping has such columns."""
    csv.field_size_limit(LARGEST_CELL)
    head = text.read(_SAMPLE)
    text.seek(0)
    rows = _Rows(text, _separator(head, mapping))
    first: list[str] = []
    for _ in range(_HEAD):
        row = rows.next()
        if row is None:
            break
        if isinstance(row, Refusal):
            continue
        columns = [plain(cell) for cell in row.cells]
        sheet = next((one for one in mapping.sheets if not lacking(one, columns)), None)
        if sheet is not None:
            _check_once(columns, sheet)
            return Table(sheet, columns, _records(rows, columns, is_cut=is_cut))
        first = max(first, columns, key=len)
    raise refusing.not_this(first, [f"{one.name}: {', '.join(lacking(one, first))}" for one in mapping.sheets])


def lacking(sheet: Sheet, columns: Sequence[str]) -> list[str]:
    """What the sheet needs and these columns do not have: the case's number, and whatever is required."""
    there = set(columns)
    needed = [one for path, one in sources(sheet).items() if one.columns and (one.required or path == "case")]
    return ["/".join(one.columns) for one in needed if not there.intersection(one.columns)]


def _separator(head: str, mapping: Mapping) -> str:
    """The one that cuts a line of the head into most columns that the mapping knows."""
    known = {column for sheet in mapping.sheets for one in sources(sheet).values() for column in one.columns}

    def found(separator: str) -> int:
        lines = head.splitlines()[:_HEAD]
        return max((len(known & {plain(c.strip('"')) for c in line.split(separator)}) for line in lines), default=0)

    return max(SEPARATORS, key=found)


class _Row(NamedTuple):
    line: int
    cells: list[str]


class _Rows:
    """Rows with the number of the line at which they begin; blank ones are left out."""

    def __init__(self, text: TextIO, separator: str) -> None:
        self._reader = csv.reader(text, delimiter=separator, strict=True)

    def next(self) -> _Row | Refusal | None:
        """None at the end."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return None
            except csv.Error as exc:
                why = refusing.cut_short() if "unexpected end" in str(exc) else refusing.unreadable(str(exc)[:100])
                return why.refusal(line)
            if any(cell.strip() for cell in cells):
                return _Row(line, cells)


def _records(rows: _Rows, columns: list[str], *, is_cut: bool) -> Iterator[Record | Refusal]:
    """A file that ends within a character is cut: its last row is nobody's to believe."""
    every: Iterator[_Row | Refusal | None] = itertools.chain(iter(rows.next, None), [None])
    for row, after in itertools.pairwise(every):
        if isinstance(row, Refusal):
            yield row
        elif row is not None:
            yield _record(row, columns, is_last_of_cut=is_cut and after is None)


def _record(row: _Row, columns: list[str], *, is_last_of_cut: bool) -> Record | Refusal:
    cells = row.cells
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()  # a separator at the end of each row
    bad: BadCell | None = None
    if is_last_of_cut:
        bad = refusing.cut_short()
    elif len(cells) != len(columns):
        bad = refusing.cells(len(cells), len(columns))
    return bad.refusal(row.line) if bad else Record(row.line, dict(zip(columns, cells, strict=True)), is_table=True)


def _check_once(columns: list[str], sheet: Sheet) -> None:
    """Columns that nobody asks for may be there twice."""
    asked = {column for one in sources(sheet).values() for column in one.columns} | set(sheet.words)
    doubled = next((one for one in columns if one in asked and columns.count(one) > 1), None)
    if doubled is not None:
        raise refusing.twice(doubled)
