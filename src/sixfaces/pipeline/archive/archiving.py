"""Writes ended days into parts of the archive, and joins small parts. May die anywhere; of two at once one wins.

1. begin     a part's row, before any of its bytes: what is left of one that dies is known by it
2. write     its bytes, under a place of its own
3. take      one transaction: the part is there, and every verdict in it is in no other; else all of it is undone
4. tidy      bytes of parts that others took the place of, or that were never finished, and then their rows

Each verdict is in one part at most, as it names its part itself.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

import structlog

from sixfaces.domain.archive import Block, Head, Judged, Part, PartState, Row
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.archive.errors import corrupt
from sixfaces.pipeline.archive.keeping import judged_on
from sixfaces.pipeline.archive.rows import FACTS, LEFT_OUT, head_of, row_of
from sixfaces.pipeline.ids import first_id_at, new_id
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

MOST_CASES = 4096
"""Rows of a part: some megabytes, which is what a worker holds of the archive at once."""
SMALL = MOST_CASES // 4
DEAD = timedelta(hours=1)
"""After this a part that is still being written is not."""
LEASE = timedelta(minutes=10)
NAME = "archive"


class _Kind(NamedTuple):
    """What all rows of a part share."""

    tenant: str
    day: str
    observers: str


class NotTakenError(Exception):
    """Somebody else was faster, or a verdict was erased meanwhile: nothing of it was done."""


@dataclass(frozen=True)
class Archivist:
    """Keeps the archive of one installation; `most` cases in a part."""

    service: Service
    most: int = MOST_CASES
    holder: str = NAME

    def turn(self, *, until: datetime | None = None, turns: int = 50) -> int:
        """Archive what there is to archive, by one process at a time; how many parts were written. Days that ended
        before `until` are; None: before today."""
        if not self._leads():
            return 0
        written = 0
        for _ in range(turns):
            more = self.write_some(until)
            written += more
            if not more or not self._leads():
                break
        written += self.join_small()
        self.tidy()
        return written

    def write_some(self, until: datetime | None = None) -> int:
        """1. to 3. for as many verdicts as fit into one part of each kind."""
        with self.service.records.begin(None, reading=True) as tx:
            day = until or datetime.combine(tx.now.astimezone(UTC).date(), time(), UTC)
            loose = tx.archive.loose(before=first_id_at(day), limit=self.most)
        read = [(one, judged) for one in loose for judged in self._judged(one)]
        never = [one for one, judged in read if judged is None]
        for tenant in sorted({one.tenant for one in never}):
            with self.service.records.begin(tenant) as tx:
                tx.archive.unread([one.id for one in never if one.tenant == tenant])
        groups: dict[_Kind, list[tuple[StoredVerdict, Judged]]] = defaultdict(list)
        for one, judged in read:
            if judged is not None:
                at = one.judged_at.astimezone(UTC).date().isoformat()
                groups[_Kind(one.tenant, at, judged.observers)].append((one, judged))
        for kind, cases in sorted(groups.items()):
            rows = [row_of(one, judged, left_out=LEFT_OUT) for one, judged in cases]
            self._put(kind, rows, head_of((judged for _, judged in cases), left_out=LEFT_OUT))
        return len(groups) + (1 if never else 0)

    def join_small(self, *, limit: int = 20) -> int:
        """Small parts of the same day and observers become one."""
        with self.service.records.begin(None, reading=True) as tx:
            groups = tx.archive.small(below=SMALL * self.most // MOST_CASES, limit=limit)
        for group in groups:
            some, cases = [], 0
            for part in group:
                if cases + part.cases <= self.most:
                    some.append(part)
                    cases += part.cases
            if len(some) > 1:
                self.rewrite(some)
        return len(groups)

    def rewrite(self, parts: Sequence[Part]) -> Part | None:
        """One part in place of these, without what was erased; None where nothing is left. Raises ArchiveError where
        one of them cannot be read, and NotTakenError where it changed meanwhile."""
        kind = _Kind(parts[0].tenant, parts[0].day, parts[0].observers)
        with self.service.records.begin(kind.tenant, reading=True) as tx:
            held = {id for part in parts for id in tx.archive.held(part.id)}
        blocks = [block for part in parts for block in blocks_of(self.service, part, id=part.id)]
        rows = [_as_kept_now(row) for block in blocks for row in rows_in(block) if row["id"] in held]
        return self._put(kind, rows, _both(blocks), instead_of=[part.id for part in parts])

    def tidy(self, *, limit: int = 100) -> int:
        """4."""
        with self.service.records.begin(None, reading=True) as tx:
            over = tx.archive.unfinished(before=tx.now - DEAD, limit=limit)
        for part in over:
            self.removed(part)
        return len(over)

    def removed(self, part: Part) -> None:
        """Remove the bytes of a part that is gone or was never finished, then its row."""
        self.service.blobs.erase(part.place)
        with self.service.records.begin(part.tenant) as tx:
            tx.archive.forget(part.id)

    def _put(self, kind: _Kind, rows: Sequence[Row], head: Head, *, instead_of: Collection[str] = ()) -> Part | None:
        rows = sorted(rows, key=lambda row: str(row["id"]))
        with self.service.records.begin(kind.tenant) as tx:
            part = _begun(tx, kind)
            tx.archive.began(part)
        data = self.service.parts.write(rows, head) if rows else b""
        if rows:
            self.service.blobs.put(part.place, data)
        ids = [str(row["id"]) for row in rows]
        part = part.model_copy(
            update={
                "state": PartState.THERE if rows else PartState.GONE,
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
                "cases": len(rows),
                "exhibits": sum(row["exhibits"] for row in rows),
                "first": ids[0] if ids else None,
                "last": ids[-1] if ids else None,
            }
        )
        with self.service.records.begin(kind.tenant) as tx:
            if not tx.archive.holds(part, ids, instead_of=instead_of):
                raise NotTakenError(part.id)
        log.info("archived", part=part.id, count=len(rows))
        if rows:
            return part
        self.removed(part)
        return None

    def _judged(self, verdict: StoredVerdict) -> Iterator[Judged | None]:
        """Nothing for one that cannot be read now: it waits, and a run over it says so; the others do not wait."""
        try:
            yield judged_on(self.service.blobs, verdict)
        except ArchiveError as exc:
            log.warning("not_archived", verdict=verdict.id, code=exc.code)

    def _leads(self) -> bool:
        with self.service.records.begin(None) as tx:
            return tx.leases.take(NAME, self.holder, lasting=LEASE)


def archive_days(service: Service) -> None:
    """The sweep's duty."""
    if not service.parts.available():
        return
    try:
        Archivist(service, holder=f"{os.getpid()} {new_id()}").turn()
    except NotTakenError as exc:
        log.warning("part_not_taken", part=str(exc))


