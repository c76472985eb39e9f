"""Rows on their way into parts: so many of them, and no more than so many bytes, are held at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import NamedTuple

from sixfaces.domain.archive import Head, Judged, Row
from sixfaces.domain.filing import StoredVerdict
from sixfaces.pipeline.archive.joining import one_head
from sixfaces.pipeline.archive.rows import LEFT_OUT, head_of, row_of

MOST_BYTES = 64 * 2**20
"""Of rows before they are compressed: what a part is closed at, whose judgings are long."""


class Kind(NamedTuple):
    """What all rows of a part share."""

    tenant: str
    day: str
    observers: str


class Filling:
    """The rows that are held, by kind."""

    def __init__(self) -> None:
        self._rows: dict[Kind, list[Row]] = defaultdict(list)
        self._heads: dict[Kind, Head] = {}
        self.bytes = 0

    def add(self, verdict: StoredVerdict, judged: Judged) -> None:
        """One more; of what was judged nothing but its row is kept."""
        day = verdict.judged_at.astimezone(UTC).date().isoformat()
        kind = Kind(verdict.tenant, day, judged.observers)
        row = row_of(verdict, judged, left_out=LEFT_OUT)
        head = head_of([judged], left_out=LEFT_OUT)
        self._heads[kind] = one_head([self._heads[kind], head]) if kind in self._heads else head
        self._rows[kind].append(row)
        self.bytes += size_of(row)

    def taken(self) -> Iterator[tuple[Kind, Sequence[Row], Head]]:
        """All of it, a part for each kind: none of it is held any longer."""
        for kind in sorted(self._rows):
            yield kind, self._rows.pop(kind), self._heads.pop(kind)
        self.bytes = 0


def size_of(row: Row) -> int:
    """Bytes of its long columns."""
    return sum(len(value) for value in row.values() if isinstance(value, bytes))
