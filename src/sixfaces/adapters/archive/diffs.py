"""A policy diff as a file: CSV or Parquet, a line for each case whose verdict would be another. Whole or not there."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from sixfaces.adapters.folder import FULL
from sixfaces.domain.archive import not_installed
from sixfaces.domain.errors import OutputError
from sixfaces.domain.model import Say
from sixfaces.domain.reverifying import Flip

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    *("case", "case_id", "verdict_id", "old", "new", "old_policy", "new_policy", "by", "rules"),
    *("platform", "categories", "stake", "exhibits", "judged_at"),
)
"""Of a Parquet file: `by`, `rules`, `categories` and `stake` are lists there, amounts decimals."""
SHEET = (*COLUMNS, "amount", "currency")
"""Of a table for spreadsheets: the last two, which can be summed, where the stake is of one currency."""
_MONEY = (38, 4)
"""Digits of an amount, and those behind its point, as case files have them."""
_FORMULA = frozenset("=+-@\t\r")
"""What a spreadsheet would take a cell for that begins so."""


class Diff(Protocol):
    """Takes flips as they come."""

    def add(self, flips: Iterable[Flip]) -> None:
        """Some more."""
        ...

    def finish(self) -> None:
        """No more will come."""
        ...


class _Nowhere:
    def add(self, flips: Iterable[Flip]) -> None:
        """Nobody asked for it."""

    def finish(self) -> None:
        """Nothing to finish."""


def csv_lines(flips: Iterable[Flip], *, titled: bool = False) -> bytes:
    """Lines of a table in UTF-8, no cell a formula; `titled`: after a mark of the encoding and the names of columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if titled:
        text.write("\ufeff")
        writer.writerow(SHEET)
    writer.writerows([_plain(str(cell)) for cell in line_of(flip)] for flip in flips)
    return text.getvalue().encode()


class CsvDiff:
    """Comma-separated, UTF-8, a cell never a formula."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.write(csv_lines((), titled=True))

    def add(self, flips: Iterable[Flip]) -> None:
        """As in the interface."""
        self._file.write(csv_lines(flips))

    def finish(self) -> None:
        """As in the interface. Nothing is left to be written."""


class ParquetDiff:
    """Columns by what they are: counts, instants, decimals, lists."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            import pyarrow.parquet as pq
        except ImportError as exc:
            raise not_installed() from exc
        self._schema = _schema()
        self._writer: Any = pq.ParquetWriter(file, self._schema, compression="zstd")

    def add(self, flips: Iterable[Flip]) -> None:
        """As in the interface."""
        import pyarrow as pa

        rows = [_row_of(flip) for flip in flips]
        if rows:
            self._writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))

    def finish(self) -> None:
        """As in the interface."""
        self._writer.close()


def line_of(flip: Flip) -> tuple[Any, ...]:
    """The cells of one flip, in the order of SHEET."""
    one = next(iter(flip.stake.items())) if len(flip.stake) == 1 else ("", "")
    return (
        flip.number,
        flip.case_id,
        flip.verdict_id,
        flip.old.value,
        flip.new.value,
        flip.old_policy,
        flip.new_policy,
        "; ".join(flip.by),
        "; ".join(f"{code}: {change}" for code, change in sorted(flip.rules.items())),
        flip.platform or "",
        "; ".join(flip.categories),
        "; ".join(f"{amount} {currency}" for currency, amount in sorted(flip.stake.items())),
        flip.exhibits,
        flip.judged_at.isoformat(),
        one[1],
        one[0],
    )


@contextmanager
def diff_into(path: Path | None) -> Iterator[Diff]:
    """A diff that appears under its name when the block ends well. Raises OutputError `output.full` and
    `output.unwritable`, and leaves then, as after any other end, what was there before."""
    if path is None:
        yield _Nowhere()
        return
    if path.suffix not in (".csv", ".parquet"):
        raise _unwritable(path, "CSV, Parquet")
    draft = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            draft = Path(file.name)
            diff: Diff = CsvDiff(file) if path.suffix == ".csv" else ParquetDiff(file)
            try:
                yield diff
            finally:
                diff.finish()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as exc:
        if exc.errno in FULL:
            raise _full(path) from exc
        raise _unwritable(path, exc.strerror or type(exc).__name__) from exc
    finally:
        if draft is not None:
            with suppress(FileNotFoundError):
                draft.unlink()


def _row_of(flip: Flip) -> dict[str, Any]:
    """One flip as a row of a Parquet file."""
    changes = {code: change.split(">") for code, change in sorted(flip.rules.items())}
    return dict(zip(COLUMNS, line_of(flip), strict=False)) | {
        "by": list(flip.by),
        "rules": [{"rule": code, "old": old, "new": new} for code, (old, new) in changes.items()],
        "categories": list(flip.categories),
        "stake": [{"currency": currency, "amount": amount} for currency, amount in sorted(flip.stake.items())],
        "judged_at": flip.judged_at,
    }


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA else cell


def _schema() -> "pa.Schema":
    import pyarrow as pa

    text = pa.string()
    of = {
        "by": pa.list_(text),
        "rules": pa.list_(pa.struct({"rule": text, "old": text, "new": text})),
        "categories": pa.list_(text),
        "stake": pa.list_(pa.struct({"currency": text, "amount": pa.decimal128(*_MONEY)})),
        "exhibits": pa.int64(),
        "judged_at": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([(name, of.get(name, pa.string())) for name in COLUMNS])


def _full(path: Path) -> OutputError:
    return OutputError(
        "output.full",
        Say(zh=f"无法写入 {path}：空间不足。", en=f"{path} cannot be written: no space is left."),
        Say(
            zh="未留下不完整的文件，原有文件未变。请腾出空间或改用其他位置，然后重新运行。",
            en="Nothing half-written was left, what was there before stays. Free some space or name another place, "
            "and run again.",
        ),
    )


def _unwritable(path: Path, why: str) -> OutputError:
    return OutputError(
        "output.unwritable",
        Say(zh=f"无法写入 {path}：{why}。", en=f"{path} cannot be written: {why}."),
        Say(
            zh="请写成可写文件夹中的 .csv 或 .parquet 文件，并确认磁盘有空间。",
            en="Name a .csv or .parquet file in a folder that can be written and has room.",
        ),
    )
