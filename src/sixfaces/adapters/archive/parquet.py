"""Parts of the archive as Parquet: zstd, dictionaries where values repeat, some hundred rows in a group.

Any reader of Parquet opens them; `sixfaces` in the file's own metadata holds the form, the observers, the order of the
rules' codes, what numbers stand for and the policies that judged.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from sixfaces.domain.archive import UNNAMED, Block, Head, Row, not_installed
from sixfaces.pipeline.archive.errors import corrupt, newer
from sixfaces.pipeline.archive.rows import FACTS

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

FORM = "sixfaces.archive/1"
GROUP = 512
"""Rows in a group: what is in memory at once, and what a column is read of at a time."""

_WORDS = ("id", "case_id", "number")
_REPEATED = ("code_version", "policy", "policy_version", "policy_digest", "verdict", "platform", "stake")
_LISTS = ("categories", "stations")
_BYTES = ("roles", "verdicts", "told", "case", "history", "frames")


class ParquetParts:
    """Writes and reads parts (domain.archive)."""

    def available(self) -> bool:
        """As in the interface."""
        return find_spec("pyarrow") is not None

    def write(self, rows: Iterable[Row], head: Head) -> bytes:
        """As in the interface. Columns of facts are those that any row has."""
        if not self.available():
            raise not_installed()
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows = list(rows)
        kinds = sorted({name for row in rows for name in row if name.startswith(FACTS)})
        told = {"form": FORM, **head._asdict(), "policies": dict(head.policies), "meanings": head.meanings._asdict()}
        schema = _schema(kinds).with_metadata({"sixfaces": json.dumps(told)})
        into = pa.BufferOutputStream()
        options: dict[str, Any] = {"compression": "zstd", "use_dictionary": list(_REPEATED)}
        with pq.ParquetWriter(into, schema, **options) as writer:
            each = iter(rows)
            while group := list(islice(each, GROUP)):
                columns = {name: [row.get(name) for row in group] for name in schema.names}
                writer.write_table(pa.table(columns, schema=schema), row_group_size=GROUP)
        return bytes(into.getvalue())

    def read(self, data: bytes, *, part: str) -> Iterator[Block]:
        """As in the interface."""
        if not self.available():
            raise not_installed()
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            file = pq.ParquetFile(pa.BufferReader(data))
            told = json.loads((file.schema_arrow.metadata or {})[b"sixfaces"])
        except (pa.ArrowException, OSError, KeyError, ValueError) as exc:
            raise corrupt(part, type(exc).__name__) from exc
        if told.get("form") != FORM:
            raise newer(part, str(told.get("form"))[:60])
        head = _head(told)
        for group in range(file.num_row_groups):
            yield _Group(file, group, head=head, part=part)


def _head(told: Mapping[str, Any]) -> Head:
    named: Mapping[str, Sequence[str]] = told.get("meanings", {})
    meanings = UNNAMED._replace(**{name: tuple(named[name]) for name in UNNAMED._fields if name in named})
    return Head(told["observers"], tuple(told["codes"]), told["policies"], tuple(told.get("left_out", ())), meanings)


class _Group:
    """A group of rows, whose columns are read one by one."""

    def __init__(self, file: "pq.ParquetFile", group: int, *, head: Head, part: str) -> None:
        self.head, self.count = head, file.metadata.row_group(group).num_rows
        self._file, self._group, self._part = file, group, part
        self._names = frozenset(file.schema_arrow.names)
        self._columns: dict[str, Sequence[Any]] = {}

    def names(self) -> Sequence[str]:
        """As in the interface."""
        return tuple(sorted(self._names))

    def column(self, name: str) -> Sequence[Any]:
        """As in the interface. Raises ArchiveError `archive.corrupt`."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._read(name)
        return found

    def _read(self, name: str) -> Sequence[Any]:
        import pyarrow as pa

        if name not in self._names:
            return [None] * self.count
        try:
            table = self._file.read_row_group(self._group, columns=[name], use_threads=False)
        except (pa.ArrowException, OSError) as exc:
            raise corrupt(self._part, name) from exc
        values: Sequence[Any] = table.column(0).to_pylist()
        return values


def _schema(kinds: Iterable[str]) -> "pa.Schema":
    import pyarrow as pa

    return pa.schema(
        [
            *((name, pa.string()) for name in (*_WORDS, *_REPEATED)),
            *((name, pa.list_(pa.string())) for name in _LISTS),
            ("revision", pa.int64()),
            ("exhibits", pa.int32()),
            ("judged_at", pa.timestamp("us", tz="UTC")),
            *((name, pa.binary()) for name in (*_BYTES, *kinds)),
        ]
    )
