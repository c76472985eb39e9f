"""Writes ended days into parts of the archive, and joins small parts. May die anywhere; of two at once one wins.

1. begin     a part's row, before any of its bytes: what is left of one that dies is known by it
2. write     its bytes, under a place of its own
3. take      one transaction: the part is there, and every verdict in it is in no other; else all of it is undone
4. tidy      bytes of parts that others took the place of, or that were never finished, and then their rows

Each verdict is in one part at most, as it names its part itself.
"""

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

import structlog

from sixfaces.domain.archive import Block, Group, Head, Part, PartState, Row
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.archive.errors import corrupt
from sixfaces.pipeline.archive.filling import MOST_BYTES, Filling, Kind
from sixfaces.pipeline.archive.joining import moved, one_head
from sixfaces.pipeline.archive.keeping import judged_on
from sixfaces.pipeline.archive.rows import FACTS, LEFT_OUT, UnknownWordError
from sixfaces.pipeline.ids import first_id_at, new_id
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

MOST_CASES = 4096
"""Rows of a part: some megabytes, which is what a worker holds of the archive at once."""
SMALL = MOST_CASES // 4
JOINED_BYTES = 4 * 2**20
"""Of all parts that are joined into one, compressed. They are held whole meanwhile, and their rows are many times as
long: what was closed by its bytes is not to be joined again."""
MOST_GROUPS = 20
"""Days and observers whose small parts are joined in one turn."""
DEAD = timedelta(hours=1)
"""After this a part that is still being written is not."""
LEASE = timedelta(minutes=10)
NAME = "archive"


class Written(NamedTuple):
    """What one look at the verdicts came to: how many parts, and the tenant and id of the last verdict that was looked
    at; None: there was none."""

    parts: int
    last: tuple[str, str] | None


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
        before `until` are; None: before today. What cannot be read holds up nothing behind it, and is read again the
        next time."""
        if not self._leads():
            return 0
        written, last = 0, ("", "")
        try:
            while turns:
                some = self.write_some(until, after=last)
                if some.last is None:
                    break
                written, last = written + some.parts, some.last
                turns -= some.parts > 0
                if not self._leads():
                    break
            written += self.join_small()
        finally:
            self.tidy()
        return written

    def write_some(self, until: datetime | None = None, *, after: tuple[str, str] = ("", "")) -> Written:
        """1. to 3. for as many verdicts as fit into one part of each kind, behind this tenant and id."""
        with self.service.records.begin(None, reading=True) as tx:
            day = until or datetime.combine(tx.now.astimezone(UTC).date(), time(), UTC)
            loose = tx.archive.loose(before=first_id_at(day), after=after, limit=self.most)
        filling, never, parts = Filling(), list[StoredVerdict](), 0
        for one in loose:
            try:
                judged = judged_on(self.service, one)
            except ArchiveError as exc:  # it waits, and a run over it says so
                log.warning("not_archived", verdict=one.id, code=exc.code)
                continue
            if judged is None:
                never.append(one)
                continue
            filling.add(one, judged)
            if filling.bytes >= MOST_BYTES:
                parts += self._put_all(filling)
        parts += self._put_all(filling)
        for tenant in sorted({one.tenant for one in never}):
            with self.service.records.begin(tenant) as tx:
                tx.archive.unread([one.id for one in never if one.tenant == tenant])
        return Written(parts, (loose[-1].tenant, loose[-1].id) if loose else None)

    def join_small(self) -> int:
        """Small parts of the same day and observers become one. A part that cannot be read stays, and holds up no
        other day."""
        joined, after = 0, None
        while joined < MOST_GROUPS and (groups := self._small(after)):
            after = groups[-1][0].group
            joined += sum(self._joined(group) for group in groups)
        return joined

    def _small(self, after: Group | None) -> Sequence[Sequence[Part]]:
        cases = SMALL * self.most // MOST_CASES
        with self.service.records.begin(None, reading=True) as tx:
            return tx.archive.small(cases=cases, bytes=JOINED_BYTES // 4, after=after, limit=MOST_GROUPS)

    def _joined(self, group: Sequence[Part]) -> bool:
        some, cases, bytes_ = list[Part](), 0, 0
        for part in group:
            if cases + part.cases <= self.most and bytes_ + part.bytes <= JOINED_BYTES:
                some.append(part)
                cases, bytes_ = cases + part.cases, bytes_ + part.bytes
        if len(some) < 2:
            return False
        try:
            self.rewrite(some)
        except (ArchiveError, NotTakenError, UnknownWordError) as exc:
            why = exc.code if isinstance(exc, ArchiveError) else type(exc).__name__
            log.warning("not_joined", part=some[0].id, count=len(some), code=why)
            return False
        return True

    def rewrite(self, parts: Sequence[Part]) -> Part | None:
        """One part in place of these, without what was erased; None where nothing is left. Raises ArchiveError where
        one of them cannot be read, NotTakenError where it changed meanwhile, UnknownWordError where a number stands for
        nothing."""
        kind = Kind(*parts[0].group)
        with self.service.records.begin(kind.tenant, reading=True) as tx:
            held = {id for part in parts for id in tx.archive.held(part.id)}
        blocks = [block for part in parts for block in blocks_of(self.service, part, id=part.id)]
        head = one_head([block.head for block in blocks], left_out=LEFT_OUT)
        rows = [
            moved(row, under=block.head, to=head) for block in blocks for row in rows_in(block) if row["id"] in held
        ]
        return self._put(kind, rows, head, instead_of=[part.id for part in parts])

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

    def _put(self, kind: Kind, rows: Sequence[Row], head: Head, *, instead_of: Collection[str] = ()) -> Part | None:
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

    def _put_all(self, filling: Filling) -> int:
        return sum(self._put(kind, rows, head) is not None for kind, rows, head in filling.taken())

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


def _begun(tx: Transaction, kind: Kind) -> Part:
    id, version = new_id(), hashlib.sha256(kind.observers.encode()).hexdigest()[:16]
    place = f"archive/{kind.tenant}/{kind.day}/{version}/{id}.parquet"
    return Part(id=id, place=place, state=PartState.WRITING, made_at=tx.now, **kind._asdict())
