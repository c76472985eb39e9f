"""The rows that were refused, in a file of their own: to be corrected and imported by itself."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

from sixfaces.adapters.marketplaces.mapping import Mapping
from sixfaces.adapters.marketplaces.objects import records_of
from sixfaces.adapters.marketplaces.opening import opened
from sixfaces.adapters.marketplaces.records import Record
from sixfaces.adapters.marketplaces.tables import table_of
from sixfaces.domain.importing import Refusal

BESIDE = ("line", "column", "reason 原因")
"""Columns that come before the file's own; an import passes over them."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_refused(source: BinaryIO, mapping: Mapping, refused: Sequence[Refusal], *, to: Path) -> Path:
    """Write the refused rows of a file beside it; the path. CSV with a byte order mark, which spreadsheets open as
    it is meant, and in which no cell is a formula; or NDJSON."""
    whys = {line: one for one in refused for line in (one.lines or (one.line,))}
    found = opened(source, mapping.encodings)
    try:
        is_json = found.text.read(4096).lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
        found.text.seek(0)
        if is_json:
            return _objects(found.text, mapping, whys, to=to.with_name(f"{to.name}.refused.ndjson"))
        table = table_of(found.text, mapping, is_cut=found.is_cut)
        path = to.with_name(f"{to.name}.refused.csv")
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*BESIDE, *table.columns])
            writer.writerows(_rows(table.rows, table.columns, whys))
        return path
    finally:
        found.text.detach()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; an import takes the apostrophe away again."""
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def _rows(
    rows: Iterator[Record | Refusal], columns: Sequence[str], whys: dict[int, Refusal]
) -> Iterator[list[str]]:  # fmt: skip
    for row in rows:
        why = whys.get(row.line)
        if why is None:
            continue
        cells = [str(row.tree[column]) for column in columns] if isinstance(row, Record) else []
        told = f"{why.text.zh} {why.text.en}"
        yield [guarded(cell) for cell in (str(row.line), why.column or "", told, *cells)]


def _objects(text: TextIO, mapping: Mapping, whys: dict[int, Refusal], *, to: Path) -> Path:
    wrappers = tuple(sheet.records for sheet in mapping.sheets if sheet.records is not None)
    with to.open("w", encoding="utf-8") as file:
        for one in records_of(text, wrappers):
            if isinstance(one, Record) and one.line in whys:
                file.write(json.dumps(one.tree, ensure_ascii=False) + "\n")
    return to
