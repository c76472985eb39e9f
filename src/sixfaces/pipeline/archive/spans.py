"""An archive in pieces that can be judged again on their own, by whoever has time, in whichever order.

A span is of ids of verdicts and not of parts: parts are joined and rewritten meanwhile, and what no part holds yet is
in a span as well. So each judged case is in exactly one of them, whatever becomes of the files.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from sixfaces.criteria.facts_read import FACTS_READ
from sixfaces.domain.archive import Judged, PartState, Span, Standing
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import Flip, Selection, Tally
from sixfaces.pipeline.archive.archiving import blocks_of
from sixfaces.pipeline.archive.keeping import judged_on
from sixfaces.pipeline.archive.rejudging import Rejudging, policy_of
from sixfaces.pipeline.archive.rows import Loose, head_of, row_of
from sixfaces.pipeline.ids import first_id_at
from sixfaces.pipeline.service import Service

LEAST, MOST = 1024, 8192
"""Verdicts in a span: it ends with a part where that leaves it large enough, so that each part is read once."""
_STEPS = 10_000
TRIES = 5
LOOSE_AT_ONCE = 256
CLOCKS = timedelta(hours=1)
"""By which a worker's clock, which ids are made by, may be off the database's, by which judgings are selected."""
LAST = "~"
"""Sorts behind every id."""


class Asked(NamedTuple):
    """What a run judges again by: the policy that was asked for, or its name, None for that by which each case would be
    judged now; which cases; the newest verdict that it looks at."""

    policy: Policy | str | None
    selection: Selection
    newest: str = LAST


class Judging(NamedTuple):
    """What a span came to."""

    tally: Tally
    flips: tuple[Flip, ...]


def spans_of(service: Service, tenant: str, asked: Asked) -> Iterator[tuple[Span, int]]:
    """All spans of a run, with how many verdicts each holds."""
    wanted = asked.selection
    start = first_id_at(wanted.since - CLOCKS) if wanted.since else ""
    until = min(first_id_at(wanted.until + CLOCKS), asked.newest) if wanted.until else asked.newest
    after, size, last, part = start, 0, start, None
    for id, its in _steps(service, tenant, Span(start, until)):
        if (its != part and size >= LEAST) or size >= MOST:
            yield Span(after, last), size
            after, size = last, 0
        size, last, part = size + 1, id, its
    if size:
        yield Span(after, last), size


def rejudged(service: Service, tenant: str, *, span: Span, asked: Asked) -> Judging:
    """Judge a span again. Raises ArchiveError, which names the part, and RulebookError; nothing is written."""
    for attempt in range(1, TRIES + 1):
        judging = Rejudging(
            policy_of(asked.policy or service.policy),
            code_version=service.code_version,
            observers=service.measuring.observers,
            selection=asked.selection,
        )
        with service.records.begin(tenant, reading=True) as tx:
            standing = tx.archive.standing(span, newest=asked.newest)
        try:
            flips = tuple(_flips(service, tenant, standing=standing, judging=judging))
        except ArchiveError:
            if attempt == TRIES or not _has_moved(service, tenant, standing):
                raise
            continue
        flips = tuple(sorted(flips, key=lambda flip: flip.verdict_id))
        return Judging(judging.counting.tally(), flips)
    raise AssertionError("the last try returns or raises")


def _steps(service: Service, tenant: str, span: Span) -> Iterator[tuple[str, str | None]]:
    while True:
        with service.records.begin(tenant, reading=True) as tx:
            some = tx.archive.steps(span, limit=_STEPS)
        yield from some
        if len(some) < _STEPS:
            return
        span = Span(some[-1][0], span.until)


def _flips(service: Service, tenant: str, *, standing: Sequence[Standing], judging: Rejudging) -> Iterator[Flip]:
    of: dict[str | None, list[str]] = defaultdict(list)
    for one in standing:
        of[one.part].append(one.verdict)
    judging.counting.unread += len(of.pop("", ()))
    loose = of.pop(None, [])
    for id, verdicts in of.items():
        with service.records.begin(tenant, reading=True) as tx:
            part = tx.archive.part(str(id))
        wanted, found = set(verdicts), 0
        for block in blocks_of(service, part, id=str(id)):
            if FACTS_READ.intersection(block.head.left_out):
                loose += verdicts  # rules read now what nobody read when this was written: judgings have left all of it
                found = len(wanted)
                break
            yield from judging.flips(block, only=wanted, part=str(id))
            found += len(wanted.intersection(block.column("id")))
        judging.held_to(found, wanted, part=str(id))
    for start in range(0, len(loose), LOOSE_AT_ONCE):
        yield from _loose(service, tenant, loose[start : start + LOOSE_AT_ONCE], judging=judging)


def _loose(service: Service, tenant: str, ids: Sequence[str], *, judging: Rejudging) -> Iterator[Flip]:
    """What no part holds yet, from where its judging left it."""
    with service.records.begin(tenant, reading=True) as tx:
        verdicts = tx.archive.several(ids)
    of: dict[str, list[tuple[StoredVerdict, Judged]]] = defaultdict(list)
    for verdict in verdicts:
        judged = judged_on(service, verdict)
        if judged is None:
            judging.counting.unread += 1
        else:
            of[judged.observers].append((verdict, judged))
    for cases in of.values():
        block = Loose([row_of(*one) for one in cases], head_of(judged for _, judged in cases))
        yield from judging.flips(block, only=set(ids), part="-")


def _has_moved(service: Service, tenant: str, standing: Sequence[Standing]) -> bool:
    """Whether a part or the results of a verdict went elsewhere while they were being read."""
    with service.records.begin(tenant, reading=True) as tx:
        for id in {one.part for one in standing if one.part}:
            part = tx.archive.part(id)
            if part is None or part.state is not PartState.THERE:
                return True
        loose = [one.verdict for one in standing if one.part is None]
        now = {one.id for one in tx.archive.several(loose) if one.erased_at is None}
    return len(now) != len(loose)
