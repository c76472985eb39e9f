"""Every judged case of a time in the archive, block by block: what is in memory does not depend on how many there
are. What cannot be read is named and counted; the others are told of all the same."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sixfaces.domain.archive import Block, Judged, Span, not_installed
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.reverifying import Selection
from sixfaces.domain.statistics import UnreadPart
from sixfaces.pipeline.archive.archiving import blocks_of
from sixfaces.pipeline.archive.keeping import judged_on
from sixfaces.pipeline.archive.rows import Loose, head_of, row_of
from sixfaces.pipeline.archive.spans import LOOSE_AT_ONCE, TRIES, Asked, spans_of
from sixfaces.pipeline.service import Service

LOOSE_PART = "-"
"""Stands for what no part holds yet."""

Take = Callable[[Block, Collection[str]], None]
"""Is given a block, and the ids of those of its verdicts that are to be counted."""


@dataclass
class Unread:
    """What could not be read."""

    parts: Counter[tuple[str, str]] = field(default_factory=Counter)
    unkept: int = 0

    def told(self) -> tuple[UnreadPart, ...]:
        """By part."""
        return tuple(UnreadPart(part=p, code=code, verdicts=n) for (p, code), n in sorted(self.parts.items()))


def scan(service: Service, tenant: str, judged: Selection, *, take: Take) -> Unread:
    """Hand every verdict that was given in the time of the selection to `take`, once. Raises ArchiveError
    `archive.not_installed`; whatever else is wrong with a part is counted."""
    with service.records.begin(tenant, reading=True) as tx:
        newest = tx.archive.newest()
    unread = Unread()
    for span, _ in spans_of(service, tenant, Asked(None, judged, newest)):
        _scan_span(service, tenant, span, take=take, unread=unread)
    return unread


def _scan_span(service: Service, tenant: str, span: Span, *, take: Take, unread: Unread) -> None:
    """Parts are joined and rewritten meanwhile: what has moved is looked for where it is now."""
    tried: dict[str, str | None] = {}
    failed: dict[str, str] = {}
    done: set[str] = set()
    for _ in range(TRIES):
        pending = {id: part for id, part in _parts_of(service, tenant, span) if id not in done and part != ""}
        pending = {id: part for id, part in pending.items() if tried.get(id, "?") != part}
        if not pending:
            break
        tried |= pending
        for part, ids in _by_part(pending).items():
            try:
                for block in _blocks(service, tenant, part, ids=ids, unread=unread):
                    its = ids.intersection(block.column("id")) - done
                    take(block, its)
                    done |= its
            except ArchiveError as exc:
                if exc.code == not_installed().code:
                    raise  # it is nothing of this part: none can be read
                failed |= dict.fromkeys(ids - done, exc.code)
    kept = dict(_parts_of(service, tenant, span))
    unread.unkept += sum(part == "" for part in kept.values())
    for id in kept.keys() & failed.keys() - done:
        unread.parts[kept[id] or LOOSE_PART, failed[id]] += 1
    for id in tried.keys() & kept.keys() - failed.keys() - done:
        if kept[id]:
            unread.parts[kept[id] or LOOSE_PART, "archive.corrupt"] += 1


def _parts_of(service: Service, tenant: str, span: Span) -> Iterator[tuple[str, str | None]]:
    limit = 10_000
    while True:
        with service.records.begin(tenant, reading=True) as tx:
            some = tx.archive.steps(span, limit=limit)
        yield from some
        if len(some) < limit:
            return
        span = Span(some[-1][0], span.until)


def _by_part(pending: Mapping[str, str | None]) -> Mapping[str | None, set[str]]:
    found: dict[str | None, set[str]] = defaultdict(set)
    for id, part in pending.items():
        found[part].add(id)
    return found


def _blocks(
    service: Service, tenant: str, part: str | None, *, ids: Collection[str], unread: Unread
) -> Iterator[Block]:
    if part is None:
        ordered = sorted(ids)
        for start in range(0, len(ordered), LOOSE_AT_ONCE):
            yield from _loose(service, tenant, ordered[start : start + LOOSE_AT_ONCE], unread=unread)
        return
    with service.records.begin(tenant, reading=True) as tx:
        there = tx.archive.part(part)
    yield from blocks_of(service, there, id=part)


def _loose(service: Service, tenant: str, ids: Collection[str], *, unread: Unread) -> Iterator[Block]:
    """What no part holds yet, from where its judging left it."""
    with service.records.begin(tenant, reading=True) as tx:
        verdicts = tx.archive.several(ids)
    of: dict[str, list[tuple[StoredVerdict, Judged]]] = defaultdict(list)
    for verdict in verdicts:
        try:
            judged = judged_on(service, verdict)
        except ArchiveError as exc:
            unread.parts[LOOSE_PART, exc.code] += 1
            continue
        if judged is None:
            unread.unkept += 1
        else:
            of[judged.observers].append((verdict, judged))
    for cases in of.values():
        yield Loose([row_of(*one) for one in cases], head_of(judged for _, judged in cases))