def forget_erased(service: Service, parts: Sequence[Part]) -> None:
    """Write these parts anew without what was erased, and remove the bytes of what they were. Raises ArchiveError."""
    archivist = Archivist(service)
    for part in parts:
        archivist.rewrite([part])
        archivist.removed(part)


def blocks_of(service: Service, part: Part | None, *, id: str) -> Iterator[Block]:
    """A part's blocks, once its bytes have been held against the record. Raises ArchiveError."""
    data = service.blobs.get(part.place) if part is not None else None
    if data is None or part is None:
        raise corrupt(id, "missing")
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise corrupt(part.id, "sha256")
    for block in service.parts.read(data, part=part.id):
        if block.head.observers != part.observers:
            raise corrupt(part.id, "observers")
        yield block


def rows_in(block: Block) -> Iterator[Row]:
    """All rows, every column."""
    names = [*block.names()]
    columns = [block.column(name) for name in names]
    for values in zip(*columns, strict=True):
        yield {name: v for name, v in zip(names, values, strict=True) if v is not None or not name.startswith(FACTS)}


def _both(blocks: Iterable[Block]) -> Head:
    heads = [block.head for block in blocks]
    if len({head.codes for head in heads}) > 1:
        raise ValueError("parts whose rules stand in another order are not joined")
    policies = {digest: text for head in heads for digest, text in head.policies.items()}
    left_out = LEFT_OUT.union(*(head.left_out for head in heads))
    return Head(heads[0].observers, heads[0].codes, policies, tuple(sorted(left_out)))


def _as_kept_now(row: Row) -> Row:
    """Parts of before hold what is left out today."""
    gone = {f"{FACTS}{kind}" for kind in LEFT_OUT}
    return {name: value for name, value in row.items() if name not in gone}


def _begun(tx: Transaction, kind: _Kind) -> Part:
    id, version = new_id(), hashlib.sha256(kind.observers.encode()).hexdigest()[:16]
    place = f"archive/{kind.tenant}/{kind.day}/{version}/{id}.parquet"
    return Part(id=id, place=place, state=PartState.WRITING, made_at=tx.now, **kind._asdict())
